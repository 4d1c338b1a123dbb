//! A table's rows, given back as they came, each with its answer or with what is wrong with it.

use std::io::Write;
use std::sync::Arc;

use anyhow::{Context, Result};
use arrow_array::{ArrayRef, RecordBatch};
use arrow_cast::cast;
use arrow_cast::display::{ArrayFormatter, FormatOptions};
use arrow_json::WriterBuilder;
use arrow_json::writer::LineDelimited;
use arrow_schema::{DataType, Schema, SchemaRef};
use wardian::{Precision, Slice};

use super::table::{Part, Table};
use super::writer::{TableWriter, answered};
use crate::format::{Format, Members, distinct};

/// Where a table's rows go.
pub(crate) enum Back<'a> {
    Csv(Box<csv::Writer<&'a mut dyn Write>>),
    Json(SchemaRef, Members, &'a mut dyn Write),
    Typed(TableWriter<'a>),
}

impl<'a> Back<'a> {
    /// `added` are the names of the columns of answers.
    pub(crate) fn new(
        table: &Table,
        format: Format,
        added: Vec<String>,
        precision: Precision,
        out: &'a mut dyn Write,
    ) -> Result<Self> {
        let own = table.schema();
        let names = table.names().into_iter().chain(added).chain(["error".to_owned()]);
        let names = distinct(names);
        Ok(match format {
            Format::Csv => {
                let mut lines = csv::Writer::from_writer(out);
                lines.write_record(&names)?;
                Self::Csv(Box::new(lines))
            }
            Format::Jsonl => {
                let (error, rest) = names.split_last().context("a column of errors")?;
                let (answer, _) = rest.split_last().context("a column of answers")?;
                let members = Members::new(answer, error);
                let own = answered(own, precision, &names[..own.fields().len()]);
                let fields =
                    own.fields().iter().map(|field| field.as_ref().clone().with_data_type(shown(field.data_type())));
                Self::Json(Arc::new(Schema::new(fields.collect::<Vec<_>>())), members, out)
            }
            Format::Parquet | Format::Arrow => {
                Self::Typed(TableWriter::new(format, answered(own, precision, &names), out)?)
            }
        })
    }

    pub(crate) fn write(&mut self, part: &Part<'_>, answers: Slice<'_>, width: usize) -> Result<()> {
        let (batch, faults) = (part.batch, &part.block.kept.faults);
        let mut each = answers.chunks_exact(width);
        let mut wrong = faults.iter().peekable();
        // Of a table's own columns texts are made, where they do not stay what they are.
        let columns = || -> Result<Vec<ArrayRef>> {
            batch.columns().iter().map(|column| Ok(cast(column, &shown(column.data_type()))?)).collect()
        };
        let mut answer_of = |row| match wrong.next_if(|fault| fault.row == row) {
            Some(fault) => (None, Some(fault)),
            None => (each.next(), None),
        };
        match self {
            Self::Csv(lines) => {
                let options = FormatOptions::new().with_display_error(false);
                let columns = columns()?;
                let cells: Vec<ArrayFormatter<'_>> =
                    columns.iter().map(|column| ArrayFormatter::try_new(column, &options)).collect::<Result<_, _>>()?;
                for row in 0..batch.num_rows() {
                    for cell in &cells {
                        lines.write_field(cell.value(row).try_to_string()?)?;
                    }
                    let (answer, fault) = answer_of(row);
                    match answer {
                        Some(answer) => answer.texts().try_for_each(|text| lines.write_field(text))?,
                        None => (0..width).try_for_each(|_| lines.write_field(""))?,
                    }
                    lines.write_field(fault.map(|fault| fault.error.to_string()).unwrap_or_default())?;
                    lines.write_record(None::<&[u8]>)?;
                }
            }
            Self::Json(schema, members, out) => {
                let batch = RecordBatch::try_new(schema.clone(), columns()?)?;
                let mut objects = WriterBuilder::new().with_explicit_nulls(true).build::<_, LineDelimited>(Vec::new());
                objects.write(&batch)?;
                objects.finish()?;
                let objects = objects.into_inner();
                // Whatever a text has in it, a line's end is written in two signs.
                for (row, object) in objects.split(|&byte| byte == b'\n').take(batch.num_rows()).enumerate() {
                    out.write_all(object.strip_suffix(b"}").context("an object's end")?)?;
                    if batch.num_columns() > 0 {
                        out.write_all(b",")?;
                    }
                    let (answer, fault) = answer_of(row);
                    members.end(answer, fault, *out)?;
                }
            }
            Self::Typed(table) => table.write_back(batch.columns(), batch.num_rows(), answers, faults)?,
        }
        Ok(())
    }

    pub(crate) fn finish(self) -> Result<()> {
        match self {
            Self::Csv(mut lines) => lines.flush()?,
            Self::Json(..) => {}
            Self::Typed(table) => table.finish()?,
        }
        Ok(())
    }
}

/// The type in which a column is shown as text: a time of any place in UTC, as the names of places and their hours are a library more.
fn shown(kind: &DataType) -> DataType {
    match kind {
        DataType::Timestamp(unit, Some(_)) => DataType::Timestamp(*unit, Some("+00:00".into())),
        other => other.clone(),
    }
}
