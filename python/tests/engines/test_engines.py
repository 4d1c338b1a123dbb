"""Engines that run on one machine, each with its recipe of docs/ENGINES.md: every row's answer is compared with XGBoost's."""

from __future__ import annotations

import os
import subprocess
from pathlib import Path

import clickhouse
import dask.dataframe as dd
import datafusion
import duckdb
import numpy as np
import polars as pl
import pyarrow as pa
import pyarrow.dataset as ds
from scored import ROWS, Scored

COMMAND = os.environ["WARDIAN_COMMAND"]


def test_duckdb(scored: Scored) -> None:
    model, names = scored.model, scored.features

    def score(rows: pa.ChunkedArray) -> pa.Array:
        struct = rows.combine_chunks() if isinstance(rows, pa.ChunkedArray) else rows
        return pa.array(model.predict(pa.RecordBatch.from_struct_array(struct)))

    database = duckdb.connect()
    struct = duckdb.struct_type({name: "FLOAT" for name in names})
    database.create_function("risk", score, [struct], "FLOAT", type="arrow", null_handling="special")
    packed = ", ".join(f"{name} := {name}::FLOAT" for name in names)
    found = database.sql(
        f"SELECT count(*), count(*) FILTER (risk(struct_pack({packed})) IS DISTINCT FROM expected) FROM '{scored.glob}'"
    ).fetchall()
    assert found == [(ROWS, 0)]


def test_polars(scored: Scored) -> None:
    risk = pl.struct(scored.features).map_batches(
        lambda rows: pl.Series(scored.model.predict(rows.struct.unnest())), return_dtype=pl.Float32, is_elementwise=True
    )
    for engine in ("in-memory", "streaming"):
        rows = pl.scan_parquet(scored.glob).select(pl.len(), (risk != pl.col("expected")).sum().alias("wrong"))
        assert rows.collect(engine=engine).rows() == [(ROWS, 0)]


def test_datafusion(scored: Scored) -> None:
    def score(*columns: pa.Array) -> pa.Array:
        return pa.array(scored.model.predict(pa.RecordBatch.from_arrays(list(columns), names=scored.features)))

    context = datafusion.SessionContext()
    context.register_udf(datafusion.udf(score, [pa.float32()] * len(scored.features), pa.float32(), "immutable", name="risk"))
    context.register_parquet("rows", str(scored.rows))
    call = ", ".join(f"arrow_cast({name}, 'Float32')" for name in scored.features)
    found = context.sql(f"SELECT count(*) AS n, sum(CASE WHEN risk({call}) <> expected THEN 1 ELSE 0 END) AS wrong FROM rows")
    assert found.collect()[0].to_pydict() == {"n": [ROWS], "wrong": [0]}


def test_dask(scored: Scored) -> None:
    def score(frame):  # type: ignore[no-untyped-def]
        return frame.assign(prediction=scored.model.predict(frame, threads=1))

    rows = dd.read_parquet(str(scored.rows))
    found = rows.map_partitions(score, meta=rows._meta.assign(prediction=np.float32()))
    assert int((found["prediction"] != found["expected"]).sum().compute()) == 0
    assert len(found) == ROWS


def test_arrow_a_batch_at_a_time(scored: Scored) -> None:
    count = 0
    for batch in ds.dataset(scored.rows).to_batches(batch_size=30_000):
        assert np.array_equal(scored.model.predict(batch), batch["expected"].to_numpy())
        count += batch.num_rows
    assert count == ROWS


def test_clickhouse(scored: Scored, tmp_path: Path) -> None:
    subprocess.run(
        [COMMAND, "seal", scored.path, "--name", "risk", "-o", tmp_path / "risk.wasm", "--for", "clickhouse"],
        check=True,
        capture_output=True,
    )
    with clickhouse.database(tmp_path) as database:
        clickhouse.take_in(database, tmp_path / "risk.wasm", (tmp_path / "risk.sql").read_text())
        call = ", ".join(scored.features)
        found = database.query(
            f"SELECT count(), countIf(risk({call}) != expected), countIf(risk_margin({call}) != margin) "
            f"FROM file('{scored.glob}', Parquet) {clickhouse.SETTINGS}"
        )
        assert str(found).strip() == f"{ROWS},0,0"
