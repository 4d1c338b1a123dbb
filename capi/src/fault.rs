//! What is wrong, as plain data.

use serde_json::{Value as Json, json};
use wardian::{Code, Error};

/// What is wrong, and where: [`wardian::Error`], and what may be wrong with a call beside.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Fault {
    /// The stable text of [`Code::as_str`].
    pub code: &'static str,
    /// The feature at fault, where there is one.
    pub field: Option<String>,
    /// One line that names the place first.
    pub message: String,
}

impl Fault {
    pub(crate) fn new(code: Code, message: String) -> Self {
        Self { code: code.as_str(), field: None, message }
    }

    /// The same of a part of what was given.
    pub(crate) fn of(self, part: &str) -> Self {
        Self { message: format!("{part}: {}", self.message), ..self }
    }

    /// As an object of JSON: `code`, `field`, `message`.
    pub fn json(&self) -> Json {
        json!({"code": self.code, "field": self.field, "message": self.message})
    }
}

impl From<Error> for Fault {
    fn from(error: Error) -> Self {
        Self { code: error.code().as_str(), field: error.field().map(str::to_owned), message: error.to_string() }
    }
}
