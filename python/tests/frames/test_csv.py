"""The command's files: rows however they are written, and CSV with pyarrow and without, to the byte."""

from __future__ import annotations

import gzip
import json
import os
import subprocess
import sys
from pathlib import Path

import numpy as np
import pyarrow as pa
import pyarrow.csv
import pyarrow.feather
import pyarrow.parquet
import pytest
from cases import FILES, ROOT, Case

from wardian import _csv

#: Runs the command where importing pyarrow fails as where it is absent.
WITHOUT = (
    "import sys\n"
    "class Absent:\n"
    "    def find_spec(self, name, path=None, target=None):\n"
    "        if name.partition('.')[0] == 'pyarrow': raise ModuleNotFoundError(name=name)\n"
    "sys.meta_path.insert(0, Absent())\n"
    "from wardian.__main__ import main\n"
    "sys.exit(main(sys.argv[1:]))\n"
)


def command(*arguments: object, without: bool = False) -> subprocess.CompletedProcess[bytes]:
    start = ["-c", WITHOUT] if without else ["-m", "wardian"]
    return subprocess.run([sys.executable, *start, *map(str, arguments)], capture_output=True, check=False, env=os.environ)


@pytest.mark.parametrize("what", ["predict", "predict --margin", "predict --proba", "explain"])
def test_the_same_bytes_with_pyarrow_and_without(case: Case, what: str) -> None:
    name = case.path.parent.name
    if "--proba" in what and case.model.description.kind == "number":
        pytest.skip("its answers are no probabilities")
    asked = [*what.split(), ROOT / "models" / name / FILES[name], ROOT / "models" / name / "golden.csv"]
    one, other = command(*asked), command(*asked, without=True)
    assert (one.returncode, other.returncode) == (0, 0), one.stderr + other.stderr
    assert one.stdout.count(b"\n") == len(case.X) + 1
    assert other.stdout == one.stdout


def test_numbers_have_the_same_digits() -> None:
    random = np.random.default_rng(3)
    bits = random.integers(0, 2**64, 20_000, dtype=np.uint64)
    edges = [0.0, -0.0, 1.0, 1e-6, 9.999999999999999e-7, 1e10, 9999999999.999998, 1e22, 5e-324, 1.7976931348623157e308, 0.1, -123.5]
    double = np.array([*bits.view(np.float64)[~np.isnan(bits.view(np.float64))], *edges, np.nan, np.inf, -np.inf])
    plain = random.normal(size=len(double)) * 10.0 ** random.integers(-9, 13, len(double))
    narrow = bits.astype(np.uint32).view(np.float32)
    single = np.resize(narrow[~np.isnan(narrow)], len(double))
    columns = {
        "double": double,
        "plain": plain,
        "single": single,
        "near one": plain.astype(np.float32),
        "whole": np.arange(len(double)) - 7,
        "truth": double > 0,
        'a "text", ': np.array(["a", "b,c", 'd"e', "é", "", "f\ng"])[np.arange(len(double)) % 6],
    }
    out = pa.BufferOutputStream()
    pa.csv.write_csv(pa.table(columns), out, pa.csv.WriteOptions(quoting_style="needed"))
    assert _csv.written(list(columns), list(columns.values())) == out.getvalue().to_pybytes()


ORDER = ["species", "petal_width", "sepal_width", "sepal_length"]
ROWS = [["setosa", "0.2", "3.5", "5.1"], ["versicolor", "", "NA", "6.25"], ["", "1.5", "null", "5"], ["virginica", "2.5", "3", "nan"]]


def table(delimiter: str = ",", comma: str = ".", end: str = "\n") -> str:
    return "".join(delimiter.join(cell.replace(".", comma) for cell in row) + end for row in [ORDER, *ROWS])


def json_lines() -> str:
    cells = [[row[0] or None, *(float(cell) if cell[:1].isdigit() else None for cell in row[1:])] for row in ROWS]
    return "".join(json.dumps(dict(zip(ORDER, row, strict=True))) + "\n" for row in cells)


@pytest.mark.parametrize(
    ("file", "options"),
    [
        (table().encode(), ()),
        (table().encode("utf-8-sig"), ()),
        (table(";", ",", "\r\n").encode(), ()),
        (table("\t", ",").encode("utf-16"), ()),
        (table("|").encode(), ()),
        (("Measured in the garden\n\n" + table("\t")).encode(), ("--skip", 2)),
        (table("~").encode(), ("--delimiter", "~")),
        (("sep=;\n" + table(";", ",")).encode("cp1252"), ()),
        (table().partition("\n")[2].encode(), ("--header", "no", *(f"--column={name}=#{place}" for place, name in enumerate(ORDER, 1)))),
        (table().replace("petal_width", "Breite").encode("cp1252"), ("--column", "petal_width=Breite")),
        (table().replace("NA", "keine").encode(), ("--missing-text", "keine", "--missing-text", "null", "--missing-text", "nan")),
        (json_lines().encode(), ()),
        (gzip.compress(table().encode()), ()),
        (gzip.compress(json_lines().encode()), ()),
    ],
)
@pytest.mark.parametrize("without", [False, True])
def test_every_way_to_write_rows_gives_the_same_answers(
    petal: Case, tmp_path: Path, file: bytes, options: tuple[object, ...], without: bool
) -> None:
    (tmp_path / "rows").write_bytes(file)
    told = command("predict", petal.path, tmp_path / "rows", *options, without=without)
    columns = {name: [row[place] or None for row in ROWS] for place, name in enumerate(ORDER)}
    numbers = {
        name: [float(cell) if (cell or "n")[0].isdigit() else None for cell in cells]
        for name, cells in columns.items()
        if name != "species"
    }
    due = petal.model.predict({"species": columns["species"], **numbers})
    assert told.returncode == 0, told.stderr
    header, *answers = told.stdout.decode().splitlines()
    assert header == '"prediction"' and [float(answer) for answer in answers] == due.tolist(), told.stderr


def test_standard_input_and_what_is_noted(petal: Case) -> None:
    text = "beside," + table().replace("\n", "\n,").removesuffix(",")
    asked = [sys.executable, "-m", "wardian", "predict", str(petal.path), "-"]
    told = subprocess.run(asked, input=text.replace("5.1", "99").encode(), capture_output=True, check=False)
    assert told.returncode == 0 and told.stdout.count(b"\n") == 1 + len(ROWS)
    assert b"wardian: note: standard input: " in told.stderr and b"beside" in told.stderr, told.stderr


def typed() -> pa.Table:
    rows = pa.table({name: [row[place] or None for row in ROWS] for place, name in enumerate(ORDER)})
    numbers = [pa.array([float(cell) if (cell or "n")[0].isdigit() else None for cell in rows[name].to_pylist()]) for name in ORDER[1:]]
    return pa.table([rows["species"], *numbers], names=ORDER)


def test_rows_of_parquet_and_arrow_are_known_by_their_bytes(petal: Case, tmp_path: Path) -> None:
    rows = typed()
    pyarrow.parquet.write_table(rows, tmp_path / "one.data")
    pyarrow.feather.write_feather(rows, tmp_path / "two.data")
    (tmp_path / "three.data").write_text(table())
    told = [command("predict", petal.path, tmp_path / f"{name}.data") for name in ("one", "two", "three")]
    assert [one.returncode for one in told] == [0, 0, 0], [one.stderr for one in told]
    assert told[0].stdout == told[1].stdout == told[2].stdout
    for name in ("one", "two"):
        (tmp_path / "part.data").write_bytes((tmp_path / f"{name}.data").read_bytes()[:-100])
        cut = command("predict", petal.path, tmp_path / "part.data")
        assert cut.returncode == 1 and cut.stderr.count(b"\n") == 1, cut.stderr
        assert b"part.data: the file ends early: it was cut off, or is still being written (" in cut.stderr, cut.stderr
    refused = command("predict", petal.path, tmp_path / "one.data", "--delimiter", ";")
    assert refused.returncode == 1 and b"one.data: --delimiter is of files of text" in refused.stderr


NAMES = "sepal_length,sepal_width,petal_width,species\n"


@pytest.mark.parametrize("without", [False, True])
@pytest.mark.parametrize(
    ("file", "words"),
    [
        (b"", "rows.csv: the file has no rows"),
        (NAMES.encode() + b"1\n", "rows.csv: line 2: the line has 1 fields, fewer than the 4 that the header names"),
        (NAMES.replace("\n", ",species\n").encode() + b"1,2,3,setosa,setosa\n", "species"),
        (b"sepal_length,species\n1,setosa\n", "--column"),
        ((NAMES + "1,wide,3,setosa\n").encode(), 'line 2, sepal_width: "wide" is not a number'),
        ((NAMES + "1,1_0,3,setosa\n").encode(), '"1_0" is not a number'),
        ((NAMES + "1,\uff11\uff12,3,setosa\n").encode(), '"\uff11\uff12" is not a number'),
        (b"PK\x03\x04", "it is a workbook"),
        (b'[{"sepal_length": 1}]', 'orient="records", lines=True'),
        (b'{"sepal_length": 1}\n{"sepal_length": \n', "line 2"),
        (gzip.compress(b"x" * 100)[:-9], "rows.csv: the file ends early: it was cut off, or is still being written (Compressed file ended"),
    ],
)
def test_what_is_refused(petal: Case, tmp_path: Path, file: bytes, words: str, without: bool) -> None:
    (tmp_path / "rows.csv").write_bytes(file)
    told = command("predict", petal.path, tmp_path / "rows.csv", without=without)
    assert told.returncode == 1 and words in told.stderr.decode() and told.stderr.startswith(b"wardian: "), told.stderr
    assert told.stderr.count(b"\n") == 1 and not told.stdout


def test_the_help_says_which_wardian_this_is() -> None:
    for option in ("--help", "--version"):
        said = " ".join(command(option).stdout.decode().split())
        assert "Python package" in said, said


def test_what_is_meant_for_the_other_wardian_is_said_to_be(petal: Case) -> None:
    for arguments in (
        ("predict", "--model", petal.path, "--csv", "rows.csv"),
        ("predict", petal.path, "a", "--csv", "a"),
        ("figures", petal.path),
    ):
        told = command(*arguments)
        assert told.returncode == 2 and b"the program wardian that cargo installs" in told.stderr, told.stderr
    told = command("predict", petal.path)
    assert told.returncode == 2 and b"cargo" not in told.stderr


def test_answers_are_written_in_no_kind_of_file_but_those(petal: Case, tmp_path: Path) -> None:
    told = command("predict", petal.path, petal.path.with_name("golden.csv"), "-o", tmp_path / "answers.jsonl")
    assert told.returncode == 1 and b"answers are written as .csv, .parquet or .arrow" in told.stderr
    assert not (tmp_path / "answers.jsonl").exists()


def test_pages_are_sealed_of_rows_of_any_form(petal: Case, tmp_path: Path) -> None:
    made = []
    for name, file in (("plain", table()), ("semicolons", table(";", ",")), ("wide", table("\t")), ("lines", json_lines())):
        (tmp_path / name).write_bytes(file.encode("utf-16" if name == "wide" else "utf-8"))
    pyarrow.parquet.write_table(typed(), tmp_path / "parquet")
    pyarrow.feather.write_feather(typed(), tmp_path / "arrow")
    for name in ("plain", "semicolons", "wide", "lines", "parquet", "arrow"):
        folder = tmp_path / f"made-{name}"
        folder.mkdir()
        told = command("seal", petal.path, "--data", tmp_path / name, "-o", folder / "case.json", "--name", "petal")
        assert told.returncode == 0, told.stderr
        made.append((folder / "case.json").read_bytes())
    assert len(set(made)) == 1
    (tmp_path / "rows.parquet").write_bytes(b"PAR1")
    told = command("seal", petal.path, "--data", tmp_path / "rows.parquet", "-o", tmp_path / "case.json")
    assert told.returncode == 1 and b"rows.parquet: " in told.stderr and b"Traceback" not in told.stderr


def test_labels_and_answers_of_parquet_are_those_of_memory(diabetes: Case, tmp_path: Path) -> None:
    rows = {name: diabetes.X[:, place] for place, name in enumerate(diabetes.model.description.names)}
    rows["sick"] = (diabetes.predictions > 0.4).astype(int)
    pyarrow.parquet.write_table(pa.table(rows), tmp_path / "rows.parquet")
    pyarrow.parquet.write_table(pa.table({"answer": diabetes.predictions}), tmp_path / "answers.parquet")
    made = []
    for data, answers in ((rows, diabetes.predictions), (tmp_path / "rows.parquet", tmp_path / "answers.parquet")):
        options = {"data": data, "predictions": answers, "held_out": data, "label": "sick", "name": "risk"}
        said = diabetes.model.seal(tmp_path / "risk.html", **options)
        assert f"{len(diabetes.X)} of {len(diabetes.X)} rows identical" in said
        made.append((tmp_path / "risk.html").read_bytes())
    assert made[0] == made[1]


def test_other_files_say_what_to_install(petal: Case, tmp_path: Path) -> None:
    (tmp_path / "rows.parquet").write_bytes(b"PAR1")
    (tmp_path / "rows.arrow").write_bytes(b"ARROW1")
    golden = petal.path.with_name("golden.csv")
    for rows, output in (
        (tmp_path / "rows.parquet", "o.csv"),
        (tmp_path / "rows.arrow", "o.csv"),
        (golden, "o.parquet"),
        (golden, "o.feather"),
    ):
        told = command("predict", petal.path, rows, "-o", tmp_path / output, without=True)
        assert told.returncode == 1 and b"pip install pyarrow" in told.stderr
        assert not (tmp_path / output).exists()
