//! Columns, written as a Parquet or an Arrow file.

use std::io::Write;
use std::sync::Arc;

use anyhow::{Result, bail};
use arrow_array::builder::StringBuilder;
use arrow_array::{ArrayRef, Float32Array, Float64Array, Int32Array, RecordBatch, StringArray};
use arrow_ipc::writer::FileWriter;
use arrow_schema::{DataType, Field, Schema, SchemaRef};
use parquet::arrow::ArrowWriter;
use parquet::basic::Compression;
use parquet::file::properties::WriterProperties;
use wardian::rows::Fault;
use wardian::{Precision, Slice};

use crate::format::Format;

/// How much of a Parquet file is put together before it is written.
const ROW_GROUP: usize = 64 << 20;

/// Numbers of one column.
pub(crate) enum Column {
    Int(Vec<i32>),
    Float(Vec<f32>),
    Double(Vec<f64>),
}

/// A file that is being written.
pub(crate) struct TableWriter<'a> {
    schema: SchemaRef,
    file: Kind<'a>,
}

enum Kind<'a> {
    /// What has been put together of it is taken out of the writer's memory: `out` may not go to another thread, as the writer asks.
    Parquet(Box<ArrowWriter<Vec<u8>>>, &'a mut dyn Write),
    Arrow(Box<FileWriter<&'a mut dyn Write>>),
}

impl<'a> TableWriter<'a> {
    pub(crate) fn new(format: Format, schema: SchemaRef, out: &'a mut dyn Write) -> Result<Self> {
        let file = match format {
            Format::Parquet => {
                let properties = WriterProperties::builder()
                    .set_compression(Compression::SNAPPY)
                    .set_max_row_group_bytes(Some(ROW_GROUP))
                    .set_created_by(concat!("wardian ", env!("CARGO_PKG_VERSION")).to_owned())
                    .build();
                Kind::Parquet(Box::new(ArrowWriter::try_new(Vec::new(), schema.clone(), Some(properties))?), out)
            }
            Format::Arrow => Kind::Arrow(Box::new(FileWriter::try_new(out, &schema)?)),
            Format::Csv | Format::Jsonl => bail!("no file of columns with types"),
        };
        Ok(Self { schema, file })
    }

    /// A file of columns of 32-bit floats.
    pub(crate) fn of_answers(
        format: Format,
        precision: Precision,
        names: &[String],
        out: &'a mut dyn Write,
    ) -> Result<Self> {
        let fields: Vec<Field> = names.iter().map(|name| Field::new(name, float(precision), false)).collect();
        Self::new(format, Arc::new(Schema::new(fields)), out)
    }

    /// A file of columns of these kinds.
    pub(crate) fn of_columns(
        format: Format,
        names: &[String],
        columns: &[Column],
        out: &'a mut dyn Write,
    ) -> Result<Self> {
        let kind = |column: &Column| match column {
            Column::Int(_) => DataType::Int32,
            Column::Float(_) => DataType::Float32,
            Column::Double(_) => DataType::Float64,
        };
        let fields: Vec<Field> =
            names.iter().zip(columns).map(|(name, column)| Field::new(name, kind(column), false)).collect();
        Self::new(format, Arc::new(Schema::new(fields)), out)
    }

    pub(crate) fn write(&mut self, batch: &RecordBatch) -> Result<()> {
        match &mut self.file {
            Kind::Parquet(writer, out) => {
                writer.write(batch)?;
                out.write_all(&std::mem::take(writer.inner_mut()))?;
            }
            // A batch of nothing is one, too.
            Kind::Arrow(writer) if batch.num_rows() > 0 => writer.write(batch)?,
            Kind::Arrow(_) => {}
        }
        Ok(())
    }

    /// Writes rows of answers, one after the other.
    pub(crate) fn write_answers(&mut self, answers: Slice<'_>) -> Result<()> {
        let width = self.schema.fields().len();
        let column = |place| match answers {
            Slice::Single(answers) => Column::Float(answers.iter().skip(place).step_by(width).copied().collect()),
            Slice::Double(answers) => Column::Double(answers.iter().skip(place).step_by(width).copied().collect()),
        };
        self.write_columns((0..width).map(column))
    }

    pub(crate) fn write_columns(&mut self, columns: impl IntoIterator<Item = Column>) -> Result<()> {
        let array = |column| -> ArrayRef {
            match column {
                Column::Int(values) => Arc::new(Int32Array::from(values)),
                Column::Float(values) => Arc::new(Float32Array::from(values)),
                Column::Double(values) => Arc::new(Float64Array::from(values)),
            }
        };
        let batch = RecordBatch::try_new(self.schema.clone(), columns.into_iter().map(array).collect())?;
        self.write(&batch)
    }

    /// Writes what makes the file whole.
    pub(crate) fn finish(self) -> Result<()> {
        match self.file {
            Kind::Parquet(writer, out) => out.write_all(&writer.into_inner()?)?,
            Kind::Arrow(mut writer) => writer.finish()?,
        }
        Ok(())
    }
}

/// The columns of rows that are given back, `own`, and behind them those of their answers and of what is wrong with them; the names are
/// all columns'.
pub(crate) fn answered(own: &SchemaRef, precision: Precision, names: &[String]) -> SchemaRef {
    let own_fields = own.fields().iter().zip(names).map(|(field, name)| field.as_ref().clone().with_name(name));
    let mut fields: Vec<Field> = own_fields.collect();
    if let Some((error, answers)) = names[fields.len()..].split_last() {
        fields.extend(answers.iter().map(|name| Field::new(name, float(precision), true)));
        fields.push(Field::new(error, DataType::Utf8, true));
    }
    Arc::new(Schema::new_with_metadata(fields, own.metadata().clone()))
}

/// The type of answers.
fn float(precision: Precision) -> DataType {
    match precision {
        Precision::Single => DataType::Float32,
        Precision::Double => DataType::Float64,
    }
}

/// Columns of texts.
pub(crate) fn of_texts(names: &[String]) -> SchemaRef {
    Arc::new(Schema::new(names.iter().map(|name| Field::new(name, DataType::Utf8, false)).collect::<Vec<_>>()))
}

impl TableWriter<'_> {
    /// Writes rows back with their answers, which those that cannot be read do not have.
    pub(crate) fn write_back(
        &mut self,
        own: &[ArrayRef],
        count: usize,
        answers: Slice<'_>,
        faults: &[Fault],
    ) -> Result<()> {
        let width = self.schema.fields().len() - own.len() - 1;
        let mut columns: Vec<Vec<Option<f64>>> = (0..width).map(|_| Vec::with_capacity(count)).collect();
        let mut errors = StringBuilder::new();
        let precision = answers.precision();
        let (mut answers, mut faults) = (answers.chunks_exact(width), faults.iter().peekable());
        for row in 0..count {
            let fault = faults.next_if(|fault| fault.row == row);
            let answer = if fault.is_none() { answers.next() } else { None };
            for (place, column) in columns.iter_mut().enumerate() {
                column.push(answer.and_then(|answer| answer.get(place)));
            }
            errors.append_option(fault.map(|fault| fault.error.to_string()));
        }
        let added = columns.into_iter().map(|column| -> ArrayRef {
            match precision {
                Precision::Single => Arc::new(Float32Array::from_iter(
                    column.into_iter().map(|number| number.map(|number| number as f32)),
                )),
                Precision::Double => Arc::new(Float64Array::from(column)),
            }
        });
        let error: ArrayRef = Arc::new(errors.finish());
        let columns = own.iter().cloned().chain(added).chain([error]).collect();
        self.write(&RecordBatch::try_new(self.schema.clone(), columns)?)
    }

    /// The same of rows of texts.
    pub(crate) fn write_texts_back(
        &mut self,
        rows: &[Vec<String>],
        answers: Slice<'_>,
        faults: &[Fault],
        own: usize,
    ) -> Result<()> {
        // A row that cannot be read may have fewer cells.
        let column = |place| rows.iter().map(move |row| row.get(place).map_or("", String::as_str));
        let columns = (0..own).map(|place| Arc::new(StringArray::from_iter_values(column(place))) as ArrayRef);
        self.write_back(&columns.collect::<Vec<_>>(), rows.len(), answers, faults)
    }
}
