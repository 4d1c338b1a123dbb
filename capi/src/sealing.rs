//! A model and what is said of it → a product, as `wardian seal` makes it: the same bytes.

use std::collections::BTreeMap;

use serde::Deserialize;
use serde_json::{Value as Json, json};
use wardian::Code;
use wardian::case::{Asked, CASE_FILE, Case, Files, Kept, Kind, RowsFile};
use wardian::rows::Options;
use wardian::seal::{Made, Product, Sealed, Shell, summary};

use crate::fault::Fault;
use crate::held::Held;

/// What is asked for. Members are the options of `wardian seal`.
#[derive(Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
struct Request {
    /// The product's file name, which says what it is; a folder's ends with a slash.
    product: String,
    title: Option<String>,
    language: Option<String>,
    name: Option<String>,
    kind: Option<String>,
    label: Option<String>,
    group: Option<String>,
    /// Of labels that are two texts the positive one.
    positive: Option<String>,
    /// What a `case.json` would say.
    case: Option<Json>,
    data: Option<Rows>,
    held_out: Option<Rows>,
    predictions: Option<Rows>,
}

/// Rows as text: CSV, or JSON lines.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Rows {
    /// What errors call them.
    place: String,
    text: String,
}

/// What came of it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Sealing {
    /// What was sealed, in one line.
    pub summary: String,
    /// What its user should know, a sentence each.
    pub notes: Vec<String>,
    /// The product's files by name; the name of one that is no folder is empty.
    pub files: BTreeMap<String, Vec<u8>>,
}

impl Held {
    /// Makes a product; `request` is a text of JSON, `shell` the shell's archive, empty where the product is set into none.
    ///
    /// # Errors
    /// As [`Case::read`] and [`Sealed::make`].
    pub fn seal(&self, request: &str, shell: &[u8]) -> Result<Sealing, Fault> {
        let request: Request = serde_json::from_str(request)
            .map_err(|error| Fault::new(Code::InvalidOption, format!("what is asked for: {error}")))?;
        let product = Product::named(&request.product)?;
        let kind = match request.kind.as_deref() {
            None => None,
            Some(name) => Some(kind_named(name)?),
        };
        let asked = Asked {
            title: request.title,
            language: request.language,
            name: request.name,
            kind,
            label: request.label,
            group: request.group,
            positive: request.positive,
            data: rows_file(request.data)?,
            held_out: rows_file(request.held_out)?,
            predictions: rows_file(request.predictions)?,
            ..Asked::default()
        };
        let mut files = Files::new();
        if let Some(case) = request.case {
            files.add(CASE_FILE, case.to_string().into_bytes())?;
        }
        let shell = (!shell.is_empty()).then(|| Shell::read(shell)).transpose()?;
        let case = Case::of_opened(&files, self.opened(), "", &asked, &mut Kept::default())?;
        let sealed = Sealed::new(case)?;
        let stem = request.product.rsplit(['/', '\\']).next().unwrap_or_default().trim_end_matches(".sql").to_owned();
        let made = match product {
            // It names the module beside it.
            Product::Sql => Made::File(sealed.sql(&format!("{stem}.wasm")).into_bytes()),
            _ => sealed.make(product, shell.as_ref())?,
        };
        let files = match made {
            Made::File(bytes) => BTreeMap::from([(String::new(), bytes)]),
            Made::Folder(files) => files,
        };
        Ok(Sealing { summary: summary(&sealed.case), notes: sealed.case.notes, files })
    }
}

fn rows_file(rows: Option<Rows>) -> Result<Option<RowsFile>, Fault> {
    let Some(Rows { place, text }) = rows else { return Ok(None) };
    let (bytes, options) = crate::rows::plain(text.as_bytes(), Options::default()).map_err(|fault| fault.of(&place))?;
    Ok(Some(RowsFile { place, bytes: bytes.into_owned(), options }))
}

/// A kind of answer by its name.
pub(crate) fn kind_named(name: &str) -> Result<Kind, Fault> {
    Kind::named(name).ok_or_else(|| {
        let kinds = Kind::ALL.map(Kind::as_str).join(", ");
        Fault::new(Code::InvalidOption, format!("{name:?} is no kind of answer; there are {kinds}"))
    })
}

impl Sealing {
    /// All of it in one piece: the length of a text of JSON as four bytes, little-endian, that text (`summary`, `notes`, and `files`, each
    /// with `name` and `length`), and the files' bytes one behind another.
    pub fn bytes(&self) -> Vec<u8> {
        let files = self.files.iter().map(|(name, bytes)| json!({"name": name, "length": bytes.len()}));
        let said =
            json!({"summary": self.summary, "notes": self.notes, "files": files.collect::<Vec<_>>()}).to_string();
        let mut out = (said.len() as u32).to_le_bytes().to_vec();
        out.extend_from_slice(said.as_bytes());
        self.files.values().for_each(|bytes| out.extend_from_slice(bytes));
        out
    }
}
