"""A Spark cluster of two executors: every row answered once, the same bits, also where an executor is killed on the way; and how long
that takes beside a job that answers nothing, and beside XGBoost's own prediction. `cargo xtask spark` runs it; it writes a table."""

from __future__ import annotations

import argparse
import os
import signal
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Iterable, Iterator
from pathlib import Path
from typing import Any

import numpy as np
import pyarrow as pa
import pyarrow.parquet as pq
import xgboost
from pyspark.sql import SparkSession

from wardian import spark as ws

FEATURES = [f"f{place}" for place in range(8)]


def make(folder: Path, rows: int) -> Path:
    """A model of 100 trees of depth 3, and rows with XGBoost's answers, in sixteen files."""
    random = np.random.default_rng(5)
    X = random.normal(size=(20_000, len(FEATURES))).astype("f4")
    data = xgboost.DMatrix(X, X[:, 0] * X[:, 1] + X[:, 2] > 0, feature_names=FEATURES)
    booster = xgboost.train({"max_depth": 3, "objective": "binary:logistic"}, data, 100)
    booster.save_model(folder / "model.ubj")
    (folder / "rows").mkdir()
    for part in range(16):
        X = random.normal(size=(rows // 16, len(FEATURES))).astype("f4")
        X[random.random(X.shape) < 0.05] = np.nan
        columns = {name: pa.array(column, mask=np.isnan(column)) for name, column in zip(FEATURES, X.T, strict=True)}
        answers = booster.inplace_predict(X)
        pq.write_table(pa.table({"id": np.arange(len(X)) + part * len(X), **columns, "expected": answers}), folder / f"rows/{part}.parquet")
    return folder / "model.ubj"


def identity(batches: Iterable[pa.RecordBatch]) -> Iterator[pa.RecordBatch]:
    for batch in batches:
        yield pa.record_batch({"id": batch["id"], "expected": batch["expected"], "prediction": batch["expected"]})


def xgboosts(data: bytes) -> Callable[[Iterable[pa.RecordBatch]], Iterator[pa.RecordBatch]]:
    names = FEATURES

    def answer(batches: Iterable[pa.RecordBatch]) -> Iterator[pa.RecordBatch]:
        booster = xgboost.Booster({"nthread": 1})
        booster.load_model(bytearray(data))
        booster.set_param({"nthread": 1})
        for batch in batches:
            X = np.column_stack([batch[name].to_numpy(zero_copy_only=False) for name in names])
            yield pa.record_batch({"id": batch["id"], "expected": batch["expected"], "prediction": booster.inplace_predict(X)})

    return answer


def executors() -> list[int]:
    """The processes of the executors."""
    told = subprocess.run(["ps", "-eo", "pid,args"], capture_output=True, text=True, check=True).stdout
    return [int(line.split()[0]) for line in told.splitlines() if "CoarseGrainedExecutorBackend" in line and "java" in line]


def main() -> None:
    parser = argparse.ArgumentParser()
    parser.add_argument("--folder", type=Path, required=True)
    parser.add_argument("--rows", type=int, default=10_000_000)
    options = parser.parse_args()
    model = make(options.folder, options.rows)
    os.environ["PYSPARK_PYTHON"] = sys.executable
    session = (
        SparkSession.builder.master("local-cluster[2,1,1024]")
        .config("spark.ui.enabled", "false")
        .config("spark.ui.showConsoleProgress", "false")
        .config("spark.driver.host", "127.0.0.1")
        .config("spark.driver.bindAddress", "127.0.0.1")
        .config("spark.executor.memory", "1g")
        .config("spark.executorEnv.PYTHONPATH", os.environ["PYTHONPATH"])
        .config("spark.sql.execution.arrow.maxRecordsPerBatch", "65536")
        .getOrCreate()
    )
    session.sparkContext.setLogLevel("OFF")
    rows = session.read.parquet(str(options.folder / "rows"))
    kinds = "id long, expected float, prediction float"
    jobs: dict[str, Callable[[], Any]] = {
        "nothing is answered": lambda: rows.mapInArrow(identity, kinds),
        "XGBoost's own": lambda: rows.mapInArrow(xgboosts(model.read_bytes()), kinds),
        "`score`": lambda: ws.score(rows, model, keep=["id", "expected"]),
    }
    session.udf.register("risk", ws.udf(model))
    rows.createOrReplaceTempView("rows")
    jobs["`udf` in SQL"] = lambda: session.sql(f"SELECT id, expected, risk({', '.join(FEATURES)}) AS prediction FROM rows")

    def asked(job: Callable[[], Any]) -> tuple[int, int, int]:
        told = job().selectExpr("count(*)", "count(distinct id)", "sum(cast(prediction <> expected as int))").collect()[0]
        return tuple(told)  # type: ignore[return-value]

    # One that is not timed starts the workers.
    asked(jobs["`score`"])
    print(f"| {options.rows:,} rows, two executors of one core | seconds | differing |")
    print("|---|---:|---:|")
    for name, job in jobs.items():
        best, wrong = float("inf"), 0
        for _ in range(2):
            started = time.perf_counter()
            count, distinct, wrong = asked(job)
            best = min(best, time.perf_counter() - started)
            assert count == distinct == options.rows, (name, count, distinct)
        assert name == "XGBoost's own" or wrong == 0, (name, wrong)
        print(f"| {name} | {best:.1f} | {wrong} |", flush=True)

    before = executors()
    assert len(before) == 2, before

    def kill() -> None:
        time.sleep(2.0)
        os.kill(before[0], signal.SIGKILL)

    killer = threading.Thread(target=kill)
    killer.start()
    count, distinct, wrong = asked(jobs["`score`"])
    killer.join()
    assert not Path(f"/proc/{before[0]}").exists() or before[0] not in executors(), "the executor still runs"
    assert (count, distinct, wrong) == (options.rows, options.rows, 0), (count, distinct, wrong)
    print(f"| `score`, one executor killed on the way | | {wrong} |")
    session.stop()


if __name__ == "__main__":
    main()
