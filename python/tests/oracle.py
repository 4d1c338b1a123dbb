"""The models that `cargo xtask oracle` has trained, through this package: every margin and prediction, from several layouts. It prints what
was compared by road, and fails at the first bit that differs. `engines/oracle.py` takes them through other engines."""

from __future__ import annotations

import argparse
import os
import warnings
from collections import Counter
from pathlib import Path

import numpy as np
from trained import Trained, differing, trained


def main() -> None:
    parser = argparse.ArgumentParser()
    parser.add_argument("folder", type=Path, help="target/oracle")
    parser.add_argument("--most", type=int, default=0, help="so many models of each folder at most")
    options = parser.parse_args()
    warnings.simplefilter("ignore")
    compared: Counter[str] = Counter()
    models, asked, numbers = 0, 0, 0

    def hold(one: Trained, road: str, ours: np.ndarray, theirs: np.ndarray) -> None:
        nonlocal numbers
        wrong = differing(ours, theirs)
        if wrong:
            raise SystemExit(f"{one.name}, {road}: {wrong} numbers have not the trainer's bits")
        compared[road] += len(one.X)
        numbers += theirs.size

    for one in trained(options.folder, options.most):
        models, asked = models + 1, asked + len(one.X)
        model, X = one.model, one.X
        hold(one, "rows, margins", model.margins(X, threads=1), one.margins)
        hold(one, "columns, margins", model.margins(np.asfortranarray(X), threads=2), one.margins)
        if X.dtype == np.float32:
            hold(one, "rows of 64 bits, margins", model.margins(X.astype("f8")), one.margins)
        if one.predictions is not None:
            hold(one, "rows, predictions", model._answers(0, X, None, None), one.predictions)
    for road, rows in compared.items():
        print(f"{road}: {rows:,} rows, 0 differ")
    wheel = "the wheel of WebAssembly" if os.environ.get("WARDIAN_ENGINE") == "wasm" else "the native wheel"
    print(
        f"seen wheels: {wheel}: {models} models, {sum(compared.values()):,} rows by rows and by columns, {numbers:,} margins and predictions: 0 different"
    )
    print("| engine | models | rows | numbers | differing |")
    print("|---|---:|---:|---:|---:|")
    print(f"| {wheel}, by rows and by columns | {models} | {asked:,} | {numbers:,} | 0 |")


if __name__ == "__main__":
    main()
