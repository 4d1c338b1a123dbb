//! Rows as they came, each with its answer behind it.

use super::plan::Plan;
use super::reader::Kept;
use super::{table, units, words};
use crate::number;
use crate::schema::Schema;

/// How many features are named as the reasons for an answer.
const REASONS: usize = 3;
/// And with how many decimals what they add.
const DECIMALS: u8 = 2;

/// Writes a file's rows back with columns added: predictions, reasons, and what is wrong with a row that cannot be read. Cells
/// stay as they came, byte for byte; numbers that are added have the file's decimal sign.
#[derive(Clone, Debug)]
pub struct Writer {
    plan: Plan,
    features: Vec<String>,
    predictions: Vec<String>,
    has_reasons: bool,
    /// What the file's lines end with, as far as has been seen.
    line_end: &'static [u8],
}

impl Writer {
    /// A writer for the file of this plan. `predictions` are the names of the columns that are added, as many as a row has
    /// predictions.
    pub fn new(plan: &Plan, schema: &Schema, predictions: Vec<String>, has_reasons: bool) -> Self {
        let features = schema.features().iter().map(|feature| feature.name.clone()).collect();
        Self { plan: plan.clone(), features, predictions, has_reasons, line_end: b"\n" }
    }

    /// The line of names: the file's, or where it has none those of the features that its columns are taken for; none of
    /// them is added a second time. `start` is the file's beginning, which tells how its lines end.
    pub fn names(&mut self, start: &[u8]) -> Vec<u8> {
        let end = table::records_end(start, self.plan.delimiter, self.plan.skipped_lines);
        self.see_line_end(&start[..end]);
        let of_column = |(place, name): (usize, &String)| {
            let column = self.plan.columns.iter().find(|column| column.column == Some(place));
            match column {
                _ if self.plan.header => name.clone(),
                Some(column) => column.feature.clone(),
                None => words::filled("column_{}", &[&words::count(place + 1)]),
            }
        };
        let mut names: Vec<String> = self.plan.names.iter().enumerate().map(of_column).collect();
        let reasons = self.has_reasons.then_some("reasons");
        for added in self.predictions.iter().map(String::as_str).chain(reasons).chain(["error"]) {
            let mut name = added.to_owned();
            for number in 2.. {
                if !names.contains(&name) {
                    break;
                }
                name = words::filled("{}_{}", &[added, &number::digits_of(number)]);
            }
            names.push(name);
        }
        let mut out = Vec::new();
        for (place, name) in names.iter().enumerate() {
            if place > 0 {
                self.end_cell(&mut out);
            }
            push_cell(name.as_bytes(), self.plan.delimiter as u8, &mut out);
        }
        out.extend_from_slice(self.line_end);
        out
    }

    /// The rows that were kept, each with its answer: `predictions`, as texts, and `contributions` (for each feature, and then the base)
    /// are of those that could be read, row after row.
    pub fn rows(&mut self, kept: &Kept, predictions: &[String], contributions: &[f64]) -> Vec<u8> {
        let mut out = Vec::with_capacity(kept.text.len() + 16 * kept.ends.len());
        let mut predictions = predictions.chunks_exact(self.predictions.len());
        let mut contributions = contributions.chunks_exact(self.features.len() + 1);
        let mut faults = kept.faults.iter().peekable();
        let mut start = 0;
        for (row, &end) in kept.ends.iter().enumerate() {
            let text = &kept.text[start..end];
            start = end;
            self.see_line_end(text);
            let length = text.iter().rev().take_while(|byte| matches!(byte, b'\n' | b'\r')).count();
            let text = &text[..text.len() - length];
            out.extend_from_slice(text);
            if let Some(fault) = faults.next_if(|fault| fault.row == row) {
                // Beside too few cells an error keeps its column.
                let absent = self.plan.names.len().saturating_sub(self.plan.cells(text).len());
                let empty = absent + self.predictions.len() + usize::from(self.has_reasons);
                (0..=empty).for_each(|_| self.end_cell(&mut out));
                push_cell(&fault.error.line(), self.plan.delimiter as u8, &mut out);
            } else {
                for prediction in predictions.next().into_iter().flatten() {
                    self.end_cell(&mut out);
                    self.push_answer(prediction, &mut out);
                }
                if let Some(contributions) = contributions.next().filter(|_| self.has_reasons) {
                    self.end_cell(&mut out);
                    self.push_reasons(contributions, &mut out);
                }
                self.end_cell(&mut out);
            }
            out.extend_from_slice(self.line_end);
        }
        out
    }

    /// A cell of the features that contribute most, and what: `glucose +0.52; age -0.31`.
    fn push_reasons(&self, contributions: &[f64], out: &mut Vec<u8>) {
        let start = out.len();
        let mut chosen = [usize::MAX; REASONS];
        for place in 0..REASONS {
            let mut largest = None;
            for (index, contribution) in contributions[..self.features.len()].iter().enumerate() {
                // The first of equals.
                let is_larger = largest.is_none_or(|other: usize| contribution.abs() > contributions[other].abs());
                if is_larger && !chosen[..place].contains(&index) {
                    largest = Some(index);
                }
            }
            let Some(index) = largest else { break };
            chosen[place] = index;
            if place > 0 {
                out.extend_from_slice(b"; ");
            }
            out.extend_from_slice(self.features[index].as_bytes());
            out.extend_from_slice(if contributions[index] < 0.0 { b" -" } else { b" +" });
            let steps = units::steps(contributions[index].abs(), DECIMALS).unwrap_or(u64::MAX);
            number::push_digits(out, steps / 100);
            out.push(self.plan.decimal as u8);
            out.extend([steps / 10 % 10, steps % 10].map(|digit| b'0' + digit as u8));
        }
        let delimiter = self.plan.delimiter as u8;
        if needs_quotes(&out[start..], delimiter) {
            let text = out.split_off(start);
            push_cell(&text, delimiter, out);
        }
    }

    /// An answer: a number in the file's signs, or the name of a class.
    fn push_answer(&self, text: &str, out: &mut Vec<u8>) {
        let is_number = matches!(text, "nan" | "inf" | "-inf")
            || text.bytes().all(|byte| byte.is_ascii_digit() || b"+-.e".contains(&byte));
        if !is_number {
            return push_cell(text.as_bytes(), self.plan.delimiter as u8, out);
        }
        let start = out.len();
        out.extend_from_slice(text.as_bytes());
        if self.plan.decimal != '.' {
            out[start..].iter_mut().filter(|byte| **byte == b'.').for_each(|byte| *byte = self.plan.decimal as u8);
        }
    }

    fn end_cell(&self, out: &mut Vec<u8>) {
        out.push(self.plan.delimiter as u8);
    }

    /// Takes up how these records end: Excel's lines end with two signs, and a part may end between them.
    fn see_line_end(&mut self, records: &[u8]) {
        if records.ends_with(b"\r\n") {
            self.line_end = b"\r\n";
        } else if records.ends_with(b"\r") && self.line_end == b"\n" {
            self.line_end = b"\r";
        }
    }
}

fn needs_quotes(text: &[u8], delimiter: u8) -> bool {
    text.iter().any(|&byte| matches!(byte, b'"' | b'\n' | b'\r') || byte == delimiter)
}

/// A cell, in quotes if it needs them.
pub(super) fn push_cell(text: &[u8], delimiter: u8, out: &mut Vec<u8>) {
    if !needs_quotes(text, delimiter) {
        return out.extend_from_slice(text);
    }
    out.push(b'"');
    for &byte in text {
        out.push(byte);
        if byte == b'"' {
            out.push(byte);
        }
    }
    out.push(b'"');
}
