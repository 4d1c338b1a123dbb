"""Spark's API, in Sail: the same functions run in a Spark cluster (`cargo xtask spark`)."""

from __future__ import annotations

import os
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from cases import read_case
from pysail.spark import SparkConnectServer
from pyspark.sql import SparkSession
from scored import ROWS, Scored

import wardian
from wardian import spark as ws


@pytest.fixture(scope="module")
def session() -> Iterator[Any]:
    server = SparkConnectServer()
    server.start(background=True)
    _, port = server.listening_address
    session = SparkSession.builder.remote(f"sc://localhost:{port}").getOrCreate()
    yield session
    session.stop()
    server.stop()


@pytest.fixture(scope="module")
def rows(session: Any, scored: Scored) -> Any:
    return session.read.parquet(str(scored.rows))


def test_score(rows: Any, scored: Scored) -> None:
    found = ws.score(rows, scored.model, keep=["id", "expected"])
    assert found.columns == ["id", "expected", "prediction"]
    told = found.selectExpr("count(*)", "count(distinct id)", "sum(cast(prediction <> expected as int))").collect()
    assert [tuple(row) for row in told] == [(ROWS, ROWS, 0)]
    with pytest.raises(wardian.WardianError, match="have a column 'margin' already"):
        ws.score(rows, scored.path, what="margins")
    told = ws.score(rows.withColumnRenamed("margin", "theirs"), scored.path, what="margins", keep=["theirs"])
    assert told.selectExpr("sum(cast(margin <> theirs as int))").collect()[0][0] == 0


def test_reasons_and_all_classes(session: Any, scored: Scored) -> None:
    wine = read_case("wine")
    names = wine.model.description.names
    frame = session.createDataFrame(
        [tuple(map(float, row)) for row in np.nan_to_num(wine.X, nan=1.0)], [name.replace("/", "_") for name in names]
    )
    columns = {name: name.replace("/", "_") for name in names}
    answers = np.nan_to_num(wine.X, nan=1.0)
    told = ws.score(frame, wine.path, what="predict_proba", keep=[], columns=columns).collect()
    assert np.array_equal(np.array(told), wine.model.predict_proba(answers))
    told = ws.score(frame, wine.path, keep=[], columns=columns).collect()
    assert [row[0] for row in told] == wine.model.predict(answers).tolist()
    explained = ws.score(frame, wine.path, what="explain", keep=[], columns=columns)
    assert len(explained.columns) == 3 * (len(names) + 1)
    explanation = wine.model.explain(answers)
    first = np.array(explained.collect())[:, : len(names)]
    assert np.array_equal(first, explanation.values[:, :, 0])


def test_udf_in_columns_and_in_sql(session: Any, rows: Any, scored: Scored) -> None:
    session.udf.register("risk", ws.udf(scored.model))
    rows.createOrReplaceTempView("rows")
    call = ", ".join(scored.features)
    told = session.sql(f"SELECT count(*), sum(cast(risk({call}) <> expected AS int)) FROM rows").collect()
    assert [tuple(row) for row in told] == [(ROWS, 0)]
    several = ws.udf(scored.model, what="predict_proba")
    told = rows.limit(5).select(several(*scored.features).alias("p"), "expected").collect()
    assert all(len(row.p) == 2 and np.float32(row.p[1]) == np.float32(row.expected) for row in told)


def test_what_is_refused_is_refused_before_a_job(rows: Any, scored: Scored) -> None:
    for frame, options, words in (
        (rows.drop("income"), {}, "1 column is not there: income"),
        (rows.withColumn("income", rows["income"].cast("string")), {}, "income is a column of string"),
        (rows.withColumn("income", rows["id"].cast("timestamp")), {}, "income is a column of timestamp"),
        (rows, {"what": "reasons"}, "'reasons' may not be asked for"),
        (rows, {"keep": ["no"]}, "no column 'no' to keep"),
        (rows, {"columns": {"weight": "w"}}, "'weight' is no feature"),
    ):
        with pytest.raises(wardian.WardianError, match=words):
            ws.score(frame, scored.model, **options)


def test_an_executor_without_the_package_says_so(scored: Scored, tmp_path: Path) -> None:
    """The function is sent by value; where `import wardian` fails, its error is the one that a person can act on."""
    import subprocess

    from pyspark import cloudpickle

    sent = tmp_path / "function"
    sent.write_bytes(cloudpickle.dumps(ws.scorer(scored.model, keep=["id"])))
    script = (
        "import sys, pickle\n"
        "class Absent:\n"
        "    def find_spec(self, name, path=None, target=None):\n"
        "        if name.partition('.')[0] == 'wardian': raise ModuleNotFoundError(name=name)\n"
        "sys.meta_path.insert(0, Absent())\n"
        "import pyspark.cloudpickle\n"
        f"function = pickle.load(open({str(sent)!r}, 'rb'))\n"
        "try: list(function([]))\n"
        "except RuntimeError as error: print(error, error.__suppress_context__)\n"
    )
    environment = {name: value for name, value in os.environ.items() if name != "PYTHONPATH"}
    done = subprocess.run([sys.executable, "-c", script], capture_output=True, text=True, check=False, env=environment)
    said = f"this executor's Python, {sys.executable}, has no package wardian: install wardian on every node, let PYSPARK_PYTHON name"
    assert done.stdout.startswith(said) and done.stdout.strip().endswith("True"), done.stderr
