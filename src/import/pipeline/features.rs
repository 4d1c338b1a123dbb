//! The raw columns as the model's features: what each is asked as, by whatever comes of it.

use std::collections::HashMap;
use std::rc::Rc;

use super::columns::{Categories, Category, Column};
use crate::error::{Result, quoted, unsupported};
use crate::forest::MAX_CATEGORY;
use crate::narrowing::Input;

/// What the trees ask of one column that they see.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub(super) struct Asked {
    pub(super) thresholds: bool,
    pub(super) sets: bool,
}

impl Asked {
    fn is_anything(self) -> bool {
        self.thresholds || self.sets
    }
}

/// A column as the trees see it.
pub(super) struct Seen {
    pub(super) column: Column,
    pub(super) input: Input,
    pub(super) asked: Asked,
    /// The numbers that are missing to the trees, beside NaN.
    pub(super) missing: Vec<f64>,
    /// Whether the estimator answers rows in which it is missing.
    pub(super) may_be_missing: bool,
}

impl Seen {
    /// Whether the number is missing to the trees.
    pub(super) fn is_missing(&self, value: f64) -> bool {
        let is_zero = matches!(self.input, Input::Double { zero_is_missing: true })
            && value.abs() <= crate::narrowing::NEARLY_ZERO;
        value.is_nan() || is_zero || self.missing.iter().any(|&code| self.rounded(code) == self.rounded(value))
    }

    /// The number in the type in which the trees compare it; what is beyond it is as far as it goes.
    pub(super) fn rounded(&self, value: f64) -> f64 {
        match self.input {
            Input::Double { .. } => value.clamp(f64::MIN, f64::MAX),
            Input::Single | Input::Exact => f64::from((value as f32).clamp(f32::MIN, f32::MAX)),
            Input::Whole => value.trunc(),
        }
    }

    /// The raw numbers that are missing to the trees.
    fn missing_codes(&self) -> Vec<f64> {
        let mut codes: Vec<f64> = self.column.missing_code.into_iter().collect();
        if self.column.steps.is_empty() && self.column.categories().is_none() {
            codes.extend(&self.missing);
        }
        codes.sort_by(f64::total_cmp);
        codes.dedup();
        codes
    }

    /// Whether the trees see the raw number itself, also where it is missing.
    fn is_bare(&self) -> bool {
        self.column.is_raw() && self.column.steps.is_empty()
    }
}

/// What a raw column is.
#[derive(Debug)]
pub(super) enum Kind {
    /// Nothing asks for it.
    Unused,
    /// A number; whether the trees' own thresholds stay as they are.
    Number { stays: bool, input: Input },
    /// A number that is a category to the trees themselves.
    Code(Input),
    /// A category.
    Category(Named),
}

/// The categories of a raw column.
#[derive(Debug)]
pub(super) struct Named {
    /// The code of each in rows.
    pub(super) codes: Vec<u32>,
    /// Their names; none where they are whole numbers, whose codes they are themselves.
    pub(super) names: Vec<String>,
    /// What each encoder makes of them.
    encoded: Vec<Encoded>,
}

/// What one encoder makes of a raw column's categories.
#[derive(Debug)]
pub(super) struct Encoded {
    of: *const Categories,
    /// The encoder's code of each raw category.
    pub(super) codes: Vec<f64>,
    /// The raw codes of the categories that have each of the encoder's codes.
    pub(super) having: HashMap<u64, Vec<u32>>,
}

impl Named {
    /// What this encoder makes of them.
    pub(super) fn encoded(&self, categories: &Rc<Categories>) -> Option<&Encoded> {
        self.encoded.iter().find(|encoded| std::ptr::eq(encoded.of, Rc::as_ptr(categories)))
    }
}

/// A raw column as a feature.
pub(super) struct Feature {
    pub(super) kind: Kind,
    pub(super) missing_codes: Vec<f64>,
    pub(super) may_be_missing: bool,
    /// Whether any column comes of it.
    pub(super) is_used: bool,
    pub(super) refuses_unknown: bool,
}

/// Each raw column as a feature.
///
/// # Errors
/// `unsupported_model` for one that is used in ways that exclude each other, by its name.
pub(super) fn features(seen: &[Seen], names: &[String]) -> Result<Vec<Feature>> {
    let mut own: Vec<Vec<&Seen>> = vec![Vec::new(); names.len()];
    for seen in seen {
        own[seen.column.feature].push(seen);
    }
    own.iter()
        .zip(names)
        .map(|(own, name)| feature(own).map_err(|error| error.at(format_args!("the column {}", quoted(name)))))
        .collect()
}

fn feature(own: &[&Seen]) -> Result<Feature> {
    let asked: Vec<&Seen> = own.iter().copied().filter(|seen| seen.asked.is_anything()).collect();
    let kind = match kind(&asked)? {
        // Its categories are worth knowing all the same.
        Kind::Unused if own.iter().any(|seen| seen.column.categories().is_some()) => Kind::Category(named(own)?),
        kind => kind,
    };
    let codes: Vec<Vec<f64>> = asked.iter().map(|seen| seen.missing_codes()).collect();
    if let Some(pair) = codes.windows(2).find(|pair| pair[0] != pair[1]) {
        return Err(unsupported(format_args!(
            "the numbers {:?} are missing in some steps, and {:?} in others: put NaN in their place before the pipeline",
            pair[0], pair[1]
        )));
    }
    if matches!(kind, Kind::Category(_)) && codes.first().is_some_and(|codes| !codes.is_empty()) {
        return Err(unsupported(format_args!(
            "a number that stands for what is missing (missing_values) is not supported in a column of categories: put nan in its \
             place before the pipeline"
        )));
    }
    let takes_missing = |seen: &&Seen| match seen.column.categories() {
        Some(categories) if !categories.takes_missing => false,
        _ => !seen.is_missing(seen.column.of_missing()) || seen.may_be_missing,
    };
    Ok(Feature {
        kind,
        missing_codes: codes.into_iter().next().unwrap_or_default(),
        may_be_missing: asked.iter().all(takes_missing),
        is_used: !own.is_empty(),
        refuses_unknown: own.iter().any(|seen| seen.column.categories().is_some_and(|own| own.refuses_unknown)),
    })
}

fn kind(asked: &[&Seen]) -> Result<Kind> {
    let has = |wanted: &dyn Fn(&Seen) -> bool| asked.iter().any(|seen| wanted(seen));
    let encoded = has(&|seen| seen.column.categories().is_some());
    let numbers = has(&|seen| seen.column.categories().is_none() && seen.asked.thresholds);
    let codes = has(&|seen| seen.column.categories().is_none() && seen.asked.sets);
    if usize::from(encoded) + usize::from(numbers) + usize::from(codes) > 1 {
        return Err(unsupported(format_args!(
            "it is a category in some steps, and a number in others, which is not supported: give the pipeline two columns of it"
        )));
    }
    if encoded {
        return named(asked).map(Kind::Category);
    }
    if codes {
        return match asked.iter().find(|seen| !seen.column.is_raw()) {
            Some(_) => {
                Err(unsupported(format_args!("it is scaled, and then a category to the trees, which is not supported")))
            }
            None => Ok(Kind::Code(asked[0].input)),
        };
    }
    if !numbers {
        return Ok(Kind::Unused);
    }
    if has(&|seen| seen.column.filled.is_some()) {
        return Err(unsupported(format_args!("its texts are not encoded, and the trees take them for numbers")));
    }
    let zero_is_missing = has(&|seen| matches!(seen.input, Input::Double { zero_is_missing: true }));
    if zero_is_missing && has(&|seen| !seen.is_bare() || seen.input != asked[0].input) {
        return Err(unsupported(format_args!(
            "zero is missing to the trees after another step (zero_as_missing), which is not supported"
        )));
    }
    if zero_is_missing
        || has(&|seen| seen.input == Input::Single)
            && !has(&|seen| !seen.column.is_raw() || seen.input != Input::Single)
    {
        return Ok(Kind::Number { stays: true, input: asked[0].input });
    }
    Ok(Kind::Number { stays: false, input: Input::Double { zero_is_missing: false } })
}

/// All categories that the encoders of one raw column know.
fn named(own: &[&Seen]) -> Result<Named> {
    let mut encoders: Vec<&Rc<Categories>> = Vec::new();
    for categories in own.iter().filter_map(|seen| seen.column.categories()) {
        // Columns of one encoder come together.
        if !encoders.last().is_some_and(|last| Rc::ptr_eq(last, categories)) {
            encoders.push(categories);
        }
    }
    let mut all: Vec<&Category> = Vec::new();
    let mut places: HashMap<Key, usize> = HashMap::new();
    for category in encoders.iter().flat_map(|encoder| &encoder.categories) {
        let Some(key) = Key::of(category) else { continue };
        places.entry(key).or_insert_with(|| {
            all.push(category);
            all.len() - 1
        });
    }
    let numbers: Vec<f64> = all
        .iter()
        .filter_map(|category| match category {
            Category::Number(number) => Some(*number),
            _ => None,
        })
        .collect();
    if !numbers.is_empty() && numbers.len() < all.len() {
        return Err(unsupported(format_args!("some of its categories are texts, and some are numbers")));
    }
    let is_code = |&number: &f64| number.fract() == 0.0 && (0.0..f64::from(MAX_CATEGORY)).contains(&number);
    let are_codes = !numbers.is_empty() && numbers.iter().all(is_code);
    let codes: Vec<u32> = match are_codes {
        true => numbers.iter().map(|&number| number as u32).collect(),
        false => (0..all.len() as u32).collect(),
    };
    let names = match are_codes {
        true => Vec::new(),
        false => all.iter().map(|category| category.name()).collect(),
    };
    let mut encoded = Vec::with_capacity(encoders.len());
    for encoder in encoders {
        let mut own = vec![encoder.unknown; all.len()];
        for (category, &code) in encoder.categories.iter().zip(&encoder.codes) {
            if let Some(&place) = Key::of(category).and_then(|key| places.get(&key)) {
                own[place] = code;
            }
        }
        let mut having: HashMap<u64, Vec<u32>> = HashMap::new();
        for (&raw, code) in codes.iter().zip(&own) {
            having.entry(code.to_bits()).or_default().push(raw);
        }
        encoded.push(Encoded { of: Rc::as_ptr(encoder), codes: own, having });
    }
    Ok(Named { codes, names, encoded })
}

/// A category as it is looked for.
#[derive(PartialEq, Eq, Hash)]
enum Key<'c> {
    Text(&'c str),
    Number(u64),
}

impl<'c> Key<'c> {
    /// `None` for what is missing.
    fn of(category: &'c Category) -> Option<Self> {
        match category {
            Category::Text(text) => Some(Self::Text(text)),
            // -0.0 is 0.0.
            Category::Number(number) => Some(Self::Number((number + 0.0).to_bits())),
            Category::Missing => None,
        }
    }
}

impl Category {
    fn name(&self) -> String {
        match self {
            Self::Text(text) => text.clone(),
            Self::Number(number) => number.to_string(),
            Self::Missing => String::new(),
        }
    }
}
