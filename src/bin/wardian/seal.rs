//! `wardian seal`.

use std::collections::BTreeSet;
use std::fs;
use std::io::Read;
use std::path::{Path, PathBuf};
use std::time::Instant;

use anyhow::{Context, Result, anyhow, bail};
use clap::builder::{PossibleValuesParser, TypedValueParser};
use wardian::case::{Asked, CASE_FILE, Case, CaseFile, Files, Kind, LARGEST_JSON, RowsFile, check_path};
use wardian::import::FileKind;
use wardian::rows::Options;
use wardian::seal::{Made, Product, Sealed, Shell, carried, summary};

use crate::files;
use crate::reading::Reading;
use crate::sources::Source;

#[derive(clap::Args)]
#[command(group = clap::ArgGroup::new("rows").args(["data", "held_out"]).multiple(true))]
#[command(after_help = "Examples:
  wardian seal model.ubj -o risk.html
  wardian seal model.ubj --data rows.csv --label y --predictions answers.csv -o risk.html -o site/
  wardian seal model.ubj --held-out test.csv --label y --group sex -o risk.html
  wardian seal models/diabetes -o diabetes.html -o diabetes.wardian
  wardian seal model.ubj -o score.wasm --for clickhouse

What OUT ends with says what is made: .html a page in one file, / a page in a folder, .tgz an npm
package, .wasm a module for databases, .sql what ClickHouse is told of it, .wardian the model's
file; and openapi.json, card.html and case.json these documents. docs/CASE.md says what a case.json may hold.")]
pub(crate) struct Arguments {
    /// A case: a folder with case.json; or a model's file alone
    #[arg(value_name = "CASE|MODEL")]
    model: PathBuf,
    /// What to make; may be given several times
    #[arg(short, long = "output", value_name = "OUT", required = true)]
    outputs: Vec<PathBuf>,
    /// Rows of the training data: what ranges, quartiles and the example are taken from
    #[arg(long, value_name = "FILE")]
    data: Option<PathBuf>,
    /// Rows with labels that the model was NOT trained on: how sure its answers are, and how good, is told by them
    #[arg(long, value_name = "FILE", requires = "label")]
    held_out: Option<PathBuf>,
    /// The column of --data and --held-out that was to be predicted; of several targets all, with commas between them
    #[arg(long, value_name = "NAME", requires = "rows")]
    label: Option<String>,
    /// A column of --held-out: how good answers are is told for each of its values, too
    #[arg(long, value_name = "NAME", requires = "held_out")]
    group: Option<String>,
    /// Where the labels of a risk are two texts, as sick and well: the one whose probability is answered
    #[arg(long, value_name = "TEXT", requires = "label")]
    positive: Option<String>,
    /// The trainer's own answers to the rows of --data, a line a row, which must be the model's bit for bit
    #[arg(long, value_name = "FILE", requires = "data")]
    predictions: Option<PathBuf>,
    /// The title, in place of the case's
    #[arg(long)]
    title: Option<String>,
    /// The language that the case is written in: en, zh, es or any other
    #[arg(long, value_name = "CODE")]
    lang: Option<String>,
    /// What programs call it, as npm names packages
    #[arg(long)]
    name: Option<String>,
    /// What the answer is, where the model's file does not say
    #[arg(long, value_parser = kinds())]
    kind: Option<Kind>,
    #[command(flatten)]
    reading: Reading,
    /// Write what this database is told of each .wasm beside it, as .sql
    #[arg(long = "for", value_name = "DATABASE", value_parser = ["clickhouse"])]
    database: Option<String>,
    /// Overwrite a folder that is no sealed page
    #[arg(long)]
    force: bool,
    /// Set the case into this shell, and not into the one that the command carries
    #[arg(long, value_name = "FILE", hide = true)]
    shell: Option<PathBuf>,
    // Last: what came behind it would stand below its heading.
    #[command(flatten)]
    form: Form,
}

/// How the rows of `--data` and `--held-out` are read, where the files do not say.
#[derive(clap::Args)]
#[command(next_help_heading = "How --data and --held-out are read, where they do not say")]
struct Form {
    /// Which column is a feature's: its name, or # and its number from 1; may be given several times
    #[arg(long = "column", value_name = "FEATURE=COLUMN", requires = "rows")]
    columns: Vec<String>,
    /// The unit that a feature's column is in, as glucose=mmol/L; may be given several times
    #[arg(long = "unit", value_name = "FEATURE=UNIT", requires = "rows")]
    units: Vec<String>,
    /// Whether the first line names the columns
    #[arg(long, value_name = "yes|no", requires = "rows")]
    header: Option<String>,
    /// What ends a cell: a character, or tab
    #[arg(long, value_name = "SIGN", requires = "rows")]
    delimiter: Option<String>,
    /// What stands before a number's fraction: . or ,
    #[arg(long, value_name = "SIGN", requires = "rows")]
    decimal: Option<String>,
    /// The sheet of a spreadsheet that has several
    #[arg(long, value_name = "NAME", requires = "rows")]
    sheet: Option<String>,
}

impl Form {
    fn options(&self) -> Result<Options> {
        let one = |name, text: &Option<String>| text.clone().map(|text| (name, text));
        let several = |name, texts: &[String]| texts.iter().map(|text| (name, text.clone())).collect::<Vec<_>>();
        let said = [one("header", &self.header), one("delimiter", &self.delimiter), one("decimal", &self.decimal)];
        let mut options = Options::default();
        let lists = [several("column", &self.columns), several("unit", &self.units)];
        for (name, text) in said.into_iter().flatten().chain(lists.into_iter().flatten()) {
            options.set(name, &text)?;
        }
        Ok(options)
    }
}

/// Reads one of the kinds by its name.
pub(crate) fn kinds() -> impl TypedValueParser<Value = Kind> {
    PossibleValuesParser::new(Kind::ALL.map(Kind::as_str)).try_map(|name| Kind::named(&name).ok_or("no such kind"))
}

pub(crate) fn run(arguments: &Arguments) -> Result<()> {
    let started = Instant::now();
    let mut outputs = arguments.outputs.clone();
    if arguments.database.is_some() {
        let modules = arguments.outputs.iter().filter(|path| path.extension().is_some_and(|ending| ending == "wasm"));
        let beside: Vec<PathBuf> = modules.map(|module| module.with_extension("sql")).collect();
        if beside.is_empty() {
            bail!("--for clickhouse is of a module: -o score.wasm");
        }
        outputs.extend(beside);
    }
    let products = products(&outputs, arguments.force)?;
    let shell = shell(arguments, &products)?;
    let (files, name) = read_case(&arguments.model)?;
    let asked = Asked {
        title: arguments.title.clone(),
        language: arguments.lang.clone(),
        name: arguments.name.clone(),
        kind: arguments.kind,
        reading: arguments.reading.options(),
        data: arguments.data.as_deref().map(|path| rows(path, &arguments.form)).transpose()?,
        label: arguments.label.clone(),
        positive: arguments.positive.clone(),
        held_out: arguments.held_out.as_deref().map(|path| rows(path, &arguments.form)).transpose()?,
        group: arguments.group.clone(),
        predictions: arguments.predictions.as_deref().map(answers).transpose()?,
    };
    let case = together(&arguments.model, &files, &name, &asked)?;
    for note in &case.notes {
        eprintln!("wardian: note: {}: {note}", arguments.model.display());
    }
    let sealed = Sealed::new(case).with_context(|| arguments.model.display().to_string())?;
    // All are made before one is written.
    let made: Vec<Made> =
        products.iter().map(|(path, product)| made(&sealed, path, *product, shell.as_ref())).collect::<Result<_>>()?;
    for ((path, _), made) in products.iter().zip(&made) {
        match made {
            Made::File(bytes) => files::write_whole(path, |file| Ok(file.write_all(bytes)?))?,
            Made::Folder(files) => files::write_folder(path, files)?,
        }
    }
    let seconds = started.elapsed().as_secs_f64();
    for ((path, product), made) in products.iter().zip(&made) {
        eprintln!("{}: {}, {} bytes", path.display(), product.name(), made.size());
    }
    eprintln!("{}, {seconds:.2} s", summary(&sealed.case));
    Ok(())
}

/// One product. The SQL of a module names the file beside it.
fn made(sealed: &Sealed, path: &Path, product: Product, shell: Option<&Shell>) -> Result<Made> {
    match (product, path.with_extension("wasm").file_name()) {
        (Product::Sql, Some(module)) => Ok(Made::File(sealed.sql(&module.to_string_lossy()).into_bytes())),
        _ => Ok(sealed.make(product, shell)?),
    }
}

/// What is to be made, and where.
fn products(outputs: &[PathBuf], force: bool) -> Result<Vec<(PathBuf, Product)>> {
    let mut seen = BTreeSet::new();
    let mut products = Vec::new();
    for path in outputs {
        let is_folder = path.is_dir();
        let product = if is_folder { Product::Folder } else { Product::named(&path.to_string_lossy())? };
        let path: PathBuf = path.components().collect();
        if !seen.insert(std::path::absolute(&path)?) {
            bail!("{}: it is to be made twice", path.display());
        }
        if is_folder && !force && !is_sealed(&path)? {
            bail!(
                "{}: it is a folder with other files than a sealed page's; --force replaces it, all that is in it is lost",
                path.display()
            );
        }
        if product == Product::Folder && !is_folder && path.exists() {
            bail!("{}: it is a file; a page in a folder is to be made", path.display());
        }
        products.push((path, product));
    }
    Ok(products)
}

/// Whether a folder is empty, or a page that was sealed.
fn is_sealed(folder: &Path) -> Result<bool> {
    let place = || folder.display().to_string();
    let is_empty = fs::read_dir(folder).with_context(place)?.next().is_none();
    Ok(is_empty || ["index.html", "case/golden.json"].iter().all(|name| folder.join(name).is_file()))
}

/// The shell, if anything is set into it.
fn shell(arguments: &Arguments, products: &[(PathBuf, Product)]) -> Result<Option<Shell>> {
    let Some((path, product)) = products.iter().find(|(_, product)| product.needs_shell()) else { return Ok(None) };
    if let Some(file) = &arguments.shell {
        return Ok(Some(Shell::read(&files::read(file)?).with_context(|| file.display().to_string())?));
    }
    match carried() {
        Some(bytes) => Ok(Some(Shell::read(bytes)?)),
        None => bail!(
            "{}: {} is set into a shell, which this command was built without: `cargo xtask build` makes it (shell/wardian.shell), and a build \
             of the command after that carries it. .wardian, openapi.json, card.html and case.json are made without it",
            path.display(),
            product.name()
        ),
    }
}

/// The most bytes of a file of a case.
const LARGEST: u64 = 1 << 30;

/// The case of these files, which are at `path`. What is wrong names that once: of a model's file alone the error begins with its name.
pub(crate) fn together(path: &Path, files: &Files, name: &str, asked: &Asked) -> Result<Case> {
    Case::read(files, name, asked).map_err(|error| {
        let text = error.to_string();
        let own = path.file_name().map(|name| format!("{}: ", name.to_string_lossy())).unwrap_or_default();
        match text.strip_prefix(&own).filter(|_| path.is_file()) {
            Some(rest) => anyhow!("{}: {rest}", path.display()),
            None => anyhow::Error::new(error).context(path.display().to_string()),
        }
    })
}

/// The files of a case, and its name: a folder's, as far as `case.json` names them, or a model's alone.
pub(crate) fn read_case(path: &Path) -> Result<(Files, String)> {
    let place = || path.display().to_string();
    let path = &fs::canonicalize(path).with_context(place)?;
    let name_of = |path: &Path| path.file_name().map(|name| name.to_string_lossy().into_owned()).unwrap_or_default();
    let mut case = Files::new();
    let is_case_file = name_of(path) == CASE_FILE;
    if !path.is_dir() && !is_case_file {
        let name = name_of(path);
        // Its name is the disk's, and need not be one of a case's.
        let own = if check_path(&name).is_ok() && name != CASE_FILE { name.clone() } else { "model".to_owned() };
        case.add(own, bounded(path, LARGEST)?)?;
        return Ok((case, name.split('.').next().unwrap_or_default().to_owned()));
    }
    let folder = if is_case_file { path.parent().unwrap_or(path) } else { path };
    let said = match folder.join(CASE_FILE) {
        file if file.is_file() => {
            let bytes = bounded(&file, LARGEST_JSON as u64)?;
            let said = CaseFile::read(&bytes).with_context(|| folder.display().to_string())?;
            case.add(CASE_FILE, bytes)?;
            said
        }
        _ => CaseFile::default(),
    };
    for name in said.files() {
        check_path(name).with_context(|| folder.join(CASE_FILE).display().to_string())?;
        let file = folder.join(name);
        // What is not there is told with its place.
        let Ok(whole) = fs::canonicalize(&file) else { continue };
        if !whole.starts_with(folder) {
            bail!("{}: it is a link out of the case's folder", file.display());
        }
        case.add(name, bounded(&whole, LARGEST)?)?;
    }
    if said.model.is_none() {
        for entry in fs::read_dir(folder).with_context(place)? {
            let file = entry?.path();
            let name = name_of(&file);
            let is_known = name == CASE_FILE || said.files().contains(&&*name);
            let whole = fs::canonicalize(&file).ok().filter(|whole| whole.starts_with(folder) && whole.is_file());
            let Some(whole) = whole.filter(|_| !is_known && !name.starts_with('.') && check_path(&name).is_ok()) else {
                continue;
            };
            let mut start = Vec::new();
            fs::File::open(&whole)
                .with_context(|| file.display().to_string())?
                .take(1 << 16)
                .read_to_end(&mut start)?;
            if FileKind::of(&start).is_ok() {
                case.add(name, bounded(&whole, LARGEST)?)?;
            }
        }
    }
    Ok((case, name_of(folder)))
}

/// A file's bytes, if these are not more than so many.
fn bounded(path: &Path, most: u64) -> Result<Vec<u8>> {
    let place = || path.display().to_string();
    let length = fs::metadata(path).with_context(place)?.len();
    if length > most {
        bail!("{}: it has {length} bytes; {most} are the most", path.display());
    }
    files::read(path)
}

/// A file of rows, whatever kind it is, as text.
fn rows(path: &Path, form: &Form) -> Result<RowsFile> {
    let place = path.display().to_string();
    let mut source = Source::open(path, form.sheet.as_deref()).with_context(|| place.clone())?;
    let options = source.options(form.options()?).with_context(|| place.clone())?;
    let mut bytes = Vec::new();
    source.text.read_to_end(&mut bytes).with_context(|| place.clone())?;
    Ok(RowsFile { place, bytes, options })
}

/// The trainer's answers: any text, a line a row.
fn answers(path: &Path) -> Result<RowsFile> {
    Ok(RowsFile { place: path.display().to_string(), bytes: bounded(path, LARGEST)?, options: Options::default() })
}
