//! A file's beginning → its plan: each question decided once.

use super::cells::{self, Missing};
use super::letters;
use super::names::{Match, Names, SAME, Vocabulary};
use super::options::Options;
use super::plan::{Column, Note, Plan};
use super::table;
use super::text::{Decoding, Encoding};
use super::words;
use crate::error::{Code, Result, quoted};
use crate::field::boolean;
use crate::number;
use crate::schema::Schema;

/// How many records a plan is made from.
const SAMPLE: usize = 1000;
/// How far down a line of names is looked for, where the first line has none.
const TITLE_LINES: usize = 20;

/// As [`Plan::new`].
pub(super) fn plan(
    start: &[u8],
    is_whole: bool,
    schema: &Schema,
    vocabulary: &Vocabulary,
    options: &Options,
) -> Result<Plan> {
    if let Some(kind) = foreign(start) {
        return Err(words::fault(Code::WrongType, kind, &[]));
    }
    let encoding = options.encoding.unwrap_or_else(|| Encoding::of(start, is_whole));
    let mut decoding = Decoding::new(encoding);
    let text = String::from_utf8_lossy(decoding.next(start, is_whole));
    if words::has(&text, '\0') {
        return Err(words::fault(Code::WrongType, "it is no text: it has null characters", &[]));
    }
    Planner { names: Names::new(schema, vocabulary), schema, options, is_whole }.plan(encoding, &text)
}

/// What a file is whose bytes are no text, by how such files begin, and what to do with it.
fn foreign(start: &[u8]) -> Option<&'static str> {
    const KINDS: [(&[u8], &str); 10] = [
        (b"{\"", "it is JSON: write rows as CSV, or give JSON lines to the Rust program's --csv"),
        (b"PK\x03\x04", "it is a spreadsheet (.xlsx, .ods) or another zip file: save the sheet as CSV UTF-8"),
        (b"\xd0\xcf\x11\xe0", "it is a spreadsheet of old Excel (.xls): save the sheet as CSV UTF-8"),
        (b"\x1f\x8b", "it is compressed with gzip: unpack it first, as in gunzip -c FILE | wardian predict --csv -"),
        (b"BZh", "it is compressed with bzip2: unpack it first"),
        (b"\xfd7zXZ\0", "it is compressed with xz: unpack it first"),
        (b"\x28\xb5\x2f\xfd", "it is compressed with zstd: unpack it first"),
        (b"PAR1", "it is a Parquet file: write it as CSV, with to_csv(index=False)"),
        (b"ARROW1", "it is an Arrow file: write it as CSV, with to_csv(index=False)"),
        (b"\x93NUMPY", "it is a numpy array: write it as CSV, with numpy.savetxt(FILE, array, delimiter=\",\")"),
    ];
    KINDS.iter().find(|(magic, _)| start.starts_with(magic)).map(|(_, kind)| *kind)
}

/// Whether numbers count columns, from 0 or 1; or, where features have no names to be found by, go up by steps of one size, as
/// years and wavelengths do. The first cell may be empty, above pandas' index.
fn is_scale(cells: &[String], any: bool) -> bool {
    let cells = if cells.first().is_some_and(|cell| cell.trim().is_empty()) { &cells[1..] } else { cells };
    let numbers: Option<Vec<f64>> = cells.iter().map(|cell| number::parse(cell.trim())).collect();
    let Some(numbers) = numbers.filter(|numbers| numbers.len() > 1) else { return false };
    let step = numbers[1] - numbers[0];
    let is_even = numbers.windows(2).all(|pair| (pair[1] - pair[0] - step).abs() <= 1e-9 * step.abs());
    is_even && step > 0.0 && (any && numbers.len() > 2 || step == 1.0 && (numbers[0] == 0.0 || numbers[0] == 1.0))
}

/// The first of these texts, in a sentence.
fn some(texts: &[String]) -> String {
    const MOST: usize = 8;
    let first: Vec<&str> = texts.iter().take(MOST).map(String::as_str).collect();
    words::list(&first, ", ") + if texts.len() > MOST { ", …" } else { "" }
}

/// The place of the one column of a name, or of `#` and a number from 1; else what there is of that name.
fn place_of(plan: &Plan, wanted: &str) -> std::result::Result<usize, &'static str> {
    let number = wanted.strip_prefix('#').and_then(|number| number.parse::<usize>().ok());
    let same: Vec<usize> = match number {
        Some(number) => (number >= 1 && number <= plan.names.len()).then(|| number - 1).into_iter().collect(),
        None => {
            let is_same = |name: &String| name == wanted || name.trim() == wanted.trim();
            (0..plan.names.len()).filter(|&place| plan.header && is_same(&plan.names[place])).collect()
        }
    };
    match same[..] {
        [place] => Ok(place),
        [] => Err("no column is"),
        _ => Err("several columns are"),
    }
}

struct Planner<'a> {
    names: Names<'a>,
    schema: &'a Schema,
    options: &'a Options,
    is_whole: bool,
}

impl Planner<'_> {
    fn plan(&self, encoding: Encoding, text: &str) -> Result<Plan> {
        let words = self.options.missing.clone().unwrap_or_else(cells::missing);
        let missing = Missing::new(&words);
        let (mut notes, mut doubts) = (Vec::new(), Vec::new());
        if encoding != Encoding::Utf8 && self.options.encoding.is_none() {
            notes.push(words::note("encoding", "its characters are taken for {}", &[encoding.name()]));
        }
        let announced = table::announced(text).filter(|_| self.options.skipped_lines.is_none());
        let skipped_lines = self.options.skipped_lines.unwrap_or(usize::from(announced.is_some()));
        let text = table::without_lines(text, skipped_lines);
        let delimiter = self.options.delimiter.or(announced.map(|(delimiter, _)| delimiter)).unwrap_or_else(|| {
            let is_value = |cell: &str| missing.has(cell.trim()) || self.looks_like_a_number(cell);
            let is_known = |cell: &str| self.names.find(cell).is_some();
            let wanted = self.schema.features().len() + self.options.base_margins.len();
            table::delimiter(text, self.is_whole, wanted, is_known, is_value)
        });
        let records = table::records(text, self.is_whole, delimiter, SAMPLE);
        let Some(first) = records.first() else {
            let message = if self.is_whole { "the file has no rows" } else { "its first line does not end" };
            return Err(words::fault(Code::EmptyInput, message, &[]));
        };
        let mut plan = Plan {
            encoding,
            skipped_lines,
            delimiter,
            decimal: '.',
            thousands: self.options.thousands,
            header: false,
            names: Vec::new(),
            columns: Vec::new(),
            base_margins: Vec::new(),
            missing: words,
            notes,
            doubts: Vec::new(),
        };
        plan.header = self.header(&records, text, &plan, &missing, &mut doubts);
        plan.doubts = doubts;
        plan.names = first.iter().map(|cell| if plan.header { cell.clone() } else { String::new() }).collect();
        plan.base_margins = self.base_margins(&plan)?;
        plan.columns = self.columns(&mut plan)?;
        self.convert(&mut plan)?;
        let rows = if plan.header { &records[1..] } else { &records[..] };
        self.decimal(&mut plan, rows);
        Ok(plan)
    }

    /// Whether the first record names the columns.
    fn header(
        &self,
        records: &[Vec<String>],
        text: &str,
        plan: &Plan,
        missing: &Missing,
        doubts: &mut Vec<Note>,
    ) -> bool {
        if let Some(header) = self.options.header {
            return header;
        }
        let first = &records[0];
        let known = |record: &[String]| record.iter().filter(|cell| self.names.find(cell).is_some()).count();
        let is_value = |index: usize, cell: &str| {
            let cell = cell.trim();
            let categories = self.schema.features().get(index).map_or(&[][..], |feature| &feature.categories);
            missing.has(cell)
                || self.looks_like_a_number(cell)
                || boolean(cell).is_some()
                || categories.iter().any(|name| name.trim() == cell)
        };
        let words = first.iter().enumerate().filter(|(index, cell)| !is_value(*index, cell)).count();
        let cells: Vec<&str> = first.iter().map(String::as_str).collect();
        let shown = quoted(&words::list(&cells, ","));
        let mut doubt = |template: &str, parts: &[&str]| doubts.push(words::note("header", template, parts));
        if known(first) > 0 {
            // Features may be called 0, 1, 2, and a row hold any of these: only all of them in their order are names for sure.
            let names = self.schema.features().iter().map(|feature| feature.name.trim());
            if words == 0 && !names.eq(first.iter().map(|cell| cell.trim())) {
                doubt("the first line, {}, may name the columns or be a row: --header yes or no decides", &[&shown]);
            }
            return true;
        }
        if words == 0 {
            if is_scale(first, self.schema.has_invented_names()) {
                doubt("the first line, {}, may count the columns or be a row: --header yes or no decides", &[&shown]);
                return true;
            }
            return false;
        }
        // Lines of titles stand above the names.
        let names_columns = |line: &str| {
            let delimiters = [plan.delimiter].into_iter().chain(table::DELIMITERS);
            delimiters.flat_map(|delimiter| table::records(line, true, delimiter, 1)).any(|record| known(&record) > 0)
        };
        if let Some(above) = text.lines().take(TITLE_LINES).position(names_columns) {
            let above = above + plan.skipped_lines;
            doubt(
                "the first line, {}, names no feature, and line {} does: --skip {} begins there",
                &[&shown, &words::count(above + 1), &words::count(above)],
            );
            return true;
        }
        let numbers = first.iter().filter(|cell| self.looks_like_a_number(cell)).count();
        let has_letters = |cell: &String| cell.chars().any(letters::is_letter_or_digit);
        if numbers > 0 || !first.iter().all(|cell| cell.trim().is_empty() || has_letters(cell)) {
            doubt(
                "the first line, {}, may name the columns or be a row with something that is no value: --header yes or no \
                 decides",
                &[&shown],
            );
        }
        true
    }

    /// The columns that are said to be base margins.
    fn base_margins(&self, plan: &Plan) -> Result<Vec<usize>> {
        let mut places = Vec::new();
        for wanted in &self.options.base_margins {
            let place = place_of(plan, wanted)
                .and_then(|place| if places.contains(&place) { Err("two base margins are") } else { Ok(place) });
            match place {
                Ok(place) => places.push(place),
                Err(what) => {
                    let message = "--base-margin: {} called {}";
                    return Err(words::fault(Code::InvalidOption, message, &[what, &quoted(wanted)]));
                }
            }
        }
        Ok(places)
    }

    /// Where each feature's values are.
    fn columns(&self, plan: &mut Plan) -> Result<Vec<Column>> {
        let features = self.schema.features();
        let mut columns: Vec<Column> = features
            .iter()
            .map(|feature| Column { feature: feature.name.clone(), column: None, unit: None, conversion: None })
            .collect();
        let found: Vec<Option<(usize, Match)>> = plan.names.iter().map(|name| self.names.find(name)).collect();
        let has_names = plan.header && !(self.schema.has_invented_names() && found.iter().all(Option::is_none));
        // Where columns have no names, those that are not base margins are the features'.
        let (count, wanted) = (plan.names.len() - plan.base_margins.len(), features.len());
        let are_all_said = features.iter().all(|feature| self.is_said(&feature.name));
        if has_names {
            self.by_name(plan, &found, &mut columns);
        } else if are_all_said {
            // Nothing is to be found.
        } else if count == wanted || (count < wanted && !plan.header) {
            // A first row of fewer cells is told of as a row.
            plan.names.resize(wanted + plan.base_margins.len(), String::new());
            let places = (0..plan.names.len()).filter(|place| !plan.base_margins.contains(place));
            columns.iter_mut().zip(places).for_each(|(column, place)| column.column = Some(place));
            if plan.header && plan.names[0].trim().is_empty() {
                let message = "the header: the first column has no name, as pandas' index has none: --column f0=#2 and so on says \
                               which columns are the features', or #1 and so on";
                plan.doubts.push(words::note("by_order", message, &[]));
            } else if plan.header {
                let message = "the model's features have no names: columns are taken in their order";
                plan.notes.push(words::note("by_order", message, &[]));
            }
        } else {
            let what = if plan.header { "the header names" } else { "the first line has" };
            let first = &features[0].name;
            let beside = if plan.base_margins.is_empty() { "" } else { " beside the base margins" };
            let message =
                "{} {} columns{}, and the model has {} features: --column {}=#1 and so on for each says which they are";
            let parts = [what, &words::count(count), beside, &words::count(wanted), first];
            plan.doubts.push(words::note("by_order", message, &parts));
            if self.options.columns.is_empty() {
                return Ok(columns);
            }
        }
        self.chosen(plan, &mut columns)?;
        let mut taken: Vec<Option<&Column>> = vec![None; plan.names.len()];
        for column in &columns {
            let Some(place) = column.column else {
                let name = quoted(&column.feature);
                let is_said = self
                    .options
                    .columns
                    .iter()
                    .any(|(feature, wanted)| *feature == column.feature && wanted.is_empty());
                if (is_said || self.options.absent) && columns.iter().any(|column| column.column.is_some()) {
                    let message = "no column is called {}: not measured in any row";
                    plan.notes.push(words::note("absent", message, &[&name]));
                } else {
                    let names: Vec<String> = plan.names.iter().map(|name| quoted(name)).collect();
                    let message = "the header: no column is called {}, and the columns are {}: --column {}=NAME says which it is, \
                                   --absent that there is none";
                    plan.doubts.push(words::note("absent", message, &[&name, &some(&names), &column.feature]));
                }
                continue;
            };
            if let Some(other) = taken[place].replace(column) {
                let (one, other) = (quoted(&other.feature), quoted(&column.feature));
                let message = "column #{} is taken for {} and for {}: --column says which each is";
                plan.doubts.push(words::note("one_column", message, &[&words::count(place + 1), &one, &other]));
            }
        }
        for &place in &plan.base_margins {
            if let Some(column) = taken.get(place).copied().flatten() {
                let message =
                    "column #{} is taken for a base margin and for {}: --base-margin and --column say which it is";
                plan.doubts.push(words::note(
                    "one_column",
                    message,
                    &[&words::count(place + 1), &quoted(&column.feature)],
                ));
            }
        }
        let is_passed =
            |place: &usize| found[*place].is_none() && taken[*place].is_none() && !plan.base_margins.contains(place);
        let passed: Vec<String> = (0..found.len()).filter(is_passed).map(|place| quoted(&plan.names[place])).collect();
        if plan.header && !passed.is_empty() {
            let message = "columns of no feature are passed over: {}";
            plan.notes.push(words::note("passed_over", message, &[&some(&passed)]));
        }
        Ok(columns)
    }

    /// The columns that names tell, and their units.
    fn by_name(&self, plan: &mut Plan, found: &[Option<(usize, Match)>], columns: &mut [Column]) {
        // For each feature the columns that have its name, and those that nearly have it.
        let mut candidates = vec![(Vec::new(), Vec::new()); columns.len()];
        for (place, entry) in found.iter().enumerate() {
            if let Some((feature, how)) = entry {
                let (exact, near) = &mut candidates[*feature];
                if *how == Match::Exact { exact.push(place) } else { near.push(place) }
            }
        }
        let mut nearly = Vec::new();
        for (index, (column, (exact, near))) in columns.iter_mut().zip(&candidates).enumerate() {
            let is_said = self.is_said(&column.feature);
            let several = if exact.is_empty() { near } else { exact };
            let Some(&place) = several.first().filter(|_| !is_said) else { continue };
            let (name, own) = (quoted(&plan.names[place]), quoted(&column.feature));
            column.column = Some(place);
            if several.len() > 1 {
                let numbers: Vec<String> =
                    several.iter().map(|place| words::filled("#{}", &[&words::count(place + 1)])).collect();
                let all: Vec<&str> = numbers.iter().map(String::as_str).collect();
                let message = "the header: columns {} may both be {}: --column {}={} or the like decides";
                let parts = [&*words::list(&all, " and "), &own, &column.feature, all[0]];
                plan.doubts.push(words::note("two_columns", message, &parts));
            } else if exact.is_empty() {
                nearly.push(words::filled("{} for {}", &[&name, &own]));
            } else if !near.is_empty() {
                let passed: Vec<String> = near.iter().map(|&place| quoted(&plan.names[place])).collect();
                let message = "passed over, as a column is called {} exactly: {}";
                plan.notes.push(words::note("passed_over", message, &[&own, &some(&passed)]));
            }
            if let Some((_, how)) = &found[place] {
                self.take_unit(plan, index, how, column);
            }
        }
        if !nearly.is_empty() {
            let message = "columns are taken by names that are nearly the features': {}";
            plan.notes.push(words::note("near_name", message, &[&some(&nearly)]));
        }
    }

    /// Whether a cell may be a number, whatever its signs; what is said to stand between thousands is none of it.
    fn looks_like_a_number(&self, cell: &str) -> bool {
        match self.options.thousands {
            Some(sign) => cells::looks_like_a_number(&words::without(cell.trim(), sign)),
            None => cells::looks_like_a_number(cell.trim()),
        }
    }

    fn is_said(&self, feature: &str) -> bool {
        self.options.columns.iter().any(|(said, _)| said == feature)
    }

    /// What a column's name says of its unit, unless the user has said it.
    fn take_unit(&self, plan: &mut Plan, index: usize, how: &Match, column: &mut Column) {
        if self.options.units.iter().any(|(feature, _)| *feature == column.feature) {
            return;
        }
        match how {
            Match::InUnit(unit, conversion) => {
                let own = &self.schema.features()[index].unit;
                let parts = [&*quoted(&column.feature), unit, own];
                plan.notes.push(words::note("unit", "{} is converted from {} to {}", &parts));
                (column.unit, column.conversion) = (Some(unit.clone()), Some(*conversion));
            }
            Match::UnknownUnit(unit) => {
                let message = self.unknown_unit(index, unit);
                plan.doubts.push(words::note("unknown_unit", "the header: {}", &[&message]));
            }
            Match::Exact | Match::Near => {}
        }
    }

    fn unknown_unit(&self, index: usize, unit: &str) -> String {
        let feature = &self.schema.features()[index];
        let name = &feature.name;
        match &self.names.units(index)[..] {
            [] => words::filled(
                "{} may be a unit of {}, whose unit the model does not say: --column {}=NAME takes the column as it is",
                &[&quoted(unit), name, name],
            ),
            units => words::filled(
                "{} is no unit of {} that is known: {} are; --unit {}={} or the like says which it is",
                &[&quoted(unit), name, &words::list(units, ", "), name, units[0]],
            ),
        }
    }

    /// Columns that were said.
    fn chosen(&self, plan: &mut Plan, columns: &mut [Column]) -> Result<()> {
        for (feature, wanted) in &self.options.columns {
            let index = self.schema.index_of(feature)?;
            if wanted.is_empty() {
                columns[index].column = None;
                continue;
            }
            let place = match place_of(plan, wanted) {
                Ok(place) => place,
                Err(what) => {
                    let error = words::fault(Code::InvalidOption, "{} called {}", &[what, &quoted(wanted)]);
                    return Err(error.about(feature));
                }
            };
            let column = &mut columns[index];
            (column.column, column.unit, column.conversion) = (Some(place), None, None);
            let how = self.names.said(index, &plan.names[place]);
            self.take_unit(plan, index, &how, column);
        }
        Ok(())
    }

    /// Units that were said.
    fn convert(&self, plan: &mut Plan) -> Result<()> {
        for (feature, unit) in &self.options.units {
            let index = self.schema.index_of(feature)?;
            let Some(conversion) = self.names.conversion(index, unit) else {
                let message = self.unknown_unit(index, unit);
                return Err(words::fault(Code::InvalidOption, "{}", &[&message]).about(feature));
            };
            let column = &mut plan.columns[index];
            // In its own unit a value stays as it is, with all its digits.
            let said = (conversion != SAME).then(|| (unit.clone(), conversion));
            (column.unit, column.conversion) = said.unzip();
        }
        Ok(())
    }

    /// What stands before a fraction: told by the numbers of the columns that are read.
    fn decimal(&self, plan: &mut Plan, rows: &[Vec<String>]) {
        if let Some(decimal) = self.options.decimal {
            plan.decimal = decimal;
            return;
        }
        if plan.thousands == Some('.') {
            plan.decimal = ',';
            return;
        }
        // Where commas end cells, or stand between thousands, no comma is a number's.
        if plan.delimiter == ',' || plan.thousands == Some(',') {
            return;
        }
        let numbers =
            plan.columns.iter().zip(self.schema.features()).filter(|(_, feature)| feature.categories.is_empty());
        let places = numbers.filter_map(|(column, _)| column.column);
        let places: Vec<usize> = places.chain(plan.base_margins.iter().copied()).collect();
        let cells =
            || rows.iter().flat_map(|row| places.iter().filter_map(|&place| row.get(place))).map(|cell| cell.trim());
        let with = |sign: char| move |cell: &&str| words::has(cell, sign) && cells::looks_like_a_number(cell);
        let (commas, points): (Vec<&str>, Vec<&str>) =
            (cells().filter(with(',')).collect(), cells().filter(with('.')).collect());
        let are_thousands = |cells: &[&str], sign| cells.iter().all(|cell| cells::could_be_thousands(cell, sign));
        let (shown, sign) = match (commas.first(), points.first()) {
            (None, None) => return,
            (Some(comma), Some(_)) => {
                let message = "{} and numbers with a point are both there: --decimal , or . decides";
                plan.doubts.push(words::note("decimal", message, &[&quoted(comma)]));
                return;
            }
            (Some(comma), None) => (quoted(comma), ','),
            (None, Some(point)) => (quoted(point), '.'),
        };
        plan.decimal = sign;
        if are_thousands(if sign == ',' { &commas } else { &points }, sign) {
            let message = "{} may be a number with a fraction, or with a sign between thousands: --decimal {} or --thousands {} \
                           decides";
            let sign = if sign == ',' { "," } else { "." };
            plan.doubts.push(words::note("decimal", message, &[&shown, sign, sign]));
        } else if sign == ',' {
            let message = "a comma is taken for the decimal sign, as in {}";
            plan.notes.push(words::note("decimal", message, &[&shown]));
        }
    }
}
