//! Which models every road is asked for, and which rows.

use std::fs;
use std::path::{Path, PathBuf};

use anyhow::{Context, Result, bail, ensure};
use serde_json::{Value, json};
use wardian::import;

use crate::rows::{MISSING, chosen, made, spread};

/// Rows of a model: at most so many, and no more than make so many values, but always enough for a block of sixteen and a
/// rest. More than the 992 rows that go through the evaluators together, where a model is narrow.
const MOST_ROWS: usize = 1024;
const MOST_VALUES: usize = 16_384;
const FEWEST_ROWS: usize = 33;
/// Rows that are explained, which takes some hundred times as long as predicting. Their codes are found in another way in
/// wasm: searched for, where all others look into buckets.
const EXPLAINED_ROWS: usize = 48;

/// A model to ask for.
struct Candidate {
    file: PathBuf,
    name: String,
    /// How many values its rows have, where it came with rows.
    width: Option<usize>,
    /// What its training data had for missing values, where its file does not say it.
    missing: Option<f64>,
    /// Whether it is asked in 64-bit floats.
    wide: bool,
    schema: Option<&'static str>,
}

impl Candidate {
    /// One without rows. Those made for it are of 32 bits and of 64 in turn, and so is what is missing.
    fn other(file: PathBuf, name: String, place: usize) -> Self {
        let missing = (place % 4 >= 2).then_some(MISSING);
        Self { file, name, width: None, missing, wide: place % 2 == 1, schema: None }
    }
}

/// Writes `index.json` and the rows: of `most` of the trained models in these folders, evenly spread, of every other
/// model there, and of the shipped one.
pub(crate) fn prepare(output: &Path, most: usize, folders: &[PathBuf]) -> Result<()> {
    let (mut trained, mut others) = (Vec::new(), Vec::new());
    for folder in folders {
        find(folder, &mut trained, &mut others).with_context(|| folder.display().to_string())?;
    }
    if trained.is_empty() && others.is_empty() {
        bail!("no model in {folders:?}");
    }
    let mut candidates: Vec<Candidate> = Vec::new();
    let wanted: Vec<usize> = spread(trained.len(), most).collect();
    candidates
        .extend(trained.into_iter().enumerate().filter(|(index, _)| wanted.contains(index)).map(|(_, each)| each));
    candidates.append(&mut others);
    candidates.push(Candidate {
        schema: Some("models/diabetes/schema.json"),
        ..Candidate::other("models/diabetes/diabetes.ubj".into(), "shipped".into(), 0)
    });
    if output.exists() {
        fs::remove_dir_all(output)?;
    }
    fs::create_dir_all(output)?;
    let entries = candidates.iter().enumerate();
    let entries: Result<Vec<Value>> = entries
        .map(|(index, candidate)| {
            entry(&output.join(index.to_string()), candidate).with_context(|| candidate.file.display().to_string())
        })
        .collect();
    fs::write(output.join("index.json"), serde_json::to_vec(&entries?)?)?;
    Ok(())
}

/// Adds the models of a folder and of the folders in it: those of its manifest where it has one, otherwise all files that
/// are models, UBJSON where the same is there as JSON too; or the one model that it is.
fn find(folder: &Path, trained: &mut Vec<Candidate>, others: &mut Vec<Candidate>) -> Result<()> {
    let stem = |path: &Path| path.file_stem().unwrap_or_default().to_string_lossy().into_owned();
    let last = |path: &Path| path.file_name().unwrap_or_default().to_string_lossy().into_owned();
    if folder.is_file() {
        others.push(Candidate::other(folder.to_owned(), stem(folder), others.len()));
        return Ok(());
    }
    let manifest = folder.join("manifest.json");
    if manifest.is_file() {
        let entries: Vec<Value> = serde_json::from_slice(&fs::read(&manifest)?).context("manifest.json")?;
        for entry in entries {
            let file = folder.join(entry["file"].as_str().context("an entry without a file")?);
            let width = entry["columns"].as_u64().context("an entry without columns")? as usize;
            let name = format!("{}/{}", last(folder), stem(&file));
            let wide = file.with_extension("rows64").is_file();
            trained.push(Candidate {
                name,
                width: Some(width),
                missing: entry["missing"].as_f64(),
                wide,
                schema: None,
                file,
            });
        }
        return Ok(());
    }
    let inside: std::io::Result<Vec<_>> = fs::read_dir(folder)?.map(|entry| Ok(entry?.path())).collect();
    let mut inside = inside?;
    inside.sort();
    for path in inside {
        if path.is_dir() {
            find(&path, trained, others)?;
        } else if is_model(&path)? {
            let name = format!("{}/{}", last(folder), stem(&path));
            others.push(Candidate::other(path, name, others.len()));
        }
    }
    Ok(())
}

fn is_model(path: &Path) -> Result<bool> {
    match path.extension().and_then(|extension| extension.to_str()) {
        Some("ubj") => Ok(true),
        // Other JSON lies there as well, and what is none.
        Some("json") if !path.with_extension("ubj").is_file() => Ok(String::from_utf8_lossy(&fs::read(path)?)
            .trim_start_matches('\u{feff}')
            .trim_start()
            .strip_prefix('{')
            .is_some_and(|rest| rest.contains("\"learner\""))),
        _ => Ok(false),
    }
}

/// Writes a model's rows beside `stem`, and says where all is.
fn entry(stem: &Path, candidate: &Candidate) -> Result<Value> {
    let file = fs::canonicalize(&candidate.file)?;
    // What is not read is refused on every road, with the same code: rows are none then.
    let model = import::read_with(&fs::read(&file)?, &options(candidate.missing)).ok();
    let width = candidate.width.or(model.as_ref().map(|model| model.schema().features().len())).unwrap_or(0);
    let count = (MOST_VALUES / width.max(1)).clamp(FEWEST_ROWS, MOST_ROWS);
    let (mut rows, mut margins) = (Vec::new(), None);
    if candidate.width.is_some() {
        let given = match candidate.wide {
            true => wide_floats(&file.with_extension("rows64"))?,
            false => widened(&floats(&file.with_extension("rows"))?),
        };
        let given_count = given.len() / width;
        rows = chosen(&given, width, spread(given_count, count));
        if let Some(model) = &model {
            let theirs = floats(&file.with_extension("margins"))?;
            let outputs = model.forest().output_count();
            if theirs.len() != given_count * outputs {
                bail!("{} margins of {given_count} rows and {outputs} outputs", theirs.len());
            }
            margins = Some(chosen(&theirs, outputs, spread(given_count, count)));
        }
    } else if let Some(model) = &model {
        if candidate.schema.is_some() {
            rows = people()?;
        }
        rows.extend(made(model, count - rows.len() / width, candidate.wide));
    }
    let explained = chosen(&rows, width, spread(rows.len() / width.max(1), EXPLAINED_ROWS));
    let write = |ending: &str, bytes: Vec<u8>| {
        let path = stem.with_extension(ending);
        fs::write(&path, bytes)?;
        Ok::<_, std::io::Error>(fs::canonicalize(path)?.display().to_string())
    };
    let bytes_of = |rows: &[f64]| match candidate.wide {
        true => rows.iter().flat_map(|value| value.to_le_bytes()).collect(),
        false => narrow_bytes(rows.iter().map(|&value| value as f32)),
    };
    let schema = candidate.schema.map(fs::canonicalize).transpose()?.map(|path| path.display().to_string());
    Ok(json!({
        "name": candidate.name,
        "width": width,
        "file": file.display().to_string(),
        "wide": candidate.wide,
        "missing": candidate.missing,
        "rows": write("rows", bytes_of(&rows))?,
        "explained": write("explained", bytes_of(&explained))?,
        "margins": margins.map(|margins| write("margins", narrow_bytes(margins.into_iter()))).transpose()?,
        "schema": schema,
    }))
}

/// How a file is read whose training data had this for missing values.
pub(crate) fn options(missing: Option<f64>) -> import::Options {
    import::Options { missing, ..import::Options::default() }
}

fn narrow_bytes(values: impl Iterator<Item = f32>) -> Vec<u8> {
    values.flat_map(f32::to_le_bytes).collect()
}

fn widened(values: &[f32]) -> Vec<f64> {
    values.iter().map(|&value| f64::from(value)).collect()
}

/// The rows of the shipped model's data, as they are: zeros that mean "not measured" among them.
fn people() -> Result<Vec<f64>> {
    let text = fs::read_to_string("models/diabetes/pima-indians-diabetes.csv").context("the shipped model's data")?;
    let fields = text.lines().skip(1).filter_map(|line| line.rsplit_once(',')).flat_map(|(row, _)| row.split(','));
    Ok(fields.map(str::parse).collect::<std::result::Result<_, _>>()?)
}

/// A file of raw little-endian 32-bit floats.
pub(crate) fn floats(path: &Path) -> Result<Vec<f32>> {
    let bytes = fs::read(path).with_context(|| path.display().to_string())?;
    let (values, rest) = bytes.as_chunks();
    ensure!(rest.is_empty(), "{}: {} bytes are no 32-bit floats", path.display(), bytes.len());
    Ok(values.iter().map(|&value| f32::from_le_bytes(value)).collect())
}

/// A file of raw little-endian 64-bit floats.
pub(crate) fn wide_floats(path: &Path) -> Result<Vec<f64>> {
    let bytes = fs::read(path).with_context(|| path.display().to_string())?;
    let (values, rest) = bytes.as_chunks();
    ensure!(rest.is_empty(), "{}: {} bytes are no 64-bit floats", path.display(), bytes.len());
    Ok(values.iter().map(|&value| f64::from_le_bytes(value)).collect())
}
