"""The models that `cargo xtask oracle` has trained, through every engine: each row's margins and predictions, their bits compared with the
trainer's. It prints a table by engine, and fails where one bit differs. What an engine cannot take is counted, with its own words."""

from __future__ import annotations

import argparse
import tempfile
import time
import warnings
from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import clickhouse
import dask.dataframe as dd
import datafusion
import duckdb
import numpy as np
import polars as pl
import pyarrow as pa
import pyarrow.dataset as ds
import pyarrow.parquet as pq
from pysail.spark import SparkConnectServer
from pyspark.sql import SparkSession
from trained import Trained, differing, trained

import wardian
from wardian import spark
from wardian._answers import fields, values

#: A question of a model: `predict`, `margins` or `predict_proba`.
Answers = Callable[[str], np.ndarray]


@dataclass
class Asked:
    """A model, and a file of its rows: columns `id`, `c0`, `c1` and so on, missing values as nulls in every other column, else as NaN."""

    model: wardian.Model
    path: Path
    table: pa.Table
    columns: list[str] = field(init=False)

    def __post_init__(self) -> None:
        self.columns = self.table.column_names[1:]

    def answered(self, what: str, columns: list[pa.Array]) -> pa.Array:
        """What the recipes' functions give for columns in the model's order: a number a row, or a list of them."""
        answers = values(self.model, what, pa.RecordBatch.from_arrays(columns, names=self.model.description.names))
        if answers.ndim == 1:
            return pa.array(answers)
        offsets = np.arange(0, answers.size + 1, answers.shape[1], dtype=np.int32)
        return pa.ListArray.from_arrays(offsets, pa.array(np.ascontiguousarray(answers).reshape(-1)))

    def answer_type(self, what: str) -> pa.DataType:
        answers = fields(self.model, what)
        one = {"float": pa.float32(), "double": pa.float64()}[answers[0][1]]
        return one if len(answers) == 1 else pa.list_(one)


def asked(one: Trained, path: Path) -> Asked:
    columns = {"id": pa.array(np.arange(len(one.X)))}
    for place, column in enumerate(one.X.T):
        columns[f"c{place}"] = pa.array(column, mask=np.isnan(column) if place % 2 else None)
    table = pa.table(columns)
    # Several parts, for engines that run on several threads.
    pq.write_table(table, path, row_group_size=2048, compression="none", use_dictionary=False)
    return Asked(one.model, path, table)


def in_order(ids: Any, answers: Any) -> np.ndarray:
    """Numbers in the order of the rows' ids; of lists those of one row behind another's."""
    order = np.argsort(np.asarray(ids), kind="stable")
    if isinstance(answers, pa.ChunkedArray):
        answers = answers.combine_chunks()
    if isinstance(answers, (pa.ListArray, pa.LargeListArray)):
        # Parts of a larger array keep its offsets.
        flat = answers.flatten().to_numpy(zero_copy_only=False)
        return flat.reshape(len(order), -1)[order]
    numbers = answers.to_numpy(zero_copy_only=False) if isinstance(answers, pa.Array) else np.asarray(answers)
    return numbers[order]


# --- the engines: each gives a function that answers a model's rows


@contextmanager
def batches() -> Iterator[Callable[[Asked, str], np.ndarray]]:
    def answer(own: Asked, what: str) -> np.ndarray:
        parts = ds.dataset(own.path).to_batches(batch_size=3000)
        return np.concatenate(
            [in_order(part["id"], own.answered(what, [part[name] for name in own.columns])) for part in parts if part.num_rows]
        )

    yield answer


@contextmanager
def in_duckdb() -> Iterator[Callable[[Asked, str], np.ndarray]]:
    database = duckdb.connect()

    def answer(own: Asked, what: str) -> np.ndarray:
        def score(rows: Any) -> pa.Array:
            struct = rows.combine_chunks() if isinstance(rows, pa.ChunkedArray) else rows
            return own.answered(what, struct.flatten())

        of = {pa.float32(): "FLOAT", pa.float64(): "DOUBLE"}
        struct = duckdb.struct_type({name: of[own.table.schema.field(name).type] for name in own.columns})
        kind = own.answer_type(what)
        number = of[kind.value_type] + "[]" if pa.types.is_list(kind) else of[kind]
        database.create_function("score", score, [struct], number, type="arrow", null_handling="special")
        packed = ", ".join(f"{name} := {name}" for name in own.columns)
        found = database.sql(f"SELECT id, score(struct_pack({packed})) AS answer FROM '{own.path}'").to_arrow_table()
        database.remove_function("score")
        return in_order(found["id"], found["answer"])

    yield answer


@contextmanager
def in_polars() -> Iterator[Callable[[Asked, str], np.ndarray]]:
    def answer(own: Asked, what: str) -> np.ndarray:
        def score(rows: pl.Series) -> pl.Series:
            columns = rows.struct.unnest().to_arrow().combine_chunks()
            return pl.Series(own.answered(what, [column.combine_chunks() for column in columns.columns]))

        kind = own.answer_type(what)
        one = {pa.float32(): pl.Float32, pa.float64(): pl.Float64}[kind.value_type if pa.types.is_list(kind) else kind]
        found = pl.struct(own.columns).map_batches(score, return_dtype=pl.List(one) if pa.types.is_list(kind) else one, is_elementwise=True)
        table = pl.scan_parquet(own.path).select("id", found.alias("answer")).collect(engine="streaming").to_arrow()
        return in_order(table["id"], table["answer"])

    yield answer


@contextmanager
def in_datafusion() -> Iterator[Callable[[Asked, str], np.ndarray]]:
    def answer(own: Asked, what: str) -> np.ndarray:
        context = datafusion.SessionContext()
        kinds = [own.table.schema.field(name).type for name in own.columns]

        def score(*columns: pa.Array) -> pa.Array:
            return own.answered(what, list(columns))

        context.register_udf(datafusion.udf(score, kinds, own.answer_type(what), "immutable", name="score"))
        context.register_parquet("rows", str(own.path))
        found = context.sql(f"SELECT id, score({', '.join(own.columns)}) AS answer FROM rows").to_arrow_table()
        return in_order(found["id"], found["answer"])

    yield answer


@contextmanager
def in_dask() -> Iterator[Callable[[Asked, str], np.ndarray]]:
    def answer(own: Asked, what: str) -> np.ndarray:
        names = dict(zip(own.columns, own.model.description.names, strict=True))
        answers = [name for name, _ in fields(own.model, what)]

        def score(frame: Any) -> Any:
            told = values(own.model, what, frame.rename(columns=names)).reshape(len(frame), -1)
            return frame[["id"]].assign(**dict(zip(answers, told.T, strict=True)))

        rows = dd.read_parquet(own.path)
        kind = np.float64 if own.model.description.answer_bits == 64 else np.float32
        meta = rows._meta[["id"]].assign(**{name: kind() for name in answers})
        found = rows.map_partitions(score, meta=meta).compute()
        return in_order(found["id"], found[answers].to_numpy())

    yield answer


@contextmanager
def in_sail() -> Iterator[Callable[[Asked, str], np.ndarray]]:
    server = SparkConnectServer()
    server.start(background=True)
    _, port = server.listening_address
    session = SparkSession.builder.remote(f"sc://localhost:{port}").getOrCreate()

    def answer(own: Asked, what: str) -> np.ndarray:
        names = dict(zip(own.model.description.names, own.columns, strict=True))
        rows = session.read.parquet(str(own.path))
        found = spark.score(rows, own.model, what=what, keep=["id"], columns=names).toArrow()
        answers = [column.to_numpy() for column in found.columns[1:]]
        return in_order(found["id"], np.column_stack(answers))

    try:
        yield answer
    finally:
        session.stop()
        server.stop()


@contextmanager
def in_clickhouse() -> Iterator[Callable[[Asked, str], np.ndarray]]:
    with tempfile.TemporaryDirectory() as place, clickhouse.database(Path(place)) as database:
        sealed: list[wardian.Model] = []

        def answer(own: Asked, what: str) -> np.ndarray:
            if sealed[-1:] != [own.model]:
                for statement in [
                    *(f"DROP FUNCTION IF EXISTS score{end}" for end in ("", "_margin", "_wasm", "_margin_wasm")),
                    "DELETE FROM system.webassembly_modules WHERE name = 'wardian_score'",
                ]:
                    database.query(statement)
                with warnings.catch_warnings():
                    warnings.simplefilter("ignore")
                    for ending in ("wasm", "sql"):
                        own.model.seal(f"{place}/score.{ending}", name="score")
                clickhouse.take_in(database, Path(place) / "score.wasm", (Path(place) / "score.sql").read_text())
                sealed[:] = [own.model]
            function = "score_margin" if what == "margins" else "score"
            found = database.query(
                f"SELECT id, {function}({', '.join(own.columns)}) AS answer FROM file('{own.path}', Parquet) {clickhouse.SETTINGS}",
                "ArrowTable",
            )
            answers = in_order(found["id"], found["answer"])
            if what == "predict_proba" and answers.ndim == 1:
                # Of a risk the function gives the risk.
                answers = np.column_stack((answers.dtype.type(1) - answers, answers))
            return answers

        yield answer


ENGINES = {
    f"pyarrow {pa.__version__}, a batch at a time": batches,
    f"DuckDB {duckdb.__version__}": in_duckdb,
    f"Polars {pl.__version__}": in_polars,
    f"DataFusion {datafusion.__version__}": in_datafusion,
    "Dask": in_dask,
    "Sail (Spark's API)": in_sail,
    "ClickHouse (chDB), WebAssembly": in_clickhouse,
}


def questions(one: Trained) -> Iterator[tuple[str, np.ndarray]]:
    """What is asked, and the trainer's answers."""
    model, told = one.model, one.predictions
    yield "margins", one.margins
    if told is None:
        return
    if model.classes_ is None and not model._tells_outliers:
        yield "predict", told
    elif model.description.kind in ("risk", "classes") and not model._answers_are_classes:
        several = model.description.predictions > 1
        yield "predict_proba", told if several else np.column_stack((told.dtype.type(1) - told, told)).reshape(-1)


def turned(answers: np.ndarray) -> np.ndarray:
    """The same with one bit of the first turned."""
    answers = np.array(answers).reshape(-1)
    answers.view(np.uint8)[0] ^= 1
    return answers


@dataclass
class Tally:
    models: int = 0
    rows: int = 0
    numbers: int = 0
    differing: int = 0
    seconds: float = 0
    refused: Counter[str] = field(default_factory=Counter)


def main() -> None:
    parser = argparse.ArgumentParser()
    parser.add_argument("folder", type=Path, help="target/oracle")
    parser.add_argument("--most", type=int, default=0, help="so many models of each folder at most")
    parser.add_argument("--least", type=int, default=0, help="so many rows at least, of all engines together")
    parser.add_argument("--only", default="", help="the engines whose names have this")
    options = parser.parse_args()
    warnings.simplefilter("ignore")
    tallies = {name: Tally() for name in ENGINES if options.only in name}
    with ExitStack() as stack:
        place = Path(stack.enter_context(tempfile.TemporaryDirectory()))
        roads = {name: stack.enter_context(ENGINES[name]()) for name in tallies}
        for one in trained(options.folder, options.most):
            own = asked(one, place / "rows.parquet")
            for name, answer in roads.items():
                tally, started = tallies[name], time.perf_counter()
                try:
                    for what, theirs in questions(one):
                        ours = answer(own, what)
                        wrong = differing(ours, theirs)
                        if wrong:
                            print(f"{one.name}, {name}, {what}: {wrong} of {theirs.size} numbers have not the trainer's bits")
                        tally.differing += wrong
                        if not tally.models and differing(ours, turned(theirs)) != wrong + 1:
                            raise SystemExit(f"{name}: one bit is turned, and nobody notices")
                        tally.numbers += theirs.size
                    tally.models += 1
                    tally.rows += len(one.X)
                except Exception as error:
                    print(f"{one.name}, {name}: {type(error).__name__}: {str(error)[:300]}", flush=True)
                    tally.refused[type(error).__name__] += 1
                tally.seconds += time.perf_counter() - started
    for name, tally in tallies.items():
        print(f"{name}: {tally.seconds:.0f} s")
    print("| engine | models | rows | numbers | differing |")
    print("|---|---:|---:|---:|---:|")
    for name, tally in tallies.items():
        print(f"| {name} | {tally.models} | {tally.rows:,} | {tally.numbers:,} | {tally.differing} |")
    rows = sum(tally.rows for tally in tallies.values())
    numbers, wrong = sum(tally.numbers for tally in tallies.values()), sum(tally.differing for tally in tallies.values())
    print(f"| the engines of others together | | {rows:,} | {numbers:,} | {wrong} |")
    models = max((tally.models for tally in tallies.values()), default=0)
    print(
        f"seen wheels: {len(tallies)} engines: {models} models, {rows:,} rows together, {numbers:,} margins and predictions: {wrong} different"
    )
    for name, tally in tallies.items():
        for reason, count in tally.refused.items():
            print(f"{name}: {count} models are refused: {reason}")
    if any(tally.differing or tally.refused for tally in tallies.values()):
        raise SystemExit("not every answer has its trainer's bits")
    if rows < options.least:
        raise SystemExit(f"{rows:,} rows are fewer than {options.least:,}")


if __name__ == "__main__":
    main()
