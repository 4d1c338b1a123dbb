"""How good and how sure, from Python: what the command line says of the same rows."""

from __future__ import annotations

import csv
import json
import os
import subprocess
from pathlib import Path

import numpy as np
import pytest
from cases import Case, read_case

import wardian

COMMAND = os.environ["WARDIAN_COMMAND"]


def told_by_the_command(case: Case, label: list[str], groups: list[str], folder: Path) -> dict[str, object]:
    rows = folder / "rows.csv"
    names = case.model.description.names
    with open(rows, "w", newline="", encoding="utf-8") as file:
        out = csv.writer(file)
        out.writerow([*names, "seen", "part"])
        for row, own, part in zip(case.X, label, groups, strict=True):
            texts = []
            for value, feature in zip(row, case.model.description.features, strict=True):
                text = "" if value != value else repr(float(value))
                texts.append(feature.categories[int(value)] if feature.categories and text else text)
            out.writerow([*texts, own, part])
    asked = ["figures", case.path, "--data", rows, "--label", "seen", "--group", "part", "--json"]
    done = subprocess.run([COMMAND, *map(str, asked)], capture_output=True, text=True, check=True)
    return json.loads(done.stdout)


@pytest.mark.parametrize("name", ["diabetes", "petal", "wine"])
def test_figures_are_the_commands(name: str, tmp_path: Path) -> None:
    case = read_case(name)
    random = np.random.default_rng(11)
    count = len(case.X)
    if name == "diabetes":
        seen: np.ndarray = (random.random(count) < case.predictions).astype(int)
    elif name == "petal":
        seen = np.round(case.predictions + random.normal(size=count) / 4, 3)
    else:
        labels = case.model.classes_
        assert labels is not None
        seen = np.where(random.random(count) < 0.8, case.model.predict(case.X), labels[random.integers(3, size=count)])
    parts = np.array(["a", "b"])[np.arange(count) % 2]
    ours = case.model.figures(case.X, seen, groups=parts)
    theirs = told_by_the_command(case, [str(value) for value in seen.tolist()], parts.tolist(), tmp_path)
    # The command knows the groups' column by its name.
    assert ours["figures"] | {"by": "part"} == theirs["figures"]
    assert len(ours["figures"]["groups"]) == 2
    assert ours["certainty"] == theirs["certainty"]
    told = case.model.interval(case.X[:40], ours["certainty"])
    assert len(told) == 40
    for own, answer in zip(told, np.atleast_1d(case.predictions)[:40], strict=True):
        assert own is not None
        if name == "wine":
            assert case.model.classes_ is not None and set(own["classes"]) <= set(case.model.classes_.tolist()) and own["classes"]
        else:
            assert own["low"] <= own["high"]
            assert name == "petal" or own["outside"] == (not own["low"] <= float(answer) <= own["high"])


def test_what_does_not_tell_it(diabetes: Case) -> None:
    few = diabetes.model.figures(diabetes.X[:12], np.arange(12) % 2)
    assert few["certainty"] is None and "30" in few["notKnown"]
    with pytest.raises(wardian.WardianError, match=r"y: .3,. values for 12 rows"):
        diabetes.model.figures(diabetes.X[:12], [0, 1, 0])
    with pytest.raises(wardian.WardianError, match="row 3") as told:
        diabetes.model.figures(diabetes.X[:12], [0, 1, 7, *[0] * 9])
    assert told.value.code == "invalid_data"
    texts = np.where(np.arange(60) % 3 == 0, "sick", "well")
    said = diabetes.model.figures(diabetes.X[:60], texts, positive="sick")
    assert said["figures"] == diabetes.model.figures(diabetes.X[:60], (texts == "sick").astype(int))["figures"]
