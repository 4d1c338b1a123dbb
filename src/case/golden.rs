//! Rows with the trainer's own answers, which every product replays: read, compared with the model's bit for bit, or drawn.

use super::cuts;
use super::figures::Figures;
use super::table::{RowsFile, Table};
use crate::error::{Code, Error, Result, quoted};
use crate::model::Model;
use crate::number;
use crate::numbers::{Numbers, Precision, Slice};
use crate::rows::Vocabulary;

/// Golden rows, all of which the model answers as it should.
#[derive(Clone, Debug)]
pub struct Golden {
    /// Whose answers they are: `XGBoost 3.2.0`; `wardian` where nobody's were at hand.
    pub by: String,
    /// The values in feature order, row after row; `NaN` for "not measured".
    pub values: Vec<f64>,
    /// The predictions, row after row.
    pub predictions: Numbers,
    /// The margins, where they were given.
    pub margins: Option<Numbers>,
    /// How many rows were compared: more than are here where those are some of many.
    pub compared: usize,
}

/// Whose answers rows have that were drawn.
const OWN: &str = "wardian";
/// How many rows are drawn, or kept of many.
pub(super) const SOME: usize = 20;
/// The most rows of a golden file.
const MOST: usize = 1 << 17;

impl Golden {
    /// How many rows there are.
    pub fn len(&self, model: &Model) -> usize {
        self.values.len() / model.schema().features().len()
    }

    /// The rows of a case's own file of them: all are compared, and all are kept.
    pub(super) fn read(file: &RowsFile, model: &Model, vocabulary: &Vocabulary, by: &str) -> Result<Self> {
        let table = Table::read(file, model.schema(), vocabulary, &|name| is_answers(name, model))?;
        let at = |error: Error| error.within(file.place.as_bytes());
        if table.len() > MOST {
            return Err(at(different(format!("{} rows; {MOST} are the most", table.len()))));
        }
        let predictions = answer_columns(&table.others, model).ok_or_else(|| {
            let wanted = match model.prediction_count() {
                1 => "prediction".to_owned(),
                count => format!("prediction_0 to prediction_{}, or of the classes' names", count - 1),
            };
            at(different(format!("there is no column of the trainer's answers: one called {wanted}")))
        })?;
        let margins = margin_columns(&table.others, model);
        let cells = |places: &[usize]| {
            let row = |cells: &Vec<String>| places.iter().map(|&place| cells[place].clone()).collect();
            table.cells.iter().map(row).collect::<Vec<Vec<String>>>()
        };
        let predictions = compared(&table.values, &cells(&predictions), model, Answers::Predictions).map_err(at)?;
        let margins = margins
            .map(|places| compared(&table.values, &cells(&places), model, Answers::Margins))
            .transpose()
            .map_err(at)?;
        let compared = table.len();
        Ok(Self { by: by.to_owned(), values: table.values, predictions, margins, compared })
    }

    /// Some of the rows of a table whose answers are in another file, a line a row: all are compared.
    pub(super) fn of_predictions(table: &Table, file: &RowsFile, model: &Model, by: &str) -> Result<Self> {
        let at = |error: Error| error.within(file.place.as_bytes());
        let cells = predictions_of(&file.bytes, table.len(), model).map_err(at)?;
        let all = compared(&table.values, &cells, model, Answers::Predictions).map_err(at)?;
        let kept = spread(table.len());
        Ok(Self {
            by: by.to_owned(),
            values: rows_of(&table.values, table.width, &kept),
            predictions: Numbers::of(all.precision(), some_of(all.all(), model.prediction_count(), &kept)),
            margins: None,
            compared: table.len(),
        })
    }

    /// Rows of a table, or drawn by what the trees ask, with the model's own answers.
    pub(super) fn own(table: Option<&Table>, model: &Model) -> Result<Self> {
        let values = match table {
            Some(table) => rows_of(&table.values, table.width, &spread(table.len())),
            None => drawn(model),
        };
        let predictions = model.predict_many(&values)?;
        let margins = Some(model.margins_many(&values)?).filter(is_finite);
        let (values, predictions, margins) = if is_finite(&predictions) {
            (values, predictions, margins)
        } else {
            // Answers beyond all numbers are none to be written.
            (Vec::new(), Numbers::of(predictions.precision(), []), None)
        };
        let compared = values.len() / model.schema().features().len();
        Ok(Self { by: OWN.to_owned(), values, predictions, margins, compared })
    }

    /// That a model answers these rows with these bits.
    ///
    /// # Errors
    /// `different_answer`, naming the first row that it answers otherwise.
    pub fn replay(&self, model: &Model) -> Result<usize> {
        let width = model.prediction_count();
        same(&model.predict_many(&self.values)?, &self.predictions, width, Answers::Predictions)?;
        if let Some(margins) = &self.margins {
            let width = model.forest().output_count();
            same(&model.margins_many(&self.values)?, margins, width, Answers::Margins)?;
        }
        Ok(self.len(model))
    }
}

fn is_finite(numbers: &Numbers) -> bool {
    numbers.iter().all(f64::is_finite)
}

/// What is compared.
#[derive(Clone, Copy, PartialEq)]
enum Answers {
    Predictions,
    Margins,
}

fn different(message: String) -> Error {
    Error::of(Code::DifferentAnswer, message.into_bytes())
}

/// The places of so many rows, spread evenly over all.
fn spread(rows: usize) -> Vec<usize> {
    match rows {
        ..=SOME => (0..rows).collect(),
        _ => (0..SOME).map(|index| index * (rows - 1) / (SOME - 1)).collect(),
    }
}

fn rows_of(values: &[f64], width: usize, kept: &[usize]) -> Vec<f64> {
    kept.iter().flat_map(|&row| &values[row * width..][..width]).copied().collect()
}

fn some_of(numbers: Slice<'_>, width: usize, kept: &[usize]) -> Vec<f64> {
    kept.iter()
        .flat_map(|&row| (0..width).map(move |place| row * width + place))
        .filter_map(|place| numbers.get(place))
        .collect()
}

/// Whether a column is one of answers, whatever features are called.
pub(super) fn is_answers(name: &str, model: &Model) -> bool {
    let stem = name.trim_end_matches(|character: char| character.is_ascii_digit()).trim_end_matches('_');
    matches!(stem, "prediction" | "margin") || model.schema().classes().iter().any(|class| class == name)
}

/// The columns of the predictions among those beside the features'.
pub(super) fn answer_columns(names: &[String], model: &Model) -> Option<Vec<usize>> {
    let place = |wanted: &str| names.iter().position(|name| name == wanted);
    let count = model.prediction_count();
    let classes = model.schema().classes();
    // Of both probabilities of a risk the second is the one that the model answers.
    let first = usize::from(count == 1 && place("prediction_1").is_some());
    let numbered: Option<Vec<usize>> =
        (first..first + count).map(|index| place(&format!("prediction_{index}"))).collect();
    let by_class = || (classes.len() == count).then(|| classes.iter().map(|class| place(class)).collect())?;
    let only =
        || (count == 1).then(|| place("prediction").or_else(|| place(classes.get(1)?)).map(|place| vec![place]))?;
    numbered.or_else(only).or_else(by_class)
}

/// The columns of the margins.
fn margin_columns(names: &[String], model: &Model) -> Option<Vec<usize>> {
    let place = |wanted: &str| names.iter().position(|name| name == wanted);
    let count = model.forest().output_count();
    let numbered = (0..count).map(|index| place(&format!("margin_{index}"))).collect();
    if count == 1 { place("margin").map(|place| vec![place]).or(numbered) } else { numbered }
}

/// The cells of a file of answers to so many rows, a line a row.
fn predictions_of(bytes: &[u8], rows: usize, model: &Model) -> Result<Vec<Vec<String>>> {
    let Ok(text) = std::str::from_utf8(bytes.strip_prefix(b"\xef\xbb\xbf").unwrap_or(bytes)) else {
        return Err(different("it is no text in UTF-8".to_owned()));
    };
    let mut lines = text.lines().map(str::trim).filter(|line| !line.is_empty()).peekable();
    let count = lines.clone().count();
    let Some(first) = lines.peek() else { return Err(different("it has no answers".to_owned())) };
    let sign = ['\t', ';', ','].into_iter().find(|&sign| first.contains(sign));
    let cells_of = |line: &str| -> Vec<String> {
        let cell = |cell: &str| cell.trim().trim_matches('"').to_owned();
        match sign {
            Some(sign) => line.split(sign).map(cell).collect(),
            None => line.split_whitespace().map(cell).collect(),
        }
    };
    let header = cells_of(first);
    // pandas' index stands in a column without a name. A line more than rows names the columns, also where their names are numbers.
    let has_index = header.len() > 1 && header[0].is_empty();
    let names = &header[usize::from(has_index)..];
    let has_header = match count.checked_sub(rows) {
        Some(more @ 0..=1) => more == 1,
        _ => {
            let has_words = header.iter().any(|cell| number::parse(cell).is_none());
            let lines = count - usize::from(has_words);
            let values = [("lines", &*lines.to_string()), ("rows", &*rows.to_string())];
            let message = format!("{lines} lines of answers, and {rows} rows of data");
            return Err(different(message).because("answer_lines", &values));
        }
    };
    if has_header {
        lines.next();
    }
    let wanted = model.prediction_count();
    let (count, skipped) = (names.len(), usize::from(has_index));
    let classes = model.schema().classes();
    let places: Vec<usize> = match answer_columns(names, model).filter(|_| has_header) {
        Some(places) => places.into_iter().map(|place| place + skipped).collect(),
        None if count == wanted => (skipped..skipped + count).collect(),
        // Both classes' probabilities, of which the second is the answer.
        None if (count, wanted) == (2, 1) && (classes.is_empty() || classes.len() == 2) => vec![skipped + 1],
        None => {
            let columns = if count == 1 { "one column".to_owned() } else { format!("{count} columns") };
            return Err(different(format!("{columns} of answers; the model has {wanted} a row")));
        }
    };
    let row = |(index, line): (usize, &str)| {
        let cells = cells_of(line);
        let own: Option<Vec<String>> = places.iter().map(|&place| cells.get(place).cloned()).collect();
        own.filter(|_| cells.len() == header.len()).ok_or_else(|| {
            different(format!("{} fields, and {} in the first line", cells.len(), header.len()))
                .place("answer #", &[index + 1])
        })
    };
    lines.enumerate().map(row).collect()
}

/// The trainer's answers, which the model's are equal to.
fn compared(values: &[f64], cells: &[Vec<String>], model: &Model, what: Answers) -> Result<Numbers> {
    let ours = match what {
        Answers::Predictions => model.predict_many(values)?,
        Answers::Margins => model.margins_many(values)?,
    };
    let precision = ours.precision();
    let width = cells.first().map_or(1, Vec::len);
    let mut theirs = Vec::with_capacity(ours.len());
    for (row, cells) in cells.iter().enumerate() {
        for cell in cells {
            let number = match precision {
                Precision::Single => number::single(cell).map(f64::from),
                Precision::Double => number::parse(cell),
            };
            match number.filter(|number| number.is_finite()) {
                Some(number) => theirs.push(number),
                None => {
                    return Err(different(format!("the trainer's answer {} is no number", quoted(cell)))
                        .place("row #", &[row + 1]));
                }
            }
        }
    }
    let theirs = Numbers::of(precision, theirs);
    let result = same(&ours, &theirs, width, what);
    result.map_err(|error| hinted(error, &theirs, values, model, what)).map(|()| theirs)
}

/// That two have the same bits.
fn same(ours: &Numbers, theirs: &Numbers, width: usize, what: Answers) -> Result<()> {
    if ours.len() != theirs.len() || ours.precision() != theirs.precision() {
        return Err(different(format!("{} answers, and {} of ours", theirs.len(), ours.len())));
    }
    let bits = |numbers: &Numbers, place: usize| numbers.get(place).map(f64::to_bits);
    // What is one of 32 bits has one form in 64.
    let Some(place) = (0..ours.len()).find(|&place| bits(ours, place) != bits(theirs, place)) else { return Ok(()) };
    let differing =
        (0..ours.len()).filter(|&place| bits(ours, place) != bits(theirs, place)).map(|place| place / width);
    let mut rows: Vec<usize> = differing.collect();
    rows.dedup();
    let [our, their] = [ours, theirs].map(|numbers| numbers.get(place).unwrap_or_default());
    let precision = ours.precision();
    let [our_text, their_text] = [our, their].map(|number| precision.text(number));
    let which = if width > 1 { format!(" (number {} of {width})", place % width + 1) } else { String::new() };
    let what = if what == Answers::Margins { "margin" } else { "answer" };
    let difference = number::decimal((their - our) as f32);
    let message = format!(
        "the trainer's {what} is {their_text}, ours {our_text}{which}: a difference of {difference}; {} of {} rows differ",
        rows.len(),
        ours.len() / width,
    );
    let count = |number: usize| number.to_string();
    let values = [
        ("row", &*count(place / width + 1)),
        ("theirs", &*their_text),
        ("ours", &*our_text),
        ("difference", &*difference),
        ("differing", &*count(rows.len())),
        ("rows", &*count(ours.len() / width)),
    ];
    Err(different(message).place("row #", &[place / width + 1]).because("differs", &values))
}

/// What last bits of scikit-learn depend on, beside the model.
const OF_ITS_OWN: &str = "only last bits differ, and scikit-learn's change by themselves: with numpy's code for AVX-512 (start Python with \
                          NPY_DISABLE_CPU_FEATURES=\"X86_V4 AVX512_ICL AVX512_SPR\", and ask it again) and with n_jobs above 1 (ask it \
                          again with n_jobs=1); if it is neither: ";

/// The error with what it may come from.
fn hinted(error: Error, theirs: &Numbers, values: &[f64], model: &Model, what: Answers) -> Error {
    let Ok(margins) = model.margins_many(values) else { return error };
    let Ok(ours) = model.predict_many(values) else { return error };
    let is = |numbers: &Numbers| {
        numbers.len() == theirs.len() && numbers.iter().zip(theirs.iter()).all(|(own, other)| own == other)
    };
    let is_near = ours.len() == theirs.len()
        && ours.iter().zip(theirs.iter()).all(|(own, other)| (own - other).abs() <= 0.01 * own.abs().max(0.01));
    let is_nearest = ours.precision() == Precision::Double
        && ours.iter().zip(theirs.iter()).all(|(own, other)| (own - other).abs() <= 1e-13 * own.abs().max(1.0));
    let all_whole =
        theirs.iter().all(|number| number.fract() == 0.0) && ours.iter().any(|number| number.fract() != 0.0);
    let digits = if theirs.precision() == Precision::Single { 9 } else { 17 };
    let (name, hint) = if what == Answers::Predictions && is(&margins) {
        ("margins", "these are the margins (raw scores), not the predictions".to_owned())
    } else if what == Answers::Predictions && all_whole {
        (
            "classes",
            "these look like classes or rounded numbers: the trainer's predict_proba gives a classifier's probabilities"
                .to_owned(),
        )
    } else if is_near {
        let hint = format!(
            "{}were all digits written? {digits} significant ones are needed (pandas' to_csv without float_format, numpy's savetxt with \
             fmt=\"%.{digits}g\"); and the rows must be the very numbers that the trainer was given",
            if is_nearest { OF_ITS_OWN } else { "they are near: " }
        );
        ("digits", hint)
    } else {
        ("order", "are these the answers of this model to these rows, in their order?".to_owned())
    };
    let values = error.reason().map(|(_, values)| values.to_vec()).unwrap_or_default();
    let mut values: Vec<(&str, &str)> = values.iter().map(|(name, value)| (*name, value.as_str())).collect();
    let digits = digits.to_string();
    values.extend([("hint", name), ("digits", &digits)]);
    error.clone().and(&format!("; {hint}")).because("differs", &values)
}

/// Rows by what the trees ask: numbers on either side of cuts, one after another by a rule that always draws the same.
pub(super) fn drawn(model: &Model) -> Vec<f64> {
    let cuts = cuts::of(model);
    let features = model.schema().features();
    let mut values = Vec::with_capacity(SOME * features.len());
    let mut state = 0x5741_5244_4941_4e21_u64;
    let mut draw = |below: usize| {
        // SplitMix64.
        state = state.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let mixed = (state ^ (state >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        let mixed = (mixed ^ (mixed >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        ((mixed ^ (mixed >> 31)) % below.max(1) as u64) as usize
    };
    let asked = categories_asked(model);
    for row in 0..SOME {
        for (index, feature) in features.iter().enumerate() {
            // The first row has all, so that it can be an example.
            let is_missing = draw(8) == 0 && row > 0 && feature.may_be_missing;
            let value = if !feature.categories.is_empty() {
                draw(feature.categories.len()) as f64
            } else if let Some((low, high)) = feature.range {
                let part = draw(1001) as f64 / 1000.0;
                rounded(low + (high - low) * part, feature.decimals).clamp(low, high)
            } else if !asked[index].is_empty() {
                f64::from(asked[index][draw(asked[index].len())])
            } else {
                beside(&cuts[index], draw(cuts[index].len() + 1))
            };
            values.push(if is_missing || !(value as f32).is_finite() { f64::NAN } else { value });
        }
    }
    values
}

/// The categories that trees ask for, of features that are asked for categories.
fn categories_asked(model: &Model) -> Vec<Vec<u32>> {
    let mut asked = vec![Vec::new(); model.schema().features().len()];
    for column in model.forest().columns() {
        if let crate::forest::Test::InSet(set) = &column.test {
            asked[column.feature as usize].extend(set);
        }
    }
    asked
}

/// A number between two cuts, or beyond the first or last, of few digits where that leaves it there.
fn beside(cuts: &[f64], place: usize) -> f64 {
    let (Some(&first), Some(&last)) = (cuts.first(), cuts.last()) else { return 0.0 };
    let gap = ((last - first) / 8.0).max(last.abs().max(first.abs()) / 8.0).max(0.5);
    let (low, high) = match place {
        0 => (first - gap, first),
        place if place == cuts.len() => (last, last + gap),
        place => (cuts[place - 1], cuts[place]),
    };
    let middle = low / 2.0 + high / 2.0;
    (0..=9).map(|decimals| rounded(middle, Some(decimals))).find(|&short| short > low && short < high).unwrap_or(middle)
}

fn rounded(value: f64, decimals: Option<u8>) -> f64 {
    let Some(decimals) = decimals else { return rounded(value, Some(6)) };
    // By its text, which is the same everywhere.
    // A zero has no sign that anybody would write.
    format!("{value:.*}", usize::from(decimals.min(17))).parse().unwrap_or(value) + 0.0
}

/// What a feature's figures are, of a table if there is one.
pub(super) fn figures(table: Option<&Table>, model: &Model) -> Vec<Option<Figures>> {
    let features = model.schema().features();
    match table {
        None => vec![None; features.len()],
        Some(table) => {
            features.iter().enumerate().map(|(index, feature)| Figures::of_feature(table, index, feature)).collect()
        }
    }
}
