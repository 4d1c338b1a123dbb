//! What becomes of a row's sums before the link: the last step that differs between trainers.

use crate::error::{Result, broken};

/// Sums → margins → what the link takes. All numbers are 64-bit; of a forest of 32-bit leaves all but the divisor are 1.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Finish {
    /// The leaves' sum is multiplied by it before a base margin is added last: CatBoost's scale.
    pub scale: f64,
    /// A margin is divided by it before the link: the count of trees, where a trainer answers their mean.
    pub divisor: f64,
    /// And multiplied by it: LightGBM's `sigmoid`.
    pub slope: f64,
}

impl Finish {
    /// Sums are margins, and margins are what the link takes.
    pub const PLAIN: Self = Self { scale: 1.0, divisor: 1.0, slope: 1.0 };
}

impl Default for Finish {
    fn default() -> Self {
        Self::PLAIN
    }
}

impl Finish {
    /// Checks that all three are finite, and none is 0.
    ///
    /// # Errors
    /// `invalid_model`.
    pub(crate) fn check(&self) -> Result<()> {
        let is_good = |number: f64| number.is_finite() && number != 0.0;
        // CatBoost's scale may be 0: every answer is the bias then.
        if self.scale.is_finite() && is_good(self.divisor) && is_good(self.slope) {
            return Ok(());
        }
        Err(broken("what becomes of the sums is not finite, or 0", &[]))
    }
}
