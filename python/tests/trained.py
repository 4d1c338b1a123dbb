"""The models that `cargo xtask oracle` has trained, with the rows that it has asked their trainers for, and the answers."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from itertools import islice
from pathlib import Path

import numpy as np

import wardian
from wardian._description import Description


@dataclass
class Trained:
    """A model, and what its trainer has answered.

    Attributes:
        X: Rows, categories as codes; float32 where the trainer was given these.
        margins, predictions: The trainer's answers, one row's behind another's; None for predictions that it has not.
    """

    name: str
    model: wardian.Model
    X: np.ndarray
    margins: np.ndarray
    predictions: np.ndarray | None


def trained(folder: Path, most: int = 0) -> Iterator[Trained]:
    """The models under ``target/oracle``; with ``most`` so many at most of XGBoost's and of the other trainers', evenly from all."""
    count = 0
    for openers in (list(_xgboosts(folder / "models")), list(_others(folder / "trainers"))):
        step = max(1, -(-len(openers) // most)) if most else 1
        for open_one in islice(openers, 0, None, step):
            count += 1
            one = open_one()
            _take_codes(one.model)
            yield one
    if not count:
        raise SystemExit(f"no model is in {folder}: cargo xtask oracle trains some")


def _take_codes(model: wardian.Model) -> None:
    """Rows have codes, some of which are no category's: from here on nobody knows that the model's categories have names."""
    said = json.loads(model._said)
    for feature in said["features"]:
        feature["categories"] = []
    model._said = json.dumps(said)
    model.description = Description.of(model._said)


def _xgboosts(folder: Path) -> Iterator[Callable[[], Trained]]:
    for manifest in sorted(folder.glob("*/manifest.json")):
        for facts in json.loads(manifest.read_text()):

            def opened(path: Path = manifest.parent / facts["file"], facts: dict = facts) -> Trained:
                model = wardian.load(path, missing=facts.get("missing"), all_trees=False)
                wide = path.with_suffix(".rows64")
                X = np.fromfile(wide, dtype="<f8") if wide.exists() else np.fromfile(path.with_suffix(".rows"), dtype="<f4")
                margins = np.fromfile(path.with_suffix(".margins"), dtype="<f4")
                told = _answers(path.with_suffix(".predictions"), "<f4", model, len(margins))
                return Trained(f"{path.parent.name}/{path.name}", model, X.reshape(-1, facts["columns"]), margins, told)

            yield opened


def _others(folder: Path) -> Iterator[Callable[[], Trained]]:
    for path in sorted(folder.glob("*/*/*.json")):
        facts = json.loads(path.read_text())
        # Rows by the names of a pipeline's columns are made by the Rust test; these are as the model takes them.
        if "model" not in facts or facts.get("raw_columns") or not facts.get("exact_answers", True):
            continue
        if not path.with_suffix(".margins").exists():
            continue

        def opened(path: Path = path, facts: dict = facts) -> Trained:
            model = wardian.load(path.parent / facts["model"])
            kind = "<f8" if facts["precision"] == "f64" else "<f4"
            X = np.fromfile(path.with_suffix(".rows"), dtype="<f8").reshape(-1, facts["features"])
            margins = np.fromfile(path.with_suffix(".margins"), dtype=kind)
            told = _answers(path.with_suffix(".answers"), kind, model, len(margins))
            return Trained(f"{path.parent.name}/{path.name}", model, X, margins, told)

        yield opened


def _answers(path: Path, kind: str, model: wardian.Model, margins: int) -> np.ndarray | None:
    told = np.fromfile(path, dtype=kind) if path.exists() else None
    # Of some the trainer was asked for something else than its predictions.
    due = margins // model.description.outputs * model.description.predictions
    return told if told is not None and len(told) == due else None


def differing(ours: np.ndarray, theirs: np.ndarray) -> int:
    """How many numbers have other bits; all of them where type or count is another. NaN is NaN."""
    ours = np.ascontiguousarray(ours).reshape(-1)
    if ours.dtype != theirs.dtype or len(ours) != len(theirs):
        return max(len(ours), len(theirs), 1)
    both_missing = np.isnan(ours) & np.isnan(theirs)
    return int(((ours.view(f"u{ours.itemsize}") != theirs.view(f"u{theirs.itemsize}")) & ~both_missing).sum())
