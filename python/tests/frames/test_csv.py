"""The command's files: CSV with pyarrow and without, to the byte."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import numpy as np
import pyarrow as pa
import pyarrow.csv
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


def test_files_are_read_the_same(petal: Case, tmp_path: Path) -> None:
    header = "\ufeffother,species,petal_width,sepal_width,sepal_length\n"
    rows = [
        'x,setosa,0.2,3.5,5.1\n"a, b",versicolor,NA,,1e0\n\n',
        "x,,0.2, 3.5 ,+5\r\nx,virginica,nan,null,-0.0\n",
        'x,setosa,true,3,1\n"two\nlines",setosa,false,2,.5\n',
        "",
    ]
    for text in rows:
        (tmp_path / "rows.csv").write_text(header + text, encoding="utf-8", newline="")
        one, other = (command("predict", petal.path, tmp_path / "rows.csv", without=without) for without in (False, True))
        assert (one.returncode, one.stderr) == (0, b"") and other.stdout == one.stdout, (text, other.stderr)


@pytest.mark.parametrize(
    ("text", "words"),
    [
        (b"", "the file is empty"),
        (b"a,b\n1\n", "line 2: 2 cells are due, 1 given"),
        (b"a,a\n1,2\n", "the column 'a' is there more than once"),
        (b"a\n\xff\n", "rows.csv: 'utf-8' codec can't decode"),
        (b"sepal_length,species\n1,setosa\n", "2 columns are not there"),
        (b"sepal_length,sepal_width,petal_width,species\n1,wide,3,setosa\n", "row 1, sepal_width: 'wide' is text; a number is due"),
        (b"sepal_length,sepal_width,petal_width,species\n1,1_0,3,setosa\n", "'1_0' is text"),
        ("sepal_length,sepal_width,petal_width,species\n1,\uff11\uff12,3,setosa\n".encode(), "'\uff11\uff12' is text"),
    ],
)
def test_what_is_refused_without_pyarrow(petal: Case, tmp_path: Path, text: bytes, words: str) -> None:
    (tmp_path / "rows.csv").write_bytes(text)
    told = command("predict", petal.path, tmp_path / "rows.csv", without=True)
    assert told.returncode == 1 and words in told.stderr.decode() and told.stderr.startswith(b"wardian: "), told.stderr


def test_other_files_say_what_to_install(petal: Case, tmp_path: Path) -> None:
    for rows, output in (("rows.parquet", "o.csv"), ("rows.arrow", "o.csv"), ("golden.csv", "o.parquet"), ("golden.csv", "o.feather")):
        told = command("predict", petal.path, petal.path.with_name(rows), "-o", tmp_path / output, without=True)
        assert told.returncode == 1 and b"pip install pyarrow" in told.stderr
        assert not (tmp_path / output).exists()
