"""Trains scikit-learn's estimators of trees of many kinds, pickles them in every way, and writes what they answer.

    python tests/oracle/trainers/sklearn.py --output FOLDER [--models N] [--seed N]

For each model NAME.pkl or NAME.joblib, NAME.json (what it is), NAME.rows (float64), NAME.margins and NAME.answers: little-endian,
row-major, NaN for missing. Raw scores are, in the trainer's own order of adding:

- of trees and forests the sum of what the trees answer, before it is divided by how many there are; of two classes the second's;
- of gradient boosting and histogram gradient boosting what `decision_function` gives, or before the link;
- of estimators that are made of others those of all members: `sklearn_ensembles.py` says how.

For the first rows of small models NAME.contributions has what each feature adds to each raw score, by the definition of path-dependent
SHAP values, over all subsets of the features; and NAME.labels what `predict` of classifiers says, as a JSON list.

Answers are `predict` of regressors and `predict_proba` of classifiers; of two classes the second's. Of isolation forests they are
`decision_function`.

numpy's `exp` and `log` have other last bits on processors with AVX-512, so they are kept from them: then they are the C library's.
"""

import argparse
import itertools
import json
import pathlib
import pickle
import shutil
import sys

# This folder's files have the trainers' names: theirs are meant, and are looked for first.
HERE = str(pathlib.Path(__file__).resolve().parent)
sys.path.remove(HERE)
sys.path.append(HERE)
sys.path.append(str(pathlib.Path(HERE).parent))

import steady  # noqa: E402

steady.start_anew()

import by_definition  # noqa: E402
import joblib  # noqa: E402
import numpy  # noqa: E402
import pandas  # noqa: E402
import sklearn  # noqa: E402
from sklearn.ensemble import (  # noqa: E402
    ExtraTreesClassifier,
    ExtraTreesRegressor,
    GradientBoostingClassifier,
    GradientBoostingRegressor,
    HistGradientBoostingClassifier,
    HistGradientBoostingRegressor,
    RandomForestClassifier,
    RandomForestRegressor,
)
from sklearn.tree import (  # noqa: E402
    DecisionTreeClassifier,
    DecisionTreeRegressor,
    ExtraTreeClassifier,
    ExtraTreeRegressor,
)

import sklearn_ensembles as ensembles  # noqa: E402
from sklearn_ensembles import ENSEMBLES  # noqa: E402

VERSION = tuple(int(number) for number in sklearn.__version__.split(".")[:2])
# Of how many rows the class is asked.
LABELLED = 1000
# How often a model is drawn before it is given up: what is refused is drawn anew.
ATTEMPTS = 8

TREES = [DecisionTreeClassifier, DecisionTreeRegressor, ExtraTreeClassifier, ExtraTreeRegressor]
FORESTS = [RandomForestClassifier, RandomForestRegressor, ExtraTreesClassifier, ExtraTreesRegressor]
BOOSTED = [GradientBoostingClassifier, GradientBoostingRegressor]
HISTOGRAMS = [HistGradientBoostingClassifier, HistGradientBoostingRegressor]
# One of each group in turn, so that few models are of many kinds.
GROUPS = [ENSEMBLES, FORESTS, TREES, ENSEMBLES[::-1], BOOSTED * 2, HISTOGRAMS * 2]
KINDS = [kind for kinds in itertools.zip_longest(*GROUPS) for kind in kinds if kind]


def numbers(random, rows):
    """A column of numbers as people have them."""
    kind = random.integers(9)
    if kind == 0:
        return random.integers(0, 60, rows).astype(float)
    if kind == 1:
        return numpy.round(random.normal(50, 20, rows), 2)
    if kind == 2:
        return numpy.where(random.random(rows) < 0.6, 0.0, random.gamma(2, 3, rows))
    if kind == 3:
        return random.choice([-0.0, 0.0, 1.0], rows)
    if kind == 4:
        return numpy.exp(random.normal(0, 12, rows))
    if kind == 5:
        return random.normal(size=rows) * 1e-30
    if kind == 6:
        return random.integers(1_500_000_000, 1_700_000_000, rows).astype(float)
    if kind == 7:
        return numpy.round(random.random(rows), 1)
    return random.normal(size=rows)


def takes_missing(kind, parameters):
    """Whether this version's estimator answers rows in which a value is missing."""
    if "takes missing" in parameters:
        return parameters["takes missing"]
    if kind in HISTOGRAMS:
        return True
    if kind in BOOSTED or parameters.get("criterion") in ("absolute_error", "friedman_mse"):
        return False
    if kind in (ExtraTreeClassifier, ExtraTreeRegressor, ExtraTreesClassifier, ExtraTreesRegressor):
        return VERSION >= (1, 6)
    if parameters.get("splitter") == "random":
        return VERSION >= (1, 6)
    return VERSION >= ((1, 3) if kind in TREES else (1, 4))


class Drawn:
    """An estimator with its parameters, and what it is trained with."""

    def __init__(self, random, kind):
        self.kind = kind
        self.words = [self.kind.__name__]
        self.classifies = "Classifier" in self.kind.__name__
        self.parameters = self.draw(random)
        self.columns = int(random.integers(1, 12))
        self.train_rows = int(random.choice([60, 300, 900]))
        self.categories = [None] * self.columns
        if kind in ENSEMBLES:
            for column in range(self.columns):
                if random.random() < 0.2:
                    self.categories[column] = int(random.choice([2, 5, 30]))
            ensemble = ensembles.Ensemble(random, self)
            self.estimator, takes = ensemble.made(kind)
            self.parameters = {"takes missing": takes}
            self.words = ensemble.words
        self.data(random)
        self.labels(random)

    def say(self, *words):
        self.words += words

    def draw(self, random):
        choice = lambda *values: values[random.integers(len(values))]  # noqa: E731
        parameters = {"random_state": int(random.integers(1000))}
        self.classifies |= self.kind.__name__ == "CalibratedClassifierCV"
        self.classes = int(choice(2, 2, 2, 3, 5, 11)) if self.classifies else 0
        if self.kind in TREES or self.kind in FORESTS:
            parameters["max_depth"] = choice(None, 3, 6, 12)
            parameters["min_samples_leaf"] = choice(1, 1, 5)
            if self.classifies:
                parameters["criterion"] = choice("gini", "entropy", "log_loss" if VERSION >= (1, 1) else "entropy")
                parameters["class_weight"] = choice(None, None, "balanced")
            else:
                parameters["criterion"] = choice("squared_error", "squared_error", "absolute_error", "friedman_mse", "poisson")
                if VERSION >= (1, 9) and parameters["criterion"] == "friedman_mse":
                    parameters["criterion"] = "squared_error"
        if self.kind in (DecisionTreeClassifier, DecisionTreeRegressor):
            parameters["splitter"] = choice("best", "random")
            parameters["ccp_alpha"] = choice(0.0, 0.0, 0.01)
            parameters["max_leaf_nodes"] = choice(None, None, 9)
        if self.kind in FORESTS:
            parameters["n_estimators"] = choice(1, 7, 30, 101)
            parameters["n_jobs"] = 1
            parameters["bootstrap"] = choice(True, False)
            if parameters["bootstrap"]:
                parameters["max_samples"] = choice(None, 0.5)
                parameters["oob_score"] = False
        if self.kind in BOOSTED:
            parameters["n_estimators"] = choice(1, 10, 40)
            parameters["learning_rate"] = choice(0.1, 0.05, 1.0, numpy.float64(0.3))
            parameters["subsample"] = choice(1.0, 0.7)
            parameters["max_depth"] = choice(1, 3, 5)
            parameters["init"] = choice(None, None, None, "zero")
            parameters["n_iter_no_change"] = choice(None, None, 2)
            if self.classifies:
                log_loss = "log_loss" if VERSION >= (1, 1) else "deviance"
                parameters["loss"] = choice(log_loss, "exponential" if self.classes == 2 else log_loss)
            else:
                parameters["loss"] = choice("squared_error", "absolute_error", "huber", "quantile")
                parameters["alpha"] = choice(0.9, 0.3)
        if self.kind in HISTOGRAMS:
            parameters["max_iter"] = choice(1, 10, 40)
            parameters["learning_rate"] = choice(0.1, 0.3)
            parameters["max_leaf_nodes"] = choice(31, 4, None)
            parameters["max_depth"] = choice(None, 3)
            parameters["max_bins"] = choice(255, 16)
            parameters["min_samples_leaf"] = choice(20, 5)
            parameters["l2_regularization"] = choice(0.0, 1.5)
            parameters["early_stopping"] = choice(False, True)
            if not self.classifies:
                quantile = "quantile" if VERSION >= (1, 1) else "squared_error"
                parameters["loss"] = choice("squared_error", "absolute_error", "poisson", quantile, "gamma")
                if parameters["loss"] == "gamma" and VERSION < (1, 3):
                    parameters["loss"] = "poisson"
                if parameters["loss"] == "quantile":
                    parameters["quantile"] = 0.7
        self.say(*(f"{name} {parameters[name]}" for name in ("loss", "criterion", "splitter") if name in parameters))
        return parameters

    def data(self, random):
        columns = [numbers(random, self.train_rows) for _ in range(self.columns)]
        self.inputs = numpy.stack(columns, axis=1)
        self.form = ["float64", "float32", "pandas"][random.integers(3)]
        if self.kind in HISTOGRAMS and random.random() < 0.5:
            self.add_categories(random)
        for column, count in enumerate(self.categories):
            if isinstance(count, int):
                self.inputs[:, column] = random.integers(0, count, self.train_rows)
        if self.form == "float32":
            with numpy.errstate(over="ignore"):
                self.inputs = self.inputs.astype(numpy.float32).astype(float)
        self.inputs[~numpy.isfinite(self.inputs)] = 0.0
        self.signal = sum(
            numpy.argsort(numpy.argsort(column)) / len(column) * weight
            for column, weight in zip(self.inputs.T, random.normal(size=self.columns))
        )
        self.signal = self.signal + 0.2 * random.normal(size=self.train_rows)
        self.has_missing = takes_missing(self.kind, self.parameters) and random.random() < 0.6
        if self.has_missing:
            self.say("missing")
            self.inputs[random.random(self.inputs.shape) < 0.15] = numpy.nan
        self.say(self.form)

    def add_categories(self, random):
        """Some columns become codes of categories: numbers as they are, or names in a data frame."""
        named = VERSION >= (1, 6) and random.random() < 0.5
        for column in range(self.columns):
            if random.random() < 0.5:
                count = int(random.choice([2, 5, 30]))
                self.inputs[:, column] = random.integers(0, count, self.train_rows)
                self.categories[column] = [f"name {code:02}" for code in range(count)] if named else count
        if any(self.categories):
            self.parameters["max_bins"] = 255
            self.say("named categories" if named else "numbered categories")
            if named:
                self.form = "pandas"
            self.parameters["categorical_features"] = (
                "from_dtype" if named else [column for column in range(self.columns) if self.categories[column]]
            )

    def labels(self, random):
        self.weights = random.random(self.train_rows) if random.random() < 0.3 else None
        if self.classifies:
            # Shares that are not the same for all classes.
            edges = numpy.quantile(self.signal, numpy.sort(random.random(self.classes - 1)))
            codes = numpy.digitize(self.signal, edges)
            codes[: 2 * self.classes] = numpy.arange(2 * self.classes) % self.classes
            names = random.integers(5)
            if names == 0 and self.classes == 2:
                self.target = codes == 1
            elif names <= 1:
                self.target = numpy.array(["no", "yes", "maybe", "éé", "a", "b", "c", "d", "e", "f", "g"])[codes]
            elif names == 2:
                self.target = codes * 3 - 4
            elif names == 3:
                self.target = pandas.Series([f"class {code}" for code in codes], dtype=object)
            else:
                self.target = codes
            return
        loss = self.parameters.get("loss", self.parameters.get("criterion"))
        self.target = numpy.exp(self.signal) if loss in ("poisson", "gamma") else numpy.round(10 * self.signal, 3)
        self.targets = 1
        if self.kind in TREES + FORESTS and random.random() < 0.3:
            self.targets = int(random.integers(2, 4))
            self.target = numpy.stack([self.target] + [numpy.abs(numbers(random, self.train_rows)) % 100 + 1] * (self.targets - 1), axis=1)
            self.say("several outputs")

    def given(self, rows):
        """Rows as the estimator is given them."""
        if self.form != "pandas":
            return rows
        frame = pandas.DataFrame(rows, columns=[f"column {index}" for index in range(self.columns)])
        for column, categories in enumerate(self.categories):
            if isinstance(categories, list):
                codes = rows[:, column]
                # A name that no training row has stands for what is no category.
                known = (codes >= 0) & (codes < len(categories))
                names = [
                    None if numpy.isnan(code) else categories[int(code)] if is_known else "unknown"
                    for code, is_known in zip(codes, known)
                ]
                frame[frame.columns[column]] = pandas.Categorical(names, categories=categories + ["unknown"])
        return frame

    def trained(self):
        estimator = None if self.kind in ENSEMBLES else self.kind(**self.parameters)
        given = self.given(self.inputs)
        if self.form == "float32":
            given = given.astype(numpy.float32)
        options = {} if self.weights is None else {"sample_weight": self.weights}
        if self.kind in ENSEMBLES:
            # Not all members take weights.
            estimator = ensembles.trained(self.estimator, given, self.target, options if "AdaBoost" in self.kind.__name__ else {})
            ensembles.check(estimator)
            return estimator
        return estimator.fit(given, self.target, **options)


def thresholds_of(estimator, columns):
    """The thresholds of each column, of all trees."""
    found = [[] for _ in range(columns)]
    if type(estimator) in ENSEMBLES:
        for member, features in ensembles.simple_trees(estimator, numpy.arange(columns)):
            for feature, own in zip(features, thresholds_of(member, len(features))):
                found[feature].extend(own)
    elif hasattr(estimator, "_predictors"):
        order = list(range(columns))
        if getattr(estimator, "_preprocessor", None) is not None:
            order = list(numpy.flatnonzero(estimator.is_categorical_)) + list(numpy.flatnonzero(~estimator.is_categorical_))
        for trees in estimator._predictors:
            for tree in trees:
                for node in tree.nodes:
                    if not node["is_leaf"] and not node["is_categorical"]:
                        found[order[node["feature_idx"]]].append(node["num_threshold"])
    else:
        for tree in trees_of(estimator):
            for feature, threshold in zip(tree.tree_.feature, tree.tree_.threshold):
                if feature >= 0:
                    found[feature].append(threshold)
    return [numpy.unique(numpy.array(thresholds, dtype=float)) for thresholds in found]


def trees_of(estimator):
    if hasattr(estimator, "tree_"):
        return [estimator]
    return list(numpy.ravel(estimator.estimators_))


def pool_of(thresholds):
    """Every value worth asking: thresholds as 64-bit and 32-bit floats, and one float beside them."""
    thresholds = thresholds[numpy.abs(thresholds) < 1e37]
    singles = thresholds.astype(numpy.float32)
    infinity = numpy.float32(numpy.inf)
    beside = [singles, numpy.nextafter(singles, infinity), numpy.nextafter(singles, -infinity)]
    wide = [thresholds, numpy.nextafter(thresholds, numpy.inf), numpy.nextafter(thresholds, -numpy.inf)]
    edges = numpy.array([0.0, -0.0, 1.0, -1.0, 1e-45, -1e-45, 1e36, -1e36, 0.1, 1e-300])
    halfway = (singles.astype(float) + numpy.nextafter(singles, infinity).astype(float)) / 2
    return numpy.concatenate([part.astype(float) for part in beside + wide] + [edges, halfway, numpy.round(thresholds, 2)])


def asked(random, drawn, estimator, count):
    rows = numpy.empty((count, drawn.columns))
    for column, thresholds in enumerate(thresholds_of(estimator, drawn.columns)):
        pool = pool_of(thresholds)
        rows[:, column] = random.choice(pool, count)
    # Training rows, and such of which one value is another.
    third = count // 3
    rows[:third] = drawn.inputs[random.integers(drawn.train_rows, size=third)]
    changed = drawn.inputs[random.integers(drawn.train_rows, size=third)]
    for row, column in enumerate(random.integers(drawn.columns, size=third)):
        changed[row, column] = rows[2 * third + row, column]
    rows[third : 2 * third] = changed
    for column, categories in enumerate(drawn.categories):
        if categories:
            known = len(categories) if isinstance(categories, list) else categories
            rows[third:, column] = random.integers(-1, known + 2, count - third)
    if takes_missing(drawn.kind, drawn.parameters):
        rows[random.random(rows.shape) < 0.1] = numpy.nan
    return rows


def answered(drawn, estimator, rows):
    """The margins and the answers."""
    given = drawn.given(rows)
    if drawn.kind in ENSEMBLES:
        margins, answers = ensembles.sums(estimator, given)[0], ensembles.answers(estimator, given)
        return [numpy.ascontiguousarray(values, dtype="<f8").reshape(len(rows), -1) for values in (margins, answers)]
    second = lambda shares: shares[:, 1:] if drawn.classes == 2 else shares  # noqa: E731
    if drawn.kind in TREES + FORESTS:
        member = (lambda tree, given: second(tree.predict_proba(given))) if drawn.classifies else (lambda tree, given: tree.predict(given))
        if drawn.kind in TREES:
            answers = member(estimator, given)
            margins = answers
        else:
            # The trees of a forest are given what it makes of rows.
            narrow = numpy.asarray(rows, dtype=numpy.float32)
            margins = numpy.zeros_like(member(estimator.estimators_[0], narrow))
            for tree in estimator.estimators_:
                margins += member(tree, narrow)
            answers = member(estimator, given)
    elif drawn.classifies:
        margins, answers = estimator.decision_function(given), second(estimator.predict_proba(given))
    else:
        answers = estimator.predict(given)
        margins = estimator._raw_predict(given) if drawn.kind in HISTOGRAMS else answers
    return [numpy.ascontiguousarray(values, dtype="<f8").reshape(len(rows), -1) for values in (margins, answers)]


def dumped(random, estimator, folder, name):
    """Writes the estimator in one of the ways that people do; the file and how."""
    way = random.integers(8)
    if way <= 4:
        protocol = [0, 2, 3, 4, 5][way]
        path = folder / f"{name}.pkl"
        path.write_bytes(pickle.dumps(estimator, protocol=protocol))
        return path, f"pickle protocol {protocol}"
    path = folder / f"{name}.joblib"
    compress = [0, 3, ("gzip", 3)][way - 5]
    joblib.dump(estimator, path, compress=compress)
    return path, f"joblib {compress}"


def written(random, kind, folder, name, row_count):
    drawn = Drawn(random, kind)
    estimator = drawn.trained()
    rows = asked(random, drawn, estimator, row_count)
    margins, answers = answered(drawn, estimator, rows)
    path, way = dumped(random, estimator, folder, name)
    drawn.say(way)
    entry = {
        "model": path.name,
        "trainer": "scikit-learn",
        "version": sklearn.__version__,
        "objective": drawn.parameters.get("loss", "log_loss" if drawn.kind in HISTOGRAMS else drawn.kind.__name__),
        "kind": ", ".join(drawn.words),
        "rows": len(rows),
        "features": drawn.columns,
        "outputs": margins.shape[1],
        "answers": answers.shape[1],
        "precision": "f64",
        "exact_answers": wavers(drawn) is None,
        "classes": [str(name) for name in estimator.classes_] if drawn.classifies else None,
    }
    files = {"rows": rows, "margins": margins, "answers": answers}
    if wavers(drawn):
        entry["why"] = wavers(drawn)
    otherwise = ensembles.is_otherwise(estimator) if drawn.kind in ENSEMBLES else is_otherwise(drawn)
    if otherwise:
        entry["why"] = otherwise
        del files["answers"]
    contributions = None if any(drawn.categories) or drawn.kind in ENSEMBLES else by_definition.contributions(estimator, rows, margins.shape[1], drawn.classes == 2)
    if contributions is not None:
        files["contributions"], entry["exact_covers"] = contributions
    for ending, values in files.items():
        (folder / f"{name}.{ending}").write_bytes(numpy.ascontiguousarray(values, dtype="<f8").tobytes())
    (folder / f"{name}.json").write_text(json.dumps(entry, indent=1, ensure_ascii=False))
    if drawn.classifies:
        labels = [str(label) for label in estimator.predict(drawn.given(rows[:LABELLED]))]
        (folder / f"{name}.labels").write_text(json.dumps(labels), encoding="utf-8")


def wavers(drawn):
    """Why the reference has no one answer, if so."""
    if drawn.kind in HISTOGRAMS and drawn.classes >= 8:
        return "numpy adds eight classes and more in another order for one row than for many"
    return None


def is_otherwise(drawn):
    """Why our answers are not the reference's, where only their last digits are not: those are not compared."""
    if drawn.classes > 2 and VERSION < ((1, 4) if drawn.kind in BOOSTED else (1, 1) if drawn.kind in HISTOGRAMS else (0, 0)):
        return "the logarithm of the sum is taken from each margin, and we divide by the sum"
    return None


def main():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--output", type=pathlib.Path, required=True, metavar="FOLDER")
    parser.add_argument("--models", type=int, default=60)
    parser.add_argument("--seed", type=int, default=0)
    parser.add_argument("--kind", default="", help="only estimators whose names have this")
    parser.add_argument("--rows", type=int, default=400, help="rows that each model is asked")
    arguments = parser.parse_args()
    shutil.rmtree(arguments.output, ignore_errors=True)
    arguments.output.mkdir(parents=True)
    kinds = [kind for kind in KINDS if arguments.kind in kind.__name__]
    for index in range(arguments.models):
        for attempt in range(ATTEMPTS):
            random = numpy.random.default_rng([arguments.seed, index, attempt, *VERSION])
            try:
                written(random, kinds[index % len(kinds)], arguments.output, f"{index:04}", arguments.rows)
                break
            except ValueError as refusal:
                if attempt + 1 == ATTEMPTS:
                    raise
                print(f"{index:04}: drawn anew: {refusal}", file=sys.stderr)
    print(f"scikit-learn {sklearn.__version__}: {arguments.models} models")


if __name__ == "__main__":
    main()
