"""XGBoost's answers, as a user of the scikit-learn wrapper gets them from a saved file, in every version.

From 1.0 to 1.3 the wrapper predicts on a DMatrix with `ntree_limit`, of `best_ntree_limit`: which `fit` sets and the
wrapper's own `save_model` keeps (in the attribute `scikit_learn`), so a file that a Booster saved is answered with all its
trees, early stopping or not. From 1.4 on it predicts in place, with the rounds up to the attribute `best_iteration`, which
every file has. In all of 1.x the wrapper's own file also brings the value that stands for missing.
"""

import json

import data
import numpy
import xgboost
from kinds import VERSION
from rows import ask
from xgboost.core import XGBoostError

# How many rows of each model are explained: XGBoost takes milliseconds for each.
EXPLAINED_ROWS = 50
# How many are asked from base margins of their own, too.
OWN_ROWS = 1000
# Categories that are not ASCII: before 3.3 XGBoost itself does not know them again in a file that it wrote.
NOT_ASCII = VERSION >= (3, 4)


def frame_of(inputs, categories, random=None):
    """The columns as pandas has them, categories by name; with `random`, in an order of its own."""
    import pandas

    columns = {}
    for index, count in enumerate(categories):
        if count == 0:
            columns["x{}".format(index)] = inputs[:, index]
            continue
        # Neither the alphabet's order nor the numbers' is that of the codes.
        words = ("c {}", "é{}", "日本 {}", "ß{}🌳") if NOT_ASCII and index % 4 == 3 else ("c {}",)
        names = [words[code % len(words)].format((code * 7 + 3) % 61) for code in range(count)]
        codes = numpy.nan_to_num(inputs[:, index], nan=-1).astype(int)
        column = pandas.Categorical.from_codes(codes, categories=names)
        if random is not None:
            column = column.reorder_categories(list(random.permutation(names)))
        columns["x{}".format(index)] = column
    return pandas.DataFrame(columns)


def matrix_of(given, categories, missing_value, **labels):
    """The training matrix, or one to explain."""
    options = dict(labels, missing=missing_value)
    bounds = {name: options.pop(name) for name in ("label_lower_bound", "label_upper_bound") if name in options}
    group = options.pop("group", None)
    if categories.any():
        options["enable_categorical"] = True
        if isinstance(given, numpy.ndarray):
            options["feature_types"] = ["c" if count else "float" for count in categories]
    matrix = xgboost.DMatrix(given, **options)
    for name, values in bounds.items():
        matrix.set_float_info(name, values)
    if group is not None:
        matrix.set_group(group)
    return matrix


def wrapper_class(kind):
    """A wrapper reads no file of another kind of wrapper."""
    classifies = kind.wrapped and kind.objective in ("binary:logistic", "multi:softprob")
    return xgboost.XGBClassifier if classifies else xgboost.XGBRegressor


def loaded(kind, path, options):
    wrapper = wrapper_class(kind)(**options)
    wrapper.load_model(str(path))
    if VERSION in ((1, 4), (1, 5)):
        # These neither write nor otherwise know how many trees a round of a forest has, and would predict with fewer of them
        # than before they saved it.
        wrapper.get_booster().set_param({"num_parallel_tree": kind.parameters["num_parallel_tree"]})
    return wrapper


def answer(random, kind, path, inputs, categories, margins_wanted):
    """Writes the answers of the model in a file; the manifest's entries that come of it."""
    # All is said before the file is read: `set_params` afterwards would, in most versions, set the wrapper's own objective too.
    options = {"n_jobs": 1}
    if kind.named:
        options["enable_categorical"] = True
    wrapper, entries = loaded(kind, path, options), {}
    if not numpy.isnan(kind.missing_value):
        if wrapper.missing == kind.missing_value:
            entries["missing in the file"] = kind.missing_value
        else:
            wrapper = loaded(kind, path, dict(options, missing=kind.missing_value))
            entries["missing"] = kind.missing_value
    booster = wrapper.get_booster()
    model = json.loads(path.read_text() if path.suffix == ".json" else booster.save_raw("json"))
    count = max(100, min(margins_wanted // kind.outputs(), 1500000 // kind.columns))
    if kind.named:
        # Codes outside the categories cannot be said by name.
        rows = inputs[random.integers(len(inputs), size=min(count, 4000))]
        given = frame_of(rows, categories, random)
    else:
        given = ask(random, model, kind, inputs, categories, count)
        rows = given.astype(numpy.float32)
    answers = {"rows": rows, "margins": wrapper.predict(given, output_margin=True)}
    if wrapper_class(kind) is xgboost.XGBClassifier:
        chances = wrapper.predict_proba(given)
        answers["predictions"] = chances if kind.classes else chances[:, 1]
    else:
        answers["predictions"] = wrapper.predict(given)
    if kind.stopped:
        every = {"iteration_range": (0, booster.num_boosted_rounds())} if VERSION >= (1, 4) else {"ntree_limit": 0}
        answers["all"] = wrapper.predict(given, output_margin=True, **every)
    # From 1.7 to 3.2 the wrapper counts them once for every tree of a `dart`, which Wardian refuses.
    if not kind.dart or not (1, 7) <= VERSION < (3, 3):
        first = given[:OWN_ROWS]
        own = own_base_margins(len(first), kind.outputs())
        # Before 1.6 those of several outputs are one after the other.
        said = own if VERSION >= (1, 6) and kind.outputs() > 1 else own.reshape(-1)
        answers["own"], answers["from"] = own, wrapper.predict(first, output_margin=True, base_margin=said)
    contributions, refusal = explain(kind, wrapper, given, categories)
    if refusal is None:
        answers["contributions"] = contributions
    if not kind.named and (given != rows)[~numpy.isnan(given)].any():
        # What Wardian is to round itself.
        numpy.ascontiguousarray(given, dtype="<f8").tofile(str(path.with_suffix(".rows64")))
        answers.pop("rows")
    for name, values in answers.items():
        numpy.ascontiguousarray(values, dtype="<f4").tofile(str(path.with_suffix("." + name)))
    entries.update({"not explained": refusal, "margins": int(numpy.size(answers["margins"]))})
    return entries


def own_base_margins(rows, outputs):
    """Base margins of float32, of all sizes that people may have, zeros of both signs among them."""
    random = numpy.random.RandomState(rows)
    drawn = random.normal(size=(rows, outputs)) * 10.0 ** random.randint(-3, 4, size=(rows, outputs))
    drawn[random.uniform(size=drawn.shape) < 0.05] = -0.0
    drawn[random.uniform(size=drawn.shape) < 0.05] = 0.0
    return drawn.astype(numpy.float32)


def explain(kind, wrapper, given, categories):
    """The contributions to the first rows, of the rounds that the wrapper predicts with; or why there are none."""
    if kind.vector and VERSION < (3, 2):
        # It answers, from covers that it does not keep: with the features' contributions all 0, or not making the margin.
        return None, "vector leaves"
    rows = matrix_of(given[:EXPLAINED_ROWS], categories, kind.missing_value, nthread=1)
    booster = wrapper.get_booster()
    if VERSION >= (1, 4):
        best = booster.attr("best_iteration")
        options = {"iteration_range": (0, 0) if best is None else (0, int(best) + 1), "strict_shape": True}
    else:
        options = {"ntree_limit": getattr(wrapper, "best_ntree_limit", 0)}
    try:
        return booster.predict(rows, pred_contribs=True, **options), None
    except XGBoostError as error:
        return None, str(error).splitlines()[0].split("Check failed: ")[-1].strip()
