"""The data, the recipe and how it is chosen: what every script of this folder agrees on.

The recipe is chosen by cross-validation: the one with the fewest splits is taken whose log loss is within one standard
error of the best's, fold by fold. Small and well calibrated rather than big.
"""

import hashlib
import pathlib

import numpy
import pandas
import xgboost
from sklearn.metrics import log_loss
from sklearn.model_selection import StratifiedKFold

HERE = pathlib.Path(__file__).resolve().parent
DATA_SHA256 = "2786db5ebb5148c6f5c889a21881b95b03e2428208869f94edaa929c6f8e91fc"
OUTCOME = "diabetes"
OUTCOME_TEXT = "a positive test for diabetes within five years"
# A demonstration on a training row proves nothing, so the row that the documentation shows is left out.
EXAMPLE = [1, 106, 70, 28, 135, 34.2, 0.142, 22]
SEED = 20
INNER_FOLDS = 5

FEATURES = {
    "times_pregnant": ("Times pregnant", "", "How often she has been pregnant; 0 is a number like any other."),
    "glucose": ("Glucose", "mg/dL", "In blood plasma, two hours into an oral glucose tolerance test."),
    "blood_pressure": ("Blood pressure", "mm Hg", "Diastolic, the lower of the two readings."),
    "skin_fold_thick": ("Skin fold", "mm", "At the back of the upper arm (triceps)."),
    "serum_insulin": ("Insulin", "µU/mL", "In blood serum, two hours into an oral glucose tolerance test."),
    "mass_index": ("Body mass index", "kg/m²", "Weight in kilograms divided by the square of height in metres."),
    "diabetes_pedigree": ("Diabetes pedigree", "", "A score of diabetes among relatives: more, and closer ones, score higher."),
    "age": ("Age", "years", "In whole years."),
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
