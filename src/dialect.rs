//! What a trainer does otherwise than XGBoost, where there is no link's name for it. A module that knows XGBoost's ways alone has none
//! of it: there it is nothing, in no bytes.

use crate::finish::Finish;
use crate::narrowing::Wide;

/// How values are seen before they are compared, and what becomes of sums before the link.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Dialect {
    #[cfg(feature = "double")]
    finish: Finish,
    #[cfg(feature = "double")]
    wide: Vec<Wide>,
}

impl Dialect {
    /// What becomes of sums, and the features whose values are not just rounded to 32 bits, ascending.
    #[cfg(feature = "double")]
    pub fn new(finish: Finish, wide: Vec<Wide>) -> Self {
        Self { finish, wide }
    }

    /// What becomes of sums.
    pub fn finish(&self) -> Finish {
        #[cfg(feature = "double")]
        return self.finish;
        #[cfg(not(feature = "double"))]
        Finish::PLAIN
    }

    /// The features whose values are not just rounded to 32 bits, ascending.
    pub fn wide(&self) -> &[Wide] {
        #[cfg(feature = "double")]
        return &self.wide;
        #[cfg(not(feature = "double"))]
        &[]
    }
}
