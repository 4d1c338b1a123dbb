//! A text's rows, given back as they came, each with its answer or with what is wrong with it.

use std::io::Write;

use anyhow::Result;
#[cfg(not(feature = "columnar"))]
use anyhow::bail;
use wardian::rows::{Block, Plan, Writer};
use wardian::{Precision, Slice};

#[cfg(feature = "columnar")]
use crate::columnar::{TableWriter, answered, of_texts};
use crate::format::{Format, Members, distinct, json_text};

/// Where a text's rows go, when they are given back.
pub(crate) enum TextBack<'a> {
    Csv(&'a mut dyn Write),
    Json(Objects, Members, &'a mut dyn Write),
    #[cfg(feature = "columnar")]
    Typed(TableWriter<'a>, usize),
}

impl<'a> TextBack<'a> {
    pub(crate) fn new(
        plan: &Plan,
        writer: &mut Writer,
        start: &[u8],
        // What the answers are written as, and their type.
        (format, precision): (Format, Precision),
        added: usize,
        out: &'a mut dyn Write,
    ) -> Result<Self> {
        let line = writer.names(start);
        if format == Format::Csv {
            out.write_all(&line)?;
            return Ok(Self::Csv(out));
        }
        let names = distinct(plan.cells(&line));
        let (own, rest) = names.split_at(names.len() - added - 1);
        if format == Format::Jsonl {
            return Ok(Self::Json(Objects::new(plan, own), Members::new(&rest[0], &rest[1]), out));
        }
        #[cfg(feature = "columnar")]
        return Ok(Self::Typed(TableWriter::new(format, answered(&of_texts(own), precision, &names), out)?, own.len()));
        #[cfg(not(feature = "columnar"))]
        bail!("a file of columns with types, of {precision:?} precision");
    }

    pub(crate) fn write(
        &mut self,
        plan: &Plan,
        writer: &mut Writer,
        block: &Block,
        answers: Slice<'_>,
        width: usize,
    ) -> Result<()> {
        let kept = &block.kept;
        if let Self::Csv(out) = self {
            return Ok(out.write_all(&writer.rows(kept, &answers.texts().collect::<Vec<_>>(), &[]))?);
        }
        let starts = std::iter::once(0).chain(kept.ends.iter().copied());
        let rows = starts.zip(&kept.ends).map(|(start, &end)| plan.cells(&kept.text[start..end]));
        match self {
            Self::Csv(_) => {}
            Self::Json(objects, members, out) => {
                let (mut answers, mut faults) = (answers.chunks_exact(width), kept.faults.iter().peekable());
                for (row, cells) in rows.enumerate() {
                    let fault = faults.next_if(|fault| fault.row == row);
                    let answer = if fault.is_none() { answers.next() } else { None };
                    objects.begin(&cells, *out)?;
                    members.end(answer, fault, *out)?;
                }
            }
            #[cfg(feature = "columnar")]
            Self::Typed(table, own) => {
                table.write_texts_back(&rows.collect::<Vec<_>>(), answers, &kept.faults, *own)?;
            }
        }
        Ok(())
    }

    pub(crate) fn finish(self) -> Result<()> {
        match self {
            #[cfg(feature = "columnar")]
            Self::Typed(table, _) => table.finish(),
            _ => Ok(()),
        }
    }
}

/// Writes the cells of a row of text as the beginning of a JSON object: a feature's number as it stands, if JSON writes it so, any
/// other cell as a text.
pub(crate) struct Objects {
    keys: Vec<String>,
    are_numbers: Vec<bool>,
}

impl Objects {
    fn new(plan: &Plan, names: &[String]) -> Self {
        let keys = names.iter().map(|name| format!("{}:", json_text(name)));
        let is_number = |place| plan.columns.iter().any(|column| column.column == Some(place));
        Self { keys: keys.collect(), are_numbers: (0..names.len()).map(is_number).collect() }
    }

    fn begin(&self, cells: &[String], out: &mut dyn Write) -> Result<()> {
        out.write_all(b"{")?;
        for ((key, is_number), cell) in self.keys.iter().zip(&self.are_numbers).zip(cells) {
            let value = match cell.as_str() {
                "" => "null".to_owned(),
                cell if *is_number && serde_json::from_str::<serde_json::Number>(cell).is_ok() => cell.to_owned(),
                cell => json_text(cell),
            };
            write!(out, "{key}{value},")?;
        }
        Ok(())
    }
}
