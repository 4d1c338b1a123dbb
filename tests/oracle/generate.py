"""Trains fresh models and writes XGBoost's answers for the oracle run.

    python tests/oracle/generate.py --output FOLDER [--models N] [--rows N] [--seed N]

For model NNN: NNN.json or NNN.ubj, and NNN.rows, NNN.margins and NNN.probabilities as raw little-endian float32, rows
row-major with NaN for missing. manifest.json lists them. Answers are those of the scikit-learn wrapper after loading the
saved file, as a user would.
"""

import argparse
import json
import pathlib
import shutil

import adversarial
import numpy
import xgboost


def draw_parameters(random):
    def pick(*values):
        return values[random.integers(len(values))]

    depth = int(random.integers(1, 11))
    parameters = {
        "n_estimators": int(pick(1, 2, 5, 20, 50, 100, 200, 300) if depth < 7 else pick(1, 5, 20, 40)),
        "max_depth": depth,
        "tree_method": pick("hist", "hist", "exact", "approx"),
        "learning_rate": float(pick(0.01, 0.1, 0.3, 1.0)),
        "subsample": float(pick(0.5, 1.0)),
        "colsample_bytree": float(pick(0.5, 1.0)),
        "gamma": float(pick(0.0, 0.0, 0.5, 3.0)),
        "min_child_weight": float(pick(0.0, 1.0, 10.0)),
        "scale_pos_weight": float(pick(1.0, 1.0, 5.0)),
    }
    if parameters["tree_method"] != "exact":
        parameters["max_bin"] = int(pick(2, 16, 256, 1024))
        if pick(False, False, True):
            parameters |= {"grow_policy": "lossguide", "max_depth": 0, "max_leaves": int(pick(3, 17, 64))}
    if pick(False, False, True):
        parameters["base_score"] = float(pick(1e-7, 0.01, 0.3, 0.5, 0.731, 0.99))
    return parameters


def draw_data(random):
    rows, columns = int(random.integers(20, 1500)), int(random.choice([1, 2, 5, 8, 13, 30, 60, 200]))
    kinds = random.integers(5, size=columns)
    inputs = random.normal(size=(rows, columns))
    inputs[:, kinds == 1] = random.integers(-3, 4, size=(rows, (kinds == 1).sum()))
    inputs[:, kinds == 2] *= 10.0 ** random.integers(-30, 30, size=(kinds == 2).sum())
    inputs[:, kinds == 3] = 1.5
    inputs = inputs.astype(numpy.float32)
    signal = numpy.sign(inputs[:, 0]) + random.normal(size=rows)
    outcome = (signal > 0.2).astype(int)
    outcome[:2] = [0, 1]
    missing = float(random.choice([0.0, 0.0, 0.1, 0.5, 0.9]))
    inputs[random.random(inputs.shape) < missing] = numpy.nan
    return inputs, outcome, missing


def answers(model, output, name, row_count, inputs, random):
    adverse = adversarial.rows(model.get_booster(), row_count // 2, random, float(random.choice([0.0, 0.1, 0.7])))
    ordinary = inputs[random.integers(len(inputs), size=row_count - len(adverse))]
    rows = numpy.concatenate([adverse, ordinary])
    margins = model.predict(rows, output_margin=True)
    probabilities = model.predict_proba(rows)[:, 1]
    for kind, values in (("rows", rows), ("margins", margins), ("probabilities", probabilities)):
        numpy.ascontiguousarray(values, dtype="<f4").tofile(output / f"{name}.{kind}")


def main():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--output", type=pathlib.Path, required=True, metavar="FOLDER")
    parser.add_argument("--models", type=int, default=60)
    parser.add_argument("--rows", type=int, default=20_000, help="for each model")
    parser.add_argument("--seed", type=int, default=0)
    arguments = parser.parse_args()
    output = arguments.output
    shutil.rmtree(output, ignore_errors=True)
    output.mkdir(parents=True)

    manifest = []
    for index in range(arguments.models):
        random = numpy.random.default_rng([arguments.seed, index])
        parameters = draw_parameters(random)
        inputs, outcome, missing = draw_data(random)
        trained = xgboost.XGBClassifier(**parameters, random_state=index, n_jobs=1).fit(inputs, outcome)
        name = f"{index:03}"
        file = f"{name}.{('json', 'ubj')[index % 2]}"
        trained.save_model(output / file)
        model = xgboost.XGBClassifier(n_jobs=1)
        model.load_model(output / file)
        answers(model, output, name, arguments.rows, inputs, random)
        columns = inputs.shape[1]
        manifest.append({"name": name, "file": file, "columns": columns, "missing": missing, "parameters": parameters})
    (output / "manifest.json").write_text(json.dumps(manifest, indent=1))
    print(f"trained {len(manifest)} models with XGBoost {xgboost.__version__}, seed {arguments.seed}")


if __name__ == "__main__":
    main()
