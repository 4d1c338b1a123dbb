//! What XGBoost and its users have noted of a booster: texts by name. `docs/XGBOOST.md` lists those that count.

use super::with_nulls;
use crate::error::Result;
use crate::import::reader::Reader;
use crate::import::reader::take::{Fill, of_json, record};

/// A booster's attributes.
#[derive(Default)]
pub(super) struct Attributes(Vec<(String, String)>);

impl Fill for Attributes {
    fn fill(&mut self, reader: &mut Reader<'_>) -> Result<()> {
        self.0.fill(reader)
    }
}

record! {
    /// What XGBoost's scikit-learn wrapper of 1.x keeps of itself in the attribute `scikit_learn`, as JSON: the two that change
    /// an answer.
    pub(super) struct Wrapper {
        /// The value that it takes for missing, and does again when it has loaded the file. `NaN`, which no JSON has, is none.
        pub(super) missing: Option<f64> = None,
        /// How many trees it predicts with where training was stopped early, for each class; before 1.4.
        pub(super) best_ntree_limit: Option<usize> = None,
    } ["*"]
}

impl Attributes {
    /// The text of this name.
    pub(super) fn get(&self, name: &str) -> Option<&String> {
        // Of a key that comes twice the last counts.
        self.0.iter().rev().find(|(key, _)| key == name).map(|(_, text)| text)
    }

    /// What the scikit-learn wrapper keeps there; nothing where it wrote nothing, or somebody else wrote something else.
    pub(super) fn wrapper(&self) -> Wrapper {
        let text = self.get("scikit_learn").map(|text| with_nulls(text.as_bytes()));
        text.and_then(|text| of_json(&text).ok()).unwrap_or_default()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn wrapper(text: &str) -> Wrapper {
        Attributes(vec![("scikit_learn".to_owned(), text.to_owned())]).wrapper()
    }

    #[test]
    fn what_the_wrapper_says_is_read_and_the_rest_let_be() {
        let said = wrapper(r#"{"n_estimators": 30, "missing": -999.0, "gamma": null, "best_ntree_limit": 6}"#);
        assert_eq!((said.missing, said.best_ntree_limit), (Some(-999.0), Some(6)));
        let said = wrapper(r#"{"missing": NaN}"#);
        assert_eq!((said.missing, said.best_ntree_limit), (None, None));
        assert!(wrapper("something else").missing.is_none());
        assert!(Attributes::default().wrapper().missing.is_none());
    }
}
