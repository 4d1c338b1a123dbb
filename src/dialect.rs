//! What a trainer does otherwise than XGBoost, where there is no link's name for it. A module that knows XGBoost's ways alone has none
//! of it: there it is nothing, in no bytes.

#[cfg(feature = "double")]
use crate::combination::Combination;
use crate::finish::Finish;
use crate::link::Link;
use crate::narrowing::Wide;

/// How values are seen before they are compared, and what becomes of sums before the link.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Dialect {
    #[cfg(feature = "double")]
    finish: Finish,
    #[cfg(feature = "double")]
    wide: Vec<Wide>,
    #[cfg(feature = "double")]
    combination: Option<Combination>,
}

impl Dialect {
    /// What becomes of sums, and the features whose values are not just rounded to 32 bits, ascending.
    #[cfg(feature = "double")]
    pub fn new(finish: Finish, wide: Vec<Wide>) -> Self {
        Self { finish, wide, combination: None }
    }

    /// The same, with what makes predictions of several estimators' sums.
    #[cfg(feature = "double")]
    pub fn with_combination(self, combination: Option<Combination>) -> Self {
        Self { combination, ..self }
    }

    /// What makes predictions of several estimators' sums; `None` where the link does it.
    #[cfg(feature = "double")]
    pub fn combination(&self) -> Option<&Combination> {
        self.combination.as_ref()
    }

    /// How many predictions a row has, by the link or the combination.
    pub(crate) fn prediction_count(&self, link: Link, outputs: usize) -> usize {
        #[cfg(feature = "double")]
        if let Some(combination) = &self.combination {
            return combination.prediction_count();
        }
        link.prediction_count(outputs)
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
