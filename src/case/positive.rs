//! Labels of a risk that are two texts, as sick and well: one of them is said to be the positive one, whose probability is answered.

use super::file::Kind;
use super::table::Table;
use crate::error::{Code, Error, Result, quoted};
use crate::field::is_always_missing;
use crate::model::Model;

/// Which of two texts is the positive one; the other is that which is seen beside it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Positive {
    text: String,
    other: Option<String>,
    is_seen: bool,
}

/// What the probability of a risk is of, where its two classes have names: not as numbers and truths are, which say nothing to people.
pub(super) fn named(model: &Model) -> Option<String> {
    let is_telling = |name: &str| {
        let name = name.trim();
        name.parse::<f64>().is_err() && !["true", "false"].iter().any(|truth| name.eq_ignore_ascii_case(truth))
    };
    match model.schema().classes() {
        [first, second] if is_telling(first) && is_telling(second) => Some(second.clone()),
        _ => None,
    }
}

/// Whether a label is none.
pub(super) fn is_missing(text: &str) -> bool {
    is_always_missing(text) || text.eq_ignore_ascii_case("nan")
}

impl Positive {
    /// Of a model whose answers are of this kind.
    ///
    /// # Errors
    /// `invalid_option` for a kind that is no risk, for no text, and for that of a class of which the model answers the other.
    pub(crate) fn new(text: &str, kind: Kind, model: &Model) -> Result<Self> {
        let fault = |message: String| Err(Error::of(Code::InvalidOption, message.into_bytes()).within(b"--positive"));
        let text = text.trim();
        if kind != Kind::Risk {
            return fault(format!("it is of the labels of a risk, and the answer is {}", kind.as_str()));
        }
        if is_missing(text) {
            return fault(format!("{} stands for no label", quoted(text)));
        }
        match model.schema().classes() {
            [first, second] if first.trim() == text => {
                fault(format!("the model answers the probability of {}, not of {}", quoted(second), quoted(text)))
            }
            _ => Ok(Self { text: text.to_owned(), other: None, is_seen: false }),
        }
    }

    /// The number that a label is, which is there: 1 of the positive one, 0 of the other.
    ///
    /// # Errors
    /// In a sentence, for a third.
    pub(super) fn number(&mut self, text: &str) -> std::result::Result<f64, String> {
        if text == self.text {
            self.is_seen = true;
            return Ok(1.0);
        }
        let other = self.other.get_or_insert_with(|| text.to_owned());
        if text == other {
            return Ok(0.0);
        }
        Err(format!(
            "the label {} is neither {} nor {}: a risk has labels of two values",
            quoted(text),
            quoted(&self.text),
            quoted(other)
        ))
    }

    /// That there was one of it.
    ///
    /// # Errors
    /// `invalid_option` if no label was it.
    pub(super) fn check(&self) -> Result<()> {
        if self.is_seen {
            return Ok(());
        }
        let message = format!("no row has the label {}", quoted(&self.text));
        Err(Error::of(Code::InvalidOption, message.into_bytes()).within(b"--positive"))
    }
}

/// An error about a label that is a text, with all that the labels are: one of two may be chosen.
pub(super) fn with_texts(error: Error, table: &Table, column: usize) -> Error {
    match error.reason() {
        Some(("label_text", values)) => {
            let texts = texts_of(table, column).join("\n");
            let own: Vec<(&'static str, String)> = values.iter().cloned().chain([("texts", texts)]).collect();
            let own: Vec<(&'static str, &str)> = own.iter().map(|(name, value)| (*name, value.as_str())).collect();
            error.because("label_text", &own)
        }
        _ => error,
    }
}

/// The different texts of a column beside the features, in the order of their first rows: more than two are told by some.
fn texts_of(table: &Table, column: usize) -> Vec<String> {
    const SOME: usize = 12;
    let mut texts: Vec<String> = Vec::new();
    for cells in &table.cells {
        let text = cells[column].trim();
        if !is_missing(text) && !texts.iter().any(|known| known == text) {
            texts.push(text.to_owned());
            if texts.len() == SOME {
                break;
            }
        }
    }
    texts
}
