"""Trains the wine case and writes everything that is committed about it.

    python models/wine/train.py [--output FOLDER]

The same versions (requirements.txt) give the same bytes: one thread, fixed seeds, no times or paths in what is written.
"""

import argparse
import pathlib
import pickle
import sys

HERE = pathlib.Path(__file__).resolve().parent
sys.path[1:1] = [str(HERE.parent), str(HERE.parents[1] / "tests/oracle")]

import steady  # noqa: E402

steady.start_anew()

import numpy  # noqa: E402
import pandas  # noqa: E402
import sklearn  # noqa: E402
import texts  # noqa: E402
from sklearn.datasets import load_wine  # noqa: E402
from sklearn.ensemble import HistGradientBoostingClassifier  # noqa: E402
from sklearn.linear_model import LogisticRegression  # noqa: E402
from sklearn.metrics import log_loss  # noqa: E402
from sklearn.model_selection import RepeatedStratifiedKFold, StratifiedKFold  # noqa: E402
from sklearn.pipeline import make_pipeline  # noqa: E402
from sklearn.preprocessing import StandardScaler  # noqa: E402
from writing import check_translations, figures, mean_and_spread, sha256, write_golden, write_json  # noqa: E402

MODEL = "wine.sklearn.pkl"
INPUTS = list(texts.FEATURES)
CLASSES = list(texts.CLASSES)
# As the data count them.
NUMBERED = ["barolo", "grignolino", "barbera"]
# A demonstration on a training row proves nothing, so the wine that the page shows is left out.
EXAMPLE = 100
SEED = 20
FOLDS, REPEATS = 10, 10
GAPS = 4
RECIPE = {
    "max_iter": 20,
    "max_leaf_nodes": 4,
    "learning_rate": 0.2,
    "min_samples_leaf": 10,
    "l2_regularization": 1.0,
    "max_bins": 63,
    "early_stopping": False,
    "random_state": SEED,
}
# Beside the model's own.
UNITS = {
    "malic_acid": [{"unit": "mg/L", "per": 1000, "decimals": 0}],
    "ash": [{"unit": "mg/L", "per": 1000, "decimals": 0}],
    "magnesium": [{"unit": "mmol/L", "times": 24.305, "decimals": 2}],
    "proline": [{"unit": "g/L", "times": 1000, "decimals": 3}],
    "total_phenols": [{"unit": "mg/L", "per": 1000, "decimals": 0}],
    "flavanoids": [{"unit": "mg/L", "per": 1000, "decimals": 0}],
    "nonflavanoid_phenols": [{"unit": "mg/L", "per": 1000, "decimals": 0}],
    "proanthocyanins": [{"unit": "mg/L", "per": 1000, "decimals": 0}],
}


def read_data():
    """All wines and what they are, and which of them is not the example."""
    data = load_wine(as_frame=True)
    inputs = data.data[INPUTS].astype("float64")
    same = (inputs == inputs.iloc[EXAMPLE]).all(axis=1)
    assert same.sum() == 1, "the example is in the data once"
    return inputs, numpy.array(NUMBERED)[data.target], ~same.to_numpy()


def train(inputs, classes):
    return HistGradientBoostingClassifier(**RECIPE).fit(inputs, classes)


def with_gaps(inputs, random):
    """The same rows, each with some values missing."""
    gaps = inputs.copy()
    for row in range(len(gaps)):
        gaps.iloc[row, random.permutation(len(INPUTS))[:GAPS]] = numpy.nan
    return gaps


def judge(inputs, classes):
    """The scores of the model and of a logistic regression, the model's with gaps, and what each class was taken for."""
    random = numpy.random.default_rng(SEED)
    ours, other, gaps = [], [], []
    taken = numpy.zeros((len(CLASSES), len(CLASSES)))
    for learn, test in RepeatedStratifiedKFold(n_splits=FOLDS, n_repeats=REPEATS, random_state=SEED).split(inputs, classes):
        asked, truth = inputs.iloc[test], classes[test]
        model = train(inputs.iloc[learn], classes[learn])
        logistic = make_pipeline(StandardScaler(), LogisticRegression()).fit(inputs.iloc[learn], classes[learn])
        for found, judged in ((ours, model), (other, logistic)):
            chances = judged.predict_proba(asked)
            named = judged.classes_[chances.argmax(axis=1)]
            found.append([(named == truth).mean(), log_loss(truth, chances, labels=judged.classes_)])
        gaps.append((model.predict(with_gaps(asked, random)) == truth).mean())
        for true, named in zip(truth, model.predict(asked)):
            taken[CLASSES.index(true), CLASSES.index(named)] += 1 / REPEATS
    return numpy.array(ours), numpy.array(other), numpy.array(gaps), taken


def out_of_fold(inputs, classes):
    """Every wine of training, the answers of a model that was trained on nine tenths of the others, and what it is."""
    chances = numpy.empty((len(classes), len(CLASSES)))
    for learn, test in StratifiedKFold(n_splits=FOLDS, shuffle=True, random_state=SEED).split(inputs, classes):
        model = train(inputs.iloc[learn], classes[learn])
        assert list(model.classes_) == CLASSES
        chances[test] = model.predict_proba(inputs.iloc[test])
    return [[*row, *own, str(seen)] for row, own, seen in zip(inputs.to_numpy().tolist(), chances.tolist(), classes)]


def card(inputs, classes, output):
    ours, other, gaps, taken = judge(inputs, classes)
    assert other[:, 1].mean() < ours[:, 1].mean() and other[:, 0].mean() > ours[:, 0].mean(), "a logistic regression is better"
    assert gaps.mean() < ours[:, 0].mean() - 0.05, "right less often where values are missing"
    rows = [
        [name, mean_and_spread(ours[:, place]), mean_and_spread(other[:, place])]
        for place, name in enumerate([texts.ACCURACY, texts.LOG_LOSS])
    ]
    labels = list(texts.CLASSES.values())
    return {
        "title": texts.TITLE,
        "notice": texts.NOTICE,
        "model": {
            "trained_with": f"scikit-learn {sklearn.__version__}",
            "trees": RECIPE["max_iter"] * len(CLASSES),
            "recipe": RECIPE,
            "versions": {module.__name__: module.__version__ for module in (sklearn, numpy, pandas)},
            "file": MODEL,
            "sha256": sha256(output / MODEL),
            "licence": texts.LICENCE,
        },
        "intended_use": texts.INTENDED_USE,
        "out_of_scope": texts.OUT_OF_SCOPE,
        "population": texts.POPULATION,
        "data": {"rows": len(classes), "source": texts.SOURCE, "faults": texts.FAULTS},
        "performance": {
            "procedure": texts.PROCEDURE.format(folds=FOLDS, repeats=REPEATS, parts=FOLDS * REPEATS),
            "columns": texts.MEASURES,
            "rows": [*rows, [texts.GAPS, mean_and_spread(gaps), None]],
        },
        "groups": {
            "caption": texts.GROUPS_CAPTION,
            "columns": [*texts.GROUPS, *labels],
            "rows": [
                [label, int(round(counts.sum())), *(round(float(count), 1) for count in counts)] for label, counts in zip(labels, taken)
            ],
        },
        "limits": texts.LIMITS,
    }


def feature(name, inputs):
    label, unit, group, sentence = texts.FEATURES[name]
    said = {"name": name, "label": label, "unit": unit, "group": group, "help": sentence}
    said |= {**figures(inputs[name]), "may_be_missing": True, "names": texts.NAMES[name]}
    return {**said, "units": UNITS[name]} if name in UNITS else said


def case(inputs, is_training):
    rows = inputs[is_training]
    return {
        "$schema": "../../docs/case.schema.json",
        "name": "wine",
        "version": "1.0.0",
        "model": MODEL,
        "kind": "classes",
        "language": "en",
        "translations": {"zh": "zh.json", "es": "es.json"},
        "title": texts.TITLE,
        "outcome": texts.OUTCOME,
        "features": [feature(name, rows) for name in INPUTS],
        "classes": texts.CLASSES,
        "words": texts.WORDS,
        "card": "card.json",
        "judged": {"file": "out_of_fold.csv", "label": "seen", "source": texts.JUDGED.format(folds=FOLDS, rows=len(rows))},
        "observed": "observed.json",
        "golden": "golden.csv",
        "example": ",".join(f"{value:g}" for value in inputs.iloc[EXAMPLE]),
        "look": {"accent": "#7b2140"},
    }


def golden(inputs, model):
    """Every wine, and some of which not all was measured."""
    some = inputs.sample(20, random_state=SEED)
    asked = pandas.concat([inputs, with_gaps(some, numpy.random.default_rng(SEED))], ignore_index=True)
    return numpy.hstack([asked, model.predict_proba(asked), model.decision_function(asked)]).tolist()


def main():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--output", type=pathlib.Path, default=HERE, metavar="FOLDER")
    output = parser.parse_args().output
    output.mkdir(parents=True, exist_ok=True)

    inputs, classes, is_training = read_data()
    rows = inputs[is_training].reset_index(drop=True)
    trained = train(rows, classes[is_training])
    (output / MODEL).write_bytes(pickle.dumps(trained, protocol=5))
    # What answers is what was saved.
    model = pickle.loads((output / MODEL).read_bytes())
    assert list(model.classes_) == CLASSES
    header = [*INPUTS, *CLASSES, *(f"margin_{place}" for place in range(len(CLASSES)))]
    write_golden(output / "golden.csv", header, golden(inputs, model))
    write_golden(output / "out_of_fold.csv", [*INPUTS, *CLASSES, "seen"], out_of_fold(rows, classes[is_training]))
    said, about = case(inputs, is_training), card(rows, classes[is_training], output)
    write_json(output / "card.json", about)
    write_json(output / "case.json", said)
    check_translations(HERE, said, about)


if __name__ == "__main__":
    main()
