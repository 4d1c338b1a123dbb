"""The examples in Python (`examples/`), run as they stand: each answers as the trainer does."""

from __future__ import annotations

import csv
import os
import shlex
import subprocess
import sys
from pathlib import Path

import nbclient
import nbformat
import numpy as np
import pyarrow as pa
import pyarrow.parquet as pq
import pytest
from cases import ROOT, Case, same
from pysail.spark import SparkConnectServer

COMMAND = os.environ["WARDIAN_COMMAND"]


@pytest.fixture
def repository(tmp_path: Path) -> Path:
    """A folder that looks like the repository from an example, so that what one writes is gone afterwards."""
    (tmp_path / "examples").mkdir()
    (tmp_path / "models").symlink_to(ROOT / "models")
    return tmp_path


def copied(repository: Path, name: str) -> Path:
    """An example's own files, and nothing that it has written before."""
    place = repository / "examples" / name
    place.mkdir()
    listed = subprocess.run(["git", "ls-files", "."], cwd=ROOT / "examples" / name, capture_output=True, text=True, check=True)
    for file in listed.stdout.split():
        (place / file).write_bytes((ROOT / "examples" / name / file).read_bytes())
    return place


def test_the_notebook_goes_from_fit_to_a_page(repository: Path) -> None:
    place = copied(repository, "notebook")
    notebook = nbformat.read(place / "risk.ipynb", 4)
    nbformat.validate(notebook)
    assert not any(cell.get("outputs") for cell in notebook.cells), "the notebook is kept without its outputs"
    notebook.cells.append(nbformat.v4.new_code_cell("np.save('ours.npy', ours), np.save('theirs.npy', theirs); print(sealed)"))
    nbclient.NotebookClient(notebook, timeout=120, resources={"metadata": {"path": str(place)}}).execute()
    ours, theirs = np.load(place / "ours.npy"), np.load(place / "theirs.npy")
    assert len(theirs) > 200 and same(ours, theirs)
    assert "rows identical to XGBoost" in notebook.cells[-1].outputs[0]["text"]
    page = (place / "risk.html").read_text(encoding="utf-8")
    assert page.startswith("<!doctype html>") and "<title>Diabetes risk" in page


def test_the_spark_job_scores_a_table(diabetes: Case, repository: Path) -> None:
    place = copied(repository, "spark")
    columns = {
        name: pa.array(column, mask=np.isnan(column)) for name, column in zip(diabetes.model.feature_names_in_, diabetes.X.T, strict=True)
    }
    pq.write_table(pa.table({"id": np.arange(len(diabetes.X)), **columns}), place / "rows.parquet")
    server = SparkConnectServer()
    server.start(background=True)
    try:
        _, port = server.listening_address
        words = ["score.py", str(diabetes.path), str(place / "rows.parquet"), str(place / "answers.parquet")]
        subprocess.run([sys.executable, *words], cwd=place, check=True, env={**os.environ, "SPARK_REMOTE": f"sc://localhost:{port}"})
    finally:
        server.stop()
    answers = pq.read_table(place / "answers.parquet").sort_by("id")
    assert answers.column_names == ["id", "prediction"]
    assert same(answers["prediction"].to_numpy(), diabetes.predictions)


def test_clickhouse_finds_the_highest_risks(diabetes: Case, repository: Path) -> None:
    place = copied(repository, "clickhouse")
    commands = [line[2:] for line in (place / "README.md").read_text(encoding="utf-8").splitlines() if line.startswith("$ ")]
    (seal,) = [command for command in commands if command.startswith("wardian seal ")]
    subprocess.run([COMMAND, *shlex.split(seal)[1:]], cwd=place, check=True, capture_output=True)
    told = subprocess.run([sys.executable, "score.py"], cwd=place, check=True, capture_output=True, text=True)
    found = [np.float32(row["risk"]) for row in csv.DictReader(told.stdout.splitlines())]
    assert found == sorted(diabetes.predictions, reverse=True)[:10]
