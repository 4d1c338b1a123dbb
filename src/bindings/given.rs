//! What JavaScript gives in an object of options, and the error that it is thrown.

use js_sys::{Error as Thrown, Reflect};
use wasm_bindgen::prelude::*;

use crate::error::{Code, Error};

/// A member of an object of options; nothing where it is absent.
pub(super) fn said(options: &JsValue, key: &str) -> Option<JsValue> {
    let value = Reflect::get(options, &key.into()).unwrap_or_default();
    Some(value).filter(|value| !value.is_undefined() && !value.is_null())
}

/// A member of another type than it should be.
pub(super) fn wrong(key: &str) -> Error {
    Error::new(Code::WrongType, format_args!("the option {key} is of another type"))
}

/// An error as it is thrown: with its stable code, and the field at fault where there is one.
pub(super) fn thrown(error: &Error) -> JsValue {
    let object = Thrown::new(&error.to_string());
    object.set_name("WardianError");
    // Setting a property of an object just made cannot fail.
    let _ = Reflect::set(&object, &"code".into(), &error.code().as_str().into());
    if let Some(field) = error.field() {
        let _ = Reflect::set(&object, &"field".into(), &field.into());
    }
    object.into()
}
