//! What a case tells of an answer beside its number.

use super::{Why, json_text};
use crate::case::{Case, FileOr};
use crate::certainty::Certainty;
use crate::explain::{Explainer, Explanation};
use crate::model::{Model, Prediction};
use crate::number::decimal;
use crate::schema::Row;
use crate::unknown::{Observed, Values};

/// In how many cases of 100 an interval is to hold.
const LEVEL: u8 = 90;

/// Why a case's answers are what they are, how sure they are, and what is not known of them: what the case does not know is left out.
#[derive(Debug)]
pub struct CaseWhy<'a> {
    model: &'a Model,
    classes: Vec<String>,
    certainty: Option<&'a Certainty>,
    explainer: Option<Explainer<'a>>,
    observed: Option<Observed>,
}

impl<'a> CaseWhy<'a> {
    /// What this case tells. Making one costs as much as some hundred explanations: make it once.
    pub fn new(case: &'a Case) -> Self {
        let model = &case.model;
        // A model without covers is not explained, and what was observed is checked with its case.
        let observed = match &case.file.observed {
            Some(FileOr::Here(said)) => {
                let of = |name: &String| {
                    said.get(name)
                        .map(|own| Values { values: own.values.clone(), counts: own.counts.clone() })
                        .unwrap_or_default()
                };
                let values = model.schema().features().iter().map(|feature| of(&feature.name)).collect();
                Observed::of_values(model, values).ok()
            }
            _ => None,
        };
        Self {
            model,
            classes: case.class_names(),
            certainty: case.file.certainty.as_ref(),
            explainer: model.explainer().ok(),
            observed,
        }
    }

    fn interval(&self, prediction: &Prediction) -> Option<String> {
        let certainty = self.certainty?;
        let answers: Vec<f64> = prediction.values.iter().collect();
        let [answer] = answers[..] else {
            let set = certainty.set(&answers, LEVEL)?;
            let names: Vec<String> = set.into_iter().map(|class| json_text(&self.classes[class])).collect();
            return Some(format!("{{\"level\":{LEVEL},\"classes\":[{}]}}", names.join(",")));
        };
        if let Some(range) = certainty.risk(answer) {
            return Some(format!(
                "{{\"low\":{},\"high\":{},\"merged\":{},\"outside\":{}}}",
                decimal(range.low),
                decimal(range.high),
                decimal(range.merged),
                range.outside
            ));
        }
        let [low, high] = certainty.interval(answer, LEVEL)?;
        Some(format!("{{\"level\":{LEVEL},\"low\":{},\"high\":{}}}", decimal(low), decimal(high)))
    }

    /// What each feature adds to the margin, the one that adds most first; of several outputs to each.
    fn reasons(&self, row: &Row) -> Option<String> {
        let outputs = self.explainer.as_ref()?.explain(row);
        let features = self.model.schema().features();
        let most = |place: usize| outputs.iter().map(|own| own.contributions[place].abs()).fold(0.0, f64::max);
        let mut places: Vec<usize> = (0..features.len()).filter(|&place| most(place) > 0.0).collect();
        places.sort_by(|&one, &other| most(other).total_cmp(&most(one)));
        let of_each = |of: &dyn Fn(&Explanation) -> String| listed(outputs.iter().map(of));
        let reasons: Vec<String> = places
            .into_iter()
            .map(|place| {
                let contribution = of_each(&|own| decimal(own.contributions[place]));
                format!("{{\"feature\":{},\"contribution\":{contribution}}}", json_text(&features[place].name))
            })
            .collect();
        let precision = self.model.forest().precision();
        Some(format!(
            "\"margin\":{},\"base\":{},\"reasons\":[{}]",
            of_each(&|own| precision.text(own.margin)),
            of_each(&|own| decimal(own.base)),
            reasons.join(",")
        ))
    }

    /// Between which answers this one lies for each value that is missing.
    fn unknown(&self, row: &Row) -> Option<String> {
        let told = self.model.unknown(row, self.observed.as_ref()?).ok()?;
        let precision = self.model.forest().precision();
        let ends = |ends: &[f64]| listed(ends.iter().map(|&end| precision.text(end)));
        let texts: Vec<String> = told
            .iter()
            .map(|own| {
                format!(
                    "{{\"feature\":{},\"low\":{},\"high\":{},\"spread\":{}}}",
                    json_text(&self.model.schema().features()[own.feature].name),
                    ends(&own.low),
                    ends(&own.high),
                    listed(own.spread.iter().map(|&spread| decimal(spread)))
                )
            })
            .collect();
        (!texts.is_empty()).then(|| format!("\"unknown\":[{}]", texts.join(",")))
    }
}

impl Why for CaseWhy<'_> {
    fn members(&self, row: &Row, prediction: &Prediction) -> String {
        let interval = self.interval(prediction).map(|interval| format!("\"interval\":{interval}"));
        let parts = [interval, self.reasons(row), self.unknown(row)];
        parts.into_iter().flatten().collect::<Vec<_>>().join(",")
    }
}

/// One number as it is, of several an array.
fn listed(texts: impl Iterator<Item = String>) -> String {
    let texts: Vec<String> = texts.collect();
    match &texts[..] {
        [text] => text.clone(),
        texts => format!("[{}]", texts.join(",")),
    }
}
