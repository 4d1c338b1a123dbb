//! What rows tell of a model's features and of its answers.

use super::file::Measure;
use super::positive::{Positive, is_missing, with_texts};
use super::table::Table;
use crate::error::{Code, Error, Result, quoted};
use crate::field::boolean;
use crate::model::Model;
use crate::number;
use crate::schema::Feature;

/// What rows tell of some numbers.
#[derive(Clone, Debug, PartialEq)]
pub(crate) struct Figures {
    /// The smallest and the largest.
    pub(crate) range: [f64; 2],
    pub(crate) quartiles: [f64; 3],
    pub(crate) mean: f64,
    /// How many digits behind the point they have; none where they have as many as a float has.
    pub(crate) decimals: Option<u8>,
    /// Whether there are none but 0 and 1, and both.
    pub(crate) are_switches: bool,
    /// Whether some were missing.
    pub(crate) some_missing: bool,
}

/// The most digits behind the point that a measurement has: more are those of a float that was worked out.
const MOST_DECIMALS: u8 = 6;

impl Figures {
    /// Of these numbers, of which `NaN` is a missing one; none if all are.
    pub(crate) fn of(numbers: impl IntoIterator<Item = f64>) -> Option<Self> {
        let mut some_missing = false;
        let mut measured: Vec<f64> = numbers
            .into_iter()
            .filter(|number| !{
                some_missing |= number.is_nan();
                number.is_nan()
            })
            .collect();
        measured.sort_unstable_by(f64::total_cmp);
        let (&low, &high) = (measured.first()?, measured.last()?);
        let mut decimals = Some(0);
        for &number in measured.iter() {
            decimals = match (decimals, decimals_of(number)) {
                (Some(most), Some(own)) => Some(most.max(own)),
                _ => None,
            };
            if decimals.is_none() {
                break;
            }
        }
        let are_switches = low == 0.0 && high == 1.0 && measured.iter().all(|&number| number == 0.0 || number == 1.0);
        let mean = measured.iter().sum::<f64>() / measured.len() as f64;
        Some(Self {
            // A zero's sign says nothing.
            range: [low + 0.0, high + 0.0],
            quartiles: [0.25, 0.5, 0.75].map(|share| short(quantile(&measured, share), decimals) + 0.0),
            mean: mean + 0.0,
            decimals,
            are_switches,
            some_missing,
        })
    }

    /// Those of a feature's values in a table, its missing codes left out.
    pub(crate) fn of_feature(table: &Table, index: usize, feature: &Feature) -> Option<Self> {
        let is_code =
            |value: f64| feature.missing_codes.iter().any(|&code| value == code || value == f64::from(code as f32));
        let value = |value: f64| if is_code(value) { f64::NAN } else { value };
        Self::of(table.rows().map(|row| value(row[index])))
    }

    /// What they say of an answer.
    pub(crate) fn measure(&self) -> Measure {
        Measure {
            decimals: self.decimals,
            range: Some(self.range),
            quartiles: Some(self.quartiles),
            mean: Some(self.mean),
            ..Measure::default()
        }
    }
}

/// How many digits a number has behind the point; none for more than a measurement has.
fn decimals_of(number: f64) -> Option<u8> {
    let text = number::decimal(number.abs());
    if text.contains('e') {
        return (number.fract() == 0.0).then_some(0);
    }
    let digits = text.split_once('.').map_or("", |(_, digits)| digits).trim_end_matches('0').len();
    u8::try_from(digits).ok().filter(|&digits| digits <= MOST_DECIMALS)
}

/// A number between two of so many digits, with two digits more: what is further behind is the float's.
fn short(number: f64, decimals: Option<u8>) -> f64 {
    let Some(decimals) = decimals else { return number };
    format!("{number:.*}", usize::from(decimals) + 2).parse().unwrap_or(number)
}

/// The number below which this share of ascending ones lies, between two as numpy takes it.
fn quantile(ascending: &[f64], share: f64) -> f64 {
    let place = (ascending.len() - 1) as f64 * share;
    let (below, part) = (place.floor() as usize, place.fract());
    let (low, high) = (ascending[below], ascending[(below + 1).min(ascending.len() - 1)]);
    if part == 0.0 { low } else { low + (high - low) * part }
}

/// The numbers that labels are: a class's name is its index, true and false are 1 and 0, of two texts that which is said to be positive is 1;
/// `NaN` where there is none.
///
/// # Errors
/// `invalid_data`, naming the row, for one that is none.
pub(super) fn labels(table: &Table, column: usize, model: &Model, positive: Option<&Positive>) -> Result<Vec<f64>> {
    let classes = model.schema().classes();
    let mut positive = positive.cloned();
    let number = |(row, cells): (usize, &Vec<String>)| {
        let text = cells[column].trim();
        if let Some(positive) = positive.as_mut().filter(|_| !is_missing(text)) {
            let fault = |message: String| Error::of(Code::InvalidData, message.into_bytes()).place("row #", &[row + 1]);
            return positive.number(text).map_err(fault);
        }
        if let Some(class) = classes.iter().position(|class| class.trim() == text) {
            return Ok(class as f64);
        }
        if is_missing(text) {
            return Ok(f64::NAN);
        }
        let number = number::parse(text).or_else(|| boolean(text)).filter(|number| number.is_finite());
        number.ok_or_else(|| {
            let error = Error::of(
                Code::InvalidData,
                format!("the label {} is no number and no class of the model", quoted(text)).into_bytes(),
            );
            let values = [("row", &*(row + 1).to_string()), ("label", text)];
            with_texts(error.place("row #", &[row + 1]).because("label_text", &values), table, column)
        })
    };
    let numbers: Vec<f64> = table.cells.iter().enumerate().map(number).collect::<Result<_>>()?;
    positive.map_or(Ok(()), |positive| positive.check())?;
    Ok(numbers)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn figures_are_numpys() {
        let figures = Figures::of([3.0, 1.0, f64::NAN, 2.5, 4.0]).expect("figures");
        assert_eq!(figures.range, [1.0, 4.0]);
        // numpy.percentile([3, 1, 2.5, 4], [25, 50, 75])
        assert_eq!(figures.quartiles, [2.125, 2.75, 3.25]);
        assert_eq!(Figures::of([1.1, 1.2]).expect("figures").quartiles, [1.125, 1.15, 1.175]);
        assert_eq!((figures.mean, figures.decimals, figures.some_missing), (2.625, Some(1), true));
        assert!(!figures.are_switches);
        assert!(Figures::of([0.0, 1.0, -0.0]).expect("figures").are_switches);
        assert!(!Figures::of([1.0, 1.0]).expect("figures").are_switches);
        assert_eq!(Figures::of([f64::NAN]), None);
    }

    #[test]
    fn digits_behind_the_point_are_those_of_the_shortest_text() {
        for (number, decimals) in [
            (0.142, Some(3)),
            (34.2, Some(1)),
            (7.0, Some(0)),
            (1e300, Some(0)),
            (1.0 / 3.0, None),
            (1e-7, None),
            (-0.5, Some(1)),
        ] {
            assert_eq!(decimals_of(number), decimals, "{number}");
        }
    }
}
