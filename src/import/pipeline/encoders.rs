//! Steps on categories: `OneHotEncoder` and `OrdinalEncoder`.

use std::cell::Cell;
use std::rc::Rc;

use super::columns::{Categories, Category, Column, NOWHERE, Source, Step, Table};
use super::estimator::{Estimator, is_nan};
use crate::error::{Error, Result, invalid, quoted, unsupported};
use crate::import::pickle::{Array, Id, Value, Values};

/// How many more categories may be listed: a file could name the same list again and again.
pub(super) type Left<'l> = &'l Cell<usize>;

/// `OneHotEncoder`: a column for each category, or for each group of them.
pub(super) fn one_hot(estimator: &Estimator, table: Table, left: Left) -> Result<Table> {
    const UNKNOWN: &str = "handle_unknown";
    refuse_sparse(&table)?;
    let is_single = is_single(estimator)?;
    let unknown = estimator.text(UNKNOWN)?;
    let joins_infrequent = match unknown {
        "error" | "ignore" => false,
        "infrequent_if_exist" => true,
        _ => return Err(unsupported(format_args!("{UNKNOWN} is {}, which is not read", quoted(unknown)))),
    };
    let count = table.columns.len();
    let lists = category_lists(estimator, count)?;
    let groups = Groups::of(estimator, count)?;
    let dropped = dropped(estimator, count)?;
    let mut columns = Vec::new();
    for (index, (column, &list)) in table.columns.into_iter().zip(lists).enumerate() {
        let place = |error: Error| error.at(format_args!("column {index}"));
        let categories = categories(estimator, list, left).map_err(place)?;
        let group = groups.of_column(index, categories.len()).map_err(place)?;
        let width = group.iter().map(|&group| group as usize + 1).max().unwrap_or(0);
        let dropped = dropped[index].map(|dropped| dropped as u32);
        if dropped.is_some_and(|dropped| dropped as usize >= width) {
            return Err(place(invalid(format_args!("it drops a category that it has not"))));
        }
        let code = |group: u32| match dropped {
            Some(dropped) if group == dropped => NOWHERE,
            Some(dropped) if group > dropped => f64::from(group - 1),
            _ => f64::from(group),
        };
        let codes: Vec<f64> = group.iter().map(|&group| code(group)).collect();
        let infrequent = groups.infrequent[index].filter(|_| joins_infrequent);
        let of_unknown = match infrequent {
            None => NOWHERE,
            Some(first) => *codes
                .get(first)
                .ok_or_else(|| place(invalid(format_args!("its infrequent category does not exist"))))?,
        };
        let encoded = encoded(&column, categories, codes, of_unknown, unknown != "error").map_err(place)?;
        let column = Column { filled: None, steps: Vec::new(), is_single, ..column };
        let shown = width - usize::from(dropped.is_some());
        super::check_columns(columns.len() + shown)?;
        let of_category = |code| Column { source: Source::Is(Rc::clone(&encoded), code), ..column.clone() };
        columns.extend((0..shown as u32).map(of_category));
    }
    Ok(Table { columns, is_sparse: is_sparse(estimator)? })
}

/// `OrdinalEncoder`: the place of the category among all.
pub(super) fn ordinal(estimator: &Estimator, table: Table, left: Left) -> Result<Table> {
    const UNKNOWN: &str = "handle_unknown";
    refuse_sparse(&table)?;
    let is_single = is_single(estimator)?;
    let unknown = match estimator.text(UNKNOWN)? {
        "error" => None,
        "use_encoded_value" => Some(number(estimator, "unknown_value")?),
        other => return Err(unsupported(format_args!("{UNKNOWN} is {}, which is not read", quoted(other)))),
    };
    let count = table.columns.len();
    let lists = category_lists(estimator, count)?;
    let groups = Groups::of(estimator, count)?;
    let mut columns = Vec::with_capacity(count);
    for (index, (column, &list)) in table.columns.into_iter().zip(lists).enumerate() {
        let place = |error: Error| error.at(format_args!("column {index}"));
        let categories = categories(estimator, list, left).map_err(place)?;
        // Of nan alone; None has its place like any other.
        let missing = nan_among(estimator.values, list)?;
        // Groups are of the others, and nan comes after these.
        let grouped = match missing {
            Some(missing) if !groups.groups[index].is_empty() && missing + 1 == categories.len() => missing,
            _ => categories.len(),
        };
        let mut codes: Vec<f64> = groups.of_column(index, grouped).map_err(place)?.into_iter().map(f64::from).collect();
        codes.resize(categories.len(), f64::NAN);
        if let Some(missing) = missing {
            codes[missing] = match estimator.attribute("encoded_missing_value")? {
                Some(_) => number(estimator, "encoded_missing_value")?,
                None => f64::NAN,
            };
        }
        // What is refused may go where what is missing goes.
        let of_unknown = unknown.unwrap_or(f64::NAN);
        let encoded = encoded(&column, categories, codes, of_unknown, unknown.is_some()).map_err(place)?;
        columns.push(Column { source: Source::Code(encoded), filled: None, steps: Vec::new(), is_single, ..column });
    }
    Ok(Table { columns, is_sparse: false })
}

fn number(estimator: &Estimator, name: &str) -> Result<f64> {
    let id = estimator.required(name)?;
    let number = estimator.values.number(id).filter(|number| !number.is_infinite());
    number.ok_or_else(|| estimator.unexpected(name, id))
}

/// Categories of a column, given what becomes of what is missing in it before they are looked for.
fn encoded(
    column: &Column,
    categories: Vec<Category>,
    codes: Vec<f64>,
    unknown: f64,
    takes_unknown: bool,
) -> Result<Rc<Categories>> {
    let is_filled = column.steps.iter().all(|step| matches!(step, Step::Fill(_)));
    if !matches!(column.source, Source::Value) || !is_filled {
        return Err(unsupported(format_args!(
            "categories of what another step has computed are not supported: only raw columns and filled ones are encoded"
        )));
    }
    let first = |wanted: &dyn Fn(&Category) -> bool| categories.iter().position(wanted);
    let missing = categories.iter().filter(|category| **category == Category::Missing).count();
    if missing > 1 || (missing == 1 && column.filled.is_some()) {
        return Err(unsupported(format_args!(
            "None and nan are categories of their own, or one is left where the other was filled: make both the same before the \
             pipeline"
        )));
    }
    let filled = column.of(f64::NAN);
    let known = match &column.filled {
        Some(text) => first(&|category| matches!(category, Category::Text(other) if **other == **text)),
        None if filled.is_nan() => first(&|category| *category == Category::Missing),
        None => first(&|category| matches!(category, Category::Number(number) if *number == filled)),
    };
    Ok(Rc::new(Categories {
        missing: known.map_or(unknown, |known| codes[known]),
        takes_missing: known.is_some() || takes_unknown,
        refuses_unknown: !takes_unknown,
        categories,
        codes,
        unknown,
    }))
}

/// The list of each column's categories.
fn category_lists<'p>(estimator: &Estimator<'p, '_>, count: usize) -> Result<&'p [Id]> {
    const NAME: &str = "categories_";
    let lists = estimator.sequence(NAME)?;
    if lists.len() != count {
        return Err(invalid(format_args!("{NAME} is of {} columns, and {count} come to it", lists.len())));
    }
    Ok(lists)
}

/// The categories of a column.
fn categories(estimator: &Estimator, list: Id, left: Left) -> Result<Vec<Category>> {
    let values = estimator.values;
    let array = Array::of(values, list)?;
    let array = array.ok_or_else(|| invalid(format_args!("its categories are {}", values.described(list))))?;
    match left.get().checked_sub(array.len()) {
        Some(rest) => left.set(rest),
        None => return Err(unsupported(format_args!("the pipeline lists more categories than are supported"))),
    }
    let of_number = |number: f64| if number.is_nan() { Category::Missing } else { Category::Number(number) };
    let categories: Option<Vec<Category>> = if let Some(objects) = array.objects() {
        objects.into_iter().map(|id| category(values, id)).collect()
    } else if let Some(numbers) = array.numbers().filter(|_| !array.is_boolean()) {
        Some(numbers.into_iter().map(of_number).collect())
    } else {
        array.names(values).map(|names| names.into_iter().map(Category::Text).collect())
    };
    let categories =
        categories.ok_or_else(|| unsupported(format_args!("its categories are neither texts nor numbers")))?;
    let is_text = |category: &Category| matches!(category, Category::Text(_));
    let is_number = |category: &Category| matches!(category, Category::Number(_));
    if categories.iter().any(is_text) && categories.iter().any(is_number) {
        return Err(unsupported(format_args!("some of its categories are texts, and some are numbers")));
    }
    match categories.len() {
        0 => Err(invalid(format_args!("it has no categories"))),
        _ => Ok(categories),
    }
}

fn category(values: &Values, id: Id) -> Option<Category> {
    Some(match values.get(id) {
        Value::None => Category::Missing,
        Value::Text(text) => Category::Text(text.clone().into_owned()),
        _ => match (values.boolean(id), values.number(id)) {
            // As Python prints it.
            (Some(value), _) => Category::Text(String::from(if value { "True" } else { "False" })),
            (None, Some(number)) if number.is_nan() => Category::Missing,
            (None, Some(number)) if number.is_finite() => Category::Number(number),
            _ => return None,
        },
    })
}

/// The place of `nan` among a column's categories, but not that of `None`.
fn nan_among(values: &Values, list: Id) -> Result<Option<usize>> {
    let Some(array) = Array::of(values, list)? else { return Ok(None) };
    Ok(match array.objects() {
        Some(objects) => objects.iter().position(|&id| is_nan(values, id)),
        None => array.numbers().and_then(|numbers| numbers.iter().position(|number| number.is_nan())),
    })
}

/// How categories are grouped: those that are seldom are one.
struct Groups {
    /// Of each column the group of each category; empty where there are no groups.
    groups: Vec<Vec<u32>>,
    /// Of each column one of the categories that are seldom.
    infrequent: Vec<Option<usize>>,
}

impl Groups {
    fn of(estimator: &Estimator, count: usize) -> Result<Self> {
        const GROUPS: &str = "_default_to_infrequent_mappings";
        const INFREQUENT: &str = "_infrequent_indices";
        // Before 1.1, and of ordinal encoders before 1.3, there are none.
        if !estimator.flag("_infrequent_enabled")? {
            return Ok(Self { groups: vec![Vec::new(); count], infrequent: vec![None; count] });
        }
        let values = estimator.values;
        let integers = |name: &str| -> Result<Vec<Vec<usize>>> {
            let lists = estimator.sequence(name)?;
            if lists.len() != count {
                return Err(invalid(format_args!("{name} is of {} columns, and {count} come to it", lists.len())));
            }
            let fault = || invalid(format_args!("{name} has what is no list of counts"));
            let mut all = Vec::with_capacity(count);
            for &list in lists {
                if values.is_none(list) {
                    all.push(Vec::new());
                    continue;
                }
                let list = Array::of(values, list)?.and_then(|list| list.integers()).ok_or_else(fault)?;
                let list: Option<Vec<usize>> = list.into_iter().map(|item| usize::try_from(item).ok()).collect();
                all.push(list.ok_or_else(fault)?);
            }
            Ok(all)
        };
        let infrequent = integers(INFREQUENT)?.into_iter().map(|list| list.first().copied()).collect();
        let groups = integers(GROUPS)?;
        let groups = groups.into_iter().map(|list| list.into_iter().map(|group| group as u32).collect()).collect();
        Ok(Self { groups, infrequent })
    }

    /// The group of each category of a column, which has so many.
    fn of_column(&self, column: usize, count: usize) -> Result<Vec<u32>> {
        let groups = &self.groups[column];
        if groups.is_empty() {
            return Ok((0..count as u32).collect());
        }
        if groups.len() != count || groups.iter().any(|&group| group as usize >= count) {
            return Err(invalid(format_args!("the groups of its categories are not theirs")));
        }
        Ok(groups.clone())
    }
}

/// The group that has no column, of each column.
fn dropped(estimator: &Estimator, count: usize) -> Result<Vec<Option<usize>>> {
    let name = match estimator.values.attribute(estimator.id, "_drop_idx_after_grouping")? {
        Some(_) => "_drop_idx_after_grouping",
        None => "drop_idx_",
    };
    let Some(id) = estimator.attribute(name)? else { return Ok(vec![None; count]) };
    let values = estimator.values;
    let array = Array::of(values, id)?.ok_or_else(|| estimator.unexpected(name, id))?;
    let place = |place: i64| usize::try_from(place).ok();
    let dropped: Option<Vec<Option<usize>>> = match array.objects() {
        Some(objects) => objects
            .into_iter()
            .map(|id| if values.is_none(id) { Some(None) } else { values.integer(id).and_then(place).map(Some) })
            .collect(),
        None => array.integers().and_then(|all| all.into_iter().map(|dropped| place(dropped).map(Some)).collect()),
    };
    let dropped = dropped.filter(|dropped| dropped.len() == count);
    dropped.ok_or_else(|| invalid(format_args!("{name} is not one category of each of {count} columns")))
}

/// Whether the columns are written as a sparse matrix; the setting had another name before 1.2.
fn is_sparse(estimator: &Estimator) -> Result<bool> {
    let old = estimator.attribute("sparse")?.and_then(|sparse| estimator.values.boolean(sparse));
    match old {
        Some(sparse) => Ok(sparse),
        None => estimator.flag("sparse_output"),
    }
}

/// Whether numbers are written as 32-bit floats; in any type that is read they are what they are.
fn is_single(estimator: &Estimator) -> Result<bool> {
    let Some(id) = estimator.attribute("dtype")? else { return Ok(false) };
    match estimator.values.global(id).as_deref() {
        Some("numpy.float32") => Ok(true),
        Some("numpy.float64" | "numpy.int64" | "numpy.int32") => Ok(false),
        _ => Err(unsupported(format_args!(
            "dtype is {}; numpy's float64, float32, int64 and int32 are read",
            estimator.values.described(id)
        ))),
    }
}

fn refuse_sparse(table: &Table) -> Result<()> {
    match table.is_sparse {
        false => Ok(()),
        true => Err(unsupported(format_args!("an encoder after a sparse matrix is not supported"))),
    }
}
