"""How a model's file is read, where it does not say: the options of `wardian.load`, and of the command."""

from __future__ import annotations

import csv
import json
import pickle
import subprocess
import sys
from pathlib import Path

import numpy as np
import pytest
from cases import ROOT, Case, same

import wardian

SCHEMA = ROOT / "models/diabetes/schema.json"
CASES = ROOT / "tests/cases"


def raw(case: Case) -> dict[str, list[float]]:
    """The golden rows as the file has them: zeros for what was not measured."""
    return {name: [float(cell) for cell in case.cells[name]] for name in case.model.description.names}


def is_number(text: str) -> bool:
    try:
        return float(text or "nan") is not None
    except ValueError:
        return False


def singles(path: Path) -> np.ndarray:
    """A number a line; other lines are words."""
    return np.array([line for line in path.read_text().splitlines() if line and is_number(line)], dtype=np.float32)


def matrix(path: Path) -> np.ndarray:
    """The rows in a file, with a header or without."""
    with open(path, newline="", encoding="utf-8") as file:
        return np.array([[float(cell or "nan") for cell in row] for row in csv.reader(file) if all(map(is_number, row))])


def test_a_schema_says_what_was_not_measured(diabetes: Case) -> None:
    rows = raw(diabetes)
    assert not same(diabetes.model.predict(rows), diabetes.predictions)
    for schema in (SCHEMA, str(SCHEMA), json.loads(SCHEMA.read_text(encoding="utf-8"))):
        model = wardian.load(diabetes.path, schema=schema)
        assert same(model.predict(rows), diabetes.predictions)
        assert same(model.predict(np.array(list(rows.values())).T), diabetes.predictions)
        glucose = model.description.features[1]
        assert (glucose.label, glucose.unit, glucose.missing_codes, glucose.range) == ("Glucose", "mg/dL", (0.0,), (44.0, 199.0))
        # A number like any other.
        assert model.description.features[0].missing_codes == ()


def test_a_schema_stays_with_the_model(diabetes: Case, tmp_path: Path) -> None:
    model = wardian.load(diabetes.path, schema=SCHEMA)
    rows = raw(diabetes)
    model.save(tmp_path / "model.wardian")
    for kept in (pickle.loads(pickle.dumps(model)), wardian.load(tmp_path / "model.wardian")):
        assert same(kept.predict(rows), diabetes.predictions)
        assert kept.description.features[1].label == "Glucose"
    assert model.warnings([1, 500, 70, 28, 135, 34.2, 0.142, 22])[0]["field"] == "glucose"
    model.seal(tmp_path / "case.json", name="diabetes")
    said = json.loads((tmp_path / "case.json").read_text(encoding="utf-8"))
    assert said["features"][1]["label"] == "Glucose"


def test_a_schema_with_other_codes_beside_the_trainers(diabetes: Case) -> None:
    model = wardian.load(diabetes.path, schema=SCHEMA, missing=-999)
    assert model.description.features[1].missing_codes == (0.0, -999.0)
    assert model.description.features[0].missing_codes == (-999.0,)
    columns = {name: [-999.0 if value == 0 and name != "times_pregnant" else value for value in own] for name, own in raw(diabetes).items()}
    assert same(model.predict(columns), diabetes.predictions)


def test_a_schema_that_does_not_fit(diabetes: Case, tmp_path: Path) -> None:
    said = json.loads(SCHEMA.read_text(encoding="utf-8"))
    other = [{"name": "sugar"}, *said["features"][1:]]
    for schema, words in (
        ({**said, "features": said["features"][:7]}, "schema: it describes 7 features; the model has 8"),
        ({**said, "features": other}, 'schema: feature 0 is "sugar"; in the model it is "times_pregnant"'),
        ({"features": said["features"]}, "schema: .*name"),
        ({**said, "features": [{"name": "times_pregnant", "minimum": 3}, *said["features"][1:]]}, "minimum and maximum come together"),
        ({**said, "features": [{**said["features"][0], "max": 3}, *said["features"][1:]]}, "schema: features.*max"),
        ("{}", "No such file"),
    ):
        with pytest.raises((wardian.WardianError, OSError), match=words) as told:
            wardian.load(diabetes.path, schema=schema)
        assert getattr(told.value, "code", "invalid_schema") == "invalid_schema"
    (tmp_path / "no.json").write_text("{")
    with pytest.raises(wardian.WardianError, match=r"no\.json: Expecting property name"):
        wardian.load(diabetes.path, schema=tmp_path / "no.json")


@pytest.mark.parametrize("version", ["1.3.3", "1.7.6"])
def test_missing_is_what_the_trainer_was_told(version: str) -> None:
    folder = CASES / "missing-in-file"
    path, rows = folder / f"xgb-{version}.json", matrix(folder / "rows.csv")
    expected = singles(folder / f"expected-{version}.txt")
    model = wardian.load(path)
    assert same(model.margins(rows), expected) and model.description.notes[0].startswith("-999 is taken for missing")
    assert same(wardian.load(path, missing=-999).margins(rows), expected)
    # Whoever says otherwise is heard.
    assert not same(wardian.load(path, missing=float("nan")).margins(rows), expected)


def test_missing_of_a_file_that_cannot_say() -> None:
    folder = CASES / "missing-unsayable"
    rows, expected = matrix(folder / "rows.csv"), singles(folder / "expected.txt")
    codes = {code for code in (-999.0, 0.0, -1.0) if same(wardian.load(folder / "model.json", missing=code).margins(rows), expected)}
    assert codes == {0.0}
    assert not same(wardian.load(folder / "model.json").margins(rows), expected)


def test_all_trees() -> None:
    folder = CASES / "early-stopping-unsaid"
    rows, expected = matrix(folder / "rows.csv"), singles(folder / "expected.txt")
    best, every = wardian.load(folder / "model.json"), wardian.load(folder / "model.json", all_trees=True)
    assert same(every.margins(rows), expected[:3]) and same(best.margins(rows), expected[3:])
    assert (best.description.trees, every.description.trees) == (1, 7)


def test_options_are_of_reading_a_file(diabetes: Case) -> None:
    assert wardian.load(diabetes.model) is diabetes.model
    for options in ({"missing": 0}, {"schema": SCHEMA}, {"all_trees": True}, {"classes": ["a", "b"]}):
        with pytest.raises(wardian.WardianError, match="is open already") as told:
            wardian.load(diabetes.model, **options)
        assert told.value.code == "invalid_option"


def test_the_commands_options(diabetes: Case) -> None:
    def said(*options: object) -> dict:
        asked = [sys.executable, "-m", "wardian", "inspect", *map(str, options)]
        return json.loads(subprocess.run(asked, capture_output=True, text=True, check=True).stdout)

    told = said(diabetes.path, "--schema", SCHEMA, "--missing", "-999")
    assert told["features"][1]["missing_codes"] == [0.0, -999.0]
    assert said(CASES / "early-stopping-unsaid/model.json", "--all-trees")["trees"] == 7
    refused = subprocess.run(
        [sys.executable, "-m", "wardian", "inspect", CASES / "early-stopping-unsaid/model.json", "--schema", SCHEMA],
        capture_output=True,
        text=True,
        check=False,
    )
    assert refused.returncode == 1 and refused.stderr.startswith("wardian: schema: it describes 8 features")


def test_what_the_command_says_of_options_are_its_own(diabetes: Case, tmp_path: Path) -> None:
    done = subprocess.run(
        [sys.executable, "-m", "wardian", "seal", diabetes.path, "-o", tmp_path / "case.json"], capture_output=True, text=True, check=False
    )
    assert done.returncode == 0 and "(--predictions takes them)" in done.stderr and "predictions=" not in done.stderr, done.stderr
    refused = subprocess.run(
        [
            sys.executable,
            "-m",
            "wardian",
            "seal",
            diabetes.path,
            "-o",
            tmp_path / "case.json",
            "--predictions",
            diabetes.path.with_name("golden.csv"),
        ],
        capture_output=True,
        text=True,
        check=False,
    )
    assert refused.returncode == 1 and "--predictions" in refused.stderr and "data=" not in refused.stderr, refused.stderr
    # A call's words are arguments.
    assert "(predictions= takes them)" in diabetes.model.seal(tmp_path / "case.json")
