"""Trains the models that `cargo xtask seal-proof` seals: every kind of answer, every trainer that is read.

    python tests/seal/models.py --output FOLDER [--only NAME …]

With the packages of tests/oracle/trainers/requirements-onnx.txt. Writes for each model a folder with its file, `data.csv` (rows under the features'
names), `predictions.csv` (the trainer's own answers, every digit), and for all of them `manifest.json`. The same versions write the same rows.
"""

import argparse
import pathlib
import pickle
import sys

HERE = pathlib.Path(__file__).resolve().parent
sys.path[0] = str(HERE.parent / "oracle")

import steady  # noqa: E402

steady.start_anew()
sys.path.insert(1, str(HERE))

import catboost  # noqa: E402
import joblib  # noqa: E402
import lightgbm  # noqa: E402
import numpy  # noqa: E402
import onnxruntime  # noqa: E402
import pandas  # noqa: E402
import skl2onnx  # noqa: E402
import sklearn  # noqa: E402
import xgboost  # noqa: E402
from sklearn.compose import ColumnTransformer  # noqa: E402
from sklearn.ensemble import (  # noqa: E402
    GradientBoostingRegressor,
    HistGradientBoostingClassifier,
    IsolationForest,
    RandomForestClassifier,
    RandomForestRegressor,
)
from sklearn.impute import SimpleImputer  # noqa: E402
from sklearn.pipeline import Pipeline  # noqa: E402
from sklearn.preprocessing import OneHotEncoder, OrdinalEncoder, StandardScaler  # noqa: E402

import written  # noqa: E402

TRAINED, ASKED = 600, 120
# Names that break what is careless. XGBoost refuses `<` and brackets, LightGBM turns spaces into lines.
NAMES = ["blood glucose (mg/dL)", "Größe", "体重", "🌳 trees", "__proto__", "constructor", "it's \"quoted\"", "عمر", "toString", "a=b&c", "50 %", "x;y"]
MARKUP = ["<b>bold</b>", "<img src=x onerror=alert(1)>", "</script><script>alert(2)</script>", "&amp;", "__proto__"]
COLOURS = ["red", "green", "blue", "grün & gold", "<i>none</i>"]
MODELS = {}


def model(trainer, version, kind):
    """A function that makes a model: from a generator of random numbers and a folder to (file name, rows, answers, more)."""

    def add(make):
        MODELS[make.__name__.replace("_", "-")] = (make, trainer, version, kind)
        return make

    return add


def frame_of(random, names, missing=0.0, categories=(), rows=TRAINED + ASKED):
    """Rows of numbers with two digits behind the point, some whole ones, some missing; texts where there are categories."""
    values = numpy.round(random.normal(size=(rows, len(names))) * 10, 2)
    values[:, 1::4] = random.integers(0, 30, size=values[:, 1::4].shape)
    frame = pandas.DataFrame(values, columns=names)
    signal = values @ random.normal(size=len(names)) + 8 * (values[:, 0] > 3) - 0.3 * values[:, -1] * (values[:, 1] > 15)
    signal /= signal.std()
    for name, words in dict(categories).items():
        codes = random.integers(0, len(words), size=rows)
        frame[name] = pandas.Categorical.from_codes(codes, words)
        signal = signal + numpy.linspace(-1, 1, len(words))[codes]
    if missing:
        frame = frame.mask(random.random(frame.shape) < missing)
    return frame, signal + random.normal(size=rows) * 0.3


def sides(signal):
    return (signal > numpy.median(signal)).astype(int)


def grades(signal, count):
    return numpy.digitize(signal, numpy.quantile(signal, numpy.linspace(0, 1, count + 1)[1:-1]))


def named(count, stem="x"):
    return [f"{stem}{place}" for place in range(count)]


def parted(*columns):
    """What a model is trained with, and what it is asked."""
    return [(column[:TRAINED], column[TRAINED:]) for column in columns]


# XGBoost


def boosted(wrapper, folder, file, train, target, **options):
    options = {"n_estimators": 40, "max_depth": 4, "n_jobs": 1, "random_state": 1, "tree_method": "hist", **options}
    fitted = wrapper(**options).fit(train, target)
    fitted.save_model(folder / file)
    # What answers is what was saved.
    loaded = wrapper(n_jobs=1)
    loaded.load_model(folder / file)
    return loaded


@model("XGBoost", xgboost.__version__, "risk")
def xgboost_binary(random, folder):
    frame, signal = frame_of(random, NAMES[:8], missing=0.1)
    (train, asked), (target, _) = parted(frame, sides(signal))
    fitted = boosted(xgboost.XGBClassifier, folder, "model.ubj", train, target)
    return "model.ubj", asked, fitted.predict_proba(asked)[:, 1:], {}


@model("XGBoost", xgboost.__version__, "classes")
def xgboost_26_classes(random, folder):
    frame, signal = frame_of(random, named(16))
    (train, asked), (target, _) = parted(frame, grades(signal, 26))
    fitted = boosted(xgboost.XGBClassifier, folder, "model.json", train, target, n_estimators=8, max_depth=3)
    return "model.json", asked, fitted.predict_proba(asked), {}


@model("XGBoost", xgboost.__version__, "number")
def xgboost_regression(random, folder):
    frame, signal = frame_of(random, NAMES + named(18), missing=0.05)
    (train, asked), (target, _) = parted(frame, signal)
    fitted = boosted(xgboost.XGBRegressor, folder, "model.ubj", train, target)
    return "model.ubj", asked, fitted.predict(asked), {}


@model("XGBoost", xgboost.__version__, "count")
def xgboost_poisson(random, folder):
    frame, signal = frame_of(random, named(5), missing=0.1, categories={"colour": COLOURS, "x2": ["a", "b", "c d"]})
    (train, asked), (target, _) = parted(frame, random.poisson(numpy.exp(signal / 2)))
    fitted = boosted(xgboost.XGBRegressor, folder, "model.json", train, target, objective="count:poisson", enable_categorical=True)
    fitted.set_params(enable_categorical=True)
    return "model.json", asked, fitted.predict(asked), {}


def raw(folder, parameters, matrix, asked):
    """A booster without a wrapper."""
    parameters = {"max_depth": 3, "nthread": 1, "seed": 1, "tree_method": "hist", **parameters}
    xgboost.train(parameters, matrix, 30).save_model(folder / "model.ubj")
    booster = xgboost.Booster({"nthread": 1}, model_file=folder / "model.ubj")
    return "model.ubj", asked, booster.predict(xgboost.DMatrix(asked)), {}


@model("XGBoost", xgboost.__version__, "time")
def xgboost_aft(random, folder):
    frame, signal = frame_of(random, named(9), missing=0.1)
    (train, asked), (times, _) = parted(frame, numpy.exp(signal / 2) * 10)
    matrix = xgboost.DMatrix(train)
    matrix.set_float_info("label_lower_bound", times)
    matrix.set_float_info("label_upper_bound", numpy.where(random.random(TRAINED) < 0.3, numpy.inf, times))
    return raw(folder, {"objective": "survival:aft", "aft_loss_distribution": "normal", "aft_loss_distribution_scale": 1.2}, matrix, asked)


@model("XGBoost", xgboost.__version__, "hazard")
def xgboost_cox(random, folder):
    frame, signal = frame_of(random, named(7))
    (train, asked), (times, _) = parted(frame, numpy.exp(signal / 2) * 10)
    matrix = xgboost.DMatrix(train, numpy.where(random.random(TRAINED) < 0.3, -times, times))
    return raw(folder, {"objective": "survival:cox"}, matrix, asked)


@model("XGBoost", xgboost.__version__, "score")
def xgboost_rank(random, folder):
    frame, signal = frame_of(random, named(12))
    (train, asked), (target, _) = parted(frame, grades(signal, 5))
    matrix = xgboost.DMatrix(train, target)
    matrix.set_group([20] * (TRAINED // 20))
    return raw(folder, {"objective": "rank:ndcg"}, matrix, asked)


@model("XGBoost", xgboost.__version__, "targets")
def xgboost_targets(random, folder):
    frame, signal = frame_of(random, named(10), missing=0.05)
    targets = numpy.stack([signal, signal**2, random.normal(size=len(signal)) - signal], axis=1)
    (train, asked), (target, _) = parted(frame, targets)
    fitted = boosted(xgboost.XGBRegressor, folder, "model.ubj", train, target, multi_strategy="multi_output_tree", n_estimators=20)
    return "model.ubj", asked, fitted.predict(asked), {}


@model("XGBoost", xgboost.__version__, "risk")
def xgboost_300_features(random, folder):
    frame, signal = frame_of(random, named(300, "gene "), missing=0.2)
    (train, asked), (target, _) = parted(frame, sides(signal))
    fitted = boosted(xgboost.XGBClassifier, folder, "model.ubj", train, target, n_estimators=120)
    return "model.ubj", asked, fitted.predict_proba(asked)[:, 1:], {}


# LightGBM


def grown(folder, parameters, train, target, asked, rounds=40, **options):
    parameters = {"num_leaves": 15, "num_threads": 1, "seed": 1, "verbose": -1, "deterministic": True, **parameters}
    booster = lightgbm.train(parameters, lightgbm.Dataset(train, target, **options), rounds)
    booster.save_model(folder / "model.txt")
    loaded = lightgbm.Booster(model_file=folder / "model.txt")
    return "model.txt", asked, loaded.predict(asked, num_threads=1), {"features": loaded.feature_name()}


@model("LightGBM", lightgbm.__version__, "risk")
def lightgbm_binary(random, folder):
    frame, signal = frame_of(random, named(6), missing=0.1, categories={"colour": COLOURS, "x4": ["low", "middle", "high"]})
    (train, asked), (target, _) = parted(frame, sides(signal))
    return grown(folder, {"objective": "binary"}, train, target, asked)


@model("LightGBM", lightgbm.__version__, "classes")
def lightgbm_22_classes(random, folder):
    frame, signal = frame_of(random, named(11), missing=0.1)
    (train, asked), (target, _) = parted(frame, grades(signal, 22))
    return grown(folder, {"objective": "multiclass", "num_class": 22, "num_leaves": 6}, train, target, asked, 6)


@model("LightGBM", lightgbm.__version__, "number")
def lightgbm_markup(random, folder):
    frame, signal = frame_of(random, [MARKUP[0], "<img src=x onerror=alert(1)>".replace(" ", "_"), MARKUP[3], "__proto__", "Größe", "🌳"])
    (train, asked), (target, _) = parted(frame, signal)
    return grown(folder, {"objective": "regression"}, train, target, asked)


@model("LightGBM", lightgbm.__version__, "score")
def lightgbm_lambdarank(random, folder):
    frame, signal = frame_of(random, named(8))
    (train, asked), (target, _) = parted(frame, grades(signal, 4))
    return grown(folder, {"objective": "lambdarank"}, train, target, asked, group=[20] * (TRAINED // 20))


@model("LightGBM", lightgbm.__version__, "risk")
def lightgbm_500_trees(random, folder):
    frame, signal = frame_of(random, named(24, "measure_"), missing=0.05)
    (train, asked), (target, _) = parted(frame, sides(signal))
    return grown(folder, {"objective": "binary", "learning_rate": 0.02, "min_data_in_leaf": 5}, train, target, asked, 500)


# CatBoost

QUIET = {"verbose": 0, "allow_writing_files": False, "thread_count": 1, "random_seed": 1}


@model("CatBoost", catboost.__version__, "risk")
def catboost_binary(random, folder):
    frame, signal = frame_of(random, MARKUP + NAMES[:3], missing=0.1)
    (train, asked), (target, _) = parted(frame, sides(signal))
    catboost.CatBoostClassifier(iterations=60, depth=4, **QUIET).fit(train, target).save_model(str(folder / "model.cbm"))
    fitted = catboost.CatBoostClassifier().load_model(str(folder / "model.cbm"))
    return "model.cbm", asked, fitted.predict_proba(asked, thread_count=1)[:, 1:], {}


@model("CatBoost", catboost.__version__, "classes")
def catboost_classes(random, folder):
    frame, signal = frame_of(random, named(6), categories={"colour": COLOURS})
    frame["colour"] = frame["colour"].astype(str)
    (train, asked), (target, _) = parted(frame, numpy.array(["low", "<b>middle</b>", "high", "très haut"])[grades(signal, 4)])
    pool = catboost.Pool(train, target, cat_features=["colour"])
    fitted = catboost.CatBoostClassifier(iterations=30, depth=4, one_hot_max_size=10, loss_function="MultiClass", **QUIET).fit(pool)
    fitted.save_model(str(folder / "model.json"), format="json", pool=pool)
    return "model.json", asked, fitted.predict_proba(asked, thread_count=1), {"classes": [str(name) for name in fitted.classes_]}


# scikit-learn


def pickled(folder, fitted):
    (folder / "model.pkl").write_bytes(pickle.dumps(fitted))
    return "model.pkl"


@model("scikit-learn", sklearn.__version__, "classes")
def sklearn_forest(random, folder):
    frame, signal = frame_of(random, named(13))
    (train, asked), (target, _) = parted(frame, numpy.array(["cat", "dog", "fish"])[grades(signal, 3)])
    fitted = RandomForestClassifier(60, max_depth=6, random_state=1, n_jobs=1).fit(train, target)
    return pickled(folder, fitted), asked, fitted.predict_proba(asked), {"classes": list(fitted.classes_)}


@model("scikit-learn", sklearn.__version__, "number")
def sklearn_gradient_boosting(random, folder):
    frame, signal = frame_of(random, MARKUP + named(4, "column "))
    (train, asked), (target, _) = parted(frame, signal)
    fitted = GradientBoostingRegressor(n_estimators=80, max_depth=3, random_state=1).fit(train, target)
    joblib.dump(fitted, folder / "model.joblib", compress=3)
    return "model.joblib", asked, fitted.predict(asked), {}


@model("scikit-learn", sklearn.__version__, "risk")
def sklearn_hist_gradient_boosting(random, folder):
    frame, signal = frame_of(random, NAMES[:9], missing=0.15)
    (train, asked), (target, _) = parted(frame, sides(signal))
    fitted = HistGradientBoostingClassifier(max_iter=40, max_leaf_nodes=12, random_state=1).fit(train, target)
    return pickled(folder, fitted), asked, fitted.predict_proba(asked)[:, 1:], {}


@model("scikit-learn", sklearn.__version__, "score")
def sklearn_isolation_forest(random, folder):
    frame, _ = frame_of(random, named(5))
    [(train, asked)] = parted(frame)
    fitted = IsolationForest(n_estimators=60, random_state=1, n_jobs=1).fit(train)
    return pickled(folder, fitted), asked, fitted.decision_function(asked), {}


@model("scikit-learn", sklearn.__version__, "targets")
def sklearn_targets(random, folder):
    frame, signal = frame_of(random, named(6))
    targets = numpy.stack([signal, numpy.abs(signal), signal**3, -signal], axis=1)
    (train, asked), (target, _) = parted(frame, targets)
    fitted = RandomForestRegressor(30, max_depth=5, random_state=1, n_jobs=1).fit(train, target)
    return pickled(folder, fitted), asked, fitted.predict(asked), {}


@model("scikit-learn", sklearn.__version__, "risk")
def sklearn_pipeline(random, folder):
    frame, signal = frame_of(random, ["age in years", "Größe", "score <5", "x3"], missing=0.1, categories={"colour": COLOURS, "size": ["S", "M", "L"]})
    for name in ("colour", "size"):
        frame[name] = frame[name].astype(object)
    (train, asked), (target, _) = parted(frame, sides(signal))
    numbers = Pipeline([("fill", SimpleImputer(strategy="median")), ("scale", StandardScaler())])
    steps = ColumnTransformer(
        [
            ("numbers", numbers, ["age in years", "Größe", "score <5", "x3"]),
            ("colours", OneHotEncoder(handle_unknown="ignore", sparse_output=False), ["colour"]),
            ("sizes", OrdinalEncoder(), ["size"]),
        ]
    )
    last = HistGradientBoostingClassifier(max_iter=30, max_leaf_nodes=8, random_state=1)
    fitted = Pipeline([("columns", steps), ("trees", last)]).fit(train, target)
    return pickled(folder, fitted), asked, fitted.predict_proba(asked)[:, 1:], {}


# ONNX


@model("ONNX", onnxruntime.__version__, "classes")
def onnx_forest(random, folder):
    frame, signal = frame_of(random, named(7))
    (train, asked), (target, _) = parted(frame, grades(signal, 3))
    fitted = RandomForestClassifier(20, max_depth=5, random_state=1, n_jobs=1).fit(train.to_numpy(), target)
    given = asked.to_numpy().astype(numpy.float32)
    made = skl2onnx.to_onnx(fitted, given[:1], options={"zipmap": False}, target_opset={"": 17, "ai.onnx.ml": 3})
    (folder / "model.onnx").write_bytes(made.SerializeToString())
    options = onnxruntime.SessionOptions()
    options.intra_op_num_threads = 1
    session = onnxruntime.InferenceSession(folder / "model.onnx", options)
    answers = session.run(None, {session.get_inputs()[0].name: given})[1]
    # Its features have no names: they are called by their places, whatever the columns of rows are called.
    return "model.onnx", asked, answers, {}


def write_all(folder, name, seed):
    make, trainer, version, kind = MODELS[name]
    random = numpy.random.default_rng([seed, list(MODELS).index(name)])
    place = folder / name
    place.mkdir(parents=True, exist_ok=True)
    return {"trainer": trainer, "version": version, "kind": kind, **written.model(place, *make(random, place))}


def main():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--output", type=pathlib.Path, required=True, metavar="FOLDER")
    parser.add_argument("--seed", type=int, default=0)
    parser.add_argument("--only", nargs="*", choices=list(MODELS), default=list(MODELS), metavar="NAME")
    arguments = parser.parse_args()
    written.manifest(arguments.output / "manifest.json", [write_all(arguments.output, name, arguments.seed) for name in arguments.only])


if __name__ == "__main__":
    main()
