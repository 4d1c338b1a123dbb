"""Trains fresh models of every kind with the installed XGBoost, and writes its answers for the oracle run.

    python tests/oracle/generate.py --output FOLDER [--models N] [--margins N] [--seed N]

For model NNN: NNN.json or NNN.ubj, and NNN.rows, NNN.margins and NNN.predictions as raw little-endian float32, row-major,
NaN for missing; NNN.all has the margins of all trees where training was stopped early; NNN.contributions explains the first rows
(for each row and output the features' contributions and the base). manifest.json lists the models.
Answers are those of the scikit-learn wrapper after loading the saved file, as a user would.
"""

import argparse
import json
import pathlib
import shutil

import adversarial
import numpy
import xgboost
from xgboost.core import XGBoostError

VERSION = tuple(map(int, xgboost.__version__.split(".")[:2]))

# Every objective of XGBoost's list; the second is the first version that has it.
OBJECTIVES = {
    "binary:logistic": (1, 0),
    "reg:squarederror": (1, 0),
    "multi:softprob": (1, 0),
    "reg:logistic": (1, 0),
    "binary:logitraw": (1, 0),
    "binary:hinge": (1, 0),
    "multi:softmax": (1, 0),
    "reg:squaredlogerror": (1, 0),
    "reg:pseudohubererror": (1, 0),
    "reg:absoluteerror": (1, 7),
    "reg:quantileerror": (2, 0),
    "reg:expectileerror": (3, 3),
    "count:poisson": (1, 0),
    "reg:gamma": (1, 0),
    "reg:tweedie": (1, 0),
    "survival:aft": (1, 2),
    "survival:cox": (1, 0),
    "rank:pairwise": (1, 0),
    "rank:ndcg": (1, 0),
    "rank:map": (1, 0),
}
# Those that take a label for each of several targets.
MULTI_TARGET = {"binary:logistic", "reg:squarederror", "reg:logistic", "reg:squaredlogerror", "reg:pseudohubererror"}
# Those whose trees can have a vector in each leaf.
VECTOR_LEAVES = {"binary:logistic", "reg:squarederror", "multi:softprob", "multi:softmax"}

# How many rows of each model are explained: XGBoost takes milliseconds for each.
EXPLAINED_ROWS = 50


class Kind:
    """What is drawn for one model."""

    def __init__(self, random, index):
        def pick(*values):
            return values[random.integers(len(values))]

        names = [name for name, since in OBJECTIVES.items() if VERSION >= since]
        # Every objective in turn; every other model is of the commonest.
        self.objective = names[index // 2 % len(names)] if index % 2 else names[index // 2 % 3]
        self.dart = pick(False, False, False, True)
        self.missing = float(pick(0.0, 0.0, 0.1, 0.5, 0.9))
        self.columns = int(pick(1, 2, 5, 8, 13, 30, 60, 200))
        self.rows = int(random.integers(40, 1200))
        self.categorical = self.columns > 1 and pick(False, False, True)
        # Categories with names, which files carry since 3.1.
        self.named = self.categorical and VERSION >= (3, 1) and pick(False, True)
        self.stopped = pick(False, False, True)
        self.targets = int(pick(2, 3)) if self.objective in MULTI_TARGET and pick(False, False, True) else 1
        self.classes = int(pick(2, 3, 7, 26)) if self.objective.startswith("multi:") else 0
        several = self.targets > 1 or self.classes > 1
        self.vector = several and VERSION >= (2, 0) and self.objective in VECTOR_LEAVES and pick(False, True)
        self.dart &= not self.vector
        # No version trains vector leaves on categories.
        self.categorical &= not self.vector
        self.named &= not self.vector
        depth = int(random.integers(1, 11))
        rounds = int(pick(1, 2, 5, 20, 50, 100, 200, 300) if depth < 7 else pick(1, 5, 20, 40))
        self.rounds = min(rounds, 25) if several else rounds
        self.parameters = {
            "objective": self.objective,
            "max_depth": depth,
            "tree_method": pick("hist", "hist", "exact", "approx"),
            "learning_rate": float(pick(0.01, 0.1, 0.3, 1.0)),
            "subsample": float(pick(0.5, 1.0)),
            "colsample_bytree": float(pick(0.5, 1.0)),
            "gamma": float(pick(0.0, 0.0, 0.5, 3.0)),
            "min_child_weight": float(pick(0.0, 1.0, 10.0)),
            "num_parallel_tree": int(pick(1, 1, 1, 3)),
            "nthread": 1,
            "seed": index,
        }
        if self.categorical or self.vector or self.objective in ("reg:absoluteerror", "reg:quantileerror"):
            self.parameters["tree_method"] = "hist"
        if self.dart:
            self.parameters |= {
                "booster": "dart",
                "rate_drop": float(pick(0.1, 0.5)),
                "normalize_type": pick("tree", "forest"),
                "sample_type": pick("uniform", "weighted"),
            }
            self.rounds = min(self.rounds, 40)
        if self.vector:
            self.parameters |= {"multi_strategy": "multi_output_tree", "num_parallel_tree": 1, "gamma": 0.0}
            self.parameters |= {"colsample_bytree": 1.0}
        if self.categorical:
            self.parameters["max_cat_to_onehot"] = int(pick(1, 4, 100))
        if self.parameters["tree_method"] != "exact":
            self.parameters["max_bin"] = int(pick(2, 16, 256, 1024))
            if pick(False, False, True) and not self.vector:
                self.parameters |= {"grow_policy": "lossguide", "max_depth": 0, "max_leaves": int(pick(3, 17, 64))}
        if self.classes:
            self.parameters["num_class"] = self.classes
        if self.objective == "reg:quantileerror":
            self.parameters["quantile_alpha"] = pick(0.3, [0.1, 0.5, 0.9])
        if self.objective == "survival:aft":
            self.parameters["aft_loss_distribution"] = pick("normal", "logistic", "extreme")
        if pick(False, False, True):
            probability = self.objective in ("binary:logistic", "reg:logistic")
            scores = (1e-7, 0.01, 0.3, 0.5, 0.731, 0.99) if probability else (0.25, 0.5, 1.0, 3.7)
            self.parameters["base_score"] = float(pick(*scores))


def draw_inputs(random, kind):
    kinds = random.integers(5, size=kind.columns)
    inputs = random.normal(size=(kind.rows, kind.columns))
    inputs[:, kinds == 1] = random.integers(-3, 4, size=(kind.rows, (kinds == 1).sum()))
    inputs[:, kinds == 2] *= 10.0 ** random.integers(-30, 30, size=(kinds == 2).sum())
    inputs[:, kinds == 3] = 1.5
    categories = numpy.zeros(kind.columns, dtype=int)
    if kind.categorical:
        categories[1::2] = random.choice([2, 3, 9, 60], size=len(categories[1::2]))
        for column in numpy.flatnonzero(categories):
            inputs[:, column] = random.integers(categories[column], size=kind.rows)
            # A file names every category that the column has: have them all.
            count = min(categories[column], kind.rows)
            inputs[:count, column] = numpy.arange(categories[column])[:count]
    inputs = inputs.astype(numpy.float32)
    signal = numpy.sign(inputs[:, 0]) + (inputs[:, -1] % 3 > 1) + random.normal(size=kind.rows)
    hidden = random.random(inputs.shape) < kind.missing
    hidden[:60, categories > 0] = False
    inputs[hidden] = numpy.nan
    return inputs, signal, categories


def draw_labels(random, kind, signal):
    """The label, and what else the training matrix needs."""
    amount = numpy.exp(signal / 2).astype(numpy.float32)
    name = kind.objective
    if name.startswith("multi:"):
        label = numpy.digitize(signal, numpy.quantile(signal, numpy.linspace(0, 1, kind.classes + 1)[1:-1]))
        label[: kind.classes] = numpy.arange(kind.classes)[: len(label)]
        return {"label": label}
    if name.startswith("rank:"):
        sizes = numpy.full(kind.rows // 10, 10)
        sizes[-1] += kind.rows - sizes.sum()
        high = 2 if name == "rank:map" else 4
        return {"label": numpy.clip(numpy.round(signal + 1), 0, high - 1), "group": sizes}
    if name == "survival:aft":
        upper = numpy.where(random.random(kind.rows) < 0.3, numpy.inf, amount)
        return {"label_lower_bound": amount, "label_upper_bound": upper}
    if name == "survival:cox":
        return {"label": numpy.where(random.random(kind.rows) < 0.3, -amount, amount)}
    if name == "count:poisson":
        label = random.poisson(amount)
    elif name in ("reg:gamma", "reg:tweedie", "reg:squaredlogerror"):
        label = amount
    elif name.startswith("binary:") or name == "reg:logistic":
        label = (signal > 0.3).astype(int)
        label[:2] = [0, 1]
    else:
        label = signal * 5 + 3
    if kind.targets > 1:
        label = numpy.stack([numpy.roll(label, shift) for shift in range(kind.targets)], axis=1)
    return {"label": label}


def frame_of(inputs, categories, random=None):
    """The columns as pandas has them, categories by name; with `random`, in an order of its own."""
    # Only where files carry the names, so that the older versions' environments do without.
    import pandas

    columns = {}
    for index, count in enumerate(categories):
        if count == 0:
            columns[f"x{index}"] = inputs[:, index]
            continue
        # Neither the alphabet's order nor the numbers' is that of the codes. ASCII only: XGBoost 3.2 itself does not know
        # the others again in a file that it wrote.
        names = [f"c {(code * 7 + 3) % 61}" for code in range(count)]
        codes = numpy.nan_to_num(inputs[:, index], nan=-1).astype(int)
        column = pandas.Categorical.from_codes(codes, categories=names)
        if random is not None:
            column = column.reorder_categories(list(random.permutation(names)))
        columns[f"x{index}"] = column
    return pandas.DataFrame(columns)


def train(random, kind):
    inputs, signal, categories = draw_inputs(random, kind)
    labels = draw_labels(random, kind, signal)
    group = labels.pop("group", None)
    if kind.named:
        matrix = xgboost.DMatrix(frame_of(inputs, categories), enable_categorical=True, **labels)
    else:
        types = ["c" if count else "float" for count in categories]
        matrix = xgboost.DMatrix(inputs, feature_types=types, enable_categorical=bool(kind.categorical), **labels)
    if group is not None:
        matrix.set_group(group)
    extra = {}
    if kind.stopped:
        extra = {"evals": [(matrix, "train")], "early_stopping_rounds": 1 + int(random.integers(3)), "verbose_eval": False}
        # A metric that gets worse, so that the best round is not the last.
        if kind.rounds > 4:
            extra["maximize"] = True
    booster = xgboost.train(kind.parameters, matrix, kind.rounds, **extra)
    return booster, inputs, categories


def draw_rows(random, booster, inputs, categories, count):
    rows = adversarial.rows(booster, count // 2, random, float(random.choice([0.0, 0.1, 0.7])))
    for column in numpy.flatnonzero(categories):
        # In a set, beside it, beyond every category, negative, and with a fraction.
        values = numpy.concatenate([numpy.arange(categories[column] + 2), [-1, -0.0, 0.5, 1.99, 2.0**24, 2.0**24 + 2, 1e30]])
        rows[:, column] = random.choice(values.astype(numpy.float32), len(rows))
        rows[random.random(len(rows)) < 0.1, column] = numpy.nan
    return numpy.concatenate([rows, inputs[random.integers(len(inputs), size=count - len(rows))]])


def answer(random, kind, path, inputs, categories, margins_wanted):
    wrapper = xgboost.XGBRegressor(n_jobs=1)
    wrapper.load_model(path)
    booster = wrapper.get_booster()
    outputs = max(kind.classes, kind.targets, 3 if isinstance(kind.parameters.get("quantile_alpha"), list) else 1)
    count = max(100, min(margins_wanted // outputs, 1_500_000 // kind.columns))
    if kind.named:
        # Codes outside the categories cannot be said by name.
        rows = inputs[random.integers(len(inputs), size=min(count, 4000))]
        given = frame_of(rows, categories, random)
        wrapper.set_params(enable_categorical=True)
    else:
        rows = given = draw_rows(random, booster, inputs, categories, count)
    answers = {
        "rows": rows,
        "margins": wrapper.predict(given, output_margin=True),
        "predictions": wrapper.predict(given),
    }
    if kind.stopped:
        rounds = booster.num_boosted_rounds()
        answers["all"] = wrapper.predict(given, output_margin=True, iteration_range=(0, rounds))
    contributions, refusal = explain(wrapper, kind, booster, given, categories)
    if refusal is None:
        answers["contributions"] = contributions
    for name, values in answers.items():
        numpy.ascontiguousarray(values, dtype="<f4").tofile(path.with_suffix(f".{name}"))
    return int(numpy.size(answers["margins"])), booster, refusal


def explain(wrapper, kind, booster, given, categories):
    """The contributions to the first rows, of the rounds that the wrapper predicts with; or why there are none."""
    if kind.vector and VERSION < (3, 1):
        # It answers, from covers that it does not keep: with the features' contributions all 0, or not making the margin.
        return None, "vector leaves"
    if kind.named:
        rows = xgboost.DMatrix(given[:EXPLAINED_ROWS], enable_categorical=True, nthread=1)
    else:
        types = ["c" if count else "float" for count in categories]
        rows = xgboost.DMatrix(
            given[:EXPLAINED_ROWS], feature_types=types, enable_categorical=bool(kind.categorical), nthread=1
        )
    best = booster.attr("best_iteration")
    rounds = (0, 0) if best is None else (0, int(best) + 1)
    try:
        return booster.predict(rows, pred_contribs=True, iteration_range=rounds, strict_shape=True), None
    except XGBoostError as error:
        return None, str(error).splitlines()[0].split("Check failed: ")[-1].strip()


def main():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--output", type=pathlib.Path, required=True, metavar="FOLDER")
    parser.add_argument("--models", type=int, default=80)
    parser.add_argument("--margins", type=int, default=40_000, help="at most, for each model")
    parser.add_argument("--seed", type=int, default=0)
    arguments = parser.parse_args()
    output = arguments.output
    shutil.rmtree(output, ignore_errors=True)
    output.mkdir(parents=True)
    xgboost.set_config(verbosity=0)

    manifest, margins, refused = [], 0, 0
    for index in range(arguments.models):
        random = numpy.random.default_rng([arguments.seed, index])
        kind = Kind(random, index)
        try:
            booster, inputs, categories = train(random, kind)
        except XGBoostError as error:
            # Not every combination is one that this version trains.
            refused += 1
            print(f"  not trained: {kind.parameters}: {str(error).splitlines()[0]}")
            continue
        path = output / f"{index:03}.{('json', 'ubj')[index % 4 // 2]}"
        booster.save_model(path)
        count, booster, refusal = answer(random, kind, path, inputs, categories, arguments.margins)
        margins += count
        entry = {
            "file": path.name,
            "columns": kind.columns,
            "objective": kind.objective,
            "stopped": kind.stopped,
            "not explained": refusal,
            "kinds": [
                name
                for name, is_so in (
                    ("dart", kind.dart),
                    ("forest", kind.parameters["num_parallel_tree"] > 1),
                    ("one-hot or partition", kind.categorical),
                    ("named categories", kind.named),
                    ("vector leaves", kind.vector),
                    ("multi-target", kind.targets > 1),
                    ("missing", kind.missing > 0),
                    ("stopped early", booster.attr("best_iteration") is not None
                     and int(booster.attr("best_iteration")) + 1 < booster.num_boosted_rounds()),
                )
                if is_so
            ],
            "parameters": kind.parameters,
        }
        manifest.append(entry)
    (output / "manifest.json").write_text(json.dumps(manifest, indent=1))
    print(f"trained {len(manifest)} models with XGBoost {xgboost.__version__}, seed {arguments.seed}: {margins} margins")
    # A generator that trained next to nothing would prove next to nothing.
    assert refused * 10 < arguments.models, f"{refused} combinations were refused"


if __name__ == "__main__":
    main()
