//! Rows of a file, with the columns beside the features: what figures and golden rows are made of.

use super::features::cell_text;
use crate::error::{Code, Error, Result, quoted};
use crate::rows::{Block, Options, Plan, Reader, Vocabulary};
use crate::schema::Schema;

/// A file of rows as text, with what is said of how it is read.
#[derive(Clone, Debug, Default)]
pub struct RowsFile {
    /// Its name, for errors.
    pub place: String,
    /// Its bytes: CSV or the like.
    pub bytes: Vec<u8>,
    /// What is said of it.
    pub options: Options,
}

/// The rows of a file.
#[derive(Clone, Debug, Default)]
pub(crate) struct Table {
    /// The names of the columns that are no feature's.
    pub(crate) others: Vec<String>,
    /// The features' values, row after row; `NaN` for "not measured", missing codes as they are.
    pub(crate) values: Vec<f64>,
    /// For each row the cells of the other columns.
    pub(crate) cells: Vec<Vec<String>>,
    /// How many features there are.
    pub(crate) width: usize,
    /// What the file calls each feature's column, where it names them and the model does not.
    pub(crate) called: Vec<Option<String>>,
}

/// A column of a table.
#[derive(Clone, Copy, Debug)]
pub(crate) enum Column {
    /// A feature's.
    Feature(usize),
    /// One beside the features.
    Other(usize),
}

/// How many bytes a plan is made from.
const START: usize = 1 << 18;

/// The plan of a file that begins so, and is this all or not. `beside` tells which columns beside the features' are known to be none of
/// these, by name: where features have no names the others are taken in their order.
///
/// # Errors
/// As [`Plan::new`].
pub fn plan_beside(
    (start, is_whole): (&[u8], bool),
    schema: &Schema,
    vocabulary: &Vocabulary,
    options: &Options,
    beside: &dyn Fn(&str) -> bool,
) -> Result<Plan> {
    let plan = Plan::new(start, is_whole, schema, vocabulary, options)?;
    let width = schema.features().len();
    if !(schema.has_invented_names() && options.columns.is_empty() && plan.header) {
        return Ok(plan);
    }
    let own: Vec<usize> = (0..plan.names.len()).filter(|&place| !beside(plan.names[place].trim())).collect();
    let are_named = plan.names.iter().any(|name| schema.index_of(name.trim()).is_ok());
    if own.len() != width || plan.names.len() <= width || are_named {
        return Ok(plan);
    }
    let column = |index: usize| (schema.features()[index].name.clone(), format!("#{}", own[index] + 1));
    let options = Options { columns: (0..width).map(column).collect(), ..options.clone() };
    Plan::new(start, is_whole, schema, vocabulary, &options)
}

impl Table {
    /// The rows of a file. `beside` tells which columns beside the features' are known to be none of these, by name: that matters where
    /// features have no names.
    ///
    /// # Errors
    /// As [`Plan::new`], [`Plan::settled`] and [`Reader::read`], with the file's name.
    pub(crate) fn read(
        file: &RowsFile,
        schema: &Schema,
        vocabulary: &Vocabulary,
        beside: &dyn Fn(&str) -> bool,
    ) -> Result<Self> {
        let read = || Self::by_plan(file, &Self::plan(file, schema, vocabulary, beside)?, schema);
        read().map_err(|error: Error| error.within(file.place.as_bytes()))
    }

    /// How a file is read.
    ///
    /// # Errors
    /// As [`Plan::new`] and [`Plan::settled`].
    pub(super) fn plan(
        file: &RowsFile,
        schema: &Schema,
        vocabulary: &Vocabulary,
        beside: &dyn Fn(&str) -> bool,
    ) -> Result<Plan> {
        let start = &file.bytes[..file.bytes.len().min(START)];
        let is_whole = start.len() == file.bytes.len();
        let plan = plan_beside((start, is_whole), schema, vocabulary, &file.options, beside)?;
        plan.settled()?;
        Ok(plan)
    }

    /// The rows of a file that is read so.
    ///
    /// # Errors
    /// As [`Reader::read`].
    pub(super) fn by_plan(file: &RowsFile, plan: &Plan, schema: &Schema) -> Result<Self> {
        let width = schema.features().len();
        let taken: Vec<usize> = plan.columns.iter().filter_map(|column| column.column).collect();
        let places: Vec<usize> = (0..plan.names.len()).filter(|place| !taken.contains(place)).collect();
        let others = places.iter().map(|&place| plan.names[place].trim().to_owned()).collect();
        let name = |place: Option<usize>| plan.names.get(place?).map(|name| name.trim().to_owned());
        let is_told = plan.header && schema.has_invented_names();
        let called = plan.columns.iter().map(|column| name(column.column).filter(|name| is_told && !name.is_empty()));
        let called = called.collect();
        let mut reader = Reader::new(plan, schema)?;
        if !places.is_empty() {
            reader = reader.keeping_rows();
        }
        let mut block = Block::new();
        reader.read(&file.bytes, true, &mut block);
        if let Some(fault) = block.fault {
            return Err(fault);
        }
        if let Some(fault) = block.kept.faults.into_iter().next() {
            return Err(fault.error.place("line #", &[fault.line as usize]));
        }
        let mut cells = Vec::new();
        let mut begins = 0;
        for &end in &block.kept.ends {
            let row = plan.cells(&block.kept.text[begins..end]);
            cells.push(places.iter().map(|&place| row.get(place).cloned().unwrap_or_default()).collect());
            begins = end;
        }
        if block.values.is_empty() {
            return Err(Error::plain(Code::EmptyInput, "the file has no rows", &[]));
        }
        Ok(Self { others, values: block.values, cells, width, called })
    }

    /// How many rows there are.
    pub(crate) fn len(&self) -> usize {
        self.values.len() / self.width
    }

    /// The rows' values.
    pub(crate) fn rows(&self) -> impl Iterator<Item = &[f64]> {
        self.values.chunks_exact(self.width)
    }

    /// The place of a column beside the features'.
    ///
    /// # Errors
    /// `invalid_option`, naming the columns that there are.
    pub(crate) fn other(&self, name: &str, place: &str, schema: &Schema) -> Result<usize> {
        if let Some(place) = self.others.iter().position(|other| other == name.trim()) {
            return Ok(place);
        }
        let message = if schema.index_of(name).is_ok() {
            format!("the column {} is a feature of the model", quoted(name))
        } else {
            const SOME: usize = 12;
            let known: Vec<String> = self.others.iter().take(SOME).map(|name| quoted(name)).collect();
            let known = match known[..] {
                [] => "there is none beside the features".to_owned(),
                _ => format!("beside the features there are {}", known.join(", ")),
            };
            format!("there is no column {}; {known}", quoted(name))
        };
        let error = Error::of(Code::InvalidOption, message.into_bytes()).because("no_column", &[("column", name)]);
        Err(error.within(place.as_bytes()))
    }

    /// A column, of a feature or beside them.
    ///
    /// # Errors
    /// As [`Self::other`].
    pub(crate) fn column(&self, name: &str, place: &str, schema: &Schema) -> Result<Column> {
        match schema.index_of(name.trim()) {
            Ok(index) => Ok(Column::Feature(index)),
            Err(_) => self.other(name, place, schema).map(Column::Other),
        }
    }

    /// What a row has in a column.
    pub(crate) fn text(&self, column: Column, row: usize, schema: &Schema) -> String {
        match column {
            Column::Other(place) => self.cells[row][place].clone(),
            Column::Feature(index) => cell_text(self.values[row * self.width + index], &schema.features()[index]),
        }
    }
}
