"""XGBoost and TL2cgen, timed on request: a line `PEER MODEL KIND` on standard input gives a line of JSON.

    python benches/peers.py FOLDER

KIND is `batch` (all rows, seconds for each) or `one` (one row after another, the median of them); `explain` and
`explain-one` are the same for contributions, on fewer rows.
"""

import functools
import json
import pathlib
import sys
import time

import numpy
import xgboost
from shapes import EXPLAINED_ROWS, EXPLAINED_SINGLE_ROWS, SHAPES, SINGLE_ROWS

FOLDER = pathlib.Path(sys.argv[1])
# As in benches/run.mjs.
TURN = 0.05


@functools.cache
def rows(name):
    return numpy.fromfile(FOLDER / f"{name}.rows.f32", dtype="<f4").reshape(-1, SHAPES[name].features)


@functools.cache
def predictor(peer, name):
    if peer == "xgboost":
        booster = xgboost.Booster({"nthread": 1}, model_file=FOLDER / f"{name}.ubj")
        # In place is its faster way: no matrix is made, and nothing is remembered from the last call.
        return booster.inplace_predict
    import tl2cgen

    library = tl2cgen.Predictor(FOLDER / f"{name}.so", nthread=1)
    return lambda data: library.predict(tl2cgen.DMatrix(data))


@functools.cache
def explainer(name):
    booster = xgboost.Booster({"nthread": 1}, model_file=FOLDER / f"{name}.ubj")
    # Contributions are of matrices only; making one is part of asking, as reading rows is part of ours.
    return lambda data: booster.predict(xgboost.DMatrix(data, nthread=1), pred_contribs=True)


def seconds(action):
    started = time.perf_counter()
    action()
    return time.perf_counter() - started


def measure(peer, name, kind):
    singles = SINGLE_ROWS
    if kind.startswith("explain"):
        predict, data, singles = explainer(name), rows(name)[:EXPLAINED_ROWS], EXPLAINED_SINGLE_ROWS
    else:
        predict, data = predictor(peer, name), rows(name)
    if kind in ("batch", "explain"):
        started, each = time.perf_counter(), []
        while not each or time.perf_counter() - started < TURN:
            each.append(seconds(lambda: predict(data)) / len(data))
        return float(numpy.median(each))
    each = [seconds(lambda row=data[index : index + 1]: predict(row)) for index in range(singles)]
    return float(numpy.median(each))


def main():
    print(json.dumps({"xgboost": xgboost.__version__}), flush=True)
    for line in sys.stdin:
        try:
            answer = {"seconds": measure(*line.split())}
        except Exception as error:
            # A peer that cannot is a result too.
            answer = {"cannot": f"{type(error).__name__}: {error}".splitlines()[0]}
        print(json.dumps(answer), flush=True)


if __name__ == "__main__":
    main()
