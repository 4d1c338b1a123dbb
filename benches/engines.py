"""The same rows in engines on this machine: reading them, XGBoost's own prediction and ours, in one run, on the cores that there are.
`python benches/engines.py FOLDER COMMAND` with the package on the path; it prints a table for docs/ENGINES.md."""

from __future__ import annotations

import os
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

import chdb
import datafusion
import duckdb
import numpy as np
import polars as pl
import pyarrow as pa
import pyarrow.dataset as ds
import pyarrow.parquet as pq
import xgboost

import wardian

ROWS = 2_000_000
FEATURES = [f"f{place}" for place in range(8)]
CORES = len(os.sched_getaffinity(0))


def make(folder: Path) -> Path:
    random = np.random.default_rng(5)
    X = random.normal(size=(20_000, len(FEATURES))).astype("f4")
    data = xgboost.DMatrix(X, X[:, 0] * X[:, 1] + X[:, 2] > 0, feature_names=FEATURES)
    booster = xgboost.train({"max_depth": 3, "objective": "binary:logistic"}, data, 100)
    booster.save_model(folder / "model.ubj")
    (folder / "rows").mkdir(exist_ok=True)
    for part in range(8):
        X = random.normal(size=(ROWS // 8, len(FEATURES))).astype("f4")
        X[random.random(X.shape) < 0.05] = np.nan
        columns = {name: pa.array(column, mask=np.isnan(column)) for name, column in zip(FEATURES, X.T, strict=True)}
        pq.write_table(pa.table({**columns, "expected": booster.inplace_predict(X)}), folder / f"rows/{part}.parquet")
    return folder / "model.ubj"


def main() -> None:
    folder, command = Path(sys.argv[1]), sys.argv[2]
    folder.mkdir(parents=True, exist_ok=True)
    path = make(folder)
    glob = f"{folder}/rows/*.parquet"
    model = wardian.load(path)
    booster = xgboost.Booster()
    booster.load_model(path)

    def ours(columns: list[Any]) -> pa.Array:
        return pa.array(model.predict(pa.RecordBatch.from_arrays(columns, names=FEATURES)))

    def theirs(columns: list[Any]) -> pa.Array:
        return pa.array(booster.inplace_predict(np.column_stack([column.to_numpy(zero_copy_only=False) for column in columns])))

    print(f"| {ROWS:,} rows of Parquet, {CORES} cores | reading alone | XGBoost's own | wardian | differing |")
    print("|---|---:|---:|---:|---:|")

    def row(name: str, read: Callable[[], Any], other: Callable[[], Any] | None, own: Callable[[], tuple[int, int]]) -> None:
        def seconds(action: Callable[[], Any]) -> float:
            took = []
            for _ in range(3):
                started = time.perf_counter()
                action()
                took.append(time.perf_counter() - started)
            return min(took)

        count, wrong = own()
        assert count == ROWS, (name, count)
        beside = f"{seconds(other):.2f}" if other else ""
        print(f"| {name} | {seconds(read):.2f} | {beside} | {seconds(own):.2f} | {wrong} |", flush=True)

    sums = ", ".join(f"sum({name})" for name in [*FEATURES, "expected"])
    packed = ", ".join(f"{name} := {name}" for name in FEATURES)

    database = duckdb.connect()
    struct = duckdb.struct_type({name: "FLOAT" for name in FEATURES})
    def of_struct(answer: Any) -> Callable[[Any], pa.Array]:
        def score(rows: Any) -> pa.Array:
            rows = rows.combine_chunks() if isinstance(rows, pa.ChunkedArray) else rows
            return answer([rows.field(place) for place in range(len(FEATURES))])

        return score

    for name, answer in (("ours", ours), ("theirs", theirs)):
        database.create_function(name, of_struct(answer), [struct], "FLOAT", type="arrow", null_handling="special")

    def in_duckdb(name: str) -> tuple[int, int]:
        asked = f"SELECT count(*), count(*) FILTER ({name}(struct_pack({packed})) <> expected) FROM '{glob}'"
        return database.sql(asked).fetchall()[0]

    row("DuckDB", lambda: database.sql(f"SELECT {sums} FROM '{glob}'").fetchall(), lambda: in_duckdb("theirs"), lambda: in_duckdb("ours"))

    def in_polars(answer: Any) -> tuple[int, int]:
        def score(rows: pl.Series) -> pl.Series:
            table = rows.struct.unnest().to_arrow()
            return pl.Series(answer([table.column(place).combine_chunks() for place in range(len(FEATURES))]))

        found = pl.struct(FEATURES).map_batches(score, return_dtype=pl.Float32, is_elementwise=True)
        asked = pl.scan_parquet(glob).select(pl.len(), (found != pl.col("expected")).sum().alias("wrong"))
        return asked.collect(engine="streaming").row(0)

    row("Polars", lambda: pl.scan_parquet(glob).select(pl.all().sum()).collect(), lambda: in_polars(theirs), lambda: in_polars(ours))

    def of_columns(answer: Any) -> Callable[..., pa.Array]:
        return lambda *columns: answer(list(columns))

    context = datafusion.SessionContext(datafusion.SessionConfig().with_target_partitions(CORES))
    for name, answer in (("ours", ours), ("theirs", theirs)):
        kind = [pa.float32()] * len(FEATURES)
        context.register_udf(datafusion.udf(of_columns(answer), kind, pa.float32(), "immutable", name=name))
    context.register_parquet("rows", f"{folder}/rows")

    def in_datafusion(name: str) -> tuple[int, int]:
        call = f"{name}({', '.join(FEATURES)})"
        found = context.sql(f"SELECT count(*) AS n, sum(CASE WHEN {call} <> expected THEN 1 ELSE 0 END) AS wrong FROM rows").collect()[0]
        return found["n"][0].as_py(), found["wrong"][0].as_py()

    row("DataFusion", lambda: context.sql(f"SELECT {sums} FROM rows").collect(), lambda: in_datafusion("theirs"), lambda: in_datafusion("ours"))

    def in_batches(answer: Any) -> tuple[int, int]:
        count = wrong = 0
        for batch in ds.dataset(folder / "rows").to_batches(batch_size=131_072):
            found = answer([batch.column(name) for name in FEATURES])
            wrong += int((found.to_numpy() != batch["expected"].to_numpy()).sum())
            count += batch.num_rows
        return count, wrong

    row("pyarrow, a batch at a time", lambda: sum(batch.num_rows for batch in ds.dataset(folder / "rows").to_batches()), lambda: in_batches(theirs), lambda: in_batches(ours))

    subprocess.run([command, "seal", path, "--name", "risk", "-o", folder / "risk.wasm", "--for", "clickhouse"], check=True, capture_output=True)
    (folder / "config.xml").write_text(
        "<clickhouse><allow_experimental_webassembly_udf>true</allow_experimental_webassembly_udf>"
        "<webassembly_udf_engine>wasmtime</webassembly_udf_engine></clickhouse>"
    )
    house = chdb.connect(f"{folder}/store?config-file={folder}/config.xml")
    lines = [line for line in (folder / "risk.sql").read_text().splitlines() if not line.startswith("--")]
    for statement in "\n".join(lines).replace("'risk.wasm'", f"'{folder}/risk.wasm'").split(";\n"):
        if statement.strip():
            house.query(statement)

    def in_clickhouse() -> tuple[int, int]:
        settings = f"SETTINGS max_threads = {CORES}, webassembly_udf_max_fuel = 0, webassembly_udf_max_input_block_size = 8192"
        asked = f"SELECT count(), countIf(risk({', '.join(FEATURES)}) != expected) FROM file('{glob}', Parquet) {settings}"
        count, wrong = str(house.query(asked)).strip().split(",")
        return int(count), int(wrong)

    row("ClickHouse (chDB, WebAssembly)", lambda: house.query(f"SELECT {sums} FROM file('{glob}', Parquet)"), None, in_clickhouse)
    house.close()


if __name__ == "__main__":
    main()
