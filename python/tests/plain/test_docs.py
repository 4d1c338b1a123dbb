"""The documents' Python, run as it stands."""

from __future__ import annotations

import re
import shlex
import shutil
import subprocess
import sys
from pathlib import Path

import numpy as np
import pytest
from cases import ROOT, Case

DOCUMENTS = ["python/README.md", "docs/start/python.md", "docs/PYTHON.md"]


@pytest.fixture
def desk(diabetes: Case, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A folder with the files that documents speak of, to stand in."""
    shutil.copy(diabetes.path, tmp_path / "model.ubj")
    head = ",".join(diabetes.model.feature_names_in_)
    np.savetxt(tmp_path / "rows.csv", diabetes.X[:20], delimiter=",", header=head, comments="", fmt="%g")
    monkeypatch.chdir(tmp_path)
    return tmp_path


def blocks(name: str, language: str) -> list[str]:
    found = re.findall(rf"^```{language}\n(.*?)^```", (ROOT / name).read_text(encoding="utf-8"), re.DOTALL | re.MULTILINE)
    assert found, name
    return list(found)


@pytest.mark.parametrize("name", DOCUMENTS)
def test_the_code_of_a_document_runs(name: str, diabetes: Case, desk: Path, recwarn: pytest.WarningsRecorder) -> None:
    seen = (diabetes.predictions > 0.5).astype(int)
    known = {"X": diabetes.X[:20], "y": seen[:20], "X_test": diabetes.X, "y_test": seen}
    for code in blocks(name, "python"):
        exec(compile(code, name, "exec"), known)
    assert (desk / "risk.html").stat().st_size > 100_000


def test_the_commands_of_a_document_run(desk: Path) -> None:
    lines = [line for code in blocks("docs/PYTHON.md", "console") for line in code.splitlines() if line.startswith("$ python -m wardian ")]
    assert len(lines) == 6
    for line in lines:
        subprocess.run([sys.executable, *shlex.split(line)[2:]], check=True, capture_output=True)
    assert len((desk / "answers.csv").read_text().splitlines()) >= 20
    assert (desk / "model.wardian").stat().st_size > 1000
