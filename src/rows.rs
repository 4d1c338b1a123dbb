//! Files of rows → numbers: one reader for every road.
//!
//! A file's beginning gives a [`Plan`]: how its bytes are written, what ends a cell, whether the first line names the
//! columns, which column is which feature and in which unit, what means "not measured". What was decided is noted; what can be
//! read in two ways is doubted, and where nobody can be asked it is refused ([`Plan::settled`]). A [`Reader`] then reads the
//! file by that plan alone, as its bytes come, and decides nothing more: a cell that the plan has no reading for is an error.

mod cells;
#[cfg(any(feature = "json-lines", feature = "workbooks"))]
mod foreign;
mod index;
mod letters;
mod names;
mod options;
mod plan;
mod planner;
mod reader;
mod record;
mod seen;
mod table;
mod text;
mod units;
mod words;
mod writer;

#[cfg(feature = "train")]
pub(crate) use cells::{Cells, Seen as SeenCell};
#[cfg(feature = "json-lines")]
pub use foreign::JsonLines;
#[cfg(any(feature = "json-lines", feature = "workbooks"))]
pub use foreign::Kind;
#[cfg(feature = "workbooks")]
pub use foreign::{Book, LARGEST_WORKBOOK};
pub use names::Vocabulary;
pub use options::Options;
pub use plan::{Column, Note, Plan};
pub use reader::{Block, Fault, Kept, Reader};
pub use seen::Seen;
pub use table::records_end;
pub use text::Encoding;
pub use units::Conversion;
#[cfg(feature = "reader")]
pub(crate) use words::{parts, split};
pub use writer::Writer;
