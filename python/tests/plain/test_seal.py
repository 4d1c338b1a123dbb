"""Pages and files that Python makes: the same bytes as the command line's."""

from __future__ import annotations

import os
import subprocess
import sys
import warnings
from pathlib import Path

import numpy as np
import pytest
from cases import ROOT, Case, read_case, same

import wardian

COMMAND = os.environ["WARDIAN_COMMAND"]


def sealed(*arguments: object) -> None:
    subprocess.run([COMMAND, "seal", *map(str, arguments)], check=True, capture_output=True)


@pytest.mark.parametrize("name", ["one.html", "one.tgz", "one.wasm", "one.sql", "one.wardian", "openapi.json", "card.html", "case.json"])
def test_files_are_the_command_lines(case: Case, tmp_path: Path, name: str) -> None:
    (tmp_path / "py").mkdir()
    (tmp_path / "rs").mkdir()
    case.model.seal(tmp_path / "py" / name)
    sealed(case.path, "-o", tmp_path / "rs" / name)
    assert (tmp_path / "py" / name).read_bytes() == (tmp_path / "rs" / name).read_bytes()


def test_folders_are_the_command_lines(diabetes: Case, tmp_path: Path) -> None:
    diabetes.model.seal(f"{tmp_path}/py/")
    sealed(diabetes.path, "-o", f"{tmp_path}/rs/")
    files = {name: sorted(str(path.relative_to(tmp_path / name)) for path in (tmp_path / name).rglob("*")) for name in ("py", "rs")}
    assert files["py"] == files["rs"] and len(files["py"]) > 20
    for name in files["py"]:
        if (tmp_path / "py" / name).is_file():
            assert (tmp_path / "py" / name).read_bytes() == (tmp_path / "rs" / name).read_bytes(), name
    # A name without an ending is a folder's too.
    diabetes.model.seal(tmp_path / "bare")
    assert (tmp_path / "bare" / "index.html").read_bytes() == (tmp_path / "py" / "index.html").read_bytes()
    # A page of ours is replaced; anybody else's folder is not.
    diabetes.model.seal(f"{tmp_path}/py/", title="Again")
    (tmp_path / "own").mkdir()
    (tmp_path / "own" / "thesis.txt").write_text("dear")
    with pytest.raises(wardian.WardianError, match="other files than a sealed page's"):
        diabetes.model.seal(f"{tmp_path}/own/")
    assert (tmp_path / "own" / "thesis.txt").read_text() == "dear"


def test_rows_labels_and_answers(diabetes: Case, tmp_path: Path) -> None:
    names = diabetes.model.description.names
    columns: dict[str, object] = {name: diabetes.X[:, place] for place, name in enumerate(names)}
    label = (diabetes.predictions > 0.4).astype(int)
    said = diabetes.model.seal(
        tmp_path / "risk.html", data=columns, label=label, predictions=diabetes.predictions, title="Risk", case={"outcome": "Sick"}
    )
    assert f"{len(label)} of {len(label)} rows identical to XGBoost" in said
    page = (tmp_path / "risk.html").read_text()
    assert "<title>Risk" in page and "Sick" in page
    diabetes.model.seal(tmp_path / "same.html", data=columns | {"y": label}, label="y", held_out=columns | {"y": label}, group="age")
    # A list of texts, one for each row, is the labels themselves.
    words = ["sick" if sick else "well" for sick in label]
    for rows in (diabetes.X, columns):
        diabetes.model.seal(tmp_path / "words.html", held_out=rows, label=words, positive="sick", name="same")
    diabetes.model.seal(tmp_path / "named.html", held_out=columns | {"label": words}, label=["label"], positive="sick", name="same")
    assert (tmp_path / "words.html").read_bytes() == (tmp_path / "named.html").read_bytes()
    wrong = diabetes.predictions.copy()
    wrong[7] = np.nextafter(wrong[7], np.float32(1))
    before = (tmp_path / "risk.html").read_bytes()
    with pytest.raises(wardian.WardianError, match="row 8") as told:
        diabetes.model.seal(tmp_path / "risk.html", data=columns, predictions=wrong)
    assert told.value.code == "different_answer"
    assert (tmp_path / "risk.html").read_bytes() == before


def test_rows_of_a_file_and_of_memory_are_the_same(diabetes: Case, tmp_path: Path) -> None:
    path = ROOT / "models/diabetes/pima-indians-diabetes.csv"
    diabetes.model.seal(tmp_path / "file.html", data=path, name="risk")
    rows = np.genfromtxt(path, delimiter=",", skip_header=1)[:, :8]
    diabetes.model.seal(tmp_path / "memory.html", data=rows, name="risk")
    assert (tmp_path / "file.html").read_bytes() == (tmp_path / "memory.html").read_bytes()


def test_what_is_refused(diabetes: Case, tmp_path: Path) -> None:
    for out, options, code, words in (
        ("risk.docx", {}, "invalid_case", "ends with none of"),
        ("risk.html", {"label": "y"}, "invalid_option", "give data or held_out"),
        ("risk.html", {"kind": "guess"}, "invalid_option", "no kind of answer"),
        ("risk.html", {"data": {name: [1.0] for name in diabetes.model.description.names}, "label": "y"}, "unknown_field", "no column 'y'"),
        ("risk.html", {"case": {"colour": "red"}}, "invalid_case", "colour"),
    ):
        with pytest.raises(wardian.WardianError, match=words) as told:
            diabetes.model.seal(tmp_path / out, **options)
        assert told.value.code == code, told.value
    with pytest.raises(FileNotFoundError, match=r"the folder is not there: '.*nowhere'$"):
        diabetes.model.seal(tmp_path / "nowhere" / "risk.html")
    assert list(tmp_path.iterdir()) == []


def test_notes_are_warned_of(tmp_path: Path) -> None:
    # A `.wardian` file whose schema names nothing has nothing to say; held-out rows that are too few have.
    case = read_case("diabetes")
    rows = {name: case.X[:12, place] for place, name in enumerate(case.model.description.names)}
    with warnings.catch_warnings(record=True) as told:
        warnings.simplefilter("always")
        case.model.seal(tmp_path / "risk.html", held_out=rows | {"y": np.arange(12) % 2}, label="y")
    assert any("30" in str(one.message) for one in told), [str(one.message) for one in told]


def test_a_model_shows_itself(diabetes: Case) -> None:
    shown = diabetes.model._repr_html_()
    assert shown.startswith("<iframe") and 'sandbox="allow-scripts' in shown and "srcdoc=" in shown
    assert "<script" not in shown.split("srcdoc=")[0]
    assert "<h1" in diabetes.model.card() or "<title" in diabetes.model.card()


def test_the_command(diabetes: Case, tmp_path: Path) -> None:
    def run(*arguments: object) -> subprocess.CompletedProcess[str]:
        return subprocess.run([sys.executable, "-m", "wardian", *map(str, arguments)], capture_output=True, text=True, check=False)

    assert '"trainer": "XGBoost"' in run("inspect", diabetes.path).stdout
    assert run("convert", diabetes.path, "-o", tmp_path / "m.wardian").returncode == 0
    assert same(wardian.load(tmp_path / "m.wardian").predict(diabetes.X), diabetes.predictions)
    done = run("seal", diabetes.path, "-o", tmp_path / "a.html", "-o", tmp_path / "a.tgz")
    assert done.returncode == 0 and (tmp_path / "a.tgz").stat().st_size > 100_000, done.stderr
    # What there is to say of rows is said once, however many products are made of them.
    few = [",".join(diabetes.model.description.names) + ",y"]
    few += [",".join(f"{value:g}" for value in [*row, place % 2]) for place, row in enumerate(diabetes.X[:12])]
    (tmp_path / "few.csv").write_text("\n".join(few) + "\n")
    held = run(
        "seal", diabetes.path, "--held-out", tmp_path / "few.csv", "--label", "y", "-o", tmp_path / "a.html", "-o", tmp_path / "b.html"
    )
    notes = [line for line in held.stderr.splitlines() if line.startswith("note: ")]
    assert notes and len(set(notes)) == len(notes), held.stderr
    wrong = run("inspect", tmp_path / "a.tgz")
    assert wrong.returncode == 1 and wrong.stderr.startswith("wardian: a.tgz: ") and "Traceback" not in wrong.stderr
    assert "wardian 0.1.0" in run("--version").stdout
