//! Files of rows → numbers: one reader for every road.
//!
//! A file's beginning gives a [`Plan`]: how its bytes are written, what ends a cell, whether the first line names the
//! columns, which column is which feature and in which unit, what means "not measured". What was decided is noted; what can be
//! read in two ways is doubted, and where nobody can be asked it is refused ([`Plan::settled`]). A [`Reader`] then reads the
//! file by that plan alone, as its bytes come, and decides nothing more: a cell that the plan has no reading for is an error.

mod cells;
mod names;
mod plan;
mod planner;
mod reader;
mod table;
mod text;
mod units;

pub use names::Vocabulary;
pub use plan::{Column, Note, Options, Plan};
pub use reader::{Block, Reader};
pub use text::Encoding;
pub use units::Conversion;
