//! What is said of it in words, in English: the command line's. The page has its own (`www/i18n`).

use super::file::{Certainty, Estimate, Figures, Measures, Method};

/// Whose rows they are, where the case does not say.
const GIVEN: &str = "rows that you gave; if the model was trained on them these figures flatter it";

/// A share as one of 100: `90.2`.
pub fn per_hundred(share: f64) -> String {
    format!("{:.1}", share * 100.0)
}

/// A number in six significant digits.
fn short(number: f64) -> String {
    let digits = |number: f64| {
        let text = format!("{number:.5e}");
        let exponent: i32 = text.split_once('e').and_then(|(_, exponent)| exponent.parse().ok()).unwrap_or(0);
        (5 - exponent).clamp(0, 15) as usize
    };
    if number == 0.0 || !(1e-6..1e15).contains(&number.abs()) {
        return format!("{number}");
    }
    let text = format!("{number:.*}", digits(number));
    if text.contains('.') { text.trim_end_matches('0').trim_end_matches('.').to_owned() } else { text }
}

fn estimate(estimate: &Estimate) -> String {
    match (estimate.low, estimate.high) {
        (Some(low), Some(high)) => format!("{} ({} to {})", short(estimate.value), short(low), short(high)),
        _ => short(estimate.value),
    }
}

impl Certainty {
    /// How sure answers are, a sentence each.
    pub fn sentences(&self) -> Vec<String> {
        let measured = |coverage: f64, error: f64| {
            format!(
                "measured on {} held-out folds: {} ± {} of 100",
                self.folds,
                per_hundred(coverage),
                per_hundred(error)
            )
        };
        let mut out = Vec::new();
        for intervals in &self.intervals {
            let method = match intervals.method {
                Method::Absolute => "split conformal",
                Method::Local => "split conformal, locally weighted",
            };
            for level in &intervals.levels {
                out.push(format!(
                    "{} of 100 answers are within an interval {} wide on average ({method}; {})",
                    level.level,
                    short(level.width),
                    measured(level.coverage, level.standard_error)
                ));
            }
        }
        for level in &self.sets {
            out.push(format!(
                "{} of 100 sets of classes have the right one, {} classes on average ({})",
                level.level,
                short(level.size),
                measured(level.coverage, level.standard_error)
            ));
        }
        if let Some(risk) = &self.risk {
            out.push(format!(
                "Venn-Abers gives each risk a range, one end of which is calibrated: that end says {} of 100 on {} held-out folds, {} ± {} were \
                 positive; the Brier score is {}, between the ends {}",
                per_hundred(risk.chosen),
                self.folds,
                per_hundred(f64::from(risk.positive) / f64::from(self.rows.max(1))),
                per_hundred(risk.standard_error),
                short(risk.brier),
                short(risk.brier_merged)
            ));
        }
        out
    }
}

impl Figures {
    /// The figures as a text of lines, a heading for each group.
    pub fn text(&self) -> String {
        let mut out = String::new();
        let source = self.source.as_deref().unwrap_or(GIVEN);
        out.push_str(&format!("{} rows: {source}\n95 % intervals in brackets\n\n", self.rows));
        lines(&self.all, &mut out);
        for group in &self.groups {
            let by = self.by.as_deref().unwrap_or("group");
            out.push_str(&format!("\n{by} = {} ({} rows)\n", group.name, group.rows));
            lines(&group.measures, &mut out);
        }
        out
    }
}

fn lines(measures: &Measures, out: &mut String) {
    let mut line = |name: &str, text: String| out.push_str(&format!("  {name:<18} {text}\n"));
    let none = || "not known: the rows are of one class".to_owned();
    if let Some(risk) = &measures.risk {
        line("positive", risk.positive.to_string());
        line("AUC", risk.auc.as_ref().map_or_else(none, estimate));
        line("Brier score", estimate(&risk.brier));
        line("log loss", estimate(&risk.log_loss));
        let confusion = &risk.confusion;
        line("threshold", short(confusion.threshold));
        line("accuracy", estimate(&confusion.accuracy));
        let shares = [
            ("sensitivity", &confusion.sensitivity),
            ("specificity", &confusion.specificity),
            ("precision", &confusion.precision),
        ];
        for (name, share) in shares {
            line(name, share.as_ref().map_or_else(|| "no such row".to_owned(), estimate));
        }
        line("told positive", format!("{} right, {} wrong", confusion.true_positive, confusion.false_positive));
        line("told negative", format!("{} right, {} wrong", confusion.true_negative, confusion.false_negative));
        for bin in &risk.calibration {
            line("calibration", format!("{} said, {} seen, {} rows", short(bin.mean), estimate(&bin.seen), bin.rows));
        }
    }
    if let Some(classes) = &measures.classes {
        line("accuracy", estimate(&classes.accuracy));
        if let Some(loss) = &classes.log_loss {
            line("log loss", estimate(loss));
            let auc = classes.auc.as_ref().map_or_else(|| "not known: a class has no rows".to_owned(), estimate);
            line("AUC, macro", auc);
        }
        for (name, told) in classes.classes.iter().zip(&classes.confusion) {
            let counts: Vec<String> =
                classes.classes.iter().zip(told).map(|(other, count)| format!("{count} told {other}")).collect();
            line(&format!("seen {name}"), counts.join(", "));
        }
    }
    if let Some(number) = &measures.number {
        line("RMSE", estimate(&number.rmse));
        line("MAE", estimate(&number.mae));
        line("R2", number.r2.map_or_else(|| "not known of one row".to_owned(), short));
        line("bias", estimate(&number.bias));
        if let Some(deviance) = number.poisson_deviance {
            line("Poisson deviance", short(deviance));
        }
    }
}
