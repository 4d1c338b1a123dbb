//! Sealing for JavaScript, a module of its own: what `wardian seal` does between reading files and writing them. The command of the
//! npm package and the studio load it; `npm/command/sealing.js` is the other side.

use js_sys::{Array, Object, Reflect, Uint8Array};
use wasm_bindgen::prelude::*;

use super::given::{said, thrown, wrong};
use crate::case::{Asked, Case, CaseFile, Files, Kind, RowsFile};
use crate::error::Result;
use crate::import::{self, CategoriesFrom, FileKind};
use crate::rows::Options;
use crate::seal::{Made, Product, Sealed, Shell, summary};

/// The files that a `case.json` names, whether one of them is the model, and what they are called: `{ files, hasModel }`.
///
/// # Errors
/// An `Error` with the stable `code` of [`crate::Code`] for bytes that are no `case.json`.
#[wasm_bindgen(js_name = filesOfCase)]
pub fn files_of_case(bytes: &[u8]) -> std::result::Result<JsValue, JsValue> {
    let said = CaseFile::read(bytes).map_err(|error| thrown(&error))?;
    let out = Object::new();
    put(&out, "files", &said.files().into_iter().map(JsValue::from).collect::<Array>());
    put(&out, "hasModel", &said.model.is_some().into());
    Ok(out.into())
}

/// Whether a file that begins so may be a model's.
#[wasm_bindgen(js_name = mayBeModel)]
pub fn may_be_model(start: &[u8]) -> bool {
    FileKind::of(start).is_ok()
}

/// Checks that a name is one of a file in a case's folder.
///
/// # Errors
/// An `Error` with the code `invalid_case`.
#[wasm_bindgen(js_name = checkPath)]
pub fn check_path(name: &str) -> std::result::Result<(), JsValue> {
    crate::case::check_path(name).map_err(|error| thrown(&error))
}

/// Checks what is said of how rows are read: `[["column", "age=#9"], …]`.
///
/// # Errors
/// An `Error` with the code `invalid_option`.
#[wasm_bindgen(js_name = checkReading)]
pub fn check_reading(said: &Array) -> std::result::Result<(), JsValue> {
    reading(said).map(drop).map_err(|error| thrown(&error))
}

/// What is made under this name: `{ name, isFolder, needsShell }`.
///
/// # Errors
/// An `Error` with the code `invalid_case` for an ending that no product has.
#[wasm_bindgen(js_name = productNamed)]
pub fn product_named(name: &str) -> std::result::Result<JsValue, JsValue> {
    let product = Product::named(name).map_err(|error| thrown(&error))?;
    let out = Object::new();
    put(&out, "name", &product.name().into());
    put(&out, "isFolder", &(product == Product::Folder).into());
    put(&out, "needsShell", &product.needs_shell().into());
    Ok(out.into())
}

/// Seals a case into products. `files` has the case's files by name, `name` is that of its folder or model; `products` are names that
/// [`product_named`] takes; `shell` is the packed shell. Options are `title`, `lang`, `name`, `kind`, `label`, `positive`, `group`,
/// `allTrees`, `missing`, `categoriesFrom`, and `data`, `heldOut` and `predictions`: `{ place, bytes, delimiter, decimal, encoding, header,
/// said }`, `said` options of the command line as `[["column", "age=#9"], …]`, over which what is known of the text wins.
///
/// `{ products, notes, summary }` comes of it: for each product its bytes, or an object of a folder's files by name.
///
/// # Errors
/// An `Error` with the stable `code` of [`crate::Code`], and the `field` at fault where there is one.
#[wasm_bindgen]
pub fn seal(
    files: &Object,
    name: &str,
    products: Vec<String>,
    shell: Option<Vec<u8>>,
    options: &JsValue,
) -> std::result::Result<JsValue, JsValue> {
    sealed(files, name, &products, shell.as_deref(), options).map_err(|error| thrown(&error))
}

fn sealed(files: &Object, name: &str, products: &[String], shell: Option<&[u8]>, options: &JsValue) -> Result<JsValue> {
    let mut own = Files::new();
    for entry in Object::entries(files) {
        let entry = Array::from(&entry);
        own.add(entry.get(0).as_string().unwrap_or_default(), Uint8Array::new(&entry.get(1)).to_vec())?;
    }
    let asked = asked(options)?;
    let products: Vec<Product> = products.iter().map(|name| Product::named(name)).collect::<Result<_>>()?;
    let shell = shell.map(Shell::read).transpose()?;
    let case = Case::read(&own, name, &asked)?;
    let out = Object::new();
    put(&out, "notes", &case.notes.iter().map(JsValue::from).collect::<Array>());
    let sealed = Sealed::new(case)?;
    let made = Array::new();
    for product in products {
        made.push(&handed(&sealed.make(product, shell.as_ref())?));
    }
    put(&out, "products", &made);
    put(&out, "summary", &summary(&sealed.case).into());
    Ok(out.into())
}

/// A product for JavaScript: its bytes, or an object of a folder's files by name.
pub(super) fn handed(made: &Made) -> JsValue {
    match made {
        Made::File(bytes) => Uint8Array::from(&**bytes).into(),
        Made::Folder(files) => {
            let folder = Object::new();
            for (name, bytes) in files {
                put(&folder, name, &Uint8Array::from(&**bytes));
            }
            folder.into()
        }
    }
}

/// What is asked for beside the files.
pub(super) fn asked(options: &JsValue) -> Result<Asked> {
    let kind = match text(options, "kind")? {
        Some(name) => Some(Kind::named(&name).ok_or_else(|| wrong("kind"))?),
        None => None,
    };
    let categories_from = match text(options, "categoriesFrom")?.as_deref() {
        None => None,
        Some("pandas") => Some(CategoriesFrom::Pandas),
        Some("arrow") => Some(CategoriesFrom::Arrow),
        Some(_) => return Err(wrong("categoriesFrom")),
    };
    let missing = said(options, "missing").map(|value| value.as_f64().ok_or_else(|| wrong("missing"))).transpose()?;
    let reading =
        import::Options { all_trees: truth(options, "allTrees")?.unwrap_or_default(), missing, categories_from };
    Ok(Asked {
        title: text(options, "title")?,
        language: text(options, "lang")?,
        name: text(options, "name")?,
        kind,
        reading,
        data: said(options, "data").map(|given| rows(&given)).transpose()?,
        label: text(options, "label")?,
        positive: text(options, "positive")?,
        held_out: said(options, "heldOut").map(|given| rows(&given)).transpose()?,
        group: text(options, "group")?,
        predictions: said(options, "predictions").map(|given| rows(&given)).transpose()?,
    })
}

/// What is said of how rows are read: options of the command line by name.
fn reading(said: &Array) -> Result<Options> {
    let mut read = Options::default();
    for pair in said.iter() {
        let text = |place: u32| Array::from(&pair).get(place).as_string().ok_or_else(|| wrong("said"));
        read.set(&text(0)?, &text(1)?)?;
    }
    Ok(read)
}

/// A file of rows, as text.
pub(super) fn rows(given: &JsValue) -> Result<RowsFile> {
    let sign = |key: &str| -> Result<Option<char>> { Ok(text(given, key)?.and_then(|text| text.chars().next())) };
    let encoding =
        text(given, "encoding")?.map(|name| serde_json::from_value(name.into()).map_err(|_| wrong("encoding")));
    let mut read = reading(&said(given, "said").map_or_else(Array::new, |pairs| Array::from(&pairs)))?;
    read.delimiter = sign("delimiter")?.or(read.delimiter);
    read.decimal = sign("decimal")?.or(read.decimal);
    read.header = truth(given, "header")?.or(read.header);
    read.encoding = encoding.transpose()?.or(read.encoding);
    let bytes = said(given, "bytes").ok_or_else(|| wrong("bytes"))?;
    Ok(RowsFile {
        place: text(given, "place")?.unwrap_or_default(),
        bytes: Uint8Array::new(&bytes).to_vec(),
        options: read,
    })
}

fn text(options: &JsValue, key: &str) -> Result<Option<String>> {
    said(options, key).map(|value| value.as_string().ok_or_else(|| wrong(key))).transpose()
}

fn truth(options: &JsValue, key: &str) -> Result<Option<bool>> {
    said(options, key).map(|value| value.as_bool().ok_or_else(|| wrong(key))).transpose()
}

fn put(object: &Object, key: &str, value: &JsValue) {
    // Setting a property of an object just made cannot fail.
    let _ = Reflect::set(object, &key.into(), value);
}
