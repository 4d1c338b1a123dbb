"""Tables of other libraries: the same bits as the same numbers in numpy, and errors that name the column."""

from __future__ import annotations

import gc
from collections.abc import Callable
from decimal import Decimal
from typing import Any

import numpy as np
import pandas as pd
import polars as pl
import pyarrow as pa
import pytest
import scipy.sparse
from cases import Case, same

import wardian
from wardian import _engine


def values(model: wardian.Model, rows: Any) -> np.ndarray:
    return model.predict(rows) if model.classes_ is None else model._answers(0, rows, None, None)


def pandas_of(case: Case) -> pd.DataFrame:
    return pd.DataFrame(case.X, columns=case.model.description.names)


def arrow_of(case: Case) -> pa.Table:
    columns = [pa.array(column, mask=np.isnan(column)) for column in case.X.T]
    return pa.table(columns, names=case.model.description.names)


class Stream:
    """An object that speaks Arrow's stream, and nothing else."""

    def __init__(self, table: pa.Table) -> None:
        self._table = table

    def __arrow_c_stream__(self, requested_schema: object = None) -> object:
        return self._table.__arrow_c_stream__(requested_schema)


class Batch:
    """An object that speaks Arrow's arrays, and nothing else."""

    def __init__(self, table: pa.Table) -> None:
        self._batch = table.combine_chunks().to_batches()[0]

    def __arrow_c_array__(self, requested_schema: object = None) -> object:
        return self._batch.__arrow_c_array__(requested_schema)


TABLES: dict[str, Callable[[Case], Any]] = {
    "pandas": pandas_of,
    "pandas, column by column": lambda case: pd.DataFrame({name: pandas_of(case)[name] for name in case.model.description.names}),
    "pandas, nullable": lambda case: pandas_of(case).astype("Float64"),
    "pandas, Arrow's types": lambda case: pandas_of(case).astype("float64[pyarrow]"),
    "pandas, objects": lambda case: pandas_of(case).astype(object),
    "pandas, other order and more columns": lambda case: pandas_of(case).assign(extra="x")[["extra", *case.model.description.names[::-1]]],
    "pandas, of an index": lambda case: pandas_of(case).set_index(np.arange(len(case.X))[::-1]),
    "polars": lambda case: pl.from_pandas(pandas_of(case)),
    "polars, nulls": lambda case: pl.from_arrow(arrow_of(case)),
    "polars, chunks": lambda case: pl.concat([pl.from_arrow(arrow_of(case)), pl.from_arrow(arrow_of(case))], rechunk=False)[: len(case.X)],
    "arrow": arrow_of,
    "arrow, chunks": lambda case: pa.concat_tables([arrow_of(case).slice(0, 7), arrow_of(case).slice(7)]),
    "arrow, a slice": lambda case: pa.concat_tables([arrow_of(case), arrow_of(case)]).combine_chunks().slice(len(case.X)),
    "arrow, a batch": lambda case: arrow_of(case).combine_chunks().to_batches()[0],
    "arrow, a reader": lambda case: arrow_of(case).to_reader(max_chunksize=11),
    "arrow, a stream": lambda case: Stream(arrow_of(case)),
    "arrow, an array": lambda case: Batch(arrow_of(case)),
    "arrow, more columns": lambda case: arrow_of(case).add_column(0, "extra", pa.array(["x"] * len(case.X))),
}


@pytest.mark.parametrize("table", sorted(TABLES))
def test_every_table_gives_the_same_bits(case: Case, table: str) -> None:
    assert same(values(case.model, TABLES[table](case)), values(case.model, case.X))


@pytest.mark.parametrize("bits", [32, 64])
@pytest.mark.parametrize("start", [0, 3, 4099])
def test_nulls_are_read_where_they_lie(diabetes: Case, bits: int, start: int) -> None:
    random = np.random.default_rng(start + bits)
    # Several parts of any engine, and a rest.
    X = diabetes.X[random.integers(0, len(diabetes.X), 30_011)].astype(f"f{bits // 8}")
    X[random.random(X.shape) < 0.1] = np.nan
    # A column that has no nulls, and one with what no row may have where nothing is.
    X[:, 2] = np.nan_to_num(X[:, 2], nan=70)
    hidden = np.where(np.isnan(X), np.inf, X)
    columns = [pa.array(column, mask=mask) for column, mask in zip(hidden.T, np.isnan(X).T, strict=True)]
    table = pa.table(columns, names=diabetes.model.description.names)
    expected = values(diabetes.model, X[start:])
    for rows in (table.slice(start), pl.from_arrow(table)[start:], table.slice(start).to_batches()[0]):
        for threads in (1, 2):
            assert same(diabetes.model._answers(0, rows, None, threads), expected)
    few = table.slice(start, 5)
    assert same(values(diabetes.model, few), expected[:5])
    assert same(diabetes.model.explain(few).values, diabetes.model.explain(X[start : start + 5]).values)
    assert np.array_equal(diabetes.model.explain(few).data, X[start : start + 5], equal_nan=True)
    chunks = pa.concat_tables([table.slice(start, 1000), table.slice(start + 1000)])
    assert same(values(diabetes.model, chunks), expected)
    hidden[9000, 4] = np.inf
    columns[4] = pa.array(hidden[:, 4], mask=np.isnan(X[:, 4]) & (np.arange(len(X)) != 9000))
    with pytest.raises(wardian.WardianError, match=f"row {9001 - start}, "):
        diabetes.model.predict(pa.table(columns, names=table.column_names).slice(start))


def test_columns_of_arrow_are_taken_at_once(diabetes: Case) -> None:
    narrow = pa.array([None, 1.5, 2.5, None, 4.5], pa.float32())[1:]
    wide = pa.array([0.5, 1.5, 2.5, 3.5], pa.float64())
    table = pa.table({"narrow": narrow, "wide": wide})
    for given in (table, table.to_batches()[0], pl.from_arrow(table)):
        columns = _engine.columns_of(given)
        if diabetes.model.engine == "wasm":
            assert columns is None
            continue
        assert columns is not None
        values, bits, first = columns[0]
        assert (values.dtype, columns[1].dtype) == (np.float32, np.float64)
        assert [bits[(first + row) // 8] >> (first + row) % 8 & 1 for row in range(4)] == [1, 1, 0, 1]
        assert values[[0, 1, 3]].tolist() == [1.5, 2.5, 4.5] and columns[1].tolist() == wide.to_pylist()
        if not isinstance(given, pl.DataFrame):
            # Where they lie: nothing is copied.
            assert values.ctypes.data == narrow.buffers()[1].address + 4 and columns[1].ctypes.data == wide.buffers()[1].address
    # What is not floats in one piece is looked at column by column.
    for other in (table.add_column(0, "text", pa.array(["a"] * 4)), pa.concat_tables([table, table]), 7):
        assert _engine.columns_of(other) is None
    # The memory is kept for as long as somebody has a column.
    columns = _engine.columns_of(pa.table({"a": pa.array(np.arange(1e6)), "b": pa.array(np.arange(1e6), mask=np.arange(1e6) % 2 == 0)}))
    gc.collect()
    if columns is not None:
        values, bits, _ = columns[1]
        del columns
        assert values[1::2].sum() == np.arange(1, 1e6, 2).sum() and np.unpackbits(bits, bitorder="little")[:4].tolist() == [0, 1, 0, 1]


def test_floats_of_32_bits_are_not_copied_to_64(diabetes: Case) -> None:
    narrow = pandas_of(diabetes).astype("float32")
    for rows in (narrow, pl.from_pandas(narrow), pa.Table.from_pandas(narrow, preserve_index=False)):
        assert same(diabetes.model.predict(rows), diabetes.predictions)


@pytest.mark.parametrize("kind", ["int8", "uint8", "int32", "int64", "uint64", "Int64", "bool", "boolean", "int64[pyarrow]", "float16"])
def test_other_numbers_in_pandas(diabetes: Case, kind: str) -> None:
    whole = pd.DataFrame(np.arange(80).reshape(10, 8) % (2 if "bool" in kind else 80), columns=diabetes.model.description.names)
    expected = diabetes.model.predict(whole.to_numpy(dtype=float))
    assert same(diabetes.model.predict(whole.astype(kind)), expected)


def test_missing_whole_numbers(diabetes: Case) -> None:
    names = diabetes.model.description.names
    rows = [[1, None, 70, 28, None, 34, 1, 22], [2, 100, None, 28, 80, 30, 1, 30]]
    expected = diabetes.model.predict([[float("nan") if value is None else value for value in row] for row in rows])
    frame = pd.DataFrame(rows, columns=names).astype("Int64")
    for table in (
        frame,
        pl.DataFrame(rows, schema=names, orient="row"),
        pa.table([pa.array(column) for column in zip(*rows, strict=True)], names=names),
    ):
        assert same(diabetes.model.predict(table), expected)


def test_decimals(diabetes: Case) -> None:
    names = diabetes.model.description.names
    texts = ["1", "106", "70", "28", "135", "34.2", "0.142", "22"]
    expected = diabetes.model.predict([[float(text) for text in texts]])
    columns = [pa.array([Decimal(text)], pa.decimal128(10, 3)) for text in texts]
    assert same(diabetes.model.predict(pa.table(columns, names=names)), expected)
    assert same(diabetes.model.predict(pl.from_arrow(pa.table(columns, names=names))), expected)
    assert same(diabetes.model.predict(pd.DataFrame([[Decimal(text) for text in texts]], columns=names)), expected)


def test_decimals_are_their_digits() -> None:
    # Arrow's own cast makes 0.30000000000000004 of 0.3. LightGBM parts these two.
    model = wardian.load(LARGER_THAN_THREE_TENTHS)
    for number, expected in (("0.3", 1.0), ("0.4", 2.0), ("-1.5", 1.0)):
        column = pa.array([Decimal(number), None], pa.decimal128(10, 1))
        assert model.predict(pa.table({"share": column})).tolist()[0] == expected, number
        assert model.predict(pa.table({"share": column.cast(pa.decimal256(40, 9))})).tolist()[0] == expected, number


LARGER_THAN_THREE_TENTHS = b"""tree
version=v4
num_class=1
num_tree_per_iteration=1
label_index=0
max_feature_idx=0
objective=regression
feature_names=share
feature_infos=[0:1]
tree_sizes=300

Tree=0
num_leaves=2
num_cat=0
split_feature=0
split_gain=1
threshold=0.3
decision_type=2
left_child=-1
right_child=-2
leaf_value=1 2
leaf_weight=1 1
leaf_count=1 1
internal_value=0
internal_weight=2
internal_count=2
is_linear=0
shrinkage=1


end of trees
"""


def test_categories_by_their_names(petal: Case) -> None:
    names = petal.model.description.names
    feature = next(feature for feature in petal.model.description.features if feature.categories)
    place = names.index(feature.name)
    texts = [None if code != code else feature.categories[int(code)] for code in petal.X[:, place]]
    numbers = {name: petal.X[:, column] for column, name in enumerate(names) if column != place}
    expected = values(petal.model, petal.X)
    # Codes of a column's own, in another order than the model's.
    other = sorted(feature.categories, reverse=True)
    dictionary = pa.array(texts).dictionary_encode()
    for table in (
        pd.DataFrame(numbers | {feature.name: texts}),
        pd.DataFrame(numbers | {feature.name: pd.Categorical(texts, categories=[*other, "unused"])}),
        pl.DataFrame(numbers | {feature.name: texts}),
        pl.DataFrame(numbers | {feature.name: pl.Series(texts, dtype=pl.Categorical)}),
        pl.DataFrame(numbers | {feature.name: pl.Series(texts, dtype=pl.Enum(other))}),
        pa.table(numbers | {feature.name: pa.array(texts)}),
        pa.table(numbers | {feature.name: dictionary}),
    ):
        assert same(values(petal.model, table), expected)
    with pytest.warns(UserWarning, match=r"row 1, .*: training did not see the category 'rose'") as told:
        petal.model.predict(pd.DataFrame(numbers | {feature.name: ["rose", "lily"] * (len(texts) // 2)}))
    assert len(told) == 1


@pytest.mark.parametrize("make", [lambda frame: frame, pl.from_pandas, lambda frame: pa.Table.from_pandas(frame, preserve_index=False)])
def test_what_is_refused_names_the_column(diabetes: Case, make: Callable[[pd.DataFrame], Any]) -> None:
    frame = pandas_of(diabetes)[:3]
    for changed, code, field, words in (
        (frame.drop(columns=["glucose", "age"]), "unknown_field", "glucose", "2 columns are not there: glucose, age"),
        (frame.rename(columns={"glucose": "glucos"}), "unknown_field", "glucose", "is 'glucos' the column of 'glucose'"),
        (frame.assign(glucose=["a", "b", "c"]), "not_a_number", "glucose", "glucose: 'a' is text"),
        (frame.assign(glucose=pd.Timestamp("2020-01-01")), "not_a_number", "glucose", "glucose is .*; numbers are due"),
        (frame.assign(glucose=pd.Timedelta("1h")), "not_a_number", "glucose", "glucose is .*; numbers are due"),
        (frame[[]], "unknown_field", "times_pregnant", "8 columns are not there"),
    ):
        with pytest.raises(wardian.WardianError, match=words) as told:
            diabetes.model.predict(make(changed))
        assert (told.value.code, told.value.field) == (code, field), told.value


def test_what_else_is_refused(diabetes: Case) -> None:
    frame = pandas_of(diabetes)[:3]
    for rows, words in (
        (frame["glucose"], "X.iloc"),
        (pl.from_pandas(frame).lazy(), "collect"),
        (scipy.sparse.csr_matrix(diabetes.X), "toarray"),
        (frame.set_axis(["glucose", *frame.columns[1:]], axis=1).assign(times_pregnant=1.0), "more than once"),
        (frame.set_axis(pd.MultiIndex.from_product([["a"], frame.columns]), axis=1), "several levels|not there"),
        (pa.table([pa.array([1.0]), pa.array([1.0])], names=["glucose", "glucose"]), "more than once"),
        (frame.assign(glucose=[1.0, 2.0 + 1j, 3.0]), "complex"),
        (frame.assign(glucose=pd.Series([1, "x", pd.NaT], dtype=object)), "row 2, glucose: 'x' is text"),
    ):
        with pytest.raises(wardian.WardianError, match=words):
            diabetes.model.predict(rows)


def test_empty_tables(diabetes: Case) -> None:
    empty = pandas_of(diabetes)[:0]
    for rows in (empty, pl.from_pandas(empty), arrow_of(diabetes).slice(0, 0), {name: [] for name in empty.columns}):
        assert diabetes.model.predict(rows).shape == (0,)


def test_invented_names_take_columns_by_place() -> None:
    import xgboost

    random = np.random.default_rng(1)
    X = random.normal(size=(200, 3)).astype("f4")
    booster = xgboost.train({"max_depth": 2}, xgboost.DMatrix(X, X[:, 0]), 5)
    model = wardian.load(booster)
    assert model.description.names_are_invented
    expected = booster.inplace_predict(X)
    assert same(model.predict(pd.DataFrame(X, columns=["a", "b", "c"])), expected)
    # Where the names are there they count; the trainer takes them by place.
    with pytest.warns(UserWarning, match="the trainer takes them by their places"):
        assert same(model.predict(pd.DataFrame(X[:, ::-1], columns=["f2", "f1", "f0"])), expected)
    with pytest.raises(wardian.WardianError, match="3 columns are due, 4 given"):
        model.predict(pd.DataFrame(np.zeros((2, 4))))
