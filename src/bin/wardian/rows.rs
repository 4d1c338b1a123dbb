//! A file of rows on the command line: its plan, which must leave nothing open, and its rows.

use std::fs;
use std::io::{self, Read, Write};
use std::path::{Path, PathBuf};
use std::time::{Duration, Instant};

use anyhow::{Context, Result, bail};
use indicatif::{ProgressBar, ProgressDrawTarget, ProgressStyle};
use wardian::case::plan_beside;
use wardian::rows::{Block, Options, Plan, Reader, Seen, Vocabulary, Writer};
use wardian::{Model, Numbers};

use crate::back::TextBack;
use crate::columnar::Kind;
#[cfg(not(feature = "columnar"))]
use crate::columnar::refused;
#[cfg(feature = "columnar")]
use crate::columnar::{Back, Table};
use crate::format::Format;
use crate::sources::Source;

/// How many bytes are read at a time; a plan is made from the first of them.
const CHUNK: usize = 1 << 18;

/// What is said of a file of rows.
#[derive(clap::Args)]
#[command(next_help_heading = "How a file of rows is read, where it does not say")]
pub(crate) struct FileForm {
    /// Whether the first line names the columns
    #[arg(long, value_name = "yes|no", requires = "csv")]
    header: Option<String>,
    /// Which column is a feature's: its name, or # and its number from 1; may be given several times
    #[arg(long = "column", value_name = "FEATURE=COLUMN", requires = "csv")]
    columns: Vec<String>,
    /// The unit that a feature's column is in, as glucose=mmol/L; may be given several times
    #[arg(long = "unit", value_name = "FEATURE=UNIT", requires = "csv")]
    units: Vec<String>,
    /// Let features have no column: no row has their values
    #[arg(long, requires = "csv")]
    absent: bool,
    /// What ends a cell: a character, or tab
    #[arg(long, value_name = "SIGN", requires = "csv")]
    delimiter: Option<String>,
    /// What stands before a number's fraction: . or ,
    #[arg(long, value_name = "SIGN", requires = "csv")]
    decimal: Option<String>,
    /// What stands between each three digits of a number
    #[arg(long, value_name = "SIGN", requires = "csv")]
    thousands: Option<String>,
    /// A text that means "not measured", instead of those that pandas knows; may be given several times
    #[arg(long = "missing-text", value_name = "TEXT", requires = "csv")]
    missing_texts: Vec<String>,
    /// How characters are written: utf-8, utf-16le, utf-16be or windows-1252
    #[arg(long, value_name = "NAME", requires = "csv")]
    encoding: Option<String>,
    /// How many lines stand before the table
    #[arg(long, value_name = "LINES", requires = "csv")]
    skip: Option<String>,
    /// The sheet of a spreadsheet that has several
    #[arg(long, value_name = "NAME", requires = "csv")]
    sheet: Option<String>,
    /// Read the file by a plan that --show-plan has written
    #[arg(long, value_name = "FILE", requires = "csv", conflicts_with_all = ["header", "columns", "units", "absent", "delimiter", "decimal", "thousands", "missing_texts", "encoding", "skip", "base_margins"])]
    plan: Option<PathBuf>,
    /// Write how the file is read, as JSON, and answer nothing
    #[arg(long, requires = "csv")]
    pub(crate) show_plan: bool,
}

impl FileForm {
    fn options(&self, base_margins: &[String]) -> Result<Options> {
        let one = |name, text: &Option<String>| text.clone().map(|text| (name, text));
        let each = |name, texts: &[String]| texts.iter().map(|text| (name, text.clone())).collect::<Vec<_>>();
        let said = [
            one("header", &self.header),
            one("delimiter", &self.delimiter),
            one("decimal", &self.decimal),
            one("thousands", &self.thousands),
            one("encoding", &self.encoding),
            one("skip", &self.skip),
            self.absent.then(|| ("absent", String::new())),
        ];
        let mut options = Options::default();
        let several = [
            each("column", &self.columns),
            each("unit", &self.units),
            each("missing-text", &self.missing_texts),
            each("base-margin", base_margins),
        ];
        for (name, text) in said.into_iter().flatten().chain(several.into_iter().flatten()) {
            options.set(name, &text)?;
        }
        Ok(options)
    }
}

/// A file of rows, open, and its plan.
pub(crate) struct Rows {
    place: String,
    plan: Plan,
    /// What the plan was made from.
    start: Vec<u8>,
    kind: Form,
}

/// What its rows are read from.
enum Form {
    /// What follows the start.
    Text(Source),
    #[cfg(feature = "columnar")]
    Table(Table),
}

impl Rows {
    /// Opens a file, `-` for standard input, and plans how it is read; what was decided goes to standard error. `beside` are columns that
    /// are known to be no feature's.
    pub(crate) fn open(
        path: &Path,
        model: &Model,
        vocabulary: &Vocabulary,
        form: &FileForm,
        base_margins: &[String],
        beside: &[&str],
    ) -> Result<Self> {
        let place = if path == Path::new("-") { "standard input".to_owned() } else { path.display().to_string() };
        let mut source = Source::open(path, form.sheet.as_deref()).with_context(|| place.clone())?;
        let (start, is_whole) = beginning(&mut source.text).with_context(|| place.clone())?;
        let said = form.options(base_margins)?;
        let (kind, start, is_whole, options) = match Kind::of(&start).with_context(|| place.clone())? {
            None => {
                let options = source.options(said).with_context(|| place.clone())?;
                (Form::Text(source), start, is_whole, options)
            }
            #[cfg(not(feature = "columnar"))]
            Some(kind) => return Err(refused(kind).context(place)),
            #[cfg(feature = "columnar")]
            Some(kind) => {
                let table = Table::open(kind, path, start, source.text).with_context(|| place.clone())?;
                let options = table.options(said).with_context(|| place.clone())?;
                let header = table.header()?;
                (Form::Table(table), header, true, options)
            }
        };
        let plan = match &form.plan {
            Some(path) => {
                let kept = fs::read(path).with_context(|| path.display().to_string())?;
                serde_json::from_slice(&kept).with_context(|| path.display().to_string())?
            }
            None => {
                let is_beside = |name: &str| beside.contains(&name);
                plan_beside((&start, is_whole), model.schema(), vocabulary, &options, &is_beside)
                    .with_context(|| place.clone())?
            }
        };
        match &kind {
            Form::Text(source) => source.check(&plan).with_context(|| place.clone())?,
            #[cfg(feature = "columnar")]
            Form::Table(_) => {}
        }
        plan.settled().with_context(|| place.clone())?;
        let (given, outputs) = (plan.base_margins.len(), model.forest().output_count());
        if given > 0 && given != outputs {
            bail!(
                "{place}: columns of base margins: {given} are said, and the model has {outputs} outputs: one for each is due"
            );
        }
        let taken = |place| {
            plan.columns.iter().any(|column| column.column == Some(place)) || plan.base_margins.contains(&place)
        };
        let is_passed = |(place, name): (usize, &String)| !taken(place) && !beside.contains(&name.trim());
        // Columns that are asked for are not passed over.
        let are_passed = beside.is_empty() || plan.names.iter().enumerate().any(is_passed);
        for note in plan.notes.iter().filter(|note| are_passed || note.code != "passed_over") {
            // Nobody may be listening.
            let _ = writeln!(io::stderr(), "wardian: note: {place}: {}", note.message);
        }
        #[cfg(feature = "columnar")]
        if let Form::Table(table) = &kind {
            table.check(&plan).with_context(|| place.clone())?;
        }
        Ok(Self { place, plan, start, kind })
    }

    /// The plan, as JSON.
    pub(crate) fn plan(&self) -> Result<String> {
        Ok(serde_json::to_string_pretty(&self.plan)? + "\n")
    }

    /// Gives the rows to `answer`, some whole rows at a time, and their base margins where the file has them. Rows before a
    /// bad one are given before the error is.
    pub(crate) fn read(self, model: &Model, answer: impl FnMut(&[f64], Option<&[f32]>) -> Result<()>) -> Result<()> {
        let place = self.place.clone();
        let mut answer = Counted::new(model, answer);
        match self.kind {
            Form::Text(source) => {
                let mut reader = Reader::new(&self.plan, model.schema()).with_context(|| place.clone())?;
                reader.set_made_lines(source.made_lines());
                let has_base_margins = !self.plan.base_margins.is_empty();
                read_text(source, self.start, reader, |block| {
                    answer.rows(&block.values, has_base_margins.then_some(&block.base_margins))
                })
            }
            #[cfg(feature = "columnar")]
            Form::Table(table) => table.read(&self.plan, model, false, |part| {
                let Some(fault) = part.block.kept.faults.first() else {
                    return answer.rows(&part.block.values, part.base_margins);
                };
                let (width, margins) = (model.schema().features().len(), self.plan.base_margins.len());
                let base_margins = part.base_margins.map(|base_margins| &base_margins[..fault.row * margins]);
                answer.rows(&part.block.values[..fault.row * width], base_margins)?;
                bail!("row {}: {}", part.before + fault.row as u64 + 1, fault.error)
            }),
        }
        .with_context(|| place.clone())?;
        answer.tell(&place);
        Ok(())
    }

    /// Gives the rows to `answer`, some whole rows at a time, with what each has in these columns, which need not be the features'.
    pub(crate) fn read_beside(
        self,
        model: &Model,
        columns: &[&str],
        mut answer: impl FnMut(&[f64], Option<&[f32]>, &[Vec<String>]) -> Result<()>,
    ) -> Result<()> {
        let place = self.place.clone();
        let (plan, schema) = (&self.plan, model.schema());
        let of = |name: &&str| {
            let own = plan.names.iter().position(|own| own.trim() == name.trim()).filter(|_| plan.header);
            own.ok_or_else(|| no_column(plan, name).context(place.clone()))
        };
        let columns: Vec<usize> = columns.iter().map(of).collect::<Result<_>>()?;
        let has_base_margins = !plan.base_margins.is_empty();
        match self.kind {
            Form::Text(source) => {
                let mut reader = Reader::new(plan, schema).with_context(|| place.clone())?.keeping_rows();
                reader.set_made_lines(source.made_lines());
                read_text(source, self.start, reader, |block| {
                    let kept = &block.kept;
                    if let Some(fault) = kept.faults.first() {
                        bail!("line {}: {}", fault.line, fault.error);
                    }
                    let starts = std::iter::once(0).chain(kept.ends.iter().copied());
                    let cells = starts.zip(&kept.ends).map(|(start, &end)| {
                        let mut row = plan.cells(&kept.text[start..end]);
                        let cell = |&column: &usize| row.get_mut(column).map(std::mem::take).unwrap_or_default();
                        columns.iter().map(cell).collect()
                    });
                    let cells: Vec<Vec<String>> = cells.collect();
                    answer(&block.values, has_base_margins.then_some(&block.base_margins[..]), &cells)
                })
            }
            #[cfg(feature = "columnar")]
            Form::Table(table) => table.read(plan, model, true, |part| {
                if let Some(fault) = part.block.kept.faults.first() {
                    bail!("row {}: {}", part.before + fault.row as u64 + 1, fault.error);
                }
                answer(&part.block.values, part.base_margins, &part.texts(&columns)?)
            }),
        }
        .with_context(|| place)
    }

    /// Writes the rows back as they came, each with what `answer` gives (columns of this name, as many as a row has answers), or with what
    /// is wrong with it. How many cannot be read.
    pub(crate) fn write_back(
        self,
        model: &Model,
        (name, width): (&str, usize),
        format: Format,
        answer: impl FnMut(&[f64], Option<&[f32]>) -> Result<Numbers>,
        out: &mut dyn Write,
    ) -> Result<usize> {
        let place = self.place.clone();
        let added = format.answer_names(name, width);
        let mut faults = 0;
        let (plan, schema) = (&self.plan, model.schema());
        let mut answer = Counted::new(model, answer);
        match self.kind {
            Form::Text(source) => {
                let mut writer = Writer::new(plan, schema, added.clone(), false);
                let mut back = TextBack::new(
                    plan,
                    &mut writer,
                    &self.start,
                    (format, model.forest().precision()),
                    added.len(),
                    out,
                )?;
                let reader = Reader::new(plan, schema).with_context(|| place.clone())?.keeping_rows();
                let has_base_margins = !plan.base_margins.is_empty();
                read_text(source, self.start, reader, |block| {
                    faults += block.kept.faults.len();
                    let answers = answer.rows(&block.values, has_base_margins.then_some(&block.base_margins))?;
                    back.write(plan, &mut writer, block, answers.all(), width)
                })
                .and_then(|()| back.finish())
            }
            #[cfg(feature = "columnar")]
            Form::Table(table) => {
                let mut back = Back::new(&table, format, added, model.forest().precision(), out)?;
                table
                    .read(plan, model, true, |part| {
                        faults += part.block.kept.faults.len();
                        let answers = answer.rows(&part.block.values, part.base_margins)?;
                        back.write(&part, answers.all(), width)
                    })
                    .and_then(|()| back.finish())
            }
        }
        .with_context(|| place.clone())?;
        answer.tell(&place);
        Ok(faults)
    }
}

/// The error of a column that a file does not have.
fn no_column(plan: &Plan, name: &str) -> anyhow::Error {
    const SOME: usize = 12;
    if !plan.header {
        return anyhow::anyhow!("there is no column {name:?}: the first line names none (--header yes, if it does)");
    }
    let names: Vec<String> = plan.names.iter().take(SOME).map(|name| format!("{:?}", name.trim())).collect();
    let more = if plan.names.len() > SOME { ", …" } else { "" };
    anyhow::anyhow!("there is no column {name:?}, but {}{more}", names.join(", "))
}

/// What answers rows, and what training never saw of them.
struct Counted<'a, Answer> {
    answer: Answer,
    seen: Seen<'a>,
}

impl<'a, R, Answer: FnMut(&[f64], Option<&[f32]>) -> R> Counted<'a, Answer> {
    fn new(model: &'a Model, answer: Answer) -> Self {
        Self { answer, seen: Seen::new(model.schema()) }
    }

    fn rows(&mut self, values: &[f64], base_margins: Option<&[f32]>) -> R {
        self.seen.add(values);
        (self.answer)(values, base_margins)
    }

    /// Says on standard error what was counted.
    fn tell(&self, place: &str) {
        for sentence in self.seen.sentences() {
            // Nobody may be listening.
            let _ = writeln!(io::stderr(), "wardian: warning: {place}: {sentence}");
        }
    }
}

/// Gives a text's blocks to `take`, one after the other. Rows before a bad one are given before the error is.
fn read_text(
    mut source: Source,
    mut chunk: Vec<u8>,
    mut reader: Reader,
    mut take: impl FnMut(&Block) -> Result<()>,
) -> Result<()> {
    let mut progress = Progress::new(source.length);
    let (mut block, mut bytes) = (Block::default(), 0);
    loop {
        let last = chunk.is_empty();
        reader.read(&chunk, last, &mut block);
        take(&block)?;
        if let Some(fault) = block.fault.take() {
            return Err(fault.into());
        }
        block.clear();
        if last {
            return Ok(());
        }
        bytes += chunk.len() as u64;
        progress.at(bytes);
        chunk.resize(CHUNK, 0);
        let read = read_some(&mut source.text, &mut chunk)?;
        chunk.truncate(read);
    }
}

/// What a plan is made from, and whether it is all: more than [`CHUNK`] bytes only where a first line is longer, as tens of
/// thousands of names are.
fn beginning(source: &mut dyn Read) -> io::Result<(Vec<u8>, bool)> {
    const MOST: usize = 64 * CHUNK;
    let mut start = Vec::new();
    loop {
        let wanted = start.len() + CHUNK;
        Read::take(&mut *source, CHUNK as u64).read_to_end(&mut start)?;
        if start.len() < wanted {
            return Ok((start, true));
        }
        if start.contains(&b'\n') || start.contains(&b'\r') || start.len() >= MOST {
            return Ok((start, false));
        }
    }
}

/// Reads what comes next, as much as the chunk takes at most; 0 bytes at the end.
fn read_some(source: &mut dyn Read, chunk: &mut [u8]) -> io::Result<usize> {
    loop {
        match source.read(chunk) {
            Err(error) if error.kind() == io::ErrorKind::Interrupted => {}
            other => return other,
        }
    }
}

/// A bar on standard error, if that is a terminal, once the work has taken a second.
struct Progress {
    bar: ProgressBar,
    started: Instant,
    shown: bool,
}

impl Progress {
    fn new(length: Option<u64>) -> Self {
        let bar = ProgressBar::with_draw_target(length, ProgressDrawTarget::hidden());
        if let Ok(style) = ProgressStyle::with_template("{wide_bar} {bytes}/{total_bytes} {eta} left")
            && length.is_some()
        {
            bar.set_style(style);
        }
        Self { bar, started: Instant::now(), shown: false }
    }

    fn at(&mut self, bytes: u64) {
        if !self.shown && self.started.elapsed() > Duration::from_secs(1) {
            self.bar.set_draw_target(ProgressDrawTarget::stderr());
            self.shown = true;
        }
        self.bar.set_position(bytes);
    }
}

impl Drop for Progress {
    fn drop(&mut self) {
        self.bar.finish_and_clear();
    }
}
