"""Trains LightGBM models of every kind, and writes what LightGBM itself answers when it has loaded their files.

    python tests/oracle/trainers/lightgbm.py --output DIR --models N --seed S

For each model NAME.txt (save_model), or NAME.dump (dump_model as JSON); NAME.json, what it is; and NAME.rows, NAME.margins,
NAME.answers and, for the first rows, NAME.contributions (`pred_contrib`), 64-bit floats. LightGBM 2.2 to 4.7:
requirements-lightgbm*.txt.
"""

import argparse
import json
import os
import pathlib
import sys
import warnings

# This file's folder comes first there, where `import lightgbm` would find this file.
sys.path[0] = str(pathlib.Path(__file__).resolve().parent.parent)

import data  # noqa: E402
import lightgbm  # noqa: E402
import numpy  # noqa: E402
import pandas  # noqa: E402

VERSION = tuple(map(int, lightgbm.__version__.split(".")[:2]))
# LightGBM takes all up to this for zero.
ZERO = float(numpy.float32(1e-35))
# Beyond 32-bit floats no schema takes a value.
LARGEST = float(numpy.finfo(numpy.float32).max)
# How many of the rows are explained: LightGBM takes a thousand times as long for it as for an answer.
EXPLAINED = 40

# Every objective, what it is trained on, and the first version that has it or writes it so that its file can be read.
OBJECTIVES = {
    "binary": ("sides", (2, 0)),
    "regression": ("numbers", (2, 0)),
    "multiclass": ("classes", (2, 0)),
    "regression_l1": ("numbers", (2, 0)),
    "huber": ("numbers", (2, 0)),
    "fair": ("numbers", (2, 0)),
    "quantile": ("numbers", (2, 0)),
    "mape": ("amounts", (2, 1)),
    "poisson": ("counts", (2, 0)),
    "gamma": ("amounts", (2, 1)),
    "tweedie": ("amounts", (2, 1)),
    "multiclassova": ("classes", (2, 0)),
    "cross_entropy": ("shares", (2, 1)),
    "cross_entropy_lambda": ("shares", (4, 0)),
    "lambdarank": ("grades", (2, 0)),
    "rank_xendcg": ("grades", (3, 0)),
    "custom": ("numbers", (2, 0)),
}
OBJECTIVES = {name: label for name, (label, since) in OBJECTIVES.items() if VERSION >= since}
BOOSTINGS = ("gbdt", "gbdt", "gbdt", "dart", "goss", "rf")
MISSING = ("nan", "nan", "none", "use_missing=false", "zero_as_missing", "zero_as_missing")
CATEGORIES = ("none", "none", "codes", "texts", "integers", "booleans", "ordered", "gaps")
COLUMNS = [name for name in data.COLUMNS if name != "constants"] + ["mixture", "sixty-four bits", "about zero", "iris", "diabetes", "wine"]


def inputs_of(random, kind, rows, columns):
    """Training inputs, and what the labels hang together with."""
    if kind in data.BUNDLED:
        inputs, target = data.bundled(kind)
        chosen = random.integers(len(inputs), size=rows)
        return inputs[chosen], target[chosen]
    if kind == "sixty-four bits":
        # What no 32-bit float holds, some of it only just apart.
        inputs = random.normal(size=(rows, columns)) / 3
        inputs[:, 0] = 1 + random.integers(-40, 40, size=rows) * numpy.finfo(float).eps
        return inputs, None
    if kind == "about zero":
        near = [0.0, -0.0, ZERO, -ZERO, numpy.nextafter(ZERO, 1), numpy.nextafter(-ZERO, -1), 1e-36, -1e-40, 3e-35, -3e-35, 1e-30]
        inputs = random.choice(near + [-1.0, 1.0, 2.0], size=(rows, columns))
        return inputs, None
    return data.columns_of(random, kind, rows, columns), None


def label_of(random, label, signal):
    """The label that an objective is trained on, and its number of classes."""
    if label == "sides":
        return (signal > 0.3).astype(int), 1
    if label == "classes":
        classes = int(random.choice([3, 4, 7]))
        made = numpy.digitize(signal, numpy.quantile(signal, numpy.linspace(0, 1, classes + 1)[1:-1]))
        made[:classes] = numpy.arange(classes)
        return made, classes
    if label == "counts":
        return random.poisson(numpy.exp(numpy.clip(signal / 2, -3, 3))), 1
    if label == "amounts":
        return numpy.exp(numpy.clip(signal / 2, -5, 5)) + 0.01, 1
    if label == "shares":
        return 1 / (1 + numpy.exp(-signal)), 1
    if label == "grades":
        return numpy.clip(numpy.round(signal + 1), 0, 3).astype(int), 1
    return signal * float(random.choice([0.01, 1, 5, 1000])) + float(random.choice([0, 3, -700])), 1


def parameters_of(random, objective, classes, missing):
    """What the booster is trained with."""
    made = {
        "objective": objective,
        "boosting": str(random.choice(BOOSTINGS)),
        "num_leaves": int(random.choice([2, 7, 31, 31, 127, 1023])),
        "learning_rate": float(random.choice([0.02, 0.1, 0.3, 1.0])),
        "min_data_in_leaf": int(random.choice([1, 5, 20])),
        "min_data_per_group": int(random.choice([1, 20])),
        "cat_smooth": float(random.choice([0.1, 10])),
        "max_bin": int(random.choice([3, 15, 63, 255, 255, 1023])),
        "min_data_in_bin": int(random.choice([1, 3])),
        "lambda_l2": float(random.choice([0, 0, 1.5])),
        "seed": int(random.integers(1 << 30)),
        "deterministic": True,
        "num_threads": 1,
        "verbose": -1,
    }
    if classes > 1:
        made["num_class"] = classes
    if objective in ("binary", "multiclassova"):
        made["sigmoid"] = float(random.choice([1.0, 1.0, 0.5, 0.7, 2.3, 1e-2]))
    if objective in ("regression", "regression_l1", "fair", "quantile", "mape") and random.random() < 0.4:
        made["reg_sqrt"] = True
    if made["boosting"] == "rf":
        if VERSION < (2, 3) and objective not in ("regression", "regression_l1", "huber", "fair", "quantile", "custom"):
            # What their files mean depends on which 2.x wrote them.
            made["boosting"] = "gbdt"
        elif VERSION < (2, 3):
            made.pop("reg_sqrt", None)
        made.update(bagging_freq=1, bagging_fraction=0.6, feature_fraction=0.8)
    if missing == "use_missing=false":
        made["use_missing"] = False
    if missing == "zero_as_missing":
        made["zero_as_missing"] = True
    extra = str(random.choice(["none", "none", "extra_trees", "quantized", "smooth", "cegb", "monotone", "deep"]))
    if extra == "extra_trees":
        made["extra_trees"] = True
    elif extra == "quantized" and made["boosting"] == "gbdt":
        made["use_quantized_grad"] = True
    elif extra == "smooth":
        made.update(path_smooth=2.0, min_data_in_leaf=max(2, made["min_data_in_leaf"]))
    elif extra == "cegb":
        made.update(cegb_tradeoff=0.5, cegb_penalty_split=0.001)
    elif extra == "deep":
        made.update(num_leaves=1023, min_data_in_leaf=1, min_sum_hessian_in_leaf=1e-9)
    return made, extra


def hide(random, inputs, missing):
    """The inputs with what is missing, as the kind of missing values has it."""
    inputs = inputs.copy()
    share = float(random.choice([0.02, 0.3, 0.8]))
    columns = random.random(inputs.shape[1]) < 0.7
    hidden = (random.random(inputs.shape) < share) & columns
    if missing == "zero_as_missing":
        inputs[hidden] = random.choice([0.0, 0.0, -0.0, 1e-36])
        inputs[(random.random(inputs.shape) < 0.05) & columns] = numpy.nan
    elif missing != "none":
        inputs[hidden] = numpy.nan
    return inputs


def with_categories(random, inputs, signal, kind):
    """Inputs of which some columns are codes of categories; for each such column its names, or None where it is plain codes;
    and the signal that hangs together with them."""
    if kind == "none":
        return inputs, {}, signal
    inputs, named = inputs.copy(), {}
    for column in range(1, inputs.shape[1], 2):
        count = int(random.choice([2, 3, 9, 60, 500])) if kind != "booleans" else 2
        codes = random.integers(count, size=len(inputs))
        codes[:count] = numpy.arange(count)[: len(inputs)]
        signal = signal + random.normal(0, 0.8, size=count)[codes]
        inputs[:, column] = codes
        if kind == "codes":
            named[column] = None
        elif kind == "gaps":
            # Codes as people have them: postcodes, and what stands for "other".
            numbers = numpy.sort(random.choice(numpy.arange(0, 70_000), size=count, replace=False))
            inputs[:, column], named[column] = numbers[codes], None
        elif kind in ("texts", "ordered"):
            named[column] = [f"{place} größe" if place % 3 else f"a,b {place}" for place in range(count)]
        elif kind == "integers":
            named[column] = [int(number) for number in numpy.sort(random.choice(10_000, size=count, replace=False)) - 50]
        elif kind == "booleans":
            named[column] = [False, True]
    return inputs, named, signal


def frame_of(inputs, named, ordered):
    """A data frame of the inputs, with the names of categories in the place of their codes."""
    frame = {}
    for column in range(inputs.shape[1]):
        values = inputs[:, column]
        name = f"spalte {column}" if column % 2 else f"x{column}"
        if named.get(column) is None:
            frame[name] = values
        else:
            codes = numpy.where(numpy.isnan(values), -1, values).astype(int)
            is_ordered = ordered and column == 1
            frame[name] = pandas.Categorical.from_codes(codes, categories=named[column], ordered=is_ordered)
    return pandas.DataFrame(frame)


def thresholds_of(dump, columns):
    """The thresholds of each feature, and the categories that its splits know."""
    numbers, categories = [set() for _ in range(columns)], [set() for _ in range(columns)]
    nodes = [tree["tree_structure"] for tree in dump["tree_info"]]
    while nodes:
        node = nodes.pop()
        if "left_child" not in node:
            continue
        nodes += [node["left_child"], node["right_child"]]
        if node["decision_type"] == "==":
            categories[node["split_feature"]].update(map(int, node["threshold"].split("||")))
        else:
            numbers[node["split_feature"]].add(node["threshold"])
    return numbers, categories


def asked(random, dump, inputs, count):
    """Rows to ask: training rows, with values at thresholds and one float beside them, missing ones, and odd ones."""
    numbers, categories = thresholds_of(dump, inputs.shape[1])
    rows = inputs[random.integers(len(inputs), size=count)].copy()
    for column in range(inputs.shape[1]):
        if categories[column]:
            known = numpy.array(sorted(categories[column]), dtype=float)
            odd = [-1, -0.5, -0.0, -1e-36, 0.9, 3.7, known[-1] + 1, known[-1] + 32, 65535, 2**24, 2.0**31, 2.0**31 - 1, 1e12, -1e12, 3e38]
            pool = numpy.concatenate([known, known + 0.5, known - 1e-9, odd, odd])
        else:
            cuts = numpy.array(sorted(numbers[column]), dtype=float)
            odd = [0.0, -0.0, ZERO, -ZERO, numpy.nextafter(ZERO, 1), numpy.nextafter(-ZERO, -1), 1e-36, -5e-324, 3e38, -3e38]
            beside = [cuts, numpy.nextafter(cuts, numpy.inf), numpy.nextafter(cuts, -numpy.inf), numpy.round(cuts, 2)]
            beside.append(cuts.astype(numpy.float32).astype(float))
            pool = numpy.concatenate(beside + [odd])
        pool = pool[numpy.abs(pool) < LARGEST]
        changed = random.random(count) < 0.5
        rows[changed, column] = random.choice(pool, size=changed.sum())
        rows[random.random(count) < float(random.choice([0.02, 0.2])), column] = numpy.nan
    return rows


def bits(values):
    return numpy.ascontiguousarray(values, dtype=float).view(numpy.uint64)


def train(random, index):
    """One model: the booster, its training inputs as numbers, and what it is, in words."""
    names = list(OBJECTIVES)
    # The commonest come up as often as all others.
    objective = names[index // 2 % 3] if index % 2 == 0 else names[(3 + index // 2 % (len(names) - 3))]
    kind, missing = str(random.choice(COLUMNS)), str(random.choice(MISSING))
    categorical = str(random.choice(CATEGORIES))
    rows, columns = int(random.choice([60, 400, 1500, 4000])), int(random.choice([1, 4, 9, 40]))
    inputs, target = inputs_of(random, kind, rows, columns)
    signal = data.signal_of(random, inputs, target)
    inputs, named, signal = with_categories(random, inputs, signal, categorical)
    shown = hide(random, inputs, missing)
    label, classes = label_of(random, OBJECTIVES[objective], signal)
    parameters, extra = parameters_of(random, objective, classes, missing)
    if extra == "monotone" and not named:
        parameters["monotone_constraints"] = [int(random.integers(-1, 2)) for _ in range(inputs.shape[1])]
    words = [objective, parameters["boosting"], f"data: {kind}", f"missing: {missing}", f"categories: {categorical}", extra]

    frame = shown
    of_categories = [column for column in named if named[column] is None]
    if any(names is not None for names in named.values()):
        frame = frame_of(shown, named, categorical == "ordered")
    options = {"categorical_feature": of_categories} if of_categories else {}
    if OBJECTIVES[objective] == "grades":
        sizes = numpy.full(max(1, len(inputs) // 20), 20)
        sizes[-1] += len(inputs) - sizes.sum()
        options["group"] = sizes
    if random.random() < 0.2:
        options["weight"] = random.integers(1, 5, size=len(inputs)).astype(float)
    rounds = int(random.choice([1, 5, 30, 30, 120]))
    if parameters["num_leaves"] > 100 or classes > 1:
        rounds = min(rounds, 20)
    if index % 23 == 7:
        # No split is allowed.
        parameters["min_data_in_leaf"] = 10 * len(inputs)
        words.append("constant")
    # Of a random forest it would be the mean of none.
    if index % 41 == 13 and objective != "custom" and parameters["boosting"] != "rf":
        words.append("no trees")
        booster = lightgbm.Booster(parameters, lightgbm.Dataset(frame, label, params={"verbose": -1}, **options))
        return booster, shown, frame, named, words
    if index % 29 == 11 and objective != "custom" and parameters["boosting"] in ("gbdt", "goss") and "group" not in options:
        words.append("stopped early")
        return stopped(random, parameters, frame, label, options), shown, frame, named, words
    booster = run(parameters, frame, label, options, rounds)
    if index % 19 == 5 and parameters["boosting"] == "gbdt" and not named and objective != "custom":
        # Trained on: of the same rows, of which other values are missing.
        then = {"nan": "none", "none": "zero_as_missing", "use_missing=false": "zero_as_missing"}.get(missing, missing)
        more = dict(parameters, zero_as_missing=then == "zero_as_missing", use_missing=True)
        booster = run(more, hide(random, inputs, then), label, options, 10, booster)
        words.append(f"trained on with missing: {then}")
    return booster, shown, frame, named, words


def run(parameters, inputs, label, options, rounds, before=None):
    parameters = dict(parameters)
    is_custom = parameters["objective"] == "custom"
    data_set = lightgbm.Dataset(inputs, label, free_raw_data=False, params={"verbose": -1}, **options)
    more = {"init_model": before} if before is not None else {}
    if is_custom:
        scale = max(1.0, float(numpy.abs(label).max()))

        def gradients(predictions, data_set):
            return (predictions - data_set.get_label()) / scale, numpy.full(len(predictions), 1 / scale)

        if VERSION >= (4, 0):
            parameters["objective"] = gradients
        else:
            parameters["objective"] = "none"
            more["fobj"] = gradients
        if parameters["boosting"] == "rf":
            parameters["boosting"] = "gbdt"
    return lightgbm.train(parameters, data_set, num_boost_round=rounds, **more)


def stopped(random, parameters, inputs, label, options):
    """A booster that keeps growing trees after its best round: the file has those up to the best."""
    data_set = lightgbm.Dataset(inputs, label, free_raw_data=False, params={"verbose": -1}, **options)
    shuffled = lightgbm.Dataset(inputs, random.permutation(label), reference=data_set, free_raw_data=False)
    parameters = dict(parameters, learning_rate=0.3)
    if VERSION >= (3, 3):
        more = {"callbacks": [lightgbm.early_stopping(5, verbose=False)]}
    else:
        more = {"early_stopping_rounds": 5, "verbose_eval": False}
    return lightgbm.train(parameters, data_set, num_boost_round=40, valid_sets=[shuffled], **more)


def write(output, name, model, rows, booster, words, categories):
    """One case, as the runner reads it."""
    shape = (len(rows), -1)
    margins = booster.predict(rows, raw_score=True, num_threads=1).reshape(shape)
    answers = booster.predict(rows, num_threads=1).reshape(shape)
    contributions = booster.predict(rows[:EXPLAINED], pred_contrib=True, num_threads=1)
    about = {
        "model": model,
        "trainer": "lightgbm",
        "version": lightgbm.__version__,
        "objective": words[0],
        "kind": "; ".join(words[1:]),
        "rows": len(rows),
        "features": rows.shape[1],
        "outputs": margins.shape[1],
        "answers": answers.shape[1],
        "precision": "f64",
        "exact_answers": True,
        "classes": None,
        "categories": categories,
    }
    (output / (name + ".json")).write_text(json.dumps(about, indent=1), encoding="utf-8")
    for suffix, values in [(".rows", rows), (".margins", margins), (".answers", answers), (".contributions", contributions)]:
        numpy.ascontiguousarray(values, dtype="<f8").tofile(str(output / (name + suffix)))


def main():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--output", type=pathlib.Path, required=True, metavar="DIR")
    parser.add_argument("--models", type=int, required=True, metavar="N")
    parser.add_argument("--seed", type=int, default=0, metavar="S")
    parser.add_argument("--rows", type=int, default=400, metavar="N", help="rows that each model is asked")
    arguments = parser.parse_args()
    output = arguments.output
    output.mkdir(parents=True, exist_ok=True)
    warnings.filterwarnings("ignore")
    failed = 0
    for index in range(arguments.models):
        # In a process of its own: of some parameters LightGBM says that they fail a check of its, and then crashes.
        child = os.fork()
        if child == 0:
            os._exit(make(output, arguments, index))
        status = os.waitpid(child, 0)[1]
        if os.WIFEXITED(status) and os.WEXITSTATUS(status) == WRONG:
            sys.exit(1)
        failed += status != 0
    print(f"LightGBM {lightgbm.__version__}: {arguments.models - failed} models, {failed} that it could not train")
    if failed > 2 + arguments.models // 10:
        sys.exit("too many")


# What a process says that has found LightGBM to contradict itself.
WRONG = 3


def make(output, arguments, index):
    """Trains one model and writes its cases; 0 if that was done."""
    random = numpy.random.default_rng([arguments.seed, index, *VERSION])
    try:
        booster, inputs, frame, named, words = train(random, index)
    except lightgbm.basic.LightGBMError as error:
        print(f"model {index}: {error}", flush=True)
        return 1
    name = f"lightgbm-{lightgbm.__version__}-{arguments.seed}-{index:04}"
    path = output / (name + ".txt")
    booster.save_model(str(path))
    dump = booster.dump_model()
    rows = asked(random, dump, inputs, arguments.rows)
    loaded = lightgbm.Booster(model_file=str(path))
    if (bits(loaded.predict(rows, raw_score=True)) != bits(booster.predict(rows, raw_score=True))).any():
        print(f"model {index}: LightGBM's file answers otherwise than its booster", flush=True)
        return WRONG
    if frame is not inputs:
        again = booster.predict(frame, raw_score=True)
        if (bits(again) != bits(booster.predict(inputs, raw_score=True))).any():
            print(f"model {index}: a data frame is answered otherwise than its codes", flush=True)
            return WRONG
    infos = next(line for line in path.read_text(encoding="utf-8").split("\n") if line.startswith("feature_infos"))
    if "categories: integers" in words and (" none" in infos or "=none" in infos):
        # Some column is of no use to LightGBM: whose the names of categories are the file need not say.
        path.unlink()
        return 0
    categories = [named.get(column) for column in range(rows.shape[1])]
    categories = [None if names is None else [str(name) for name in names] for names in categories]
    write(output, name, path.name, rows, loaded, words, categories)
    # Before 2.2.3 a dump has no objective, and before 3 it does not say which features are categories.
    if index % 3 == 0 and VERSION >= (2, 2) and (VERSION >= (3, 0) or "categories: integers" not in words):
        (output / (name + ".dump")).write_text(json.dumps(dump), encoding="utf-8")
        write(output, name + "-dump", name + ".dump", rows, loaded, words + ["dump_model"], categories)
    return 0


if __name__ == "__main__":
    main()
