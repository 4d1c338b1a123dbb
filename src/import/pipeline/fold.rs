//! The last step's trees, asking of the raw columns.

use std::collections::HashMap;

use super::Raw;
use super::columns::{Source, Table};
use super::features::{self, Asked, Feature, Kind, Seen};
use crate::error::{Error, Result, invalid, quoted, shown, unsupported};
use crate::forest::MissingSide;
use crate::import::draft::{Draft, Labels};
use crate::import::sklearn::REFUSES_MISSING;
use crate::import::source::{SourceNode, SourceTest, SourceTree};
use crate::narrowing::Input;
use crate::schema::{self, Schema};

/// What the pipeline and the user say beside the columns.
pub(super) struct Ways {
    /// Whether zeros are missing to the trees: those that a sparse matrix does not write are so to XGBoost.
    pub(super) zero_is_missing: bool,
    /// What the user says is missing in rows.
    pub(super) missing: Option<f64>,
    /// How large the file is.
    pub(super) bytes: usize,
}

/// The draft with trees that ask of the raw columns.
pub(super) fn folded(draft: Draft, table: Table, raw: Raw, ways: Ways) -> Result<Draft> {
    let Draft { mut trees, mut frame, schema, mut notes, origin } = draft;
    if frame.feature_count != table.columns.len() {
        return Err(invalid(format_args!(
            "the steps before the model make {} columns, and it has {}",
            table.columns.len(),
            frame.feature_count
        )));
    }
    if let Some(named) = schema.features().iter().find(|feature| !feature.categories.is_empty()) {
        return Err(unsupported(format_args!(
            "the model at the pipeline's end knows the names of categories itself ({}), which is not supported: encode them in a step \
             before it",
            quoted(&named.name)
        )));
    }
    let asked = asked(&trees, table.columns.len())?;
    let seen: Vec<Seen> = table
        .columns
        .into_iter()
        .zip(asked)
        .zip(schema.features())
        .enumerate()
        .map(|(index, ((column, asked), feature))| Seen {
            column,
            asked,
            input: frame.inputs.get(index).copied().unwrap_or(Input::Single),
            missing: feature.missing_codes.iter().copied().chain(ways.zero_is_missing.then_some(0.0)).collect(),
            may_be_missing: feature.may_be_missing,
        })
        .collect();
    let names = super::names(&raw);
    let features = features::features(&seen, &names)?;
    // Without names rows are known by their places.
    let is_kept = |feature: &Feature| raw.names.is_none() || feature.is_used;
    let mut places = Vec::with_capacity(features.len());
    let mut count = 0;
    for feature in &features {
        places.push(count);
        count += i32::from(is_kept(feature));
    }
    Folding::new(&seen, &features, &names, ways.bytes).trees(&mut trees, &places)?;
    frame.feature_count = count as usize;
    frame.inputs = features.iter().filter(|feature| is_kept(feature)).map(input).collect();
    say(&features, &names, &mut notes, is_kept);
    let missing = ways.missing.filter(|missing| !missing.is_nan());
    let made = features.into_iter().zip(names).filter(|(feature, _)| is_kept(feature)).map(|(feature, name)| {
        let takes_unseen = !feature.refuses_unknown;
        let categories = match feature.kind {
            Kind::Category(named) => named.names,
            _ => Vec::new(),
        };
        let mut missing_codes = feature.missing_codes;
        missing_codes.extend(missing);
        schema::Feature {
            takes_unseen: takes_unseen && !categories.is_empty(),
            categories,
            missing_codes,
            may_be_missing: feature.may_be_missing,
            ..schema::Feature::named(name)
        }
    });
    let made = Schema::new("", "", "", made.collect())?;
    let labels = Labels { names: schema.classes().to_vec(), are_texts: schema.classes_are_texts() };
    let schema = labels.name(made)?;
    Ok(Draft { trees, frame, schema, notes, origin })
}

/// How a feature's values are seen.
fn input(feature: &Feature) -> Input {
    match &feature.kind {
        Kind::Unused => Input::Single,
        Kind::Number { input, .. } | Kind::Code(input) => *input,
        Kind::Category(_) => Input::Exact,
    }
}

/// What the user should know.
fn say(features: &[Feature], names: &[String], notes: &mut Vec<String>, is_kept: impl Fn(&Feature) -> bool) {
    if features.iter().all(|feature| feature.may_be_missing) {
        notes.retain(|note| note != REFUSES_MISSING);
    }
    let called = |wanted: &dyn Fn(&Feature) -> bool| -> Option<String> {
        let called: Vec<&str> =
            features.iter().zip(names).filter(|(feature, _)| wanted(feature)).map(|(_, name)| name.as_str()).collect();
        (!called.is_empty()).then(|| shown(&called.join(", ")))
    };
    notes.push(String::from(
        "the pipeline's steps are folded into the trees: rows have the columns that the pipeline is given, and answers are those for 64-bit \
         floats",
    ));
    notes.extend(
        called(&|feature| !is_kept(feature))
            .map(|called| format!("columns that come to no tree are left out: {called}")),
    );
    notes.extend(called(&|feature| feature.refuses_unknown).map(|called| {
        format!("scikit-learn refuses rows with categories that it never saw (handle_unknown=\"error\"), of: {called}")
    }));
}

/// What is asked of each column.
fn asked(trees: &[SourceTree], columns: usize) -> Result<Vec<Asked>> {
    let mut all = vec![Asked::default(); columns];
    for (index, tree) in trees.iter().enumerate() {
        for (node, split) in tree.nodes.iter().enumerate() {
            let SourceNode::Split { feature, test, .. } = split else { continue };
            let at = |error: Error| error.at(format_args!("node {node}")).at(format_args!("tree {index}"));
            let asked = usize::try_from(*feature).ok().and_then(|feature| all.get_mut(feature));
            let asked = asked.ok_or_else(|| {
                at(invalid(format_args!("feature {feature} does not exist; the model has {columns}")))
            })?;
            match test {
                SourceTest::Below(threshold) if threshold.is_nan() => {
                    return Err(at(invalid(format_args!("the threshold is {threshold}"))));
                }
                SourceTest::InSet(set) if set.is_empty() => {
                    return Err(at(invalid(format_args!("its set of categories is empty"))));
                }
                SourceTest::Below(_) => asked.thresholds = true,
                SourceTest::InSet(_) => asked.sets = true,
            }
        }
    }
    Ok(all)
}

/// What a split becomes.
#[derive(Clone)]
struct Folded {
    test: Test,
    missing: MissingSide,
    /// Whether left and right change places.
    is_turned: bool,
}

#[derive(Clone)]
enum Test {
    Below(f64),
    /// The test's own set, or these.
    Set(Option<Vec<u32>>),
}

/// Rewrites splits.
struct Folding<'f> {
    seen: &'f [Seen],
    features: &'f [Feature],
    names: &'f [String],
    /// What became of thresholds: of a column, the threshold's bits, and the side of what is missing.
    known: HashMap<(usize, u64, bool), Folded>,
    /// How many more categories may be asked for one by one, and listed in sets.
    work: usize,
    listed: usize,
}

impl<'f> Folding<'f> {
    fn new(seen: &'f [Seen], features: &'f [Feature], names: &'f [String], bytes: usize) -> Self {
        const WORK: usize = 1 << 30;
        const LISTED: usize = 1 << 22;
        Self { seen, features, names, known: HashMap::new(), work: WORK, listed: LISTED + bytes }
    }

    /// Rewrites all of them; `places` has the feature that each raw column is.
    fn trees(&mut self, trees: &mut [SourceTree], places: &[i32]) -> Result<()> {
        for (index, tree) in trees.iter_mut().enumerate() {
            for (node, split) in tree.nodes.iter_mut().enumerate() {
                let SourceNode::Split { feature, test, missing, left, right } = split else { continue };
                // `asked` has seen that it exists.
                let column = *feature as usize;
                let raw = self.seen[column].column.feature;
                let folded = self.split(column, test, *missing).map_err(|error| {
                    let error = error.at(format_args!("node {node}")).at(format_args!("tree {index}"));
                    error.at(format_args!("the column {}", quoted(&self.names[raw])))
                })?;
                *feature = places[raw];
                *missing = folded.missing;
                match folded.test {
                    Test::Below(cut) => *test = SourceTest::Below(cut),
                    Test::Set(Some(set)) => *test = SourceTest::InSet(set.into()),
                    Test::Set(None) => {}
                }
                if folded.is_turned {
                    std::mem::swap(left, right);
                }
            }
        }
        Ok(())
    }

    fn split(&mut self, column: usize, test: &SourceTest, missing: MissingSide) -> Result<Folded> {
        let seen = &self.seen[column];
        let question = Question { seen, test, missing };
        let side = side(question.goes_right(seen.column.of_missing()));
        let whole = |test| Folded { test, missing: side, is_turned: false };
        let SourceTest::Below(threshold) = *test else {
            return match &self.features[seen.column.feature].kind {
                Kind::Category(_) => self.set(column, &question, side),
                _ => Ok(whole(Test::Set(None))),
            };
        };
        let key = (column, threshold.to_bits(), missing == MissingSide::Left);
        if let Some(folded) = self.known.get(&key) {
            let folded = folded.clone();
            if let Test::Set(Some(set)) = &folded.test {
                self.list(set.len())?;
            }
            return Ok(folded);
        }
        let folded = match &self.features[seen.column.feature].kind {
            Kind::Number { stays: true, .. } => whole(Test::Below(threshold)),
            Kind::Category(_) => self.set(column, &question, side)?,
            _ => {
                question.check_missing(threshold)?;
                whole(Test::Below(question.cut()))
            }
        };
        self.known.insert(key, folded.clone());
        Ok(folded)
    }

    fn list(&mut self, count: usize) -> Result<()> {
        self.listed = self.listed.checked_sub(count).ok_or_else(too_many)?;
        Ok(())
    }

    /// The set of raw categories that a question is about.
    fn set(&mut self, column: usize, question: &Question, missing: MissingSide) -> Result<Folded> {
        let seen = &self.seen[column];
        let (Kind::Category(named), Some(categories)) =
            (&self.features[seen.column.feature].kind, seen.column.categories())
        else {
            return Err(invalid(format_args!("it has no categories")));
        };
        let encoded = named.encoded(categories).ok_or_else(|| invalid(format_args!("it has no categories")))?;
        let of_unknown = question.goes_right(seen.column.of_code(categories.unknown));
        // Those that go the other way than what is unknown: few of them, mostly.
        let members: Vec<u32> = match seen.column.source {
            Source::Is(_, wanted) if f64::from(wanted) != categories.unknown => {
                let wanted = f64::from(wanted);
                match question.goes_right(seen.column.of_code(wanted)) == of_unknown {
                    true => Vec::new(),
                    false => encoded.having.get(&wanted.to_bits()).cloned().unwrap_or_default(),
                }
            }
            _ => {
                self.work = self.work.checked_sub(encoded.codes.len()).ok_or_else(too_many)?;
                let codes = named.codes.iter().zip(&encoded.codes);
                codes
                    .filter(|(_, code)| question.goes_right(seen.column.of_code(**code)) != of_unknown)
                    .map(|(&raw, _)| raw)
                    .collect()
            }
        };
        if members.is_empty() {
            // All that is not missing goes one way.
            let cut = if of_unknown { f64::NEG_INFINITY } else { f64::INFINITY };
            return Ok(Folded { test: Test::Below(cut), missing, is_turned: false });
        }
        self.list(members.len())?;
        let mut members = members;
        members.sort_unstable();
        // Members of a set go right.
        let missing = if of_unknown { turned(missing) } else { missing };
        Ok(Folded { test: Test::Set(Some(members)), missing, is_turned: of_unknown })
    }
}

fn too_many() -> Error {
    unsupported(format_args!("the trees ask for more categories than can be listed"))
}

fn side(is_right: bool) -> MissingSide {
    if is_right { MissingSide::Right } else { MissingSide::Left }
}

fn turned(side: MissingSide) -> MissingSide {
    match side {
        MissingSide::Left => MissingSide::Right,
        MissingSide::Right => MissingSide::Left,
    }
}

/// What a split asks of a column that the trees see.
struct Question<'q> {
    seen: &'q Seen,
    test: &'q SourceTest,
    missing: MissingSide,
}

impl Question<'_> {
    /// Whether this number of the column goes right.
    fn goes_right(&self, value: f64) -> bool {
        if self.seen.is_missing(value) {
            return self.missing == MissingSide::Right;
        }
        self.is_right(value)
    }

    /// The same of a number that is not missing.
    fn is_right(&self, value: f64) -> bool {
        let value = self.seen.rounded(value);
        match self.test {
            SourceTest::Below(threshold) => value >= *threshold,
            SourceTest::InSet(set) => {
                let category = value.trunc();
                (0.0..f64::from(crate::forest::MAX_CATEGORY)).contains(&value)
                    && set.binary_search(&(category as u32)).is_ok()
            }
        }
    }

    /// The least raw number that goes right: below it all go left.
    fn cut(&self) -> f64 {
        if self.seen.column.of(0.0).is_nan() {
            // Whatever comes is missing in the end.
            return if self.missing == MissingSide::Right { f64::NEG_INFINITY } else { f64::INFINITY };
        }
        let least = least(|raw| self.is_right(self.seen.column.of(raw)));
        least.unwrap_or(f64::INFINITY)
    }

    /// That no raw number becomes one that is missing to the trees, and should so go another way.
    fn check_missing(&self, threshold: f64) -> Result<()> {
        // These are missing in rows already.
        if self.seen.column.steps.is_empty() {
            return Ok(());
        }
        for &code in &self.seen.missing {
            if (self.seen.rounded(code) >= threshold) == (self.missing == MissingSide::Right) {
                continue;
            }
            let code = self.seen.rounded(code);
            let becomes = |raw: f64| self.seen.rounded(self.seen.column.of(raw));
            if least(|raw| becomes(raw) >= code).is_some_and(|raw| becomes(raw) == code) {
                return Err(unsupported(format_args!(
                    "{code:?} is missing to the trees, and some of its numbers become that: leave the model's missing= as it is, and set \
                     sparse_threshold=0 in the ColumnTransformer and sparse_output=False in encoders"
                )));
            }
        }
        Ok(())
    }
}

/// The least finite number of which something is true that is true of all greater ones, too; `None` if it is true of none, minus
/// infinity if of all.
fn least(is_true: impl Fn(f64) -> bool) -> Option<f64> {
    // The order of floats is that of whole numbers, once those of the negative ones are turned over.
    let turned = |bits: i64| if bits < 0 { i64::MIN - (bits + 1) } else { bits };
    let float = |key: i64| f64::from_bits(turned(key) as u64);
    let key = |float: f64| turned(float.to_bits() as i64);
    if is_true(f64::MIN) {
        return Some(f64::NEG_INFINITY);
    }
    if !is_true(f64::MAX) {
        return None;
    }
    let (mut without, mut with) = (key(f64::MIN), key(f64::MAX));
    while without + 1 < with {
        let middle = ((i128::from(without) + i128::from(with)) >> 1) as i64;
        if is_true(float(middle)) {
            with = middle;
        } else {
            without = middle;
        }
    }
    Some(float(with))
}

#[cfg(all(test, not(target_arch = "wasm32")))]
mod tests {
    use super::super::columns::{Column, Step};
    use super::*;
    use crate::random::cases;
    use proptest::prelude::*;

    fn steps() -> impl Strategy<Value = Vec<Step>> {
        let number = || prop_oneof![-100.0..100.0_f64, -1e-3..1e-3_f64, -1e9..1e9_f64];
        let scale = || prop_oneof![0.01..100.0_f64, 1e-6..1e-3_f64, 1e3..1e9_f64];
        let step = prop_oneof![
            number().prop_map(Step::Subtract),
            number().prop_map(Step::Add),
            scale().prop_map(Step::Divide),
            scale().prop_map(Step::Multiply),
            number().prop_map(Step::Fill),
            (number(), scale()).prop_map(|(low, width)| Step::Clip(low, low + width)),
        ];
        prop::collection::vec(step, 0..6)
    }

    proptest! {
        #![proptest_config(cases(2048))]

        #[test]
        fn below_the_cut_are_the_raw_numbers_whose_ends_are_below_the_threshold(
            steps in steps(),
            raw in -1e6..1e6_f64,
            off in -2i64..3,
            is_double in any::<bool>(),
            others in prop::collection::vec(any::<u64>().prop_map(f64::from_bits).prop_filter("finite", |raw| raw.is_finite()), 8),
        ) {
            let input = if is_double { Input::Double { zero_is_missing: false } } else { Input::Single };
            let column = Column { steps, ..Column::raw(0) };
            let seen = Seen { column, input, asked: Asked::default(), missing: Vec::new(), may_be_missing: true };
            // A threshold that some number comes to, or one beside it.
            let end = seen.rounded(seen.column.of(raw));
            let threshold = if is_double {
                f64::from_bits((end.to_bits() as i64).wrapping_add(off) as u64)
            } else {
                f64::from(f32::from_bits(((end as f32).to_bits() as i32).wrapping_add(off as i32) as u32))
            };
            prop_assume!(!threshold.is_nan());
            let test = SourceTest::Below(threshold);
            let question = Question { seen: &seen, test: &test, missing: MissingSide::Left };
            let cut = question.cut();
            for value in [raw, raw.next_up(), raw.next_down(), cut, cut.next_down(), cut.next_up(), 0.0, -0.0].into_iter().chain(others) {
                if value.is_finite() {
                    let end = seen.column.of(value);
                    prop_assert_eq!(value >= cut, question.is_right(end), "{:e} of {:e}", value, cut);
                }
            }
        }
    }

    #[test]
    fn numbers_that_become_missing_to_the_trees_are_refused_where_they_go_another_way() {
        let seen = |steps: Vec<Step>| Seen {
            column: Column { steps, ..Column::raw(0) },
            input: Input::Single,
            asked: Asked::default(),
            missing: vec![0.0],
            may_be_missing: true,
        };
        let check = |seen: &Seen, threshold: f64, missing| {
            let test = SourceTest::Below(threshold);
            Question { seen, test: &test, missing }.check_missing(threshold).is_ok()
        };
        let scaled = seen(vec![Step::Subtract(3.0)]);
        assert!(check(&scaled, 0.5, MissingSide::Left) && !check(&scaled, 0.5, MissingSide::Right));
        assert!(check(&scaled, -0.5, MissingSide::Right) && !check(&scaled, -0.5, MissingSide::Left));
        // Nothing comes to it.
        let above = seen(vec![Step::Clip(1.0, 2.0)]);
        assert!(check(&above, 0.5, MissingSide::Right));
        // In rows it is missing already.
        assert!(check(&seen(Vec::new()), 0.5, MissingSide::Right));
    }
}
