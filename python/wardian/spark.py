"""Models in Spark: the same bits on every executor.

>>> from wardian import spark as ws
>>> ws.score(df, "model.ubj", keep=["id"]).write.parquet("scored")          # a DataFrame with the answers
>>> spark.udf.register("risk", ws.udf("model.ubj"))                          # SELECT risk(f0, f1, …) FROM rows
>>> df.mapInArrow(ws.scorer(model, keep=["id"]), "id long, prediction float")

A prediction is what the trainer's ``predict`` gives: a label, where the model names its classes. ``what="predict_proba"`` always gives the
probability.

The model's bytes go to the executors with the function, once a stage, and are opened once a Python worker. Executors need this package, in
the Python that ``PYSPARK_PYTHON`` names: where they lack it, the job fails with a line that says so. Nothing else is asked of the cluster.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from typing import TYPE_CHECKING, Any

from ._answers import fields as _fields
from ._errors import WardianError
from ._model import Model, load

if TYPE_CHECKING:
    import pyarrow as pa
    from pyspark.sql import DataFrame

__all__ = ["score", "scorer", "udf"]

#: Spark's names of the types that numbers come in; any other is refused before the job starts.
_NUMBERS = ("byte", "short", "integer", "int", "long", "bigint", "smallint", "tinyint", "float", "double", "boolean")


def score(
    df: DataFrame,
    model: Any,
    *,
    what: str = "predict",
    keep: str | Sequence[str] | None = None,
    columns: dict[str, str] | None = None,
) -> DataFrame:
    """The rows of a DataFrame, answered.

    Args:
        df: Rows; the model's features are found by name.
        model: Whatever ``wardian.load`` takes.
        what: ``predict``, ``predict_proba``, ``margins`` or ``explain``.
        keep: The columns that are kept beside the answers: all by default.
        columns: Other names of features' columns: ``{feature: column}``.

    Returns:
        The columns kept, and behind them ``prediction``, ``probability_<class>``, ``margin`` or ``contribution_<feature>`` and ``base``;
        with a number behind it, where a row has several.

    Raises:
        WardianError: A column that is absent or holds no numbers, before any job starts.
    """
    opened = load(model)
    kept = list(df.columns) if keep is None else [keep] if isinstance(keep, str) else list(keep)
    _check(df, opened, kept, columns or {})
    from pyspark.sql.types import StructType

    answers = _fields(opened, what)
    own = StructType([df.schema[name] for name in kept])
    clash = set(kept) & {name for name, _ in answers}
    if clash:
        raise WardianError(f"the rows have a column {sorted(clash)[0]!r} already; leave it out of keep", "ambiguous_input")
    for name, kind in answers:
        own = own.add(name, kind)
    needed = [(columns or {}).get(name, name) for name in opened.description.names]
    only = df.select(*dict.fromkeys([*kept, *needed]))
    return only.mapInArrow(scorer(opened, what=what, keep=kept, columns=columns), own)


def scorer(
    model: Any, *, what: str = "predict", keep: str | Sequence[str] = (), columns: dict[str, str] | None = None
) -> Callable[[Iterable[pa.RecordBatch]], Iterator[pa.RecordBatch]]:
    """A function for ``DataFrame.mapInArrow``: batches of rows → batches of answers, behind the columns that are kept.

    Args:
        model: Whatever ``wardian.load`` takes.
        what: ``predict``, ``predict_proba``, ``margins`` or ``explain``.
        keep: The columns that are kept.
        columns: Other names of features' columns: ``{feature: column}``.
    """
    opened = load(model)
    names = [name for name, _ in _fields(opened, what)]
    there = _there(opened)
    kept = [keep] if isinstance(keep, str) else list(keep)
    given = [(columns or {}).get(name, name) for name in opened.description.names]

    def answer(batches: Iterable[pa.RecordBatch]) -> Iterator[pa.RecordBatch]:
        import pyarrow as pa

        answers, model = there()
        for batch in batches:
            table = pa.RecordBatch.from_arrays([batch.column(name) for name in given], names=model.description.names)
            both = [batch.column(name) for name in kept] + answers.arrays(model, what, table)
            yield pa.RecordBatch.from_arrays(both, names=kept + names)

    sent: Callable[[Iterable[pa.RecordBatch]], Iterator[pa.RecordBatch]] = _by_value(answer)
    return sent


def udf(model: Any, *, what: str = "predict") -> Any:
    """A function for columns and for SQL: ``spark.udf.register("risk", udf(model))``, then ``risk(f0, f1, …)``, the features in the model's
    order. It answers a number, or, where a row has several, an array.

    Args:
        model: Whatever ``wardian.load`` takes.
        what: ``predict``, ``predict_proba``, ``margins`` or ``explain``.
    """
    from pyspark.sql import functions

    # Its overloads do not know functions over iterators of several columns.
    pandas_udf: Any = functions.pandas_udf
    opened = load(model)
    fields = _fields(opened, what)
    there, width = _there(opened), opened.n_features_in_
    several = len(fields) > 1

    def answer(batches: Iterator[Any]) -> Iterator[Any]:
        import pandas as pd

        answers, model = there()
        for columns in batches:
            # One column comes alone, several together.
            columns = columns if isinstance(columns, tuple) else (columns,)
            if len(columns) != width:
                raise ValueError(f"{len(columns)} columns are given to the model; {width} are due: {model.description.names}")
            values = answers.values(model, what, dict(zip(model.description.names, columns, strict=True)))
            yield pd.Series(list(values)) if several else pd.Series(values)

    kind = fields[0][1]
    return pandas_udf(_annotated(_by_value(answer), width), f"array<{kind}>" if several else kind)


def _annotated(function: Any, width: int) -> Any:
    # Spark asks the types which of its kinds of function it is.
    import pandas as pd

    given: Any = pd.Series if width == 1 else tuple[pd.Series, ...]
    function.__annotations__ = {"batches": Iterator[given], "return": Iterator[pd.Series]}
    return function


def _by_value(function: Any) -> Any:
    """The same function, so that it is sent itself: an executor without the package gets as far as saying so."""
    function.__module__ = "__main__"
    function.__qualname__ = function.__name__
    return function


def _there(model: Model) -> Any:
    """A function that gives ``_answers`` and the model in whichever process it is called."""
    # Nothing of this package's: an executor that lacks it could not open the letter.
    # Nor of numpy's, which it may lack as well.
    classes = None if model.classes_ is None else (model.classes_.tolist(), model.classes_.dtype.str)
    payload = (model.to_bytes(), model._said, classes)

    def there() -> tuple[Any, Model]:
        try:
            from wardian import _answers
            from wardian.spark import _opened
        except ModuleNotFoundError as error:
            import sys

            # Of Spark's long report this is the one line that a person can act on: without the error that it comes from, which says the same.
            raise RuntimeError(
                f"this executor's Python, {sys.executable}, has no package {error.name}: install wardian on every node, let PYSPARK_PYTHON name "
                "the Python that has it, or ship one with --archives or spark.addArtifacts"
            ) from None
        return _answers, _opened(payload)

    return _by_value(there)


_models: dict[bytes, Model] = {}


def _opened(payload: tuple[bytes, str, Any]) -> Model:
    """The model, opened once in this process."""
    import hashlib

    import numpy as np

    from ._model import _restored

    # The classes are no part of a model's bytes.
    key = hashlib.sha256(payload[0]).digest() + repr(payload[2]).encode()
    model = _models.get(key)
    if model is None:
        classes = None if payload[2] is None else np.array(payload[2][0], dtype=payload[2][1])
        model = _models[key] = _restored(*payload[:2], classes)
    return model


def _check(df: DataFrame, model: Model, kept: list[str], columns: dict[str, str]) -> None:
    """Raises for columns that are absent, or hold no numbers."""
    types = dict(df.dtypes)
    for name in columns:
        if name not in model.description.names:
            raise WardianError(f"{name!r} is no feature of the model", "unknown_field", name)
    for name in kept:
        if name not in types:
            raise WardianError(f"there is no column {name!r} to keep", "unknown_field", name)
    missing = [name for name in model.description.names if columns.get(name, name) not in types]
    if missing:
        from ._rows import _missing_columns

        raise _missing_columns(missing, list(types))
    for feature in model.description.of_tables.features:
        kind = types[columns.get(feature.name, feature.name)]
        is_number = kind in _NUMBERS or kind.startswith("decimal")
        if not is_number and not (kind == "string" and feature.categories):
            raise WardianError(f"{feature.name} is a column of {kind}; numbers are due", "not_a_number", feature.name)
        if is_number and feature.is_called and feature.numbers is None:
            message = f"{feature.name} is a column of {kind}; texts are due, its categories ({feature.some_categories})"
            raise WardianError(message, "wrong_type", feature.name)
