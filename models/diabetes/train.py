"""Trains the shipped model and writes everything that is committed about it.

    python models/diabetes/train.py [--output FOLDER]

The same versions (requirements.txt) give the same bytes: one thread, fixed seeds, no times or paths in what is written.

The recipe is chosen by cross-validation, and judged by a second cross-validation around that choice (nested), so that
the reported figures include the optimism of choosing. The recipe with the fewest splits is taken whose log loss is
within one standard error of the best's, fold by fold: small and well calibrated rather than big.
"""

import argparse
import hashlib
import json
import pathlib

import numpy
import pandas
import sklearn
import xgboost
from sklearn.impute import SimpleImputer
from sklearn.linear_model import LogisticRegression
from sklearn.metrics import accuracy_score, brier_score_loss, log_loss, roc_auc_score
from sklearn.model_selection import RepeatedStratifiedKFold, StratifiedKFold
from sklearn.pipeline import make_pipeline
from sklearn.preprocessing import StandardScaler

HERE = pathlib.Path(__file__).resolve().parent
DATA_SHA256 = "2786db5ebb5148c6f5c889a21881b95b03e2428208869f94edaa929c6f8e91fc"
OUTCOME = "diabetes"
# A demonstration on a training row proves nothing, so the row that the documentation shows is left out.
EXAMPLE = [1, 106, 70, 28, 135, 34.2, 0.142, 22]
SEED = 20
OUTER_FOLDS, OUTER_REPEATS, INNER_FOLDS = 10, 5, 5

FEATURES = {
    "times_pregnant": ("Times pregnant", "", "How many times she has been pregnant; 0 is a number like any other."),
    "glucose": ("Glucose", "mg/dL", "Glucose in blood plasma, two hours into an oral glucose tolerance test."),
    "blood_pressure": ("Blood pressure", "mm Hg", "Diastolic blood pressure, the lower of the two readings."),
    "skin_fold_thick": ("Skin fold", "mm", "Thickness of the skin fold at the back of the upper arm (triceps)."),
    "serum_insulin": ("Insulin", "µU/mL", "Insulin in blood serum, two hours into an oral glucose tolerance test."),
    "mass_index": ("Body mass index", "kg/m²", "Weight in kilograms divided by the square of height in metres."),
    "diabetes_pedigree": ("Diabetes pedigree", "", "A score of diabetes among relatives, weighted by how close they are."),
    "age": ("Age", "years", "Age in whole years."),
}
ZERO_IS_MISSING = ["glucose", "blood_pressure", "skin_fold_thick", "serum_insulin", "mass_index"]

FIXED = {
    "objective": "binary:logistic",
    "tree_method": "hist",
    "learning_rate": 0.05,
    "min_child_weight": 5,
    "reg_lambda": 5.0,
    "subsample": 0.7,
    "colsample_bytree": 0.6,
    "random_state": SEED,
    "n_jobs": 1,
}
DEPTHS = [2, 3]
# Read off one run of the most rounds.
ROUNDS = [40, 60, 80, 100, 120, 150]


def read_data():
    path = HERE / "pima-indians-diabetes.csv"
    found = hashlib.sha256(path.read_bytes()).hexdigest()
    assert found == DATA_SHA256, f"{path.name} is not the data that the recipe was made for: sha256 {found}"
    table = pandas.read_csv(path)
    is_example = (table[list(FEATURES)] == EXAMPLE).all(axis=1)
    assert is_example.sum() == 1, "the example row is in the data once"
    rows = table[~is_example].reset_index(drop=True)
    inputs = rows[list(FEATURES)].astype("float64")
    inputs[ZERO_IS_MISSING] = inputs[ZERO_IS_MISSING].replace(0.0, numpy.nan)
    return inputs, rows[OUTCOME].to_numpy(), int(numpy.flatnonzero(is_example)[0]) + 2


def classifier(recipe):
    return xgboost.XGBClassifier(**FIXED, **recipe)


def choose(inputs, outcome, seed):
    """The recipe with the fewest splits that is no worse than the best, as far as the folds can tell."""
    losses = {}
    folds = StratifiedKFold(INNER_FOLDS, shuffle=True, random_state=seed)
    for train, test in folds.split(inputs, outcome):
        for depth in DEPTHS:
            model = classifier({"max_depth": depth, "n_estimators": ROUNDS[-1]}).fit(inputs[train], outcome[train])
            for rounds in ROUNDS:
                predicted = model.predict_proba(inputs[test], iteration_range=(0, rounds))[:, 1]
                key = (rounds * (2**depth - 1), depth, rounds)
                losses.setdefault(key, []).append(log_loss(outcome[test], predicted))
    best = numpy.array(min(losses.values(), key=numpy.mean))

    def no_worse(values):
        loss = numpy.array(values) - best
        return loss.mean() <= loss.std(ddof=1) / numpy.sqrt(len(loss))

    _, depth, rounds = min(key for key, values in losses.items() if no_worse(values))
    return {"max_depth": depth, "n_estimators": rounds}


def scores(outcome, predicted):
    return {
        "auc": roc_auc_score(outcome, predicted),
        "brier": brier_score_loss(outcome, predicted),
        "log_loss": log_loss(outcome, predicted),
        "accuracy": accuracy_score(outcome, predicted >= 0.5),
    }


def summary(folds):
    return {
        name: {"mean": round(float(numpy.mean(values)), 4), "sd": round(float(numpy.std(values, ddof=1)), 4)}
        for name in folds[0]
        for values in [[fold[name] for fold in folds]]
    }


def calibration(outcome, predicted):
    """Ten bins of equally many out-of-fold predictions."""
    order = numpy.argsort(predicted, kind="stable")
    return [
        {
            "mean_predicted": round(float(predicted[part].mean()), 4),
            "observed_rate": round(float(outcome[part].mean()), 4),
            "count": len(part),
        }
        for part in numpy.array_split(order, 10)
    ]


def judge(inputs, outcome):
    """Nested cross-validation of the recipe's choice, and the same folds for a logistic regression."""
    ours, baseline, outcomes, predictions = [], [], [], []
    folds = RepeatedStratifiedKFold(n_splits=OUTER_FOLDS, n_repeats=OUTER_REPEATS, random_state=SEED)
    for index, (train, test) in enumerate(folds.split(inputs, outcome)):
        recipe = choose(inputs[train], outcome[train], SEED + index)
        predicted = classifier(recipe).fit(inputs[train], outcome[train]).predict_proba(inputs[test])[:, 1]
        ours.append(scores(outcome[test], predicted))
        outcomes.append(outcome[test])
        predictions.append(predicted)
        logistic = make_pipeline(SimpleImputer(strategy="median"), StandardScaler(), LogisticRegression())
        logistic.fit(inputs[train], outcome[train])
        baseline.append(scores(outcome[test], logistic.predict_proba(inputs[test])[:, 1]))
    bins = calibration(numpy.concatenate(outcomes), numpy.concatenate(predictions))
    return summary(ours), summary(baseline), bins


def decimals(column):
    return max(len(f"{value:.10f}".rstrip("0").partition(".")[2]) for value in column.dropna())


def schema(inputs):
    return {
        "name": "diabetes",
        "title": "Diabetes risk",
        "outcome": "a positive test for diabetes within five years",
        "features": [
            {
                "name": name,
                "label": label,
                "unit": unit,
                "description": description,
                "minimum": float(inputs[name].min()),
                "maximum": float(inputs[name].max()),
                "decimals": decimals(inputs[name]),
                "missing_codes": [0.0] if name in ZERO_IS_MISSING else [],
                "may_be_missing": bool(inputs[name].isna().any()),
            }
            for name, (label, unit, description) in FEATURES.items()
        ],
    }


def write_json(path, value):
    path.write_text(json.dumps(value, indent=2, ensure_ascii=False) + "\n", encoding="utf-8", newline="\n")


def main():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--output", type=pathlib.Path, default=HERE, metavar="FOLDER")
    output = parser.parse_args().output
    output.mkdir(parents=True, exist_ok=True)

    inputs, outcome, example_line = read_data()
    ours, baseline, bins = judge(inputs.to_numpy(), outcome)
    recipe = choose(inputs.to_numpy(), outcome, SEED)
    model = classifier(recipe).fit(inputs, outcome)

    model.save_model(output / "diabetes.ubj")
    model.save_model(output / "diabetes.json")
    write_json(output / "schema.json", schema(inputs))
    metrics = {
        "data": {
            "rows": len(outcome),
            "positive": int(outcome.sum()),
            "held_out_line": example_line,
            "missing": {name: int(inputs[name].isna().sum()) for name in FEATURES},
        },
        "recipe": {**FIXED, **recipe},
        "versions": {module.__name__: module.__version__ for module in (xgboost, sklearn, numpy, pandas)},
        "procedure": (
            f"stratified {OUTER_FOLDS}-fold cross-validation repeated {OUTER_REPEATS} times; in each training part the "
            f"recipe is chosen anew by {INNER_FOLDS}-fold cross-validation; mean and standard deviation over the "
            f"{OUTER_FOLDS * OUTER_REPEATS} test parts; calibration over all out-of-fold predictions"
        ),
        "cross_validated": ours,
        "logistic_regression": baseline,
        "calibration": bins,
    }
    write_json(output / "metrics.json", metrics)
    print(f"{recipe}: AUC {ours['auc']['mean']} ± {ours['auc']['sd']}, Brier {ours['brier']['mean']}")


if __name__ == "__main__":
    main()
