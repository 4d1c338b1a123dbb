"""The Python package beside XGBoost's `inplace_predict`, in one run: `python benches/python.py`, with the package on the path and nothing
else running. Rows are random normals, and rows of few values, as tables have them. One thread each, but for the last two columns."""

from __future__ import annotations

import time
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from functools import partial

import numpy as np
import pandas as pd
import polars as pl
import pyarrow as pa
import xgboost

import wardian

#: Trees, depth, features, rows.
SHAPES = ((100, 3, 8, 200_000), (500, 6, 28, 50_000), (400, 4, 20, 100_000), (300, 6, 100, 30_000))


def best(actions: list[Callable[[], object]], turns: int = 14) -> list[float]:
    """The least time of each, in turns: whatever else a machine does meets all of them alike."""
    least = [float("inf")] * len(actions)
    for _ in range(turns):
        for place, action in enumerate(actions):
            started = time.perf_counter()
            action()
            least[place] = min(least[place], time.perf_counter() - started)
    return least


def main() -> None:
    print(f"{wardian.load.__module__}, {xgboost.__version__=}")
    heading = "| model | rows | XGBoost, ns a row | numpy | columns | 64 bits | pandas | polars | pyarrow | one row | two threads | two calls at once |"
    print(heading)
    print("|---|---|---:" + "|---:" * 9 + "|")
    pool = ThreadPoolExecutor(2)
    for trees, depth, width, rows in SHAPES:
        for kind in ("normals", "few values"):
            random = np.random.default_rng(0)

            def draw(count: int) -> np.ndarray:
                X = random.normal(size=(count, width))
                if kind == "few values":
                    X = np.round(X * np.linspace(1, 30, width))
                    X[random.random(X.shape) < 0.1] = np.nan
                return X.astype("f4")

            X = draw(20_000)
            y = np.nan_to_num(X[:, 0] * X[:, 1]) + np.nan_to_num(X[:, 2]) > 0
            booster = xgboost.train({"max_depth": depth, "objective": "binary:logistic"}, xgboost.DMatrix(X, y), trees)
            booster.set_param({"nthread": 1})
            model = wardian.load(booster)
            X = draw(rows)
            names = model.description.names
            frame = pd.DataFrame(X, columns=names)
            tables = {
                "numpy": X,
                "columns": np.asfortranarray(X),
                "64 bits": X.astype("f8"),
                "pandas": frame,
                "polars": pl.from_pandas(frame),
                "pyarrow": pa.Table.from_pandas(frame, preserve_index=False),
            }
            expected = booster.inplace_predict(X)
            for table in tables.values():
                assert np.array_equal(model.predict(table), expected)
            one = X[:1]
            asked: list[Callable[[], object]] = [lambda table=table: model.predict(table, threads=1) for table in tables.values()]  # type: ignore[misc]
            asked += [lambda: booster.inplace_predict(X)]
            asked += [lambda: [booster.inplace_predict(one) for _ in range(200)], lambda: [model.predict(one) for _ in range(200)]]
            *ours, theirs, their_one, our_one = best(asked)
            # Two calls of one thread share nothing: what they gain is what this machine's two cores are worth at the time. In turns of their
            # own: a core that has had nothing to do for long takes milliseconds to begin.
            in_one, in_two = (partial(model.predict, X, threads=threads) for threads in (1, 2))
            alone, two, calls = best([in_one, in_two, lambda: [call.result() for call in [pool.submit(in_one), pool.submit(in_one)]]], 40)
            figures = " | ".join(f"{theirs / took:.1f}×" for took in ours)
            gains = f"{alone / two:.2f}× | {2 * alone / calls:.2f}×"
            named = f"{trees} × d{depth}, {width} features | {kind}"
            print(f"| {named} | {theirs / rows * 1e9:.0f} | {figures} | {their_one / our_one:.0f}× | {gains} |", flush=True)


if __name__ == "__main__":
    main()
