"""The peers that run natively, asked as benches/worker.mjs says.

    python benches/peers.py FOLDER

XGBoost, GTIL (treelite's own evaluator), TL2cgen, onnxruntime, LightGBM, lleaves and YDF. Times are the processor's, of
the whole process: every peer is told to take one thread.
"""

import functools
import importlib.metadata
import json
import os
import pathlib
import sys
import tempfile
import time
import zipfile

import numpy
from shapes import AMOUNT, EXPLAINED_ROWS, EXPLAINED_SINGLE_ROWS, SHAPES, SINGLE_ROWS, CURVES

FOLDER = pathlib.Path(sys.argv[1])
ALL = SHAPES | CURVES
# As in benches/turns.mjs, in seconds.
TURN = 0.05
LEAST_GROUP = 0.002
BLOCK_ROWS = 1_000_000
COPIES = 4
GTIL_ROWS = 2000
# YDF's own benchmark takes the clock on the wall, so it is given longer than a turn.
YDF_SECONDS = 0.3
# What every process has loaded once before it is asked what a model costs.
SMALLEST = "d3"
now = time.process_time


def file(name, ending):
    path = FOLDER / f"{name}.{ending}"
    reason = FOLDER / f"{name}.{ending}.cannot"
    if not path.exists():
        raise LookupError(reason.read_text() if reason.exists() else "it was not converted")
    return path


def load_xgboost(name):
    import xgboost

    booster = xgboost.Booster({"nthread": 1}, model_file=file(name, "ubj"))
    # In place is its faster way: no matrix is made, and nothing is remembered from the last call.
    return booster.inplace_predict


def load_gtil(name):
    import treelite

    model = treelite.frontend.load_xgboost_model(str(file(name, "ubj")), format_choice="ubjson")
    return lambda data: treelite.gtil.predict(model, data, nthread=1)


def load_tl2cgen(name):
    import tl2cgen

    library = tl2cgen.Predictor(file(name, "so"), nthread=1)
    return lambda data: library.predict(tl2cgen.DMatrix(data))


def load_onnxruntime(name):
    import onnxruntime

    options = onnxruntime.SessionOptions()
    options.intra_op_num_threads = options.inter_op_num_threads = 1
    session = onnxruntime.InferenceSession(file(name, "onnx"), options, providers=["CPUExecutionProvider"])
    entrance, output = session.get_inputs()[0].name, session.get_outputs()[-1].name
    # Of two classes it gives both.
    kept = slice(None) if ALL[name].outputs > 1 or ALL[name].objective == AMOUNT else slice(1, 2)
    return lambda data: session.run([output], {entrance: data})[0][:, kept]


def load_lightgbm(name):
    import lightgbm

    booster = lightgbm.Booster(model_file=file(name, "lightgbm.txt"))
    return lambda data: booster.predict(data, num_threads=1)


def load_lleaves(name):
    import lleaves

    model = lleaves.Model(model_file=file(name, "lightgbm.txt"))
    model.compile(cache=file(name, "lleaves.o"))
    return lambda data: model.predict(data, n_jobs=1)


@functools.cache
def ydf_model(name):
    import ydf

    with tempfile.TemporaryDirectory() as folder:
        zipfile.ZipFile(file(name, "ydf.zip")).extractall(folder)
        return ydf.load_model(folder)


PEERS = {
    "xgboost": load_xgboost,
    "gtil": load_gtil,
    "tl2cgen": load_tl2cgen,
    "onnxruntime": load_onnxruntime,
    "lightgbm": load_lightgbm,
    "lleaves": load_lleaves,
}
predictor = functools.cache(lambda peer, name: PEERS[peer](name))


def numbers(name, kind):
    return numpy.fromfile(FOLDER / f"{name}.{kind}.f32", dtype="<f4")


@functools.cache
def rows(name):
    return numbers(name, "rows").reshape(-1, ALL[name].features)


def batch(peer, name):
    """GTIL takes ten seconds for all of a large model: it is asked for fewer."""
    return rows(name)[:GTIL_ROWS] if peer == "gtil" else rows(name)


@functools.cache
def explainer(name):
    import xgboost

    booster = xgboost.Booster({"nthread": 1}, model_file=file(name, "ubj"))
    # Contributions are of matrices only; making one is part of asking, as reading rows is part of ours.
    return lambda data: booster.predict(xgboost.DMatrix(data, nthread=1), pred_contribs=True)


def in_turn(count, action):
    """The seconds for each of so many rows that are answered together: the median of all times in a turn."""
    turn, each = now(), []
    while not each or now() - turn < TURN:
        started = now()
        action()
        each.append((now() - started) / count)
    return float(numpy.median(each))


def singles(data, action):
    """The seconds for one row, over and over: the median of groups that are long enough for the clock."""
    single = [data[index : index + 1] for index in range(len(data))]
    turn, each, following, group = now(), [], 0, 1
    while not each or now() - turn < TURN:
        started = now()
        for index in range(following, following + group):
            action(single[index % len(single)])
        took = now() - started
        following += group
        if took < LEAST_GROUP:
            group *= 2
        else:
            each.append(took / group)
    return float(numpy.median(each))


def resident():
    return int(pathlib.Path("/proc/self/statm").read_text().split()[1]) * os.sysconf("SC_PAGE_SIZE")


def start(peer, name):
    """What a model costs before it is asked: seconds, and bytes of memory. The peer has loaded another one before."""
    if peer not in ("lightgbm", "lleaves"):
        PEERS[peer](SMALLEST)(rows(SMALLEST)[:1])
    first = rows(name)[:1]
    memory, started = resident(), now()
    # Of one model alone the allocator may have had the memory already. A library is loaded once, however often one asks.
    kept = [PEERS[peer](name) for _ in range(1 if peer == "tl2cgen" else COPIES)]
    for predict in kept:
        predict(first)
    return {"seconds": (now() - started) / len(kept), "bytes": (resident() - memory) / len(kept)}


def bits(peer, name):
    """The share of answers with XGBoost's bits; far from them would be another model."""
    answers = numpy.asarray(predictor(peer, name)(batch(peer, name)), dtype="<f4").ravel()
    expected = numbers(name, "predictions")[: len(answers)]
    if not numpy.allclose(answers, expected, rtol=1e-3, atol=1e-4):
        raise ArithmeticError(f"answers are up to {abs(answers - expected).max():.3g} from XGBoost's")
    return float((answers.view("u4") == expected.view("u4")).mean())


def measure(peer, name, kind):
    if peer == "ydf":
        columns = {f"f{index}": column for index, column in enumerate(rows(name).T)}
        return ydf_model(name).benchmark(columns, YDF_SECONDS, YDF_SECONDS / 3, num_threads=1).duration_per_example
    if kind == "start":
        return start(peer, name)
    if kind == "bits":
        return bits(peer, name)
    if kind == "explain":
        return in_turn(EXPLAINED_ROWS, lambda: explainer(name)(rows(name)[:EXPLAINED_ROWS]))
    if kind == "explain-one":
        return singles(rows(name)[:EXPLAINED_SINGLE_ROWS], explainer(name))
    predict = predictor(peer, name)
    if kind == "batch":
        return in_turn(len(batch(peer, name)), lambda: predict(batch(peer, name)))
    if kind == "one":
        return singles(rows(name)[:SINGLE_ROWS], predict)
    count = int(kind.removeprefix("rows-"))
    block = numpy.resize(rows(name), (min(count, BLOCK_ROWS), ALL[name].features))
    return in_turn(count, lambda: [predict(block) for _ in range(0, count, BLOCK_ROWS)])


def main():
    # Some peers talk on standard output, from C++ too: only answers go there.
    answers = os.fdopen(os.dup(sys.stdout.fileno()), "w")
    os.dup2(sys.stderr.fileno(), sys.stdout.fileno())
    names = ["xgboost", "treelite", "tl2cgen", "onnxruntime", "lightgbm", "lleaves", "ydf"]
    print(json.dumps({name: importlib.metadata.version(name) for name in names}), file=answers, flush=True)
    for line in sys.stdin:
        try:
            answer = {"value": measure(*line.split())}
        except Exception as error:
            # A peer that cannot is a result too.
            words = str(error) if isinstance(error, (LookupError, ArithmeticError)) else f"{type(error).__name__}: {error}"
            answer = {"cannot": words.splitlines()[0]}
        print(json.dumps(answer), file=answers, flush=True)


if __name__ == "__main__":
    main()
