"""Fitted models in memory: `load(model)` answers what the model answers, in its type, bit for bit."""

from __future__ import annotations

import pickle
from pathlib import Path
from typing import Any

import catboost
import joblib
import lightgbm
import numpy as np
import pandas as pd
import pytest
import sklearn.ensemble as ensembles
import sklearn.tree as trees
import xgboost
from cases import same
from sklearn.compose import make_column_transformer
from sklearn.datasets import load_breast_cancer, load_diabetes, load_iris
from sklearn.impute import SimpleImputer
from sklearn.linear_model import LogisticRegression
from sklearn.model_selection import GridSearchCV
from sklearn.pipeline import make_pipeline
from sklearn.preprocessing import OneHotEncoder, StandardScaler

import wardian

CANCER, IRIS, SUGAR = (load(as_frame=True) for load in (load_breast_cancer, load_iris, load_diabetes))
TEXTS = np.where(CANCER.target == 1, "benign", "malignant")
FEW = {"n_estimators": 20, "random_state": 0}
FOUND = GridSearchCV(trees.DecisionTreeClassifier(random_state=0), {"max_depth": [2]}, cv=2).fit(IRIS.data, IRIS.target)

#: name → (estimator, rows, target, whether all classes' probabilities have the trainer's bits; else the second's alone of two, or none
#: as numpy's `exp` depends on the processor there).
ESTIMATORS: dict[str, tuple[Any, pd.DataFrame, Any, str]] = {
    "XGBClassifier, two": (xgboost.XGBClassifier(**FEW), CANCER.data, CANCER.target, "all"),
    "XGBClassifier, three": (xgboost.XGBClassifier(**FEW), IRIS.data, IRIS.target, "all"),
    "XGBClassifier, missing": (xgboost.XGBClassifier(**FEW, missing=0.0), CANCER.data.round(1), CANCER.target, "all"),
    "XGBClassifier, stopped early": (xgboost.XGBClassifier(n_estimators=60, early_stopping_rounds=3), CANCER.data, CANCER.target, "all"),
    "XGBRegressor": (xgboost.XGBRegressor(**FEW), SUGAR.data, SUGAR.target, ""),
    "XGBRegressor, poisson": (xgboost.XGBRegressor(**FEW, objective="count:poisson"), SUGAR.data, SUGAR.target, ""),
    "XGBRFClassifier": (xgboost.XGBRFClassifier(**FEW), CANCER.data, CANCER.target, "all"),
    "LGBMClassifier, texts": (lightgbm.LGBMClassifier(**FEW, verbose=-1), CANCER.data, TEXTS, "all"),
    "LGBMClassifier, three": (lightgbm.LGBMClassifier(**FEW, verbose=-1), IRIS.data, IRIS.target, "all"),
    "LGBMRegressor": (lightgbm.LGBMRegressor(**FEW, verbose=-1), SUGAR.data, SUGAR.target, ""),
    "CatBoostClassifier, texts": (
        catboost.CatBoostClassifier(iterations=20, verbose=0, allow_writing_files=False),
        CANCER.data,
        TEXTS,
        "all",
    ),
    "CatBoostClassifier, three": (
        catboost.CatBoostClassifier(iterations=20, verbose=0, allow_writing_files=False),
        IRIS.data,
        IRIS.target,
        "all",
    ),
    "CatBoostRegressor": (catboost.CatBoostRegressor(iterations=20, verbose=0, allow_writing_files=False), SUGAR.data, SUGAR.target, ""),
    "RandomForestClassifier, texts": (ensembles.RandomForestClassifier(**FEW), CANCER.data, TEXTS, "second"),
    "RandomForestClassifier, three": (ensembles.RandomForestClassifier(**FEW), IRIS.data, IRIS.target, "all"),
    "RandomForestRegressor": (ensembles.RandomForestRegressor(**FEW), SUGAR.data, SUGAR.target, ""),
    "RandomForestRegressor, two targets": (
        ensembles.RandomForestRegressor(**FEW),
        SUGAR.data,
        np.column_stack([SUGAR.target, -SUGAR.target]),
        "",
    ),
    "ExtraTreesClassifier": (ensembles.ExtraTreesClassifier(**FEW), CANCER.data, CANCER.target, "second"),
    "GradientBoostingClassifier": (ensembles.GradientBoostingClassifier(**FEW), CANCER.data, CANCER.target, "all"),
    "GradientBoostingClassifier, three": (ensembles.GradientBoostingClassifier(**FEW), IRIS.data, IRIS.target, ""),
    "GradientBoostingRegressor": (ensembles.GradientBoostingRegressor(**FEW), SUGAR.data, SUGAR.target, ""),
    "HistGradientBoostingClassifier": (ensembles.HistGradientBoostingClassifier(max_iter=20), CANCER.data, TEXTS, "all"),
    "HistGradientBoostingRegressor": (ensembles.HistGradientBoostingRegressor(max_iter=20), SUGAR.data, SUGAR.target, ""),
    "DecisionTreeClassifier": (trees.DecisionTreeClassifier(max_depth=4), CANCER.data, TEXTS, "second"),
    "DecisionTreeRegressor": (trees.DecisionTreeRegressor(max_depth=5), SUGAR.data, SUGAR.target, ""),
    "AdaBoostClassifier": (ensembles.AdaBoostClassifier(**FEW), CANCER.data, CANCER.target, ""),
    "BaggingClassifier": (ensembles.BaggingClassifier(**FEW), CANCER.data, CANCER.target, "second"),
    "pipeline": (make_pipeline(SimpleImputer(), StandardScaler(), ensembles.GradientBoostingClassifier(**FEW)), CANCER.data, TEXTS, "all"),
    "pipeline of CatBoost": (
        make_pipeline(StandardScaler(), catboost.CatBoostRegressor(iterations=20, verbose=0, allow_writing_files=False)),
        SUGAR.data,
        SUGAR.target,
        "",
    ),
    "pipeline of XGBoost": (make_pipeline(StandardScaler(), xgboost.XGBClassifier(**FEW)), CANCER.data, CANCER.target, "all"),
}


@pytest.mark.parametrize("name", sorted(ESTIMATORS))
def test_a_fitted_estimator(name: str) -> None:
    estimator, X, y, bits = ESTIMATORS[name]
    more = {"eval_set": [(X[::3], y[::3])], "verbose": False} if "early" in name else {}
    estimator.fit(X, y, **more)
    model = wardian.load(estimator)
    # CatBoost gives a column of classes where there are several.
    expected = np.asarray(estimator.predict(X)).squeeze()
    answer = model.predict(X)
    assert answer.dtype == expected.dtype and answer.shape == expected.shape
    assert np.array_equal(answer, expected)
    if hasattr(estimator, "predict_proba"):
        assert np.array_equal(model.classes_, estimator.classes_)
        theirs, ours = estimator.predict_proba(X), model.predict_proba(X)
        assert ours.dtype == theirs.dtype and ours.shape == theirs.shape
        assert np.abs(ours - theirs).max() < 1e-12
        if bits:
            places = slice(None) if bits == "all" else slice(1, None)
            assert same(np.ascontiguousarray(ours[:, places]), np.ascontiguousarray(theirs[:, places]))
    again = pickle.loads(pickle.dumps(model))
    assert np.array_equal(again.predict(X), answer)


def test_boosters() -> None:
    X, y = CANCER.data, CANCER.target
    booster = xgboost.train({"objective": "binary:logistic"}, xgboost.DMatrix(X, y), 20)
    assert same(wardian.load(booster).predict(X), booster.predict(xgboost.DMatrix(X)))
    light = lightgbm.train({"objective": "binary", "verbose": -1}, lightgbm.Dataset(X, y), 20)
    assert same(wardian.load(light).predict(X), light.predict(X))
    assert same(wardian.load(light).margins(X), light.predict(X, raw_score=True))
    cat = catboost.CatBoost({"loss_function": "RMSE", "iterations": 20, "verbose": 0, "allow_writing_files": False}).fit(X, y)
    assert same(wardian.load(cat).predict(X), cat.predict(X))


def test_margins_and_base_margins_are_xgboosts() -> None:
    X, y = CANCER.data, CANCER.target
    booster = xgboost.train({"objective": "binary:logistic"}, xgboost.DMatrix(X, y), 20)
    own = np.linspace(-2, 2, len(X), dtype="f4")
    theirs = booster.predict(xgboost.DMatrix(X, base_margin=own), output_margin=True)
    assert same(wardian.load(booster).margins(X, base_margin=own), theirs)


def test_contributions_are_the_trainers() -> None:
    X, y = CANCER.data, CANCER.target
    booster = xgboost.train({"objective": "binary:logistic"}, xgboost.DMatrix(X, y), 20)
    theirs = booster.predict(xgboost.DMatrix(X), pred_contribs=True)
    ours = wardian.load(booster).explain(X)
    assert np.abs(ours.values - theirs[:, :-1]).max() < 1e-5
    light = lightgbm.train({"objective": "multiclass", "num_class": 3, "verbose": -1}, lightgbm.Dataset(IRIS.data, IRIS.target), 10)
    theirs = light.predict(IRIS.data, pred_contrib=True).reshape(len(IRIS.data), 3, 5)
    ours = wardian.load(light).explain(IRIS.data)
    assert np.abs(ours.values.transpose(0, 2, 1) - theirs[:, :, :4]).max() < 1e-9


def test_categories_of_pandas() -> None:
    random = np.random.default_rng(3)
    frame = pd.DataFrame({"number": random.normal(size=400), "colour": pd.Categorical(random.choice(["red", "green", "blue"], 400))})
    y = (frame["number"] > 0) ^ (frame["colour"] == "red")
    for estimator in (
        xgboost.XGBClassifier(n_estimators=10, enable_categorical=True),
        lightgbm.LGBMClassifier(n_estimators=10, verbose=-1, min_child_samples=2),
        make_pipeline(
            make_column_transformer((OneHotEncoder(), ["colour"]), remainder="passthrough"),
            ensembles.GradientBoostingClassifier(n_estimators=10),
        ),
    ):
        estimator.fit(frame, y.astype(int))
        model = wardian.load(estimator)
        assert same(model.predict_proba(frame), estimator.predict_proba(frame)), type(estimator)
        # The same categories in another order, and one more.
        other = frame.assign(colour=frame["colour"].cat.set_categories(["red", "mauve", "blue", "green"]))
        assert same(model.predict_proba(other), model.predict_proba(frame)), type(estimator)
        assert same(model.predict_proba(frame.assign(colour=frame["colour"].astype(object))), model.predict_proba(frame))


def test_an_isolation_forest_tells_its_outliers() -> None:
    forest = ensembles.IsolationForest(n_estimators=20, random_state=0).fit(CANCER.data)
    model = wardian.load(forest)
    assert same(model.predict(CANCER.data), forest.predict(CANCER.data))
    # Sent to another process, as Spark sends it: a `.wardian` file alone does not say who trained it.
    assert same(pickle.loads(pickle.dumps(model)).predict(CANCER.data), forest.predict(CANCER.data))
    # numpy's power of two has other last bits on processors with AVX-512.
    assert np.abs(model.decision_function(CANCER.data) - forest.decision_function(CANCER.data)).max() < 1e-15


@pytest.mark.parametrize(
    ("model", "words"),
    [
        (xgboost.XGBClassifier(), "^XGBClassifier: the model was not fitted: call fit first$"),
        (lightgbm.LGBMRegressor(), "^LGBMRegressor: the model was not fitted: call fit first$"),
        (catboost.CatBoostClassifier(), "^CatBoostClassifier: the model was not fitted: call fit first$"),
        (ensembles.RandomForestClassifier(), "^RandomForestClassifier: the model was not fitted: call fit first$"),
        (make_pipeline(StandardScaler(), xgboost.XGBRegressor()), "^Pipeline: the model was not fitted: call fit first$"),
        (GridSearchCV(trees.DecisionTreeClassifier(), {"max_depth": [2]}), "^GridSearchCV: the model was not fitted: call fit first$"),
        (FOUND, "search.best_estimator_"),
        (
            {"scaler": StandardScaler(), "model": FOUND},
            r"^a dict is no model: give the one that is in it, as in wardian.load\(loaded\['model'\]\)$",
        ),
        ([None, FOUND], r"^a list is no model: .*wardian.load\(loaded\[1\]\)$"),
        ((), r"^a tuple is no model: .*wardian.load\(loaded\[…\]\)$"),
        (LogisticRegression().fit([[0.0], [1.0]], [0, 1]), "LogisticRegression"),
        (StandardScaler().fit([[0.0], [1.0]]), "does not predict"),
        (xgboost.DMatrix(np.zeros((2, 2))), "is no model"),
        (object(), "builtins.object is no model"),
    ],
)
def test_what_is_no_fitted_model(model: Any, words: str) -> None:
    with pytest.raises(wardian.WardianError, match=words) as told:
        wardian.load(model)
    assert told.value.code == ("invalid_model" if "fitted" in words else "unsupported_model")


@pytest.mark.parametrize(
    ("estimator", "place"),
    [
        (trees.DecisionTreeClassifier(), "DecisionTreeClassifier: "),
        (ensembles.HistGradientBoostingRegressor(), "HistGradientBoostingRegressor: "),
        (make_pipeline(StandardScaler(), ensembles.RandomForestClassifier()), ""),
        (xgboost.XGBClassifier(), "xgboost.sklearn.XGBClassifier: "),
        (lightgbm.LGBMClassifier(), "lightgbm.sklearn.LGBMClassifier: "),
        (catboost.CatBoostRegressor(), "catboost.core.CatBoostRegressor: "),
    ],
)
def test_a_pickle_of_what_was_not_fitted(estimator: Any, place: str) -> None:
    with pytest.raises(wardian.WardianError) as told:
        wardian.load(pickle.dumps(estimator))
    assert f"{place}the model was not fitted: call fit first, then save it" in told.value.message and told.value.code == "invalid_model"


def test_what_people_save_beside_a_model_says_where_the_model_is() -> None:
    forest = FOUND.best_estimator_
    for saved, words in (
        ({"scaler": StandardScaler(), "model": forest}, 'joblib.dump(loaded["model"], "model.joblib")'),
        ([None, forest], 'joblib.dump(loaded[1], "model.joblib")'),
        (({"no": "model"},), "the pickle is a tuple, and no model; save the model by itself"),
        (FOUND, "save what it found: search.best_estimator_"),
    ):
        with pytest.raises(wardian.WardianError) as told:
            wardian.load(pickle.dumps(saved))
        assert told.value.message.endswith(words) and told.value.code == "unsupported_model", told.value


@pytest.mark.parametrize("compress", [0, 3, ("gzip", 3), ("xz", 3), ("bz2", 3)])
def test_files_of_joblib_whole_and_cut_off(compress: Any, tmp_path: Path) -> None:
    file = tmp_path / "model.joblib"
    joblib.dump(FOUND.best_estimator_, file, compress=compress)
    if compress in [("xz", 3), ("bz2", 3)]:
        with pytest.raises(
            wardian.WardianError, match=r"^model.joblib: this is packed with (xz|bzip2); unpack it first: .*compress=3"
        ) as told:
            wardian.load(file)
        assert told.value.code == "unsupported_model"
        return
    assert wardian.load(file).classes_ is not None
    whole = file.read_bytes()
    for length in (len(whole) // 2, len(whole) - 1):
        file.write_bytes(whole[:length])
        with pytest.raises(wardian.WardianError, match=r"^model.joblib.*the file ends early.*: copy it again") as told:
            wardian.load(file)
        assert told.value.code == "invalid_model"
        assert compress or f"at byte {length}" in told.value.message


def test_pipelines_within_other_models_say_what_to_do() -> None:
    pipeline = make_pipeline(SimpleImputer(), ensembles.RandomForestClassifier(3))
    for model in (ensembles.VotingClassifier([("one", pipeline)], voting="soft"), ensembles.BaggingClassifier(pipeline, 2)):
        with pytest.raises(
            wardian.WardianError, match=r"Pipeline is not supported: it is within another model; .* the pipeline's last step"
        ):
            wardian.load(model.fit(CANCER.data, CANCER.target))


def test_an_infinite_value_is_no_code_for_what_is_missing() -> None:
    fitted = xgboost.XGBRegressor(n_estimators=2, missing=np.inf).fit(SUGAR.data, SUGAR.target)
    with pytest.raises(wardian.WardianError, match="missing=inf is not taken") as told:
        wardian.load(fitted)
    assert told.value.code == "invalid_option"
