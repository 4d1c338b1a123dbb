//! The studio's model for JavaScript, in the module that seals: it is read once, and stays there while its case is made.

use js_sys::{Array, JSON, Object, Reflect};
use wasm_bindgen::prelude::*;

use super::given::thrown;
use super::seal::{asked, handed, rows};
use crate::error::{Code, Error};
use crate::seal::{self, Given, Product, Shell};

type Thrown<T> = std::result::Result<T, JsValue>;

/// A file's bytes, taken in part by part: so that they are once in memory, however large the file is.
#[wasm_bindgen]
#[derive(Debug)]
pub struct Bytes(Vec<u8>);

#[wasm_bindgen]
impl Bytes {
    /// None yet, and room for so many.
    ///
    /// # Errors
    /// An `Error` with the code `invalid_model` where there is no memory for them.
    #[wasm_bindgen(constructor)]
    pub fn new(size: usize) -> Thrown<Self> {
        let mut bytes = Vec::new();
        bytes.try_reserve_exact(size).map_err(|_| {
            thrown(&Error::new(Code::InvalidModel, format_args!("there is no memory for a file of {size} bytes")))
        })?;
        Ok(Self(bytes))
    }

    /// Takes in more of them.
    pub fn push(&mut self, part: &[u8]) {
        self.0.extend_from_slice(part);
    }
}

/// Checks that a file which begins so may be one of rows.
///
/// # Errors
/// An `Error` with a `code`, and with `reason` and `values`, for which the studio has words.
#[wasm_bindgen(js_name = mayBeRows)]
pub fn may_be_rows(start: &[u8]) -> Thrown<()> {
    seal::may_be_rows(start).map_err(|error| reasoned(&error))
}

/// A model that a case is made for. Documents are told as objects, as `src/seal/studio.rs` describes them.
#[wasm_bindgen]
#[derive(Debug)]
pub struct Studio(seal::Studio);

#[wasm_bindgen]
impl Studio {
    /// Reads a model's file. Options are `allTrees`, `missing`, `categoriesFrom`.
    ///
    /// # Errors
    /// An `Error` with the stable `code` of [`crate::Code`].
    #[wasm_bindgen(constructor)]
    pub fn new(name: &str, bytes: Bytes, options: &JsValue) -> Thrown<Self> {
        let reading = asked(options).map_err(|error| thrown(&error))?.reading;
        seal::Studio::open(name, &bytes.0, &reading).map(Self).map_err(|error| reasoned(&error))
    }

    /// What the model is.
    ///
    /// # Errors
    /// None.
    pub fn about(&self) -> Thrown<JsValue> {
        told(&self.0.about())
    }

    /// Gives rows of the training data (`data`), the trainer's answers to these (`predictions`), or rows with labels that were not trained on
    /// (`heldOut`): `{ place, bytes, delimiter, decimal, encoding, header, said }`; nothing takes them away.
    ///
    /// # Errors
    /// An `Error` with a `code`.
    pub fn give(&mut self, which: &str, given: &JsValue) -> Thrown<()> {
        let which = match which {
            "data" => Given::Data,
            "predictions" => Given::Predictions,
            "heldOut" => Given::HeldOut,
            _ => return Err(thrown(&Error::new(Code::InvalidOption, format_args!("there are no such rows")))),
        };
        let is_absent = given.is_undefined() || given.is_null();
        let given = if is_absent { None } else { Some(rows(given).map_err(|error| thrown(&error))?) };
        self.0.give(which, given);
        Ok(())
    }

    /// Takes the packed shell, which products are set into.
    ///
    /// # Errors
    /// An `Error` with a `code` for other bytes.
    #[wasm_bindgen(js_name = setShell)]
    pub fn set_shell(&mut self, packed: &[u8]) -> Thrown<()> {
        self.0.set_shell(Shell::read(packed).map_err(|error| thrown(&error))?);
        Ok(())
    }

    /// What the rows are that were given, as `src/seal/studio.rs` says it; options as of `putTogether`.
    ///
    /// # Errors
    /// An `Error` with a `code` for options of another type.
    #[wasm_bindgen(js_name = rowsGiven)]
    pub fn rows_given(&self, case_json: &[u8], options: &JsValue) -> Thrown<JsValue> {
        let asked = asked(options).map_err(|error| thrown(&error))?;
        told(&self.0.rows_given(case_json, &asked))
    }

    /// Puts a case together of the bytes of a `case.json` and of options: `name`, `title`, `lang`, `kind`, `label`, `positive`,
    /// `group`.
    ///
    /// # Errors
    /// An `Error` with a `code`; with `place`, and `reason` and `values` where its words are known by a name; and with `faults`, such an error for
    /// all that is wrong with what is said.
    #[wasm_bindgen(js_name = putTogether)]
    pub fn put_together(&mut self, case_json: Vec<u8>, name: &str, options: &JsValue) -> Thrown<JsValue> {
        let asked = asked(options).map_err(|error| thrown(&error))?;
        let said = case_json.clone();
        told(&self.0.put_together(case_json, name, &asked).map_err(|error| {
            let fault = reasoned(&error);
            let faults = self.0.faults(&said, &asked);
            let faults = faults.iter().map(reasoned).collect::<Array>();
            // Setting a property of an object just made cannot fail.
            let _ = Reflect::set(&fault, &"faults".into(), &faults);
            fault
        })?)
    }

    /// How sure and how good the model is by answers to rows that were not trained on, and what was seen of each: `{ certainty, figures,
    /// notes }`, for `case.json`. `source` says whose rows they are.
    ///
    /// # Errors
    /// An `Error` with a `code`.
    pub fn judge(&self, answers: &[f32], labels: &[f32], source: &str) -> Thrown<JsValue> {
        told(&self.0.judge(answers, labels, source).map_err(|error| thrown(&error))?)
    }

    /// The product of this name: its bytes, or an object of a folder's files by name.
    ///
    /// # Errors
    /// An `Error` with a `code`.
    pub fn make(&self, product: &str) -> Thrown<JsValue> {
        let made = Product::named(product).and_then(|product| self.0.make(product));
        made.map(|made| handed(&made)).map_err(|error| thrown(&error))
    }
}

/// An error as it is thrown, with its place, and the stable name of what is wrong with what goes into a sentence about it, if it has one.
fn reasoned(error: &Error) -> JsValue {
    let object = thrown(error);
    let put = |name: &str, value: &JsValue| Reflect::set(&object, &name.into(), value);
    // Setting a property of an object just made cannot fail.
    let _ = put("place", &error.location().into());
    if let Some((reason, values)) = error.reason() {
        let said = Object::new();
        for (name, value) in values {
            let _ = Reflect::set(&said, &(*name).into(), &value.into());
        }
        let _ = put("reason", &reason.into());
        let _ = put("values", &said);
    }
    object
}

fn told(value: &serde_json::Value) -> Thrown<JsValue> {
    JSON::parse(&value.to_string())
}
