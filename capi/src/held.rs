//! A model that is asked, with what explains it.

use std::ops::Range;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::{Mutex, OnceLock};
use std::thread;

use self_cell::self_cell;
use serde_json::{Value as Json, json};
use wardian::case::Opened;
use wardian::explain::Explainer;
use wardian::import::{self, FileKind};
use wardian::{Code, Model, Numbers, Precision, Schema, Value};

use crate::fault::Fault;
use crate::table::{GATHERED, Out, Table};

/// The fewest rows that are asked for together, where there are so many: as many as are evaluated together.
const LEAST: usize = 1024;
/// How many parts rows are cut into for each thread, at least.
const PARTS: usize = 16;

type Explaining<'a> = OnceLock<wardian::Result<Explainer<'a>>>;

self_cell!(
    struct Kept {
        owner: Opened,
        // It is made when it is asked for, so it is no covariant one.
        #[not_covariant]
        dependent: Explaining,
    }
);

/// A model in memory. It does not change: any number of threads may ask it at once.
pub struct Held {
    kept: Kept,
    format: &'static str,
}

impl std::fmt::Debug for Held {
    fn fmt(&self, out: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        out.debug_struct("Held").field("format", &self.format).field("features", &self.width()).finish_non_exhaustive()
    }
}

/// What is asked of rows.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum What {
    /// What the trainer's `predict` gives: [`Model::predict_many`].
    Predictions,
    /// The sums of the trees: [`Model::margins_many`].
    Margins,
    /// For each row and output what each feature adds to the margin, and behind them the base: [`Explainer::explain_many`]. Always 64
    /// bits.
    Contributions,
}

impl Held {
    /// The model in a file of any kind that [`import::read`] reads; `name` is said of it where something is wrong. A schema describes its
    /// inputs in the place of what the file says.
    ///
    /// # Errors
    /// As [`import::read`] and [`Model::with_schema`].
    pub fn open(name: &str, bytes: &[u8], options: &import::Options, schema: Option<Schema>) -> Result<Self, Fault> {
        let mut opened = Opened::read(name, bytes, options)?;
        if let Some(schema) = schema {
            opened = opened.with_schema(schema).map_err(|error| Fault::from(error).of("schema"))?;
        }
        Ok(Self { kept: Kept::new(opened, |_| OnceLock::new()), format: FileKind::of(bytes)?.name() })
    }

    /// The model.
    pub fn model(&self) -> &Model {
        self.opened().model()
    }

    pub(crate) fn opened(&self) -> &Opened {
        self.kept.borrow_owner()
    }

    /// How many values a row has.
    pub fn width(&self) -> usize {
        self.model().schema().features().len()
    }

    /// How many numbers a row's answer has.
    pub fn answer_width(&self, what: What) -> usize {
        let outputs = self.model().forest().output_count();
        match what {
            What::Predictions => self.model().prediction_count(),
            What::Margins => outputs,
            What::Contributions => outputs * (self.width() + 1),
        }
    }

    /// The type of an answer's numbers.
    pub fn precision(&self, what: What) -> Precision {
        match what {
            What::Contributions => Precision::Double,
            _ => self.model().forest().precision(),
        }
    }

    /// Whether an answer's numbers are 64-bit floats.
    pub fn is_double(&self, what: What) -> bool {
        self.precision(what) == Precision::Double
    }

    /// The model as a `.wardian` file.
    pub fn bytes(&self) -> Vec<u8> {
        wardian::format::write(self.model())
    }

    /// What is to be known of the model, as an object of JSON; the names of its members are those of [`Model`], [`wardian::Schema`] and
    /// [`import::Origin`].
    pub fn description(&self) -> Json {
        let (opened, model) = (self.opened(), self.model());
        let (schema, forest, origin) = (model.schema(), model.forest(), opened.origin());
        let features = schema.features().iter().map(|feature| {
            json!({
                "name": feature.name, "label": feature.label, "unit": feature.unit, "range": feature.range,
                "missingCodes": feature.missing_codes, "mayBeMissing": feature.may_be_missing, "categories": feature.categories,
                "takesUnseen": feature.takes_unseen,
            })
        });
        json!({
            "format": self.format,
            "trainer": origin.trainer, "trainerVersion": origin.version, "objective": origin.objective,
            "name": schema.name(), "title": schema.title(), "outcome": schema.outcome(),
            "kind": opened.kind().as_str(),
            "features": features.collect::<Vec<_>>(),
            "namesAreInvented": schema.has_invented_names(),
            "classes": schema.classes(), "classesAreTexts": schema.classes_are_texts(),
            "link": forest.link_name(),
            "outputs": forest.output_count(), "predictions": model.prediction_count(),
            "answerBits": if forest.precision() == Precision::Double { 64 } else { 32 },
            "valueBits": if forest.dialect().wide().is_empty() { 32 } else { 64 },
            "trees": forest.trees().len(), "splits": forest.split_count(), "depth": forest.depth(),
            "hasCovers": model.covers().is_some(),
            "notes": opened.notes(),
        })
    }

    /// Answers rows, on so many threads at most: on fewer where there is not enough to do for them. The bits do not depend on it, nor on how
    /// the rows are laid out. Beside the answers memory is that of some thousand rows a thread.
    ///
    /// # Errors
    /// As [`Model::predict_many`] and [`Model::explainer`], of several faulty rows about the first. `out` holds no answers then.
    ///
    /// # Panics
    /// If `out` is not of [`Held::precision`], or not as long as rows times [`Held::answer_width`].
    pub fn answer<T: Value>(
        &self,
        what: What,
        table: Table<'_, T>,
        base_margins: Option<&[f32]>,
        threads: usize,
        out: Out<'_>,
    ) -> Result<(), Fault> {
        if let Table::Rows(values) = table
            && !values.len().is_multiple_of(self.width())
        {
            // Says what is wrong with them.
            self.model().predict_many(values)?;
        }
        if what == What::Contributions {
            self.explaining(|_| ())?;
        }
        match out {
            Out::Single(out) => self.parts(what, table, base_margins, threads, out, |numbers, out: &mut [f32]| {
                out.copy_from_slice(numbers.as_single().expect("32-bit answers into 32-bit ones"));
            }),
            Out::Double(out) => {
                self.parts(what, table, base_margins, threads, out, |numbers, out: &mut [f64]| match numbers {
                    Numbers::Double(numbers) => out.copy_from_slice(&numbers),
                    Numbers::Single(_) => panic!("64-bit answers into 64-bit ones"),
                })
            }
        }
    }

    fn parts<T: Value, N: Send>(
        &self,
        what: What,
        table: Table<'_, T>,
        base_margins: Option<&[f32]>,
        threads: usize,
        out: &mut [N],
        put: impl Fn(Numbers, &mut [N]) + Sync,
    ) -> Result<(), Fault> {
        let (rows, width) = (table.row_count(self.width()), self.answer_width(what));
        assert_eq!(out.len(), rows * width, "as much room as answers");
        if let Some(base_margins) = base_margins {
            // Says what is wrong with their number, or with the model that takes none.
            self.model().margins_many_from::<T>(&[], &[])?;
            let due = rows * self.model().forest().output_count();
            if base_margins.len() != due {
                let message = format!("{} base margins for {rows} rows; {due} are due", base_margins.len());
                return Err(Fault::new(Code::WrongFieldCount, message));
            }
        }
        let part = |part: Range<usize>, memory: &mut Vec<T>, out: &mut [N]| -> Result<(), Fault> {
            let outputs = self.model().forest().output_count();
            let base = base_margins.map(|base| &base[part.start * outputs..part.end * outputs]);
            if let Table::Columns(columns) = table
                && what != What::Contributions
                && let Some(answers) = self.model().of_columns(columns, part.clone(), base, what == What::Predictions)
            {
                put(answers, out);
                return Ok(());
            }
            let values = table.rows(part.clone(), self.width(), memory);
            let answers = self
                .answered(what, values, base)
                .map_err(|error| self.model().first_fault(values, part.start + 1).unwrap_or(error))?;
            put(answers, out);
            Ok(())
        };
        let threads = threads.clamp(1, rows.div_ceil(LEAST).max(1));
        // So many parts a thread that none waits long for the last.
        let most = rows.div_ceil(threads * PARTS).next_multiple_of(LEAST).min(GATHERED);
        let most = if threads == 1 { GATHERED } else { most };
        let range = |index: usize| index * most..rows.min((index + 1) * most);
        if threads == 1 {
            let mut memory = Vec::new();
            let mut parts = out.chunks_mut(most * width).enumerate();
            return parts.try_for_each(|(index, out)| part(range(index), &mut memory, out));
        }
        // Whoever has time takes the next part. Threads live as long as the call: a process that was forked has none of its parent's.
        let next = AtomicUsize::new(0);
        let places: Vec<_> = out.chunks_mut(most * width).map(|out| Mutex::new(Some(out))).collect();
        let mut faults: Vec<(usize, Fault)> = Vec::new();
        thread::scope(|scope| {
            let work = || {
                let mut memory = Vec::new();
                loop {
                    let index = next.fetch_add(1, Ordering::Relaxed);
                    let out = places.get(index)?.lock().ok()?.take()?;
                    if let Err(error) = part(range(index), &mut memory, out) {
                        return Some((index, error));
                    }
                }
            };
            let others: Vec<_> = (1..threads).map(|_| scope.spawn(work)).collect();
            faults.extend(work());
            // A thread that panicked is a bug, which is passed on.
            faults.extend(
                others
                    .into_iter()
                    .filter_map(|other| other.join().unwrap_or_else(|panic| std::panic::resume_unwind(panic))),
            );
        });
        match faults.into_iter().min_by_key(|(index, _)| *index) {
            Some((_, error)) => Err(error),
            None => Ok(()),
        }
    }

    fn answered<T: Value>(&self, what: What, values: &[T], base: Option<&[f32]>) -> wardian::Result<Numbers> {
        let model = self.model();
        match (what, base) {
            (What::Predictions, None) => model.predict_many(values),
            (What::Predictions, Some(base)) => model.predict_many_from(values, base),
            (What::Margins, None) => model.margins_many(values),
            (What::Margins, Some(base)) => model.margins_many_from(values, base),
            (What::Contributions, None) => {
                self.explaining(|explainer| explainer.explain_many(values))?.map(Numbers::Double)
            }
            (What::Contributions, Some(base)) => {
                self.explaining(|explainer| explainer.explain_many_from(values, base))?.map(Numbers::Double)
            }
        }
    }

    /// What `action` makes of what explains the model, which is made once.
    fn explaining<R>(&self, action: impl FnOnce(&Explainer<'_>) -> R) -> wardian::Result<R> {
        self.kept.with_dependent(|opened, kept| match kept.get_or_init(|| opened.model().explainer()) {
            Ok(explainer) => Ok(action(explainer)),
            Err(error) => Err(error.clone()),
        })
    }
}
