"""The models that `cargo xtask oracle` has trained, through this package: every margin and prediction, from several layouts, and in DuckDB,
Polars, DataFusion and ClickHouse for some of them. It prints what was compared by road, and fails at the first bit that differs."""

from __future__ import annotations

import argparse
import json
import os
import warnings
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import numpy as np

import wardian


@dataclass
class Trained:
    """A model, and what its trainer has answered."""

    name: str
    model: wardian.Model
    X: np.ndarray
    margins: np.ndarray
    predictions: np.ndarray | None


def xgboosts(folder: Path) -> Iterator[Trained]:
    for manifest in sorted(folder.glob("*/manifest.json")):
        for facts in json.loads(manifest.read_text()):
            path = manifest.parent / facts["file"]
            rows = path.with_suffix(".rows")
            model = wardian.load(path, missing=facts.get("missing"), all_trees=False)
            wide = path.with_suffix(".rows64")
            X = np.fromfile(wide, dtype="<f8") if wide.exists() else np.fromfile(rows, dtype="<f4")
            X = X.reshape(-1, facts["columns"])
            margins = np.fromfile(path.with_suffix(".margins"), dtype="<f4")
            predictions = path.with_suffix(".predictions")
            told = np.fromfile(predictions, dtype="<f4") if predictions.exists() else None
            yield Trained(f"{manifest.parent.name}/{facts['file']}", model, X, margins, told)


def others(folder: Path) -> Iterator[Trained]:
    for path in sorted(folder.glob("*/*/*.json")):
        facts = json.loads(path.read_text())
        # Rows by the names of a pipeline's columns are made by the Rust test; these are as the model takes them.
        if "model" not in facts or facts.get("raw_columns") or not facts.get("exact_answers", True):
            continue
        kind = "<f8" if facts["precision"] == "f64" else "<f4"
        margins = path.with_suffix(".margins")
        if not margins.exists():
            continue
        model = wardian.load(path.parent / facts["model"])
        X = np.fromfile(path.with_suffix(".rows"), dtype="<f8").reshape(-1, facts["features"])
        answers = path.with_suffix(".answers")
        told = np.fromfile(answers, dtype=kind) if answers.exists() else None
        yield Trained(path.stem, model, X, np.fromfile(margins, dtype=kind), told)


def same(ours: np.ndarray, theirs: np.ndarray) -> bool:
    ours = np.ascontiguousarray(ours).reshape(-1)
    both_missing = np.isnan(ours) & np.isnan(theirs)
    return (
        ours.dtype == theirs.dtype
        and len(ours) == len(theirs)
        and bool((ours.view(f"u{ours.itemsize}") == theirs.view(f"u{theirs.itemsize}"))[~both_missing].all())
    )


def main() -> None:
    parser = argparse.ArgumentParser()
    parser.add_argument("folder", type=Path, help="target/oracle")
    parser.add_argument("--most", type=int, default=0, help="so many models of each folder at most")
    options = parser.parse_args()
    warnings.simplefilter("ignore")
    compared: Counter[str] = Counter()
    models = 0

    def hold(trained: Trained, road: str, ours: np.ndarray, theirs: np.ndarray) -> None:
        if not same(ours, theirs):
            raise SystemExit(f"{trained.name}, {road}: not the trainer's bits")
        compared[road] += len(trained.X)

    for read, place in ((xgboosts, "models"), (others, "trainers")):
        for count, trained in enumerate(read(options.folder / place)):
            if options.most and count == options.most:
                break
            models += 1
            model, X = trained.model, trained.X
            hold(trained, "rows, margins", model.margins(X, threads=1), trained.margins)
            hold(trained, "columns, margins", model.margins(np.asfortranarray(X), threads=2), trained.margins)
            if X.dtype == np.float32:
                hold(trained, "rows of 64 bits, margins", model.margins(X.astype("f8")), trained.margins)
            if trained.predictions is not None:
                answers = model._answers(0, X, None, None)
                if answers.size == len(trained.predictions):
                    hold(trained, "rows, predictions", answers, trained.predictions)
    assert models, "no model was there: cargo xtask oracle trains some"
    print(f"{os.environ.get('WARDIAN_ENGINE', 'native')}: {models} models")
    for road, rows in compared.items():
        print(f"  {road}: {rows:,} rows, 0 differ")


if __name__ == "__main__":
    main()
