"""Other trainers than XGBoost: their models, and what their own predictors take.

    python benches/trainers.py train FOLDER      writes models, rows, answers and trainers.json
    python benches/trainers.py ask FOLDER        answers lines, as benches/worker.mjs says: PEER MODEL KIND

Rows are 64-bit floats, as people have them (benches/draw.py). Times are the processor's, of one thread. Each trainer is asked in the way
that its documents name first; LightGBM beside lleaves, which compiles its models.
"""

import functools
import json
import os
import pathlib
import pickle
import sys

# Before numpy is there: its libraries count the cores when they are loaded. With AVX-512 its powers have other last bits.
os.environ |= {"OMP_NUM_THREADS": "1", "OPENBLAS_NUM_THREADS": "1"}
SWITCHED_OFF = "AVX512F AVX512CD AVX512_SKX AVX512_CLX AVX512_CNL AVX512_ICL AVX512_SPR AVX512_KNL AVX512_KNM X86_V4"
if os.environ.get("NPY_DISABLE_CPU_FEATURES") != SWITCHED_OFF:
    os.environ["NPY_DISABLE_CPU_FEATURES"] = SWITCHED_OFF
    os.execv(sys.executable, [sys.executable, "-B", "-W", "ignore"] + sys.argv)

import numpy  # noqa: E402

COMMAND, FOLDER = sys.argv[1], pathlib.Path(sys.argv[2])
TRAINED, ASKED, FEATURES = 20_000, 20_001, 30


def lightgbm_model(rounds, leaves):
    def train(inputs, outcome):
        import lightgbm

        parameters = {"objective": "binary", "num_leaves": leaves, "min_data_in_leaf": 5, "learning_rate": 0.05, "verbose": -1}
        booster = lightgbm.train(parameters, lightgbm.Dataset(inputs, outcome), rounds)
        return booster, booster.model_to_string().encode(), lambda rows: booster.predict(rows, num_threads=1)

    return train


def catboost_model(rounds, depth):
    def train(inputs, outcome):
        import catboost

        model = catboost.CatBoostClassifier(
            iterations=rounds, depth=depth, random_seed=0, thread_count=2, allow_writing_files=False, verbose=False
        )
        model.fit(inputs, outcome)
        path = FOLDER / "catboost.cbm"
        model.save_model(str(path))
        file = path.read_bytes()
        path.unlink()
        return model, file, lambda rows: model.predict(rows, prediction_type="Probability", thread_count=1)[:, 1]

    return train


def sklearn_model(make):
    def train(inputs, outcome):
        model = make().fit(inputs, outcome)
        return model, pickle.dumps(model), lambda rows: model.predict_proba(rows)

    return train


def histogram():
    from sklearn.ensemble import HistGradientBoostingClassifier

    return HistGradientBoostingClassifier(max_iter=200, max_leaf_nodes=31, early_stopping=False, random_state=0)


def gradient():
    from sklearn.ensemble import GradientBoostingClassifier

    return GradientBoostingClassifier(n_estimators=300, max_depth=3, random_state=0)


def forest():
    from sklearn.ensemble import RandomForestClassifier

    return RandomForestClassifier(n_estimators=100, random_state=0, n_jobs=1)


MODELS = {
    "lightgbm-100": ("LightGBM, 100 × 31 leaves", lightgbm_model(100, 31)),
    "lightgbm-500": ("LightGBM, 500 × 31 leaves", lightgbm_model(500, 31)),
    "lightgbm-2000": ("LightGBM, 2,000 × 31 leaves", lightgbm_model(2000, 31)),
    "lightgbm-255": ("LightGBM, 200 × 255 leaves", lightgbm_model(200, 255)),
    "catboost-100": ("CatBoost, 100 × depth 6", catboost_model(100, 6)),
    "catboost-500": ("CatBoost, 500 × depth 6", catboost_model(500, 6)),
    "catboost-1000": ("CatBoost, 1,000 × depth 8", catboost_model(1000, 8)),
    "histogram": ("scikit-learn, HistGradientBoosting, 200 × 31 leaves", sklearn_model(histogram)),
    "gradient": ("scikit-learn, GradientBoosting, 300 × depth 3", sklearn_model(gradient)),
    "forest": ("scikit-learn, RandomForest, 100, full depth", sklearn_model(forest)),
}


def train():
    import draw

    FOLDER.mkdir(parents=True, exist_ok=True)
    random = numpy.random.default_rng(17)
    _, inputs = draw.draw_inputs(random, TRAINED + ASKED, FEATURES, 0)
    inputs = inputs.astype(numpy.float64).round(2)
    # scikit-learn's gradient boosting takes no missing values, so nobody has any.
    inputs = numpy.nan_to_num(inputs, nan=0.0)
    lean = numpy.argsort(numpy.argsort(inputs, axis=0), axis=0)[:, :8] / len(inputs) - 0.5
    outcome = (lean @ random.normal(size=8) + 0.5 * lean[:, 0] * lean[:, 1] + 0.15 * random.normal(size=len(inputs)) > 0).astype(int)
    for name, (_, make) in MODELS.items():
        if (FOLDER / f"{name}.answers.f64").exists():
            continue
        model, file, predict = make(inputs[:TRAINED], outcome[:TRAINED])
        (FOLDER / f"{name}.model").write_bytes(file)
        rows = inputs[TRAINED:]
        rows.tofile(FOLDER / f"{name}.rows.f64")
        answers = numpy.asarray(predict(rows), dtype=numpy.float64)
        # Of two classes a forest's own answer is both; ours is the second's.
        if answers.ndim == 2 and answers.shape[1] == 2:
            answers = answers[:, 1]
        (FOLDER / f"{name}.pickle").write_bytes(pickle.dumps(model))
        numpy.ascontiguousarray(answers).tofile(FOLDER / f"{name}.answers.f64")
        print(f"trained: {name}", flush=True)
    titles = {name: title for name, (title, _) in MODELS.items()}
    (FOLDER / "trainers.json").write_text(json.dumps(titles))


@functools.cache
def rows(name):
    return numpy.fromfile(FOLDER / f"{name}.rows.f64").reshape(-1, FEATURES)


@functools.cache
def predictor(peer, name):
    if peer == "lleaves":
        import lleaves

        if not name.startswith("lightgbm"):
            raise LookupError("it compiles LightGBM's models only")
        path = FOLDER / f"{name}.txt"
        path.write_bytes((FOLDER / f"{name}.model").read_bytes())
        compiled = lleaves.Model(model_file=path)
        compiled.compile(cache=FOLDER / f"{name}.lleaves.o")
        return lambda data: compiled.predict(data, n_jobs=1)
    model = pickle.loads((FOLDER / f"{name}.pickle").read_bytes())
    if name.startswith("lightgbm"):
        return lambda data: model.predict(data, num_threads=1)
    if name.startswith("catboost"):
        return lambda data: model.predict(data, prediction_type="Probability", thread_count=1)
    return model.predict_proba


def answer(peer, name, kind):
    import peers

    predict = predictor(peer, name)
    if kind == "batch":
        return peers.in_turn(len(rows(name)), lambda: predict(rows(name)))
    if kind == "one":
        return peers.singles(rows(name)[:1000], predict)
    raise LookupError(f"{kind} is not asked of it")


def ask():
    # As benches/peers.py: only answers go to standard output.
    sys.argv[1:] = [str(FOLDER)]
    answers = os.fdopen(os.dup(sys.stdout.fileno()), "w")
    os.dup2(sys.stderr.fileno(), sys.stdout.fileno())
    for line in sys.stdin:
        try:
            found = {"value": answer(*line.split())}
        except Exception as error:
            found = {"cannot": str(error).splitlines()[0]}
        print(json.dumps(found), file=answers, flush=True)


{"train": train, "ask": ask}[COMMAND]()
