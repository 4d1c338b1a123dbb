//! A case and a shell → products: a page in one file or in a folder, a package, a module for databases, a model's file, documents.
//!
//! The shell is built once and knows no model ([`Shell`]); a case's documents are set into it ([`Sealed`]). There is no file system and no
//! clock here: the same case in the same shell gives the same bytes wherever it is sealed. Every product is opened again, and its golden
//! rows replayed by the model that is in it, before it is handed over ([`Sealed::make`]).

mod accent;
mod card;
mod carried;
mod documents;
mod openapi;
mod package;
mod page;
mod replay;
mod shell;
mod sql;
mod studio;
mod text;
mod udf;

use std::collections::BTreeMap;

use serde_json::Value;

pub use self::carried::carried;
pub use self::package::package;
pub use self::shell::Shell;
pub use self::studio::{Given, Studio, may_be_rows};
use crate::case::{Case, wrong};
use crate::error::Result;

/// The languages that the page speaks.
pub const PAGE_LANGUAGES: [&str; 3] = ["en", "zh", "es"];

/// A case, and all that its products say: the documents of `docs/CASE.md`.
#[derive(Clone, Debug)]
pub struct Sealed {
    /// The case.
    pub case: Case,
    /// What the first screen needs, by language; that of the case's own is there.
    pub pages: BTreeMap<String, Value>,
    /// What is told of the model elsewhere, by language.
    pub abouts: BTreeMap<String, Value>,
    /// How sure answers are, where the case tells it.
    pub certainty: Option<Value>,
    /// What was observed of each feature, where the case tells it.
    pub observed: Option<Value>,
    /// The golden rows.
    pub golden: Value,
    /// What files of rows call the features, and their other units.
    pub columns: Value,
    /// The contract's description.
    pub openapi: Value,
}

/// Something that a case is made into.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Product {
    /// The page in one file, which works from a disk.
    Single,
    /// The page in a folder, for any host of files.
    Folder,
    /// An npm package.
    Package,
    /// A module for databases.
    Module,
    /// What ClickHouse is told of that module.
    Sql,
    /// The model's `.wardian` file.
    Model,
    /// The contract's description.
    OpenApi,
    /// The card, to be printed.
    Card,
    /// The case itself, nothing left open.
    Case,
}

impl Product {
    /// The one that a file of this name is; a folder's name has no ending, or a slash at its end.
    ///
    /// # Errors
    /// `invalid_case` for an ending that no product has.
    pub fn named(name: &str) -> Result<Self> {
        let last = name.rsplit(['/', '\\']).next().unwrap_or_default();
        Ok(match last {
            "" => Self::Folder,
            "openapi.json" => Self::OpenApi,
            "case.json" => Self::Case,
            "card.html" => Self::Card,
            _ => match last.rsplit_once('.').map(|(_, ending)| ending) {
                Some("html") => Self::Single,
                Some("tgz") => Self::Package,
                Some("wasm") => Self::Module,
                Some("sql") => Self::Sql,
                Some("wardian") => Self::Model,
                None => Self::Folder,
                Some(_) => {
                    let message = "it ends with none of .html (one page), .tgz (a package), .wasm (a module for databases), .sql (what ClickHouse is told of it), .wardian \
                                   (the model's file), and is none of openapi.json, card.html, case.json; a folder's name ends with /";
                    return Err(wrong(last, message));
                }
            },
        })
    }

    /// Whether it is set into a shell.
    pub fn needs_shell(self) -> bool {
        matches!(self, Self::Single | Self::Folder | Self::Package | Self::Module)
    }

    /// What it is, in a word or two.
    pub fn name(self) -> &'static str {
        match self {
            Self::Single => "a page in one file",
            Self::Folder => "a page in a folder",
            Self::Package => "an npm package",
            Self::Module => "a module for databases",
            Self::Sql => "SQL for ClickHouse",
            Self::Model => "a model's file",
            Self::OpenApi => "the contract's description",
            Self::Card => "the card",
            Self::Case => "the case",
        }
    }
}

/// A product's bytes.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Made {
    /// A file's.
    File(Vec<u8>),
    /// A folder's files, by their names in it.
    Folder(BTreeMap<String, Vec<u8>>),
}

impl Made {
    /// How many bytes there are.
    pub fn size(&self) -> usize {
        match self {
            Self::File(bytes) => bytes.len(),
            Self::Folder(files) => files.values().map(Vec::len).sum(),
        }
    }
}

impl Sealed {
    /// A case's documents.
    ///
    /// # Errors
    /// `invalid_case` for a description of the contract that is of another path.
    pub fn new(case: Case) -> Result<Self> {
        let openapi = openapi::document(&case)?;
        let languages = documents::languages(&case);
        let pages = languages.iter().map(|language| (language.clone(), documents::page(&case, language, &languages)));
        let abouts = languages.iter().map(|language| (language.clone(), documents::about(&case, language)));
        let (pages, abouts) = (pages.collect(), abouts.collect());
        let (golden, columns) = (documents::golden(&case), documents::columns(&case));
        let (certainty, observed) = (documents::certainty(&case), documents::observed(&case));
        Ok(Self { case, pages, abouts, certainty, observed, golden, columns, openapi })
    }

    /// A product, opened again and its golden rows replayed; `shell` for one that is set into a shell.
    ///
    /// # Errors
    /// `invalid_case` if the shell is absent, or does not fit; `different_answer` if the model in the product does not answer its golden rows
    /// as it should.
    pub fn make(&self, product: Product, shell: Option<&Shell>) -> Result<Made> {
        let shell =
            || shell.ok_or_else(|| wrong("", format!("{} is set into a shell, and there is none", product.name())));
        let made = match product {
            Product::Single => Made::File(page::single(self, shell()?)?),
            Product::Folder => Made::Folder(page::folder(self, shell()?)?),
            Product::Package => Made::File(package(self, shell()?)?),
            Product::Module => Made::File(self.module(shell()?)?),
            Product::Sql => {
                let short = self.case.name().rsplit('/').next().unwrap_or_default();
                Made::File(self.sql(&format!("{short}.wasm")).into_bytes())
            }
            Product::Model => Made::File(self.case.model_bytes.clone()),
            Product::OpenApi => Made::File(pretty(&self.openapi)),
            Product::Card => Made::File(card::page(self).into_bytes()),
            Product::Case => Made::File(pretty(&serde_json::to_value(&self.case.file).unwrap_or_default())),
        };
        replay::check(self, product, &made)?;
        Ok(made)
    }

    fn module(&self, shell: &Shell) -> Result<Vec<u8>> {
        match &shell.said.udf {
            Some(name) => udf::seal(shell.file(name)?, &self.case.model_bytes),
            None => Err(wrong("the shell", "it has no module for databases")),
        }
    }
}

/// What was sealed: `risk: 8 features, 150 trees; 20 of 20 rows identical to XGBoost 3.2.0`.
pub fn summary(case: &Case) -> String {
    let golden = &case.golden;
    let count = |count: usize, what: &str| format!("{count} {what}{}", if count == 1 { "" } else { "s" });
    let replayed = if golden.by == "wardian" {
        format!("{} replayed, of no trainer's answers (--predictions takes them)", count(golden.compared, "row"))
    } else {
        format!("{0} of {0} rows identical to {1}", golden.compared, golden.by)
    };
    let features = count(case.model.schema().features().len(), "feature");
    let trees = count(case.model.forest().trees().len(), "tree");
    format!("{} ({}): {features}, {trees}; {replayed}", case.name(), case.kind().as_str())
}

/// JSON for people.
fn pretty(value: &Value) -> Vec<u8> {
    let mut text = serde_json::to_vec_pretty(value).unwrap_or_default();
    text.push(b'\n');
    text
}
