//! A table, open: what its columns are, and its rows, batch by batch.

use std::fs::File;
use std::io::{self, Cursor, Read, Seek, SeekFrom};
use std::path::Path;

use anyhow::{Context, Result, bail, ensure};
use arrow_array::RecordBatch;
use arrow_cast::display::{ArrayFormatter, FormatOptions};
use arrow_schema::SchemaRef;
use parquet::arrow::ProjectionMask;
use parquet::arrow::arrow_reader::{ParquetRecordBatchReader, ParquetRecordBatchReaderBuilder};
use wardian::Model;
use wardian::rows::{Block, Encoding, Options, Plan, Reader};

use super::text::{self, Text};
use super::{Kind, arrow, first_line, guarded};
use crate::sources::ENDS_EARLY;

/// The most rows that are read at a time.
const ROWS: usize = 8192;
/// And the most cells, so that thousands of columns take no more memory than a few.
const CELLS: usize = 1 << 20;

/// A table, open.
pub(crate) struct Table {
    kind: Kind,
    schema: SchemaRef,
    source: Source,
}

enum Source {
    Parquet(Box<ParquetRecordBatchReaderBuilder<File>>),
    Arrow(Box<arrow::Batches>),
    Stream(Box<arrow::Stream>),
}

/// Some rows that were read.
pub(crate) struct Part<'a> {
    /// What the reader of rows made of them.
    pub(crate) block: &'a Block,
    pub(crate) base_margins: Option<&'a [f32]>,
    /// The rows as they came, where all columns were wanted.
    pub(crate) batch: &'a RecordBatch,
    /// How many rows came before.
    pub(crate) before: u64,
}

impl Part<'_> {
    /// What each row has in some columns of the file, all of which were wanted, as texts; a missing value is an empty one.
    pub(crate) fn texts(&self, columns: &[usize]) -> Result<Vec<Vec<String>>> {
        guarded(|| {
            let options = FormatOptions::default().with_null("");
            let of = |&column: &usize| Ok(ArrayFormatter::try_new(self.batch.column(column), &options)?);
            let columns: Vec<ArrayFormatter<'_>> = columns.iter().map(of).collect::<Result<_>>()?;
            let cell = |column: &ArrayFormatter<'_>, row| Ok(column.value(row).try_to_string()?);
            (0..self.batch.num_rows()).map(|row| columns.iter().map(|column| cell(column, row)).collect()).collect()
        })
    }
}

impl Table {
    /// Opens a table, of which `start` has been read already from `source`, and the rest is still there.
    pub(crate) fn open(kind: Kind, path: &Path, start: Vec<u8>, source: Box<dyn Read>) -> Result<Self> {
        let bytes = Cursor::new(start).chain(source);
        guarded(|| {
            let (schema, source) = match kind {
                Kind::Parquet => {
                    let file = in_a_file(kind, path, bytes)?;
                    let is_whole = ends_as_it_begins(&file)?;
                    let rows = ParquetRecordBatchReaderBuilder::try_new(file);
                    let rows = match rows {
                        Err(error) if !is_whole => bail!("{ENDS_EARLY} ({})", first_line(&error)),
                        rows => rows?,
                    };
                    (rows.schema().clone(), Source::Parquet(Box::new(rows)))
                }
                Kind::ArrowFile => {
                    let batches = arrow::Batches::open(in_a_file(kind, path, bytes)?)?;
                    (batches.schema(), Source::Arrow(Box::new(batches)))
                }
                Kind::ArrowStream => {
                    let batches = arrow::Stream::open(Box::new(bytes))?;
                    (batches.schema()?, Source::Stream(Box::new(batches)))
                }
            };
            Ok(Self { kind, schema, source })
        })
    }

    pub(crate) fn schema(&self) -> &SchemaRef {
        &self.schema
    }

    /// The names of the columns.
    pub(crate) fn names(&self) -> Vec<String> {
        self.schema.fields().iter().map(|field| field.name().clone()).collect()
    }

    /// The line of names, which a plan is made from.
    pub(crate) fn header(&self) -> Result<Vec<u8>> {
        let mut line = csv::Writer::from_writer(Vec::new());
        line.write_record(self.names())?;
        Ok(line.into_inner()?)
    }

    /// What is known of the text that is made of it, over what was said of the file.
    pub(crate) fn options(&self, said: Options) -> Result<Options> {
        let of_text = [
            ("header", said.header.is_some()),
            ("delimiter", said.delimiter.is_some()),
            ("decimal", said.decimal.is_some()),
            ("thousands", said.thousands.is_some()),
            ("encoding", said.encoding.is_some()),
            ("skip", said.skipped_lines.is_some()),
        ];
        if let Some((name, _)) = of_text.iter().find(|(_, is_said)| *is_said) {
            bail!("--{name} is of text, and it is {}, whose columns have names and types", self.kind);
        }
        Ok(Options {
            header: Some(true),
            delimiter: Some(','),
            decimal: Some('.'),
            encoding: Some(Encoding::Utf8),
            ..said
        })
    }

    /// That a plan which was kept, or made, is one for this table, and that the columns it takes can be read.
    pub(crate) fn check(&self, plan: &Plan) -> Result<()> {
        let signs = (plan.encoding, plan.delimiter, plan.decimal, plan.thousands, plan.header, plan.skipped_lines);
        if signs != (Encoding::Utf8, ',', '.', None, true, 0) {
            bail!("the plan is of text, and it is {}", self.kind);
        }
        // Whether they are the same ones the reader looks itself.
        let (planned, own) = (plan.names.len(), self.schema.fields().len());
        ensure!(planned == own, "the plan names {planned} columns, and the file has {own}");
        for place in taken(plan) {
            if let Some(field) = self.schema.fields().get(place).filter(|field| !text::is_readable(field.data_type())) {
                bail!(
                    "column {:?} is of the type {}, which is no number, boolean or text",
                    field.name(),
                    field.data_type()
                );
            }
        }
        Ok(())
    }

    /// Gives the rows to `take`, some at a time, those that cannot be read among them; all columns of each, or none that is
    /// not needed.
    pub(crate) fn read(
        self,
        plan: &Plan,
        model: &Model,
        all_columns: bool,
        mut take: impl FnMut(Part<'_>) -> Result<()>,
    ) -> Result<()> {
        let header = self.header()?;
        let mut columns: Vec<usize> = if all_columns { (0..plan.names.len()).collect() } else { taken(plan).collect() };
        columns.sort_unstable();
        let mut rows = guarded(|| Rows::new(self.source, &columns))?;
        let text = Text::new(plan, model, |place| rows.place_of(place, &columns));
        let mut reader = Reader::new(plan, model.schema())?.keeping_rows();
        let (mut block, mut lines) = (Block::default(), Vec::new());
        reader.read(&header, false, &mut block);
        let mut before = 0;
        loop {
            if let Some(fault) = block.fault.take() {
                return Err(fault.into());
            }
            let Some(batch) = guarded(|| rows.next())? else { break };
            for start in (0..batch.num_rows()).step_by(ROWS) {
                let part = batch.slice(start, ROWS.min(batch.num_rows() - start));
                lines.clear();
                guarded(|| text.write(&part, &mut lines))?;
                block.clear();
                reader.read(&lines, false, &mut block);
                if let Some(fault) = block.fault.take() {
                    return Err(fault.into());
                }
                // One line is one row, or answers would stand beside other rows than theirs.
                let (read, due) = (block.kept.ends.len(), part.num_rows());
                ensure!(read == due, "{read} rows were read where {due} are");
                let base_margins = (!plan.base_margins.is_empty()).then_some(&block.base_margins[..]);
                take(Part { block: &block, base_margins, batch: &part, before })?;
                before += due as u64;
            }
        }
        Ok(())
    }
}

/// The columns that a plan takes.
fn taken(plan: &Plan) -> impl Iterator<Item = usize> {
    plan.columns.iter().filter_map(|column| column.column).chain(plan.base_margins.iter().copied())
}

/// Batches, as they come.
enum Rows {
    Parquet { batches: ParquetRecordBatchReader, left: i64 },
    Arrow(Box<arrow::Batches>),
    Stream(Box<arrow::Stream>),
}

impl Rows {
    fn new(source: Source, columns: &[usize]) -> Result<Self> {
        Ok(match source {
            Source::Arrow(batches) => Self::Arrow(batches),
            Source::Stream(batches) => Self::Stream(batches),
            Source::Parquet(rows) => {
                let left = rows.metadata().file_metadata().num_rows();
                let mask = ProjectionMask::roots(rows.parquet_schema(), columns.iter().copied());
                let count = (CELLS / columns.len().max(1)).clamp(1, ROWS);
                Self::Parquet { batches: rows.with_projection(mask).with_batch_size(count).build()?, left }
            }
        })
    }

    /// Where a file's column is in a batch.
    fn place_of(&self, place: usize, columns: &[usize]) -> Option<usize> {
        match self {
            Self::Parquet { .. } => columns.binary_search(&place).ok(),
            Self::Arrow(_) | Self::Stream(_) => Some(place),
        }
    }

    fn next(&mut self) -> Result<Option<RecordBatch>> {
        match self {
            Self::Arrow(batches) => batches.next(),
            Self::Stream(batches) => batches.next(),
            Self::Parquet { batches, left } => {
                let batch = batches.next().transpose()?;
                *left -= batch.as_ref().map_or(0, |batch| batch.num_rows() as i64);
                if batch.is_none() && *left != 0 {
                    bail!("it is damaged: it does not have as many rows as it says");
                }
                Ok(batch)
            }
        }
    }
}

/// Whether a Parquet file has the mark that is at both its ends.
fn ends_as_it_begins(mut file: &File) -> io::Result<bool> {
    let mut mark = [0; 4];
    let length = file.seek(SeekFrom::End(0))?;
    if length >= 8 {
        file.seek(SeekFrom::End(-4))?;
        file.read_exact(&mut mark)?;
    }
    file.rewind()?;
    Ok(mark == *b"PAR1")
}

/// A file's account of itself is at its end: what comes as a stream, or is packed, is put by.
fn in_a_file(kind: Kind, path: &Path, mut bytes: impl Read) -> Result<File> {
    if path != Path::new("-") && path.is_file() {
        let mut file = File::open(path)?;
        let mut mark = [0; 8];
        if file.read_exact(&mut mark).is_ok() && Kind::of(&mark)? == Some(kind) {
            return Ok(file);
        }
    }
    let mut file = tempfile::tempfile().context("a place for what is on its way")?;
    io::copy(&mut bytes, &mut file)?;
    file.rewind()?;
    Ok(file)
}
