"""Trains fresh models of every kind with the installed XGBoost, and writes its answers for the oracle run.

    python tests/oracle/generate.py --output FOLDER [--models N] [--margins N] [--seed N] [--offset N]

For model NNN: NNN.json or NNN.ubj, and NNN.rows, NNN.margins and NNN.predictions as raw little-endian float32, row-major,
NaN for missing (NNN.rows64 instead: float64 that is to be rounded); NNN.all has the margins of all trees where training was stopped early; NNN.from has the margins of the first
rows from base margins of their own, which are NNN.own; NNN.contributions explains the first rows
(for each row and output the features' contributions and the base). manifest.json lists the models.
Runs in Python 3.7 and later, with XGBoost 1.0 and later: `kinds` says what is drawn, `data` what it is trained with, `rows`
what it is asked, `answers` how.
"""

import argparse
import json
import pathlib
import shutil

import adversarial
import numpy
import xgboost
from answers import answer, frame_of, matrix_of, wrapper_class
from data import inputs_of, labels_of
from kinds import VERSION, Kind
from xgboost.core import XGBoostError

# How often a model is drawn before it is given up: what is refused is drawn anew.
ATTEMPTS = 4


def train(random, kind):
    """What saves the model (a booster or a wrapper), the booster, its inputs and their categories."""
    inputs, signal, categories = inputs_of(random, kind)
    labels = labels_of(random, kind, signal)
    if kind.wrapped:
        wrapper = fit(random, kind, inputs, labels["label"])
        return wrapper, wrapper.get_booster(), inputs, categories
    given = frame_of(inputs, categories) if kind.named else inputs
    matrix = matrix_of(given, categories, kind.missing_value, **labels)
    extra = {}
    if kind.stopped:
        extra = {"evals": [(matrix, "train")], "early_stopping_rounds": 1 + int(random.integers(3)), "verbose_eval": False}
        # A metric that gets worse, so that the best round is not the last.
        if kind.rounds > 4:
            extra["maximize"] = True
    booster = xgboost.train(kind.parameters, matrix, kind.rounds, **extra)
    return booster, booster, inputs, categories


def fit(random, kind, inputs, label):
    """As most people train: the scikit-learn wrapper's `fit`."""
    parameters = dict(kind.parameters, missing=kind.missing_value, n_estimators=kind.rounds)
    parameters["n_jobs"] = parameters.pop("nthread")
    parameters["random_state"] = parameters.pop("seed")
    parameters.pop("num_class", None)
    options = {}
    if kind.stopped:
        # Labels of other rows: what is learned soon makes these worse.
        options = {"eval_set": [(inputs, random.permutation(label))], "verbose": False}
        stop = {"early_stopping_rounds": 1 + int(random.integers(3))}
        (parameters if VERSION >= (1, 6) else options).update(stop)
    if (1, 3) <= VERSION < (1, 6) and wrapper_class(kind) is xgboost.XGBClassifier:
        parameters["use_label_encoder"] = False
    wrapper = wrapper_class(kind)(**parameters)
    wrapper.fit(inputs, label, **options)
    return wrapper


def kinds_of(kind, booster, trees, most_cuts):
    """The kinds that the summary counts."""
    best = booster.attr("best_iteration")
    return [
        name
        for name, is_so in (
            ("dart", kind.dart),
            ("forest", kind.parameters["num_parallel_tree"] > 1),
            ("one-hot or partition", kind.categorical),
            ("named categories", kind.named),
            ("vector leaves", kind.vector),
            ("multi-target", kind.targets > 1),
            ("missing", kind.missing > 0),
            ("missing is a number", not numpy.isnan(kind.missing_value)),
            ("stopped early", best is not None and int(best) + 1 < trees),
            ("saved by the wrapper", kind.wrapped),
            ("no trees", kind.rounds == 0),
            ("250 to 256 cuts", 250 <= most_cuts <= 256),
            ("more than 256 cuts", most_cuts > 256),
        )
        if is_so
    ]


class Nonsense(Exception):
    """XGBoost trained it, and it is nothing to compare."""


def has_nonsense(model):
    """Whether a leaf is NaN, as 0/0 is without regularization. Wardian refuses such a file by name: nothing to compare."""
    return any(
        left == -1 and numpy.isnan(value)
        for tree in adversarial.trees_of(model)
        for left, value in zip(tree["left_children"], tree["split_conditions"])
    )


def written(random, kind, path, margins):
    """Trains a model, writes it and XGBoost's answers; its entry in the manifest."""
    saver, booster, inputs, categories = train(random, kind)
    saver.save_model(str(path))
    model = json.loads(path.read_text() if path.suffix == ".json" else booster.save_raw("json"))
    if has_nonsense(model):
        raise Nonsense("a leaf is NaN")
    entries = answer(random, kind, path, inputs, categories, margins)
    trees = len(adversarial.trees_of(model))
    per_round = kind.parameters["num_parallel_tree"] * (1 if kind.vector else kind.outputs())
    most_cuts = max(len(cuts) for cuts in adversarial.thresholds_of(model))
    entry = {
        "file": path.name,
        "version": xgboost.__version__,
        "columns": kind.columns,
        "objective": kind.objective,
        "data": kind.data,
        "stopped": kind.stopped,
        "kinds": kinds_of(kind, booster, trees // per_round, most_cuts),
        "most cuts": most_cuts,
        "parameters": kind.parameters,
    }
    entry.update(entries)
    return entry


def main():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--output", type=pathlib.Path, required=True, metavar="FOLDER")
    parser.add_argument("--models", type=int, default=80)
    parser.add_argument("--margins", type=int, default=60000, help="at most, for each model")
    parser.add_argument("--seed", type=int, default=0)
    parser.add_argument("--offset", type=int, default=0, help="how many models the versions before this one trained")
    arguments = parser.parse_args()
    output = arguments.output
    shutil.rmtree(str(output), ignore_errors=True)
    output.mkdir(parents=True)
    if VERSION >= (1, 4):
        xgboost.set_config(verbosity=0)

    manifest, refused = [], 0
    for index in range(arguments.models):
        for attempt in range(ATTEMPTS):
            random = numpy.random.default_rng([arguments.seed, index, attempt, VERSION[0], VERSION[1]])
            kind = Kind(random, index, arguments.offset)
            # UBJSON is known since 1.6.
            path = output / "{:03}.{}".format(index, "ubj" if VERSION >= (1, 6) and index % 4 > 1 else "json")
            # What an attempt before has left: its rows of 64 bits would be taken for this one's.
            for left in output.glob("{:03}.*".format(index)):
                left.unlink()
            try:
                manifest.append(written(random, kind, path, arguments.margins))
                break
            except (XGBoostError, Nonsense) as error:
                # Not every combination is one that this version trains, or reads again.
                refused += isinstance(error, XGBoostError)
                print("  not trained: {}: {}: {}".format(kind.data, kind.parameters, str(error).splitlines()[0]))
    (output / "manifest.json").write_text(json.dumps(manifest, indent=1))
    print(
        "trained {} models with XGBoost {}, seed {}: {} margins".format(
            len(manifest), xgboost.__version__, arguments.seed, sum(entry["margins"] for entry in manifest)
        )
    )
    # A generator that trained next to nothing would prove next to nothing.
    assert len(manifest) == arguments.models, "XGBoost refused all that was drawn for a model"
    assert refused * 5 <= arguments.models, "{} combinations were refused".format(refused)


if __name__ == "__main__":
    main()
