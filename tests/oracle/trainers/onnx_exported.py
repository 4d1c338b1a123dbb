"""Models that trainers have trained and exporters have written as ONNX: scikit-learn's, XGBoost's, LightGBM's and CatBoost's."""

import pathlib
import tempfile

import catboost
import lightgbm
import numpy
import onnx
import onnxmltools
import xgboost
from onnxmltools.convert.common.data_types import FloatTensorType as FloatColumns
from skl2onnx import to_onnx
from skl2onnx.common.data_types import DoubleTensorType, FloatTensorType, Int64TensorType
from sklearn import ensemble, impute, tree
from sklearn.compose import ColumnTransformer
from sklearn.pipeline import make_pipeline
from sklearn.preprocessing import MaxAbsScaler, MinMaxScaler, RobustScaler, StandardScaler

_make_attribute = onnx.helper.make_attribute


def _plain_attribute(key, value, *more, **named):
    """skl2onnx 1.20 hands over numpy's numbers and booleans, which onnx 1.23 does not take."""
    if isinstance(value, (list, tuple, numpy.ndarray)):
        value = [item.item() if isinstance(item, numpy.generic) else item for item in value]
        value = [int(item) if isinstance(item, bool) else item for item in value]
    return _make_attribute(key, value, *more, **named)


onnx.helper.make_attribute = _plain_attribute


def labels(random, signal, classes):
    made = numpy.digitize(signal, numpy.quantile(signal, numpy.linspace(0, 1, classes + 1)[1:-1]))
    made[:classes] = numpy.arange(classes)
    return made


def of_sklearn(random, data, signal):
    size = int(random.choice([1, 5, 20, 60]))
    depth = {"max_depth": int(random.choice([1, 3, 6])), "random_state": 1}
    classes = int(random.choice([2, 2, 2, 3, 5]))
    kinds = {
        "DecisionTree": (tree.DecisionTreeClassifier, tree.DecisionTreeRegressor, depth),
        "RandomForest": (ensemble.RandomForestClassifier, ensemble.RandomForestRegressor, {"n_estimators": size, **depth}),
        "ExtraTrees": (ensemble.ExtraTreesClassifier, ensemble.ExtraTreesRegressor, {"n_estimators": size, **depth}),
        "GradientBoosting": (ensemble.GradientBoostingClassifier, ensemble.GradientBoostingRegressor, {"n_estimators": size, **depth}),
        "HistGradientBoosting": (ensemble.HistGradientBoostingClassifier, ensemble.HistGradientBoostingRegressor, {"max_iter": size, **depth}),
    }
    name = str(random.choice(list(kinds)))
    classifier, regressor, settings = kinds[name]
    is_classifier = random.random() < 0.6
    target = labels(random, signal, classes) if is_classifier else signal
    if is_classifier and random.random() < 0.3:
        target = numpy.array([f"Größe {label}" if label else "no" for label in target])
    if not is_classifier and name in ("DecisionTree", "RandomForest", "ExtraTrees") and random.random() < 0.3:
        target = numpy.stack([signal, -signal * signal, numpy.abs(signal)], axis=1)
    model = (classifier if is_classifier else regressor)(**settings)
    scaler = [None, None, StandardScaler(), StandardScaler(with_std=False), MinMaxScaler(), MaxAbsScaler(), RobustScaler(), "columns", "imputed"][
        int(random.integers(9))
    ]
    types = {"float": FloatTensorType, "double": DoubleTensorType, "int64": Int64TensorType}
    kind = str(random.choice(list(types)))
    if kind == "int64" and (not is_classifier or scaler not in (None,) and not isinstance(scaler, StandardScaler)):
        kind = "float"
    if scaler == "columns" and random.random() < 0.5:
        return of_frame(random, data, target, model)
    if scaler == "imputed":
        kind = "float"
        data = numpy.where(random.random(data.shape) < 0.1, numpy.nan, data)
        data[0] = 0.5
        whole = make_pipeline(impute.SimpleImputer(strategy=str(random.choice(["mean", "median"]))), StandardScaler(), model)
    elif scaler == "columns":
        first = list(range(0, data.shape[1], 2))
        rest = [column for column in range(data.shape[1]) if column not in first]
        whole = make_pipeline(ColumnTransformer([("a", StandardScaler(), first), ("b", "passthrough", rest)]), model)
    else:
        whole = model if scaler is None else make_pipeline(scaler, model)
    if kind == "int64":
        data = numpy.round(numpy.clip(data, -1e9, 1e9))
    whole.fit(data, target)
    initial = [("X", types[kind]([None, data.shape[1]]))]
    options = None
    if is_classifier:
        options = {id(model): {"zipmap": [True, False, "columns"][int(random.integers(3))]}}
        if name == "GradientBoosting" and random.random() < 0.2:
            options[id(model)].update(raw_scores=True, zipmap=False)
    opset = {"": 18, "ai.onnx.ml": int(random.choice([1, 3]))}
    exported = to_onnx(whole, initial_types=initial, options=options, target_opset=opset)
    return exported, data, [f"sklearn {name} {'classifier' if is_classifier else 'regressor'}", f"{scaler} {kind} {options and list(options.values())}"]


def of_frame(random, data, target, model):
    """A model whose inputs are a column each, of several types."""
    import pandas

    data = data.copy()
    data[:, -1] = numpy.round(numpy.clip(data[:, -1], -1e6, 1e6))
    frame = pandas.DataFrame(data, columns=[f"spalte {column}" for column in range(data.shape[1])])
    names = list(frame.columns)
    made = make_pipeline(ColumnTransformer([("a", "passthrough", names[1::2]), ("b", StandardScaler(), names[::2])]), model)
    made.fit(frame, target)
    types = [(name, FloatTensorType([None, 1])) for name in names[:-1]] + [(names[-1], Int64TensorType([None, 1]))]
    exported = to_onnx(made, initial_types=types, target_opset={"": 18, "ai.onnx.ml": 1})
    return exported, data, [f"sklearn {type(model).__name__} of a frame", "one input a column"]


def of_xgboost(random, data, signal):
    settings = {
        "n_estimators": int(random.choice([1, 5, 30, 100])),
        "max_depth": int(random.choice([1, 3, 6])),
        "booster": str(random.choice(["gbtree", "gbtree", "dart"])),
        "n_jobs": 1,
    }
    kind = str(random.choice(["binary", "several", "regression", "random forest"]))
    if kind == "regression":
        model, target = xgboost.XGBRegressor(**settings), signal * float(random.choice([1, 100]))
    elif kind == "random forest":
        settings.pop("booster")
        model, target = xgboost.XGBRFClassifier(**settings), labels(random, signal, 2)
    else:
        model, target = xgboost.XGBClassifier(**settings), labels(random, signal, 2 if kind == "binary" else int(random.integers(3, 6)))
    data = numpy.where(random.random(data.shape) < random.choice([0, 0.1]), numpy.nan, data).astype(numpy.float32)
    model.fit(data, target)
    exported = onnxmltools.convert_xgboost(model, initial_types=[("input", FloatColumns([None, data.shape[1]]))], target_opset=15)
    return exported, data.astype(float), [f"xgboost {kind}", settings.get("booster", "forest")]


def of_lightgbm(random, data, signal):
    settings = {
        "n_estimators": int(random.choice([1, 5, 30, 100])),
        "num_leaves": int(random.choice([3, 7, 31, 63])),
        "min_child_samples": int(random.choice([1, 5])),
        "cat_smooth": 0.1,
        "min_data_per_group": 1,
        "n_jobs": 1,
        "verbose": -1,
    }
    kind = str(random.choice(["binary", "several", "regression", "random forest", "categories", "categories", "categories of classes"]))
    fit = {}
    data = data.copy()
    if kind.startswith("categories"):
        categories = list(range(0, data.shape[1], 2))
        for column in categories:
            count = int(random.choice([3, 8, 40, 200]))
            data[:, column] = random.integers(count, size=len(data))
            signal = signal + random.normal(size=count)[data[:, column].astype(int)]
        fit["categorical_feature"] = categories
    elif random.random() < 0.5:
        data = numpy.where(random.random(data.shape) < 0.1, numpy.nan, data)
    if kind == "random forest":
        settings.update(boosting_type="rf", bagging_freq=1, bagging_fraction=0.6)
    if kind in ("regression", "random forest", "categories"):
        model, target = lightgbm.LGBMRegressor(**settings), signal
    else:
        model, target = lightgbm.LGBMClassifier(**settings), labels(random, signal, 2 if kind == "binary" else int(random.integers(2, 6)))
    model.fit(data, target, **fit)
    exported = onnxmltools.convert_lightgbm(
        model, initial_types=[("input", FloatColumns([None, data.shape[1]]))], target_opset=15, zipmap=bool(random.random() < 0.5)
    )
    return exported, data, [f"lightgbm {kind}", f"{settings['num_leaves']} leaves"]


def of_catboost(random, data, signal):
    settings = {
        "iterations": int(random.choice([1, 5, 30, 100])),
        "depth": int(random.choice([1, 3, 6])),
        "nan_mode": str(random.choice(["Min", "Max"])),
        "thread_count": 1,
        "verbose": 0,
        "allow_writing_files": False,
    }
    kind = str(random.choice(["binary", "several", "two as several", "one against all", "regression", "Poisson"]))
    data = numpy.where(random.random(data.shape) < random.choice([0, 0.1]), numpy.nan, data)
    if kind in ("regression", "Poisson"):
        loss = "RMSE" if kind == "regression" else "Poisson"
        model, target = catboost.CatBoostRegressor(loss_function=loss, **settings), signal if kind == "regression" else numpy.exp(signal / 2)
    else:
        loss = {"binary": "Logloss", "one against all": "MultiClassOneVsAll"}.get(kind, "MultiClass")
        target = labels(random, signal, 2 if kind in ("binary", "two as several") else int(random.integers(3, 6)))
        if random.random() < 0.3:
            target = numpy.array([f"Größe {label}" if label else "no" for label in target])
        model = catboost.CatBoostClassifier(loss_function=loss, **settings)
    model.fit(data.astype(numpy.float32), target)
    with tempfile.TemporaryDirectory() as folder:
        path = str(pathlib.Path(folder) / "model.onnx")
        model.save_model(path, format="onnx")
        exported = onnx.load(path)
    return exported, data, [f"catboost {kind}", f"depth {settings['depth']}"]


TRAINERS = (of_sklearn, of_xgboost, of_lightgbm, of_sklearn, of_catboost)
