"""Trains scikit-learn's pipelines of many kinds, which end in estimators of all trainers, and pickles them, or dumps them by skops.

    python tests/oracle/trainers/pipelines.py --output FOLDER [--models N] [--seed N]

The files are those of `sklearn.py`. Beside them NAME.json says what the columns of NAME.rows are called (`raw_columns`), and what the codes
in columns of texts stand for (`raw_categories`), categories among them that the pipeline has never seen. Raw scores and answers are those of
the whole pipeline.

Half of the rows lie on both sides of the numbers at which the pipeline's own answers change, one float apart: they are found by
bisection, whatever the steps and the estimator are.
"""

import argparse
import json
import os
import pathlib
import pickle
import shutil
import sys
import warnings
import zipfile

# This folder's files have the trainers' names: theirs are meant, and are looked for first.
HERE = str(pathlib.Path(__file__).resolve().parent)
sys.path.remove(HERE)
sys.path.append(HERE)
sys.path.append(str(pathlib.Path(HERE).parent))

import steady  # noqa: E402

steady.start_anew()

import catboost  # noqa: E402
import joblib  # noqa: E402
import lightgbm  # noqa: E402
import numpy  # noqa: E402
import pandas  # noqa: E402
import scipy.sparse  # noqa: E402
import sklearn  # noqa: E402
import xgboost  # noqa: E402
from sklearn import ensemble, tree  # noqa: E402
from sklearn.compose import ColumnTransformer  # noqa: E402
from sklearn.impute import SimpleImputer  # noqa: E402
from sklearn.pipeline import FeatureUnion, Pipeline, make_pipeline  # noqa: E402
from sklearn.preprocessing import (  # noqa: E402
    MaxAbsScaler,
    MinMaxScaler,
    OneHotEncoder,
    OrdinalEncoder,
    RobustScaler,
    StandardScaler,
)

import sklearn_ensembles as ensembles  # noqa: E402
from sklearn.calibration import CalibratedClassifierCV  # noqa: E402

try:
    import skops.io as skops  # noqa: E402
except ImportError:
    skops = None

warnings.filterwarnings("ignore")
VERSION = tuple(int(number) for number in sklearn.__version__.split(".")[:2])
# How often a pipeline is drawn before it is given up: what is refused is drawn anew.
ATTEMPTS = 30
TRAIN_ROWS = 300
TEXTS = ["red", "green", "dark blue", "é", "10", " space", "A", "a", "b", "c", "d", "e"]
NUMBERS = [[0.0, 1.0], [1.0, 2.0, 5.0, 9.0], [-1.0, 0.5, 2.5], [1990.0, 1991.0, 2000.0, 2020.0], [0.0, 1.0, 2.0, 3.0, 4.0, 5.0]]
UNKNOWN = ["never seen", "Red"]

SKLEARN = [
    (ensemble.RandomForestClassifier, ensemble.RandomForestRegressor),
    (ensemble.ExtraTreesClassifier, ensemble.ExtraTreesRegressor),
    (ensemble.GradientBoostingClassifier, ensemble.GradientBoostingRegressor),
    (ensemble.HistGradientBoostingClassifier, ensemble.HistGradientBoostingRegressor),
    (tree.DecisionTreeClassifier, tree.DecisionTreeRegressor),
]
OTHERS = [
    (xgboost.XGBClassifier, xgboost.XGBRegressor),
    (lightgbm.LGBMClassifier, lightgbm.LGBMRegressor),
    (catboost.CatBoostClassifier, catboost.CatBoostRegressor),
]
# Estimators of estimators.
COMPOSED = [
    (ensemble.BaggingClassifier, ensemble.BaggingRegressor),
    (ensemble.VotingClassifier, ensemble.VotingRegressor),
    (CalibratedClassifierCV, ensemble.IsolationForest),
    (ensemble.AdaBoostClassifier, ensemble.AdaBoostRegressor),
]
KINDS = SKLEARN + OTHERS + OTHERS[:1] + COMPOSED


def order(numbers):
    """Whole numbers in the order of floats."""
    bits = numpy.asarray(numbers, dtype=float).view(numpy.int64)
    return [int(one) if one >= 0 else -(2**63) - int(one) - 1 for one in bits]


def floats(orders):
    bits = [one if one >= 0 else -(2**63) - one - 1 for one in orders]
    return numpy.array(bits, dtype=numpy.int64).view(float)


class Column:
    """A raw column: what it holds, and what stands for it in `NAME.rows`."""

    def __init__(self, random, name):
        choice = lambda *values: values[random.integers(len(values))]  # noqa: E731
        self.name = name
        self.kind = choice("number", "number", "number", "whole", "coded", "bool", "text", "text", "category", "empty")
        if self.kind == "empty" and random.random() < 0.6:
            self.kind = "number"
        self.missing = choice(0.0, 0.2) if self.kind in ("number", "text", "category") else 0.0
        self.mark = choice(None, numpy.nan)
        self.names = None
        self.takes_unknown = self.takes_missing = True
        rows = TRAIN_ROWS
        if self.kind == "number":
            self.values = choice(
                numpy.round(random.normal(50, 20, rows), 2),
                random.normal(size=rows) * 1e-3,
                numpy.round(random.random(rows), 1),
                numpy.exp(random.normal(0, 6, rows)),
                random.normal(1.6e9, 1e7, rows),
            )
        elif self.kind in ("whole", "coded"):
            self.values = random.integers(-5, 30, rows).astype(float)
            if self.kind == "coded":
                self.values[random.random(rows) < 0.2] = -999.0
        elif self.kind == "bool":
            self.values = random.integers(0, 2, rows).astype(float)
        elif self.kind == "text":
            count = int(choice(2, 3, 5, 12))
            self.names = [str(name) for name in random.permutation(TEXTS)[:count]]
            # Some are seldom.
            shares = random.dirichlet(numpy.ones(count))
            self.values = random.choice(count, rows, p=shares).astype(float)
        elif self.kind == "category":
            self.values = random.choice(choice(*NUMBERS), rows)
        else:
            self.values = numpy.full(rows, numpy.nan)
        self.values[random.random(rows) < self.missing] = numpy.nan

    @property
    def is_number(self):
        return self.kind in ("number", "whole", "coded", "bool", "empty")

    @property
    def has_nan(self):
        return bool(numpy.isnan(self.values).any())

    def given(self, values):
        """Values as the pipeline is given them."""
        if self.names is not None:
            names = self.names + UNKNOWN
            return numpy.array([self.mark if numpy.isnan(value) else names[int(value)] for value in values], dtype=object)
        if self.kind == "bool" and not numpy.isnan(values).any():
            return values.astype(bool)
        if self.kind in ("whole", "coded") and (values == numpy.round(values)).all() and numpy.abs(values).max() < 1e9:
            return values.astype(numpy.int64)
        return values.astype(float)

    def asked(self, random, count):
        values = random.choice(self.values, count)
        other = random.random(count) < 0.3
        if self.kind in ("number", "whole"):
            pool = numpy.array([0.0, -0.0, 1.0, -1.0, 1e-300, 0.1, 1e30, -1e30, -999.0])
            pool = numpy.concatenate([pool, numpy.nextafter(self.values[:20], numpy.inf), self.values[:20] + 0.5])
            pool = pool[~numpy.isnan(pool)]
            values[other] = random.choice(pool, other.sum())
        elif self.kind == "text" and self.takes_unknown:
            values[other] = random.integers(0, len(self.names) + len(UNKNOWN), other.sum())
        elif self.kind == "category" and self.takes_unknown:
            values[other] = random.choice([77.0, 1.25, -3.0, 3.0, 0.0], other.sum())
        if self.kind == "empty":
            values[other] = random.normal(size=other.sum())
        if self.takes_missing and self.kind not in ("coded", "bool"):
            values[random.random(count) < 0.1] = numpy.nan
        if not self.takes_missing:
            known = self.values[~numpy.isnan(self.values)]
            values[numpy.isnan(values)] = known[0] if len(known) else 0.0
        return values


class Drawn:
    """A pipeline and its data."""

    def __init__(self, random, index):
        self.random = random
        self.choice = lambda *values: values[random.integers(len(values))]
        kinds = KINDS[index % len(KINDS)]
        self.classes = int(self.choice(0, 2, 2, 3))
        self.kind = kinds[0] if self.classes else kinds[1]
        self.module = self.kind.__module__.split(".")[0]
        self.words = [self.kind.__name__]
        histogram = "Hist" in self.kind.__name__
        forest = "Forest" in self.kind.__name__ or "DecisionTree" in self.kind.__name__
        # What the estimators of `sklearn_ensembles.py` ask: there are no categories for them.
        self.categories = []
        self.is_composed = self.kind in ensembles.ENSEMBLES
        if self.is_composed:
            drawing = ensembles.Ensemble(random, self)
            self.composed, self.takes_nan = drawing.made(self.kind)
            self.words += drawing.words[1:]
        else:
            self.takes_nan = self.takes_missing(histogram, forest)
        self.columns = [Column(random, f"column {place}") for place in range(int(random.integers(1, 7)))]
        self.form = self.choice("frame", "frame", "array")
        self.missing = numpy.nan
        for column in self.columns:
            # In an array of objects Wardian refuses truth values that are filled as numbers.
            if self.form == "array" and column.kind == "bool":
                column.kind = "whole"
        signal = random.normal(size=TRAIN_ROWS)
        for column in self.columns:
            ranks = numpy.argsort(numpy.argsort(numpy.nan_to_num(column.values))) / TRAIN_ROWS
            signal = signal + random.normal() * 3 * ranks + numpy.where(numpy.isnan(column.values), 1.0, 0.0)
        self.signal = signal
        self.target = signal
        if self.classes:
            edges = numpy.quantile(signal, numpy.arange(1, self.classes) / self.classes)
            self.target = numpy.digitize(signal, edges)
            if self.module != "xgboost" and random.random() < 0.5:
                self.target = numpy.array(["no", "yes", "maybe"])[self.target]

    def takes_missing(self, histogram, forest):
        return histogram or self.module != "sklearn" or (forest and VERSION >= (1, 4))

    def given(self, rows):
        columns = {column.name: column.given(rows[:, place]) for place, column in enumerate(self.columns)}
        if self.form == "frame":
            return pandas.DataFrame(columns)
        if all(column.names is None for column in self.columns):
            return numpy.array(rows, dtype=float)
        array = numpy.empty(rows.shape, dtype=object)
        for place, column in enumerate(columns.values()):
            array[:, place] = column
        return array

    # Steps.

    def imputer(self, text=False, code=numpy.nan):
        parameters = {"missing_values": code, "keep_empty_features": self.choice(False, False, True)}
        if text:
            parameters["strategy"] = self.choice("most_frequent", "constant")
            parameters["fill_value"] = self.choice(None, "filled") if parameters["strategy"] == "constant" else None
        else:
            parameters["strategy"] = self.choice("mean", "median", "most_frequent", "constant")
            parameters["add_indicator"] = self.choice(False, False, True)
            if parameters["strategy"] == "constant":
                parameters["fill_value"] = self.choice(-1.5, 0, 7)
        return SimpleImputer(**parameters)

    def scaler(self):
        return self.choice(
            StandardScaler(with_mean=self.choice(True, True, False), with_std=self.choice(True, True, False)),
            StandardScaler(),
            MinMaxScaler(feature_range=self.choice((0, 1), (-1, 1), (0.1, 7.3)), clip=self.choice(True, False)),
            RobustScaler(with_centering=self.choice(True, False), with_scaling=self.choice(True, False)),
            RobustScaler(),
            MaxAbsScaler(),
        )

    def of_numbers(self, columns):
        coded = any(column.kind == "coded" for column in columns)
        may_be_missing = any(column.has_nan for column in columns) and not self.takes_nan
        steps = []
        if coded:
            steps.append(self.imputer(code=-999))
            for column in columns:
                column.takes_missing = False
        elif may_be_missing or self.choice(True, False):
            steps.append(self.imputer())
        else:
            for column in columns:
                column.takes_missing = self.takes_nan
        if self.choice(True, True, False):
            steps.insert(0 if not coded and self.random.random() < 0.2 else len(steps), self.scaler())
        if self.random.random() < 0.1:
            steps.append("passthrough")
        if self.random.random() < 0.1:
            steps.append(self.scaler())
        steps = steps or ["passthrough"]
        if len(steps) == 1:
            return steps[0]
        if self.random.random() < 0.15 and not coded:
            self.words.append("union")
            return FeatureUnion([("one", make_pipeline(*steps)), ("other", self.imputer()), ("none", "drop")])
        return make_pipeline(*steps)

    def of_categories(self, columns):
        is_text = all(column.names is not None for column in columns)
        steps = []
        filled = False
        has_nan = any(column.has_nan for column in columns)
        if (is_text or all(column.names is None for column in columns)) and self.random.random() < 0.4:
            steps.append(self.imputer(text=is_text))
            steps[-1].add_indicator = False
            filled = True
            for column in columns:
                column.mark = numpy.nan
        infrequent = self.choice({}, {}, {"min_frequency": self.choice(20, 0.1)}, {"max_categories": 3})
        if self.choice(True, False):
            unknown = self.choice("error", "ignore", "ignore", "infrequent_if_exist")
            drop = self.choice(None, None, "first", "if_binary")
            sparse = self.choice(True, False)
            dtype = self.choice(numpy.float64, numpy.float64, numpy.float32, numpy.int64)
            steps.append(OneHotEncoder(handle_unknown=unknown, drop=drop, sparse_output=sparse, dtype=dtype, **infrequent))
        else:
            sparse = False
            unknown = self.choice("error", "use_encoded_value", "use_encoded_value")
            parameters = {"handle_unknown": unknown}
            if unknown != "error":
                parameters["unknown_value"] = self.choice(-1, numpy.nan if self.takes_nan else -7, 99)
            if VERSION >= (1, 3):
                parameters.update(infrequent)
            nan_left = has_nan and not filled
            parameters["encoded_missing_value"] = self.choice(numpy.nan, -2) if self.takes_nan else -2 if nan_left else numpy.nan
            steps.append(OrdinalEncoder(**parameters))
        for column in columns:
            column.takes_unknown = unknown != "error"
            column.takes_missing = unknown != "error" or filled or column.has_nan
        if not sparse and self.random.random() < 0.2:
            steps.append(self.scaler())
        return steps[0] if len(steps) == 1 else make_pipeline(*steps)

    def places(self, group):
        """Columns as people name them."""
        places = [self.columns.index(column) for column in group]
        way = self.choice("names", "places", "mask", "slice") if self.form == "frame" else self.choice("places", "mask", "slice")
        if way == "names":
            return [column.name for column in group]
        if way == "mask":
            return [place in places for place in range(len(self.columns))]
        if way == "slice" and places and places == list(range(places[0], places[-1] + 1)):
            return slice(places[0], places[-1] + 1)
        return places

    def table(self):
        groups = {}
        for column in self.columns:
            if column.kind == "coded":
                key = "coded"
            elif column.kind == "bool":
                key = self.choice("numbers 0", "categories b")
            elif column.is_number:
                key = f"numbers {self.random.integers(2)}"
            else:
                key = f"{'text' if column.names else 'category'} {self.random.integers(2)}"
            groups.setdefault(key, []).append(column)
        transformers, remainder = [], []
        for key in self.random.permutation(sorted(groups)):
            group = groups[key]
            if self.random.random() < 0.15:
                remainder += group
                continue
            made = self.of_numbers(group) if key.startswith(("numbers", "coded")) else self.of_categories(group)
            transformers.append((str(key), made, self.places(group)))
        transformers.append(("nothing", StandardScaler(), []))
        rest = "drop"
        if remainder and all(column.is_number and column.kind != "coded" for column in remainder):
            if self.takes_nan or not any(column.has_nan for column in remainder):
                rest = self.choice("passthrough", "passthrough", StandardScaler())
                for column in remainder:
                    column.takes_missing = self.takes_nan
        for column in remainder if rest == "drop" else []:
            column.takes_missing = False
        return ColumnTransformer(transformers, remainder=rest, sparse_threshold=self.choice(0.3, 0.3, 0, 1.0))

    def model(self):
        name = self.kind.__name__
        if self.module == "xgboost":
            return self.kind(n_estimators=15, max_depth=4, n_jobs=1, missing=self.missing)
        if self.is_composed:
            return self.composed
        if self.module == "lightgbm":
            return self.kind(n_estimators=15, num_leaves=9, n_jobs=1, verbose=-1, min_child_samples=5)
        if self.module == "catboost":
            return self.kind(iterations=15, depth=4, thread_count=1, verbose=False, allow_writing_files=False)
        seed = {"random_state": int(self.random.integers(1000))}
        if "Hist" in name:
            return self.kind(max_iter=12, min_samples_leaf=5, **seed)
        if "Gradient" in name:
            return self.kind(n_estimators=12, max_depth=3, **seed)
        if "Tree" in name and "Trees" not in name:
            return self.kind(max_depth=self.choice(None, 5), **seed)
        return self.kind(n_estimators=9, max_depth=self.choice(None, 6), n_jobs=1, **seed)

    def plain_categories(self):
        """Ordinal codes, which the model itself takes for categories."""
        texts = [column for column in self.columns if column.names is not None]
        others = [column for column in self.columns if column.is_number and column.kind != "coded"]
        if not texts or ("Hist" not in self.kind.__name__ and self.module != "lightgbm"):
            return None
        self.words.append("categories of the model")
        encoder = OrdinalEncoder(handle_unknown="use_encoded_value", unknown_value=numpy.nan)
        for column in self.columns:
            column.takes_missing = column.takes_unknown = True
        prepared = ColumnTransformer([("texts", encoder, self.places(texts))] + [("rest", "passthrough", self.places(others))] * bool(others))
        codes = list(range(len(texts)))
        model = self.model()
        if self.module == "lightgbm":
            return Pipeline([("prepared", prepared), ("model", model)]), {"model__categorical_feature": codes}
        model.categorical_features = codes
        return Pipeline([("prepared", prepared), ("model", model)]), {}

    def pipeline(self):
        if self.random.random() < 0.4:
            made = self.plain_categories()
            if made:
                return made
        if self.module == "xgboost" and self.random.random() < 0.2 and all(c.names is not None or c.kind == "category" for c in self.columns):
            self.missing = -1.0
            self.words.append("missing -1")
        if all(column.is_number and column.kind != "coded" for column in self.columns) and self.random.random() < 0.4:
            prepared = self.of_numbers(self.columns)
        else:
            prepared = self.table()
        after = []
        if self.random.random() < 0.15:
            after.append(self.scaler())
        if self.random.random() < 0.1:
            after.append(self.imputer())
        model = self.model()
        way = self.choice("flat", "flat", "first nested", "last nested")
        self.words.append(way)
        if way == "flat":
            steps = [prepared, *after, model]
        elif way == "first nested":
            steps = [make_pipeline(prepared, *after), model]
        else:
            steps = [prepared, make_pipeline(*after, "passthrough", model)]
        made = make_pipeline(*steps)
        if self.form == "frame" and self.random.random() < 0.15:
            made.set_output(transform="pandas")
            self.words.append("pandas within")
        return made, {}


def split(pipeline):
    """What comes before the last estimator, and that."""
    before = []
    while isinstance(pipeline, Pipeline):
        before += [inner for _, step in pipeline.steps[:-1] for inner in flattened(step)]
        pipeline = pipeline.steps[-1][1]
    return before, pipeline


def flattened(step):
    return [inner for _, one in step.steps for inner in flattened(one)] if isinstance(step, Pipeline) else [step]


def prepared(before, given):
    for step in before:
        if not isinstance(step, str):
            given = step.transform(given)
    return given


def answered(drawn, pipeline, rows):
    """The margins and the answers."""
    given = drawn.given(rows)
    before, model = split(pipeline)
    second = lambda shares: shares[:, 1:] if drawn.classes == 2 else shares  # noqa: E731
    seen = prepared(before, given)
    if drawn.module == "xgboost":
        margins = model.predict(seen, output_margin=True)
    elif drawn.module == "lightgbm":
        margins = model.predict(seen, raw_score=True)
    elif drawn.module == "catboost":
        margins = model.predict(seen, prediction_type="RawFormulaVal", thread_count=1)
    elif drawn.is_composed:
        if scipy.sparse.issparse(seen):
            raise ValueError("sums are of dense rows")
        margins = ensembles.sums(model, numpy.asarray(seen))[0]
        answers = ensembles.answers(model, seen)
        return [numpy.asarray(values).reshape(len(rows), -1) for values in (margins, answers)]
    elif "Hist" in drawn.kind.__name__:
        margins = model.decision_function(seen) if drawn.classes else model._raw_predict(seen)
    elif "Gradient" in drawn.kind.__name__:
        margins = model.decision_function(seen) if drawn.classes else model.predict(seen)
    else:
        narrow = seen.astype(numpy.float32) if scipy.sparse.issparse(seen) else numpy.asarray(seen, dtype=numpy.float32)
        members = model.estimators_ if hasattr(model, "estimators_") else [model]
        member = (lambda one: second(one.predict_proba(narrow))) if drawn.classes else (lambda one: one.predict(narrow))
        margins = numpy.zeros_like(member(members[0])) if len(members) > 1 else -0.0
        for one in members:
            margins = margins + member(one)
    answers = second(pipeline.predict_proba(given)) if drawn.classes else pipeline.predict(given)
    return [numpy.asarray(values).reshape(len(rows), -1) for values in (margins, answers)]


def borders(random, drawn, pipeline, count):
    """Rows on both sides of numbers at which the answer changes, one float apart."""
    numbers = [place for place, column in enumerate(drawn.columns) if column.kind in ("number", "whole")]
    if not numbers:
        return numpy.empty((0, len(drawn.columns)))
    base = asked(random, drawn, count)
    places = random.choice(numbers, count)
    index = numpy.arange(count)
    ends = []
    for _ in range(2):
        values = []
        for place in places:
            known = drawn.columns[place].values
            known = known[~numpy.isnan(known)]
            values.append(random.choice(known) * (1 + 0.2 * random.normal()))
        ends.append(numpy.array(values))
    low, high = order(numpy.minimum(*ends)), order(numpy.maximum(*ends))

    def answer(orders):
        rows = base.copy()
        rows[index, places] = floats(orders)
        return answered(drawn, pipeline, rows)[0]

    lowest = answer(low)
    changes = (lowest != answer(high)).any(axis=1)
    for _ in range(66):
        middle = [(one + other) // 2 for one, other in zip(low, high)]
        is_low = (answer(middle) == lowest).all(axis=1)
        low = [new if stays else old for new, stays, old in zip(middle, is_low, low)]
        high = [old if stays else new for new, stays, old in zip(middle, is_low, high)]
    both = []
    for end in (low, high):
        rows = base.copy()
        rows[index, places] = floats(end)
        both.append(rows[changes])
    return numpy.concatenate(both)


def asked(random, drawn, count):
    return numpy.stack([column.asked(random, count) for column in drawn.columns], axis=1)


def takes(drawn, before, pipeline, given):
    """Refuses what Wardian refuses by name, and its own tests say so: that would be no comparison."""
    if "float32" in repr(pipeline.get_params()) and "Scaler(" in repr(pipeline.get_params()):
        raise ValueError("a scaler may compute in 32 bits")
    for step in before:
        if scipy.sparse.issparse(given) and not isinstance(step, str):
            raise ValueError("a step after a sparse matrix")
        given = prepared([step], given)
    is_changed = "Scaler(" in repr(pipeline.get_params()) or "Imputer(" in repr(pipeline.get_params())
    if drawn.module == "xgboost" and scipy.sparse.issparse(given) and is_changed:
        raise ValueError("zeros of numbers in a sparse matrix are missing to XGBoost")


def dumped(random, drawn, pipeline, folder, name):
    way = random.integers(8)
    if way >= 6 and skops is not None and drawn.module != "catboost":
        path = folder / f"{name}.skops"
        skops.dump(pipeline, path, compression=[zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED][way - 6])
        return path, "skops" + ["", ", packed"][way - 6]
    way %= 6
    if way <= 3:
        protocol = [2, 3, 4, 5][way]
        path = folder / f"{name}.pkl"
        path.write_bytes(pickle.dumps(pipeline, protocol=protocol))
        return path, f"pickle protocol {protocol}"
    path = folder / f"{name}.joblib"
    compress = [0, 3][way - 4]
    joblib.dump(pipeline, path, compress=compress)
    return path, f"joblib {compress}"


def written(random, index, folder, name, row_count):
    drawn = Drawn(random, index)
    pipeline, options = drawn.pipeline()
    given = drawn.given(numpy.stack([column.values for column in drawn.columns], axis=1))
    pipeline.fit(given, drawn.target, **options)
    takes(drawn, split(pipeline)[0], pipeline, given)
    rows = numpy.concatenate([borders(random, drawn, pipeline, row_count // 4), asked(random, drawn, row_count // 2)])
    margins, answers = answered(drawn, pipeline, rows)
    path, way = dumped(random, drawn, pipeline, folder, name)
    kind = "<f4" if drawn.module == "xgboost" else "<f8"
    entry = {
        "model": path.name,
        "trainer": "pipelines",
        "version": sklearn.__version__,
        "objective": drawn.kind.__name__,
        "kind": ", ".join(drawn.words + [way, drawn.form]),
        "rows": len(rows),
        "features": len(drawn.columns),
        "outputs": margins.shape[1],
        "answers": answers.shape[1],
        "precision": "f32" if drawn.module == "xgboost" else "f64",
        "exact_answers": True,
        "classes": [str(label) for label in pipeline.classes_] if drawn.classes else None,
        "raw_columns": [column.name if drawn.form == "frame" else f"f{place}" for place, column in enumerate(drawn.columns)],
        "raw_categories": [column.names + UNKNOWN if column.names else None for column in drawn.columns],
    }
    files = {"rows": (rows, "<f8"), "margins": (margins, kind), "answers": (answers, kind)}
    if drawn.classes > 2 and VERSION < (1, 4) and "Gradient" in drawn.kind.__name__ and "Hist" not in drawn.kind.__name__:
        # `sklearn.py` says why.
        del files["answers"]
    if drawn.is_composed and ensembles.is_otherwise(split(pipeline)[1]):
        files.pop("answers", None)
    for ending, (values, dtype) in files.items():
        (folder / f"{name}.{ending}").write_bytes(numpy.ascontiguousarray(values, dtype=dtype).tobytes())
    (folder / f"{name}.json").write_text(json.dumps(entry, indent=1, ensure_ascii=False))
    if os.environ.get("PRINT_PIPELINES"):
        print(name, entry["kind"], pipeline, file=sys.stderr)


def main():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--output", type=pathlib.Path, required=True, metavar="FOLDER")
    parser.add_argument("--models", type=int, default=60)
    parser.add_argument("--seed", type=int, default=0)
    parser.add_argument("--rows", type=int, default=400, help="rows that each model is asked, at most")
    arguments = parser.parse_args()
    shutil.rmtree(arguments.output, ignore_errors=True)
    arguments.output.mkdir(parents=True)
    for index in range(arguments.models):
        for attempt in range(ATTEMPTS):
            random = numpy.random.default_rng([arguments.seed, index, attempt, *VERSION])
            try:
                written(random, index, arguments.output, f"{index:04}", arguments.rows)
                break
            except (ValueError, TypeError, catboost.CatBoostError, lightgbm.basic.LightGBMError) as refusal:
                if attempt + 1 == ATTEMPTS:
                    raise
                print(f"{index:04}: drawn anew: {refusal}", file=sys.stderr)
    print(f"pipelines of scikit-learn {sklearn.__version__}: {arguments.models} models")


if __name__ == "__main__":
    main()
