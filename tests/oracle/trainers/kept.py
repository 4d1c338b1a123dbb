"""Writes the small files of other trainers that are kept in tests/golden/others, and what their trainers answer.

    python tests/oracle/trainers/kept.py

With the packages of requirements-onnx.txt. What is kept is read by a test without Python, and is what the fuzzer begins with.
"""

import json
import pathlib
import pickle
import sys

HERE = pathlib.Path(__file__).resolve().parent
sys.path = [path for path in sys.path if pathlib.Path(path or ".").resolve() != HERE]

import catboost  # noqa: E402
import joblib  # noqa: E402
import lightgbm  # noqa: E402
import numpy  # noqa: E402
import onnxruntime  # noqa: E402
import pandas  # noqa: E402
import skl2onnx  # noqa: E402
from sklearn.ensemble import (  # noqa: E402
    GradientBoostingClassifier,
    HistGradientBoostingRegressor,
    RandomForestClassifier,
)

FOLDER = HERE.parents[1] / "golden/others"
KEPT = {}


def keep(name, content, rows, answers):
    """A file, some rows, and what its trainer answers to each."""
    (FOLDER / name).write_bytes(content if isinstance(content, bytes) else content.encode())
    answers = numpy.asarray(answers)
    bits = numpy.uint32 if answers.dtype == numpy.float32 else numpy.uint64
    answers = numpy.ascontiguousarray(answers).reshape(len(rows), -1)
    KEPT[name] = {
        "rows": [[None if numpy.isnan(value) else float(value) for value in row] for row in rows],
        "answers": [[f"{value:x}" for value in row] for row in answers.view(bits).tolist()],
    }


def main():
    random = numpy.random.default_rng(7)
    inputs = numpy.round(random.normal(size=(300, 3)) * 10, 1)
    inputs[:, 2] = random.integers(0, 4, size=300)
    signal = inputs[:, 0] + 5 * (inputs[:, 2] == 1) + random.normal(size=300)
    sides, classes = (signal > 0).astype(int), numpy.digitize(signal, [-5, 5])
    names = numpy.array(["low", "middle", "high"])[classes]
    rows = inputs[:8].copy()
    rows[1, 0], rows[2, 1], rows[3, 2], rows[4, 0] = numpy.nan, numpy.nan, 7, 1e30

    booster = lightgbm.train(
        {"objective": "multiclass", "num_class": 3, "num_leaves": 4, "verbose": -1, "num_threads": 1},
        lightgbm.Dataset(inputs, classes, categorical_feature=[2]),
        2,
    )
    keep("classes.lightgbm.txt", booster.model_to_string(), rows, booster.predict(rows))
    keep("classes.lightgbm.json", json.dumps(booster.dump_model()), rows, booster.predict(rows))

    quiet = {"verbose": 0, "allow_writing_files": False, "thread_count": 1, "random_seed": 1}
    for name, model in [
        ("sides", catboost.CatBoostClassifier(iterations=3, depth=3, **quiet).fit(inputs, sides)),
        ("lossguide", catboost.CatBoostRegressor(iterations=2, grow_policy="Lossguide", max_leaves=5, **quiet).fit(inputs, signal)),
    ]:
        answers = model.predict_proba(rows)[:, 1:] if name == "sides" else model.predict(rows)
        for kind in ["cbm", "json"]:
            path = FOLDER / "saving"
            model.save_model(str(path), format=kind)
            keep(f"{name}.catboost.{kind}", path.read_bytes(), rows, answers)
            path.unlink()
    # Categories are asked for one by one, and only the JSON has their names: of the rows those that are known.
    frame = pandas.DataFrame({"amount": inputs[:, 0], "colour": numpy.array(["red", "green", "blue", "grey"])[inputs[:, 2].astype(int)]})
    pool = catboost.Pool(frame, signal, cat_features=["colour"])
    model = catboost.CatBoostRegressor(iterations=3, depth=3, one_hot_max_size=10, **quiet).fit(pool)
    path = FOLDER / "saving"
    model.save_model(str(path), format="json", pool=pool)
    codes = {name: code for code, name in enumerate(sorted(["red", "green", "blue", "grey"]))}
    coded = [[amount, codes[colour]] for amount, colour in zip(frame["amount"][:8], frame["colour"][:8])]
    keep("colours.catboost.json", path.read_bytes(), coded, model.predict(frame[:8]))
    path.unlink()

    finite = numpy.nan_to_num(rows)
    forest = RandomForestClassifier(n_estimators=3, max_depth=2, random_state=1, n_jobs=1).fit(inputs, names)
    keep("forest.sklearn.pkl", pickle.dumps(forest, protocol=4), rows, forest.predict_proba(rows))
    joblib.dump(forest, path, compress=0)
    keep("forest.sklearn.joblib", path.read_bytes(), rows, forest.predict_proba(rows))
    boosted = GradientBoostingClassifier(n_estimators=3, max_depth=2, random_state=1).fit(inputs, sides)
    keep("boosted.sklearn.pkl", pickle.dumps(boosted, protocol=2), finite, boosted.predict_proba(finite)[:, 1:])
    histograms = HistGradientBoostingRegressor(max_iter=3, max_leaf_nodes=4, categorical_features=[2], max_bins=8, random_state=1)
    histograms.fit(inputs, signal)
    keep("histograms.sklearn.pkl", pickle.dumps(histograms, protocol=5), rows, histograms.predict(rows))
    path.unlink()
    wrapper = lightgbm.LGBMClassifier(n_estimators=2, num_leaves=3, n_jobs=1, verbose=-1).fit(inputs, names)
    keep("wrapper.lightgbm.pkl", pickle.dumps(wrapper, protocol=3), rows, wrapper.predict_proba(rows))

    model = skl2onnx.to_onnx(forest, inputs[:1].astype(numpy.float32), options={"zipmap": False}, target_opset={"": 17, "ai.onnx.ml": 3})
    options = onnxruntime.SessionOptions()
    options.intra_op_num_threads = 1
    session = onnxruntime.InferenceSession(model.SerializeToString(), options)
    single = rows.astype(numpy.float32)
    answers = session.run(None, {session.get_inputs()[0].name: single})[1]
    keep("forest.onnx", model.SerializeToString(), single.astype(float), answers)

    (FOLDER / "answers.json").write_text(json.dumps(KEPT, indent=1) + "\n")


if __name__ == "__main__":
    main()
