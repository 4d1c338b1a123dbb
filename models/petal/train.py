"""Trains the petal case and writes everything that is committed about it.

    python models/petal/train.py [--output FOLDER]

The same versions (requirements.txt) give the same bytes: one thread, fixed seeds, no times or paths in what is written.
"""

import argparse
import pathlib
import sys

import lightgbm
import numpy
import pandas
import sklearn
import texts
from sklearn.datasets import load_iris
from sklearn.linear_model import LinearRegression
from sklearn.metrics import r2_score
from sklearn.model_selection import KFold, RepeatedKFold

HERE = pathlib.Path(__file__).resolve().parent
sys.path.insert(0, str(HERE.parent))

from writing import check_translations, decimals, figures, mean_and_spread, sha256, write_golden, write_json  # noqa: E402

MODEL = "petal.lightgbm.txt"
LABEL = "petal_length"
INPUTS = list(texts.FEATURES)
SPECIES = list(texts.CHOICES)
# A demonstration on a training row proves nothing, so the flower that the page shows is left out.
EXAMPLE = 73
SEED = 20
FOLDS, REPEATS = 10, 10
ROUNDS = 60
RECIPE = {
    "objective": "regression",
    "learning_rate": 0.1,
    "num_leaves": 4,
    "min_data_in_leaf": 8,
    "min_data_per_group": 10,
    "cat_smooth": 1.0,
    "seed": SEED,
    "num_threads": 1,
    "deterministic": True,
    "force_row_wise": True,
    "verbose": -1,
}
MILLIMETRES = {"unit": "mm", "per": 10, "decimals": 0}
INCHES = {"unit": "in", "times": 2.54, "decimals": 2}


def read_data():
    """All flowers, and the one that is held out."""
    table = load_iris(as_frame=True).frame
    table.columns = ["sepal_length", "sepal_width", LABEL, "petal_width", "species"]
    table["species"] = pandas.Categorical.from_codes(table["species"], SPECIES)
    example = table.iloc[EXAMPLE]
    same = (table[INPUTS] == example[INPUTS]).all(axis=1)
    assert same.sum() == 1, "the example is in the data once"
    return table, table[~same].reset_index(drop=True)


def train(rows):
    return lightgbm.train(RECIPE, lightgbm.Dataset(rows[INPUTS], rows[LABEL]), ROUNDS)


def straight(rows):
    """The inputs as numbers, a column a species."""
    return pandas.get_dummies(rows[INPUTS], columns=["species"]).astype("float64").to_numpy()


def judge(rows):
    """The errors of the model and of two others, and the absolute error of every flower in every repetition."""
    scores = [[], [], []]
    wrong = numpy.zeros(len(rows))
    for learn, test in RepeatedKFold(n_splits=FOLDS, n_repeats=REPEATS, random_state=SEED).split(rows):
        known, asked = rows.iloc[learn], rows.iloc[test]
        means = known.groupby("species", observed=True)[LABEL].mean()
        answers = [
            train(known).predict(asked[INPUTS], num_threads=1),
            LinearRegression().fit(straight(known), known[LABEL]).predict(straight(asked)),
            means[asked["species"]].to_numpy(),
        ]
        truth = asked[LABEL].to_numpy()
        for found, answer in zip(scores, answers):
            error = answer - truth
            found.append([abs(error).mean(), numpy.sqrt((error**2).mean()), r2_score(truth, answer)])
        wrong[test] += abs(answers[0] - truth) / REPEATS
    return numpy.array(scores), wrong


def out_of_fold(rows):
    """Every flower of training, the answer of a model that was trained on nine tenths of the others, and what was seen."""
    answers = numpy.empty(len(rows))
    for learn, test in KFold(n_splits=FOLDS, shuffle=True, random_state=SEED).split(rows):
        answers[test] = train(rows.iloc[learn]).predict(rows.iloc[test][INPUTS], num_threads=1)
    return [[*row, answer, seen] for row, answer, seen in zip(rows[INPUTS].to_numpy().tolist(), answers, rows[LABEL])]


def card(rows, booster, output):
    scores, wrong = judge(rows)
    ours, linear, mean = (found[:, 0].mean() for found in scores)
    assert abs(ours - linear) < 0.02, "as good as a linear regression"
    assert 1.3 < mean / ours < 1.7, "half as much again"
    measures = [texts.MEAN_ERROR, texts.SQUARED_ERROR, texts.EXPLAINED]
    is_of = {name: (rows["species"] == name).to_numpy() for name in SPECIES}
    return {
        "title": texts.TITLE,
        "notice": texts.NOTICE,
        "model": {
            "trained_with": f"LightGBM {lightgbm.__version__}",
            "trees": booster.num_trees(),
            "recipe": {**RECIPE, "rounds": ROUNDS},
            "versions": {module.__name__: module.__version__ for module in (lightgbm, sklearn, numpy, pandas)},
            "file": MODEL,
            "sha256": sha256(output / MODEL),
            "licence": texts.LICENCE,
        },
        "intended_use": texts.INTENDED_USE,
        "out_of_scope": texts.OUT_OF_SCOPE,
        "population": texts.POPULATION,
        "data": {"rows": len(rows), "source": texts.SOURCE, "faults": texts.FAULTS},
        "performance": {
            "procedure": texts.PROCEDURE.format(folds=FOLDS, repeats=REPEATS, parts=FOLDS * REPEATS),
            "columns": texts.MEASURES,
            "rows": [[name, *(mean_and_spread(found[:, place]) for found in scores)] for place, name in enumerate(measures)],
        },
        "groups": {
            "caption": texts.GROUPS_CAPTION,
            "columns": texts.GROUPS,
            "rows": [
                [texts.CHOICES[name], int(is_of[name].sum()), round(float(wrong[is_of[name]].mean()), 3)] for name in SPECIES
            ],
        },
        "limits": texts.LIMITS,
    }


def zones(rows):
    """Where the lengths of the species begin and end in the study."""
    by_species = rows.groupby("species", observed=True)[LABEL]
    short, both, long = by_species.max()["setosa"], by_species.min()["virginica"], by_species.max()["versicolor"]
    assert short < by_species.min()["versicolor"] < both < long
    said = texts.ZONES
    return [
        {"to": float(short), "text": said["short"].format(to=short)},
        {"to": float(both), "text": said["middle"]},
        {"to": float(long), "name": said["both"], "text": said["both.text"].format(low=both, to=long)},
        {"text": said["long"].format(low=long)},
    ]


def feature(name, rows):
    label, sentence = texts.FEATURES[name]
    said = {"name": name, "label": label, "help": sentence, "may_be_missing": False, "names": texts.NAMES[name]}
    if name == "species":
        return {**said, "choices": texts.CHOICES}
    return {**said, "unit": "cm", **figures(rows[name]), "step": 0.1, "units": [MILLIMETRES, INCHES]}


def case(table, rows):
    example = table.iloc[EXAMPLE]
    lengths = rows[LABEL]
    return {
        "$schema": "../../docs/case.schema.json",
        "name": "petal",
        "version": "1.0.0",
        "model": MODEL,
        "kind": "number",
        "language": "en",
        "translations": {"zh": "zh.json", "es": "es.json"},
        "title": texts.TITLE,
        "outcome": texts.OUTCOME,
        "features": [feature(name, rows) for name in INPUTS],
        "answer": {"label": "Petal length", "unit": "cm", **figures(lengths), "decimals": 2, "mean": round(float(lengths.mean()), 6)},
        "zones": zones(rows),
        "words": texts.WORDS,
        "card": "card.json",
        "judged": {"file": "out_of_fold.csv", "label": "seen", "source": texts.JUDGED.format(folds=FOLDS, rows=len(rows))},
        "observed": "observed.json",
        "golden": "golden.csv",
        "example": ",".join(str(example[name]) for name in INPUTS),
        "look": {"accent": "#5b3f9e"},
    }


def golden(table, booster):
    """Every flower, and some that nobody has measured: halfway to another one, and beyond all."""
    random = numpy.random.default_rng(SEED)
    others = table[INPUTS].sample(30, random_state=SEED).reset_index(drop=True)
    numbers = INPUTS[:3]
    places = others[numbers].to_numpy()
    drawn = numpy.round(places + random.normal(size=places.shape) * 0.7, 2)
    others[numbers] = numpy.maximum(drawn, 0.05)
    asked = pandas.concat([table[INPUTS], others], ignore_index=True)
    predictions = booster.predict(asked, num_threads=1)
    margins = booster.predict(asked, raw_score=True, num_threads=1)
    return [[*row, prediction, margin] for row, prediction, margin in zip(asked.to_numpy().tolist(), predictions, margins)]


def main():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--output", type=pathlib.Path, default=HERE, metavar="FOLDER")
    output = parser.parse_args().output
    output.mkdir(parents=True, exist_ok=True)

    table, rows = read_data()
    train(rows).save_model(output / MODEL)
    # What answers is what was saved.
    booster = lightgbm.Booster(model_file=output / MODEL)
    write_golden(output / "golden.csv", [*INPUTS, "prediction", "margin"], golden(table, booster))
    write_golden(output / "out_of_fold.csv", [*INPUTS, "prediction", "seen"], out_of_fold(rows))
    said, about = case(table, rows), card(rows, booster, output)
    write_json(output / "card.json", about)
    write_json(output / "case.json", said)
    check_translations(HERE, said, about)
    assert decimals(rows[LABEL]) == 1


if __name__ == "__main__":
    main()
