"""Whatever rows come in → a matrix or columns that an engine takes.

An engine takes float32 or float64: a matrix that is row after row in memory, or contiguous columns. What is so already is not copied.
"""

from __future__ import annotations

import os
import sys
import warnings
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import replace
from datetime import date, timedelta
from typing import Any, NamedTuple

import numpy as np

from . import _engine
from ._description import Description, Feature, number_of
from ._errors import WardianError

#: A matrix of rows, or a column for each feature: an array, or Nullable.
Rows = Any

#: What is said of dates and durations.
_OF_TIMES = ": give what the model was trained on, days or seconds"


class Nullable(NamedTuple):
    """A column of Arrow's, some of whose values are not there: its memory as it is."""

    values: np.ndarray
    #: A bit for each value, the lowest of a byte first; 0 where none is there.
    bits: np.ndarray
    #: The place of the first value's bit.
    first: int

    def filled(self) -> np.ndarray:
        """A copy with NaN where no value is there."""
        there = np.unpackbits(self.bits, bitorder="little")[self.first : self.first + len(self.values)]
        return np.where(there, self.values, self.values.dtype.type(np.nan))


class Read(NamedTuple):
    """Rows that the engine itself has read out of a file: categories are their places in the model."""

    values: np.ndarray


def rows_of(given: Any, model: Description) -> Rows:
    """The rows in whatever holds some: numpy, pandas, polars, Arrow, a dict, lists.

    Raises:
        WardianError: What cannot be rows of this model, naming the column, the row, and what to do.
    """
    if type(given) is np.ndarray and given.dtype.names is None:
        return _matrix(given, model.of_arrays)
    if type(given) is Read:
        return given.values
    home = type(given).__module__.partition(".")[0]
    if home == "numpy" and isinstance(given, np.ndarray):
        return _other_array(given, model.of_arrays if given.dtype.names is None else model.of_tables)
    model = model.of_tables
    if home == "pandas":
        return _pandas(given, model)
    if home == "polars":
        return _polars(given, model)
    if home == "scipy":
        raise WardianError(
            "a sparse matrix: trainers differ in what its empty places mean. Give X.toarray(), with NaN where a value is missing"
        )
    if hasattr(given, "__arrow_c_stream__") or hasattr(given, "__arrow_c_array__"):
        return _arrow(given, model)
    if isinstance(given, Mapping):
        return _mapping(given, model)
    if isinstance(given, Sequence) and not isinstance(given, (str, bytes)):
        return _sequence(given, model)
    if hasattr(given, "__array__"):
        return _matrix(np.asarray(given), model.of_arrays)
    raise WardianError(f"rows are a numpy array, a data frame of pandas or polars, a table of Arrow, a dict or lists, not {_named(given)}")


def _heed_32_bits(model: Description, kinds: Iterable[np.dtype[Any]]) -> None:
    """Warns of columns that a pipeline of scikit-learn computes in 32 bits, where its steps are folded as they compute in 64."""
    if model.is_pipeline and any(kind == np.float32 for kind in kinds):
        message = (
            "columns are float32: scikit-learn's pipeline computes these in 32 bits, and some of its answers are far from those here, "
            "which are its answers to float64. Train and ask with float64, or compare before you rely on either"
        )
        warn(message)


def warn(message: str) -> None:
    """Warns at the line that asked, however many functions of this package are between."""
    level, frame = 1, sys._getframe(0)
    while frame.f_back is not None and os.path.dirname(frame.f_code.co_filename) == os.path.dirname(__file__):
        level, frame = level + 1, frame.f_back
    warnings.warn(message, stacklevel=level)


def heed_missing(rows: Rows, model: Description) -> None:
    """Warns of the first row that lacks a value of a feature that no row of the training data lacked."""
    for place, feature in enumerate(model.features):
        if feature.may_be_missing:
            continue
        absent = np.isnan(rows[:, place] if isinstance(rows, np.ndarray) else plain_column(rows[place]))
        if absent.any():
            warn(
                f"row {int(np.argmax(absent)) + 1}, {feature.name}: it is missing, and scikit-learn refuses such rows for this estimator; "
                "it takes the side that its tree's code would give it"
            )
            return


def row_count(rows: Rows) -> int:
    """How many rows there are."""
    if isinstance(rows, np.ndarray):
        return len(rows)
    return len(rows[0].values if isinstance(rows[0], Nullable) else rows[0])


def as_matrix(rows: Rows) -> np.ndarray:
    """The rows' values as one matrix of 64-bit floats, a copy."""
    if isinstance(rows, np.ndarray):
        return rows.astype(np.float64)
    return np.column_stack([plain_column(column).astype(np.float64) for column in rows])


def plain_column(column: np.ndarray | Nullable) -> np.ndarray:
    """A column as an array, NaN for what is not there."""
    return column.filled() if isinstance(column, Nullable) else column


def _named(given: Any) -> str:
    kind = type(given)
    return kind.__qualname__ if kind.__module__ == "builtins" else f"{kind.__module__}.{kind.__qualname__}"


# --- numpy


#: What is taken as it is, in this machine's order of bytes. numpy has one object of each, so that looking is quick: one row is answered in
#: microseconds.
_TAKEN = (np.dtype(np.float32), np.dtype(np.float64))


def _matrix(array: np.ndarray, model: Description) -> Rows:
    width = len(model.features)
    if array.ndim != 2:
        hint = "X.reshape(1, -1) is one row" if array.ndim == 1 else "rows are two-dimensional"
        raise WardianError(f"an array of {array.ndim} dimensions; rows have two: {hint}", "wrong_field_count")
    if array.shape[1] != width:
        raise _wrong_count(array.shape[1], model)
    if _is_lightgbms_own(model) and array.dtype.kind in "iu":
        array = array.astype(np.float32)
    kind = array.dtype
    if model.is_pipeline:
        _heed_32_bits(model, (kind,))
    if model.has_called and kind.kind in "fiub":
        columns = [_numbers(array[:, place], feature.name, feature.name) for place, feature in enumerate(model.features)]
        are_truths = kind.kind == "b"
        return _of_one_type(
            [_coded(column, feature, are_truths=are_truths) for column, feature in zip(columns, model.features, strict=True)]
        )
    for place in model.coded if kind.kind in "fiu" else ():
        _coded(array[:, place], model.features[place])
    if kind in _TAKEN:
        flags = array.flags
        if flags.c_contiguous:
            return array
        # Columns that lie one behind another are taken as they are.
        if flags.f_contiguous and len(array):
            return [array[:, place] for place in range(width)]
        return np.ascontiguousarray(array)
    if kind.kind == "O":
        model = _of_cells(model, array.flat)
        return [_objects(array[:, place], feature) for place, feature in enumerate(model.features)]
    return np.ascontiguousarray(_numbers(array, "the array"))


def _is_lightgbms_own(model: Description) -> bool:
    """Whether LightGBM sees rows as they are given: arrays of whole numbers, which have no names, it makes 32-bit floats of."""
    return model.trainer == "LightGBM" and not model.is_pipeline


def _numbers(array: np.ndarray, what: str, field: str | None = None) -> np.ndarray:
    """An array as float32 or float64, whichever holds its numbers; one of float32 or float64 as it is."""
    kind = array.dtype
    if kind.kind == "f":
        if kind.itemsize == 2:
            return array.astype(np.float32)
        return array.astype(kind.newbyteorder("=") if kind.itemsize in (4, 8) else np.float64, copy=False)
    if kind.kind in "iub":
        return array.astype(np.float64)
    said = {
        "U": "text",
        "S": "text",
        "T": "text",
        "M": "dates",
        "m": "durations",
        "c": "complex numbers",
        "V": "records",
    }.get(kind.kind, f"of type {kind}")
    hint = _OF_TIMES if kind.kind in "mM" else ""
    raise WardianError(f"{what} is {said}; numbers are due{hint}", "not_a_number", field)


def _is_missing_code(values: np.ndarray, feature: Feature) -> np.ndarray:
    """Where a number stands for a missing value, in the type of the column."""
    return np.isin(values, np.array(feature.missing_codes, dtype=values.dtype))


def _coded(column: np.ndarray | Nullable, feature: Feature, *, are_truths: bool = False) -> np.ndarray | Nullable:
    """A column of numbers as the trees take it: of a feature whose categories are called by numbers, the codes of those. ``are_truths`` says that
    1 and 0 were True and False."""
    if not feature.is_called:
        _heed_codes(column, feature)
        if feature.is_column and feature.categories:
            _heed_numbers(plain_column(column), feature, are_truths=are_truths)
        return column
    values = plain_column(column)
    there = ~np.isnan(values) & ~_is_missing_code(values, feature)
    if feature.numbers is None:
        if there.any():
            row = int(np.argmax(there))
            raise _no_word(feature, values[row].item(), row)
        return np.full(len(values), np.nan)
    if are_truths and feature.refuses_truths and there.any():
        row = int(np.argmax(there))
        raise _no_truth(feature, bool(values[row]), row)
    # In the type of the column: 0.1 of 32 bits is another number than 0.1 of 64.
    names = np.array(feature.numbers, dtype=values.dtype)
    order = np.argsort(names)
    places = np.minimum(np.searchsorted(names, values, sorter=order), len(names) - 1)
    found = order[places]
    unknown = there & (names[found] != values)
    if unknown.any():
        row = int(np.argmax(unknown))
        found = np.where(unknown, _unseen(feature, values[row].item(), row), found)
    return np.where(there, found, np.nan)


def _heed_codes(column: np.ndarray | Nullable, feature: Feature, before: int = 0) -> None:
    """Warns of codes beyond the last category's, which trainers answer as any category that no split names."""
    count = len(feature.categories)
    if not (count and feature.takes_codes):
        return
    values = plain_column(column)
    beyond = values >= count
    # One row is answered in microseconds: what few columns have is asked of these alone.
    if beyond.any():
        beyond &= ~_is_missing_code(values, feature)
    if beyond.any():
        row = int(np.argmax(beyond))
        warn(
            f"row {before + row + 1}, {feature.name}: {values[row]:g} is the code of no category that training saw, which are 0 to {count - 1}; "
            "it is answered as the trainer does"
        )


def _heed_numbers(values: np.ndarray, feature: Feature, *, are_truths: bool) -> None:
    """Warns of a column of numbers whose categories are words: they are taken for codes, and the trainer refuses them."""
    there = ~np.isnan(values) & ~_is_missing_code(values, feature)
    if not there.any():
        return
    row = int(np.argmax(there))
    if are_truths:
        raise _no_truth(feature, bool(values[row]), row)
    warn(
        f"row {row + 1}, {feature.name}: the column has numbers and its categories are words ({feature.some_categories}); numbers are taken for "
        f"codes, of which 0 is {feature.categories[0]!r}. Give the words, unless you mean codes"
    )


def _no_word(feature: Feature, value: Any, row: int) -> WardianError:
    message = f"row {row + 1}, {feature.name}: {value!r} is a number; one of its categories is due ({feature.some_categories})"
    return WardianError(message, "wrong_type", feature.name)


def _no_truth(feature: Feature, value: Any, row: int) -> WardianError:
    message = f"row {row + 1}, {feature.name}: {value!r} is none of its categories ({feature.some_categories})"
    return WardianError(message, "unknown_category", feature.name)


def _objects(values: Any, feature: Feature) -> np.ndarray:
    """A column of Python's objects: numbers, None for a missing one, or a categorical feature's texts."""
    if feature.takes_codes and any(isinstance(value, str) for value in values):
        # Beside names a number is no code.
        feature = replace(feature, takes_codes=False)
    codes: dict[str, float] = {}
    numbers = {number: float(code) for code, number in enumerate(feature.numbers or ())}
    is_called = feature.is_called
    beyond = len(feature.categories) if feature.takes_codes and feature.categories else float("inf")
    unseen: float | None = None
    heeds_spaces = feature.takes_unseen
    out = np.empty(len(values), dtype=np.float64)
    for row, value in enumerate(values):
        if value is None:
            out[row] = np.nan
        elif isinstance(value, str):
            if not feature.categories:
                raise WardianError(f"row {row + 1}, {feature.name}: {value!r} is text; a number is due", "not_a_number", feature.name)
            if value not in codes:
                code = feature.code_of(value)
                if code is None and (number := number_of(value)) is not None:
                    # "1.0" is True, where a column of truths was written as numbers.
                    code = numbers.get(number)
                if code is None:
                    code = unseen = _unseen(feature, value, row) if unseen is None else unseen
                elif heeds_spaces and feature.reads_otherwise(value, code):
                    heeds_spaces = False
                    _heed_spaces(feature, value, code, row)
                codes[value] = code
            out[row] = codes[value]
        else:
            out[row] = _number(value, feature, row)
            if out[row] >= beyond and out[row] not in feature.missing_codes:
                beyond = float("inf")
                _heed_codes(out[row : row + 1], feature, row)
            if is_called and out[row] == out[row]:
                if not numbers:
                    raise _no_word(feature, value, row)
                if isinstance(value, (bool, np.bool_)) and feature.refuses_truths:
                    raise _no_truth(feature, bool(value), row)
                number = out[row]
                out[row] = numbers.get(number, np.nan)
                if number not in numbers and number not in feature.missing_codes:
                    unseen = out[row] = _unseen(feature, value, row) if unseen is None else unseen
    if feature.is_column and feature.takes_codes and feature.categories:
        _heed_numbers(out, feature, are_truths=any(isinstance(value, (bool, np.bool_)) for value in values))
    return out


def _number(value: Any, feature: Feature, row: int) -> float:
    try:
        return float(value)
    except OverflowError:
        message = f"row {row + 1}, {feature.name}: a number too large for one of 64 bits"
        raise WardianError(message, "not_finite", feature.name) from None
    except (TypeError, ValueError):
        # NaT and pandas.NA are missing values; they are no floats.
        if type(value).__name__ in ("NaTType", "NAType"):
            return float("nan")
        hint = _OF_TIMES if isinstance(value, (date, timedelta)) else ""
        message = f"row {row + 1}, {feature.name}: {_named(value)} is no number{hint}"
        raise WardianError(message, "not_a_number", feature.name) from None


def _other_array(array: np.ndarray, model: Description) -> Rows:
    """Masked arrays, arrays of records, matrices."""
    if isinstance(array, np.ma.MaskedArray):
        plain = np.asarray(array.data)
        if plain.dtype.kind != "O":
            plain = _numbers(plain, "the array")
        mask = np.ma.getmaskarray(array)
        if mask.any():
            plain = plain.copy()
            plain[mask] = None if plain.dtype.kind == "O" else np.nan
        return _matrix(plain, model)
    if array.dtype.names is not None:
        if array.ndim != 1:
            raise WardianError("an array of records has one dimension")
        return _by_name(model, list(array.dtype.names), lambda name, feature: _plain(array[name], feature))
    return _matrix(np.asarray(array), model)


def _plain(array: Any, feature: Feature) -> np.ndarray | Nullable:
    """One column."""
    given, array = array, np.asarray(array)
    if array.dtype.kind in "US" and not isinstance(given, np.ndarray) and not all(isinstance(value, str) for value in given):
        # numpy writes what stands among texts as text: NaN as 'nan'.
        array = np.array(given, dtype=object)
    if array.ndim != 1:
        raise WardianError(f"{feature.name}: a column of {array.ndim} dimensions", "wrong_type", feature.name)
    if array.dtype.kind in "OUT":
        return _objects(array.tolist(), feature)
    return _coded(_numbers(array, feature.name, feature.name), feature, are_truths=array.dtype.kind == "b")


# --- columns with names


def _called(name: Any, model: Description) -> str:
    """What the model calls a column of this name: LightGBM's files have underscores where it has spaces."""
    return "_".join(str(name).split(" ")) if model.trainer == "LightGBM" else str(name)


def _by_name(
    model: Description,
    names: list[str],
    column: Callable[[Any, Feature], np.ndarray | Nullable],
    chosen: Callable[[list[int]], Any] | None = None,
) -> Rows:
    """A column for each feature: by name; by place where the model's names are invented, and the columns have others.

    Args:
        model: The model.
        names: The columns' names.
        column: The column of this name.
        chosen: The table of Arrow's that has the columns in these places alone, which may be taken at once.
    """
    own = [_called(name, model) for name in names]
    places = {name: place for place, name in enumerate(own)}
    wanted = model.names
    missing = [name for name in wanted if name not in places]
    if missing and model.names_are_invented:
        if len(own) != len(wanted):
            raise _wrong_count(len(own), model)
        order = list(range(len(own)))
    elif missing:
        raise _missing_columns(missing, own)
    else:
        order = [places[name] for name in wanted]
        if model.names_are_invented and own != wanted and len(own) == len(wanted):
            warn(
                "the columns are taken by the names that the model's features were given, which were trained without; the trainer takes them by "
                "their places: give them in the features' order"
            )
        repeated = {own[place] for place in order if own.count(own[place]) > 1} if len(places) < len(own) else ()
        for name in repeated:
            raise WardianError(f"the column {name!r} is there more than once", "ambiguous_input", name)
    found = None if chosen is None else _engine.columns_of(chosen(order))
    if found is None:
        found = [column(names[place], feature) for place, feature in zip(order, model.features, strict=True)]
    else:
        found = [Nullable(*each) if type(each) is tuple else each for each in found]
        for place in model.categorical:
            found[place] = _coded(found[place], model.features[place])
    _heed_32_bits(model, (column.values.dtype if isinstance(column, Nullable) else column.dtype for column in found))
    return _of_one_type(found)


def _of_one_type(columns: list[np.ndarray | Nullable]) -> Rows:
    """Columns of one type, contiguous: float32, if all of them are."""
    arrays = [column.values if isinstance(column, Nullable) else column for column in columns]
    kind = _TAKEN[any(array.dtype != _TAKEN[0] for array in arrays)]
    is_taken = all(array.dtype is kind and array.flags.c_contiguous for array in arrays)
    if not is_taken:
        arrays = [np.ascontiguousarray(array, dtype=kind) for array in arrays]
    if len({len(array) for array in arrays}) > 1:
        lengths = ", ".join(sorted({str(len(array)) for array in arrays}))
        raise WardianError(f"the columns are not of one length: {lengths}", "wrong_field_count")
    if is_taken:
        return columns
    pairs = zip(columns, arrays, strict=True)
    return [Nullable(array, column.bits, column.first) if isinstance(column, Nullable) else array for column, array in pairs]


def _missing_columns(missing: list[str], own: list[str]) -> WardianError:
    from difflib import get_close_matches
    from unicodedata import normalize

    shown = ", ".join(missing[:5]) + (f" and {len(missing) - 5} more" if len(missing) > 5 else "")
    near = [name for name in own if name.casefold() == missing[0].casefold()] or get_close_matches(missing[0], own, n=1)
    hint = ""
    if near and normalize("NFC", near[0]) == normalize("NFC", missing[0]):
        # An accent may be a part of its letter, or a character of its own, as macOS writes it.
        hint = f"; the rows' {near[0]!r} looks like it, and its accents are other characters: unicodedata.normalize makes them the same"
    elif near:
        hint = f"; is {near[0]!r} the column of {missing[0]!r}?"
    elif own:
        hint = f"; the rows have {', '.join(own[:10])}" + (", …" if len(own) > 10 else "")
    are = "column is" if len(missing) == 1 else "columns are"
    return WardianError(f"{len(missing)} {are} not there: {shown}{hint}", "unknown_field", missing[0])


def _wrong_count(count: int, model: Description) -> WardianError:
    names = model.names
    message = f"{len(names)} columns are due, {count} given"
    if count < len(names):
        return WardianError(f"{message}; {names[count]} is the first that is absent", "wrong_field_count", names[count])
    shown = ", ".join(names[:20]) + (", …" if len(names) > 20 else "")
    # What reading a pipeline has left out: its rows have these columns, the model's have not.
    more = "".join(f"; {note}" for note in model.notes if note.startswith("columns that come to no tree are left out"))
    return WardianError(f"{message}; the model has {shown}{more}", "wrong_field_count")


def _unseen(feature: Feature, value: Any, row: int) -> float:
    """The code of a category that training did not see, with a warning: it may be a name that is spelt otherwise."""
    if feature.takes_unseen:
        warn(f"row {row + 1}, {feature.name}: training did not see the category {value!r}; it is answered as the trainer does")
        return float(len(feature.categories))
    message = f"row {row + 1}, {feature.name}: {value!r} is none of its categories ({feature.some_categories})"
    raise WardianError(message, "unknown_category", feature.name)


def _heed_spaces(feature: Feature, value: str, code: float, row: int) -> None:
    """Warns of a name that is a category's but for white space, where the trainer would take it for another."""
    name = feature.categories[int(code)]
    warn(
        f"row {row + 1}, {feature.name}: {value!r} is read as the category {name!r}; the trainer takes it for one that training did not see"
    )


def _categorical(codes: np.ndarray, names: list[Any], feature: Feature) -> np.ndarray:
    """The model's codes of a column that has codes of its own, negative or NaN for missing, and what they stand for."""
    codes = np.asarray(codes)
    missing = ~(codes >= 0)
    safe = np.where(missing, 0, codes).astype(np.int64)
    if feature.categories:
        # 1.0 is the category that is called "1".
        numbers: dict[Any, float] = {number: float(code) for code, number in enumerate(feature.numbers or ())}
        found = [feature.code_of(str(name)) for name in names]
        table = np.array([numbers.get(name, -1.0) if code is None else code for name, code in zip(names, found, strict=True)] or [0.0])
        for place, (name, code) in enumerate(zip(names, found, strict=True)):
            is_truth = feature.refuses_truths and isinstance(name, (bool, np.bool_))
            is_other = feature.takes_unseen and code is not None and feature.reads_otherwise(str(name), code)
            if not (is_truth or is_other) or not (rows := (safe == place) & ~missing).any():
                continue
            if is_truth:
                raise _no_truth(feature, bool(name), int(np.argmax(rows)))
            _heed_spaces(feature, str(name), float(code or 0), int(np.argmax(rows)))
            break
    elif all(isinstance(name, (int, float, np.number, np.bool_)) for name in names):
        # The feature's categories have no names, so a number is what it says.
        table = np.array([float(name) for name in names] or [0.0])
    else:
        raise WardianError(
            f"{feature.name}: the column is categorical, with text; the model knows this feature by numbers only. "
            "Give the codes that it was trained on",
            "not_a_number",
            feature.name,
        )
    out = table[safe]
    unknown = (out < 0) & ~missing
    if feature.categories and unknown.any():
        row = int(np.argmax(unknown))
        out[unknown] = _unseen(feature, names[int(safe[row])], row)
    out[missing] = np.nan
    return out


# --- pandas


def _pandas(frame: Any, model: Description) -> Rows:
    import pandas as pd

    if not isinstance(frame, pd.DataFrame):
        raise WardianError(f"{_named(frame)} is no table; a row is X.iloc[[0]], two-dimensional")
    columns = list(frame.columns)
    # The commonest: floats of one type, as the model names them. One block of memory, whose columns are contiguous.
    if columns == model.names and len(frame):
        types = set(frame.dtypes)
        if len(types) == 1 and next(iter(types)) in (np.float32, np.float64):
            values = frame.to_numpy(copy=False)
            if values.flags.f_contiguous or values.flags.c_contiguous:
                return _matrix(values, model)
    if isinstance(frame.columns, pd.MultiIndex):
        raise WardianError("the columns have several levels; a model's features have one")

    def column(name: Any, feature: Feature) -> np.ndarray | Nullable:
        series = frame[name]
        if isinstance(series, pd.DataFrame):
            raise WardianError(f"the column {name!r} is there more than once", "ambiguous_input", str(name))
        kind = series.dtype
        if isinstance(kind, pd.CategoricalDtype):
            codes = series.cat.codes.to_numpy()
            names = list(series.cat.categories)
            if not (feature.categories or model.has_encoders or all(isinstance(name, (int, float, np.number, np.bool_)) for name in names)):
                # As LightGBM and XGBoost before 3.1 see a column of categories that their files do not name.
                if not model.trainer:
                    warn(
                        f"{feature.name}: the model has no names of its categories: they are taken for codes in the column's order, from 0"
                    )
                return np.where(codes < 0, np.nan, codes)
            return _categorical(codes, names, feature)
        if isinstance(kind, np.dtype):
            values = series.to_numpy()
            if kind.kind == "O":
                return _objects(values.tolist(), feature)
            return _coded(_numbers(values, feature.name, feature.name), feature, are_truths=kind.kind == "b")
        if pd.api.types.is_numeric_dtype(kind) or pd.api.types.is_bool_dtype(kind):
            are_truths = bool(pd.api.types.is_bool_dtype(kind))
            if are_truths:
                series = series.astype("Float64")
            wide = np.float32 if str(kind) in ("Float32", "float[pyarrow]") else np.float64
            return _coded(np.asarray(series.to_numpy(dtype=wide, na_value=np.nan)), feature, are_truths=are_truths)
        if pd.api.types.is_string_dtype(kind):
            return _objects([None if value is pd.NA or value != value else value for value in series.tolist()], feature)
        raise WardianError(f"{feature.name} is of type {kind}; numbers are due", "not_a_number", feature.name)

    return _by_name(model, columns, column)


# --- polars


def _polars(frame: Any, model: Description) -> Rows:
    import polars as pl

    if isinstance(frame, pl.LazyFrame):
        raise WardianError("a lazy frame has no rows yet; give frame.collect()")
    if not isinstance(frame, pl.DataFrame):
        raise WardianError(f"{_named(frame)} is no table; a data frame is due")

    def column(name: str, feature: Feature) -> np.ndarray | Nullable:
        series = frame.get_column(name)
        kind = series.dtype
        # The commonest first: each comparison of types takes a microsecond.
        if kind == pl.Float32 or kind == pl.Float64:
            return _coded(_with_nulls(series) if series.null_count() else series.to_numpy(), feature)
        if kind in (pl.Categorical, pl.Enum):
            texts = series.cast(pl.String)
            names = texts.drop_nulls().unique(maintain_order=True).to_list()
            codes = texts.replace_strict(names, list(range(len(names))), default=None, return_dtype=pl.Float64)
            return _categorical(codes.to_numpy(), names, feature)
        if kind == pl.String:
            return _objects(series.to_list(), feature)
        if kind.is_numeric() or kind == pl.Boolean:
            series = series.cast(pl.Float64)
            return _coded(_with_nulls(series) if series.null_count() else series.to_numpy(), feature, are_truths=kind == pl.Boolean)
        if kind == pl.Null:
            return np.full(len(series), np.nan)
        raise WardianError(f"{feature.name} is of type {kind}; numbers are due", "not_a_number", feature.name)

    def chosen(places: list[int]) -> Any:
        return frame if len(places) == frame.width and places == sorted(places) else frame[:, places]

    return _by_name(model, frame.columns, column, chosen)


def _with_nulls(series: Any) -> np.ndarray | Nullable:
    """A column of floats as pyarrow sees it, where it is there: as it is in memory."""
    try:
        return _floats((series if series.n_chunks() == 1 else series.rechunk()).to_arrow())
    except ImportError:
        return np.asarray(series.to_numpy())


# --- Arrow


def _arrow(given: Any, model: Description) -> Rows:
    try:
        import pyarrow as pa
    except ModuleNotFoundError as error:
        raise WardianError(f"{_named(given)} speaks Arrow; install pyarrow to read it, or give a numpy array") from error
    if isinstance(given, (pa.Table, pa.RecordBatch)):
        table = given
    elif hasattr(given, "__arrow_c_stream__"):
        table = pa.RecordBatchReader.from_stream(given).read_all()
    else:
        table = pa.record_batch(given)

    def column(name: Any, feature: Feature) -> np.ndarray | Nullable:
        values = table.column(name)
        if isinstance(values, pa.ChunkedArray):
            # What is one chunk already is not copied.
            values = values.chunk(0) if values.num_chunks == 1 else values.combine_chunks()
        return _arrow_column(values, feature)

    names = table.schema.names
    if len(set(names)) < len(names):
        # Taken by place: pyarrow finds no column by a name that is there twice.
        places = {place: name for place, name in enumerate(names)}
        repeated = next(name for name in names if names.count(name) > 1)
        if repeated in model.names:
            raise WardianError(f"the column {repeated!r} is there more than once", "ambiguous_input", repeated)
        return _by_name(model, list(places.values()), lambda name, feature: column(names.index(name), feature))

    def chosen(places: list[int]) -> Any:
        return table if len(places) == len(names) and places == sorted(places) else table.select(places)

    return _by_name(model, names, column, chosen)


def _floats(values: Any) -> np.ndarray | Nullable:
    """An array of Arrow's of 32-bit or 64-bit floats, not copied."""
    if not values.null_count:
        return np.asarray(values.to_numpy(zero_copy_only=True))
    validity, data = values.buffers()
    kind, start, count = _TAKEN[values.type.bit_width == 64], values.offset, len(values)
    floats = np.frombuffer(data, dtype=kind, count=count, offset=start * kind.itemsize)
    bits = np.frombuffer(validity, dtype=np.uint8)[start // 8 : -(-(start + count) // 8)]
    return Nullable(floats, bits, start % 8)


def _arrow_column(values: Any, feature: Feature) -> np.ndarray | Nullable:
    import pyarrow as pa
    import pyarrow.types as types

    kind = values.type
    # The commonest first, as of polars.
    if types.is_float32(kind) or types.is_float64(kind):
        return _coded(_floats(values), feature)
    if types.is_dictionary(kind):
        names = values.dictionary.to_pylist()
        codes = values.indices.cast(pa.float64()).to_numpy(zero_copy_only=False)
        return _categorical(codes, names, feature)
    if types.is_string(kind) or types.is_large_string(kind) or types.is_string_view(kind):
        return _objects(values.to_pylist(), feature)
    if types.is_null(kind):
        return np.full(len(values), np.nan)
    if types.is_decimal(kind):
        # By its digits: Arrow's own cast multiplies by a power of ten, and is off by the last bit.
        return _coded(_floats(values.cast(pa.string()).cast(pa.float64())), feature)
    if types.is_floating(kind) or types.is_integer(kind) or types.is_boolean(kind):
        # Not a safe cast: whole numbers above 2^53 are rounded, as every trainer rounds them.
        values = values.cast(pa.int8()) if types.is_boolean(kind) else values
        return _coded(_floats(values.cast(pa.float64(), safe=False)), feature, are_truths=types.is_boolean(kind))
    raise WardianError(f"{feature.name} is of type {kind}; numbers are due", "not_a_number", feature.name)


# --- Python's own


def _of_cells(model: Description, cells: Iterable[Any]) -> Description:
    """The model as rows without names are read. Where a text is among them, which trainers refuse, they are no codes but a table's own values."""
    return model.of_tables if model.coded and any(isinstance(cell, str) for cell in cells) else model


def _mapping(given: Mapping[Any, Any], model: Description) -> Rows:
    """A column for each name; or one row, a value for each name, of which those that are not there are not measured."""
    if all(np.ndim(value) == 0 for value in given.values()):
        return _records([given], model)
    return _by_name(model, list(given), lambda name, feature: _plain(given[name], feature))


def _records(records: Sequence[Mapping[Any, Any]], model: Description) -> Rows:
    """As a data frame of them. A feature that no record has is not measured, unless they have other names: one of these may be the feature's."""
    own = list(dict.fromkeys(name for record in records for name in record))
    has_others = not set(own) <= set(model.names)
    own = own if has_others else model.names
    rows = _by_name(model, own, lambda name, feature: _objects([record.get(name) for record in records], feature))
    if has_others:
        _heed_names(records, model)
    return rows


def _heed_names(records: Sequence[Mapping[Any, Any]], model: Description) -> None:
    """Warns of a record that lacks a feature, and has a name that is no feature's and not every record's: it may be spelt otherwise."""
    names = set(model.names)
    called = [{_called(name, model) for name in record} for record in records]
    everywhere = set.intersection(*called)
    for row, own in enumerate(called):
        others = own - names - everywhere
        if others and not names <= own:
            absent = next(name for name in model.names if name not in own)
            warn(f"row {row + 1}: {min(others)!r} is none of the features, and {absent!r} is not there: it is taken for not measured")
            return


def _sequence(given: Sequence[Any], model: Description) -> Rows:
    width = len(model.features)
    if not given:
        return np.empty((0, width))
    if all(isinstance(row, Mapping) for row in given):
        return _records(given, model)
    named = getattr(given[0], "_fields", None)
    if named and set(model.names) <= set(named) and all(getattr(row, "_fields", None) == named for row in given):
        return _by_name(model, list(named), lambda name, feature: _objects([getattr(row, name) for row in given], feature))
    model = model.of_arrays
    for row, values in enumerate(given):
        if np.ndim(values) == 0 or isinstance(values, str):
            raise WardianError("a list of values is no table; [[…]] is one row", "wrong_field_count")
        if len(values) != width:
            error = _wrong_count(len(values), model)
            raise WardianError(f"row {row + 1}: {error.message}", error.code, error.field)
    model = _of_cells(model, (value for values in given for value in values))
    if _is_lightgbms_own(model) and all(isinstance(value, (int, np.integer)) for values in given for value in values):
        return _matrix(np.array(given, dtype=np.float32), model)
    columns = zip(*given, strict=True)
    return [_objects(values, feature) for values, feature in zip(columns, model.features, strict=True)]
