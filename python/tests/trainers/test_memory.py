"""Fitted models in memory: `load(model)` answers what the model answers, in its type, bit for bit."""

from __future__ import annotations

import pickle
from typing import Any

import catboost
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
from sklearn.pipeline import make_pipeline
from sklearn.preprocessing import OneHotEncoder, StandardScaler

import wardian

CANCER, IRIS, SUGAR = (load(as_frame=True) for load in (load_breast_cancer, load_iris, load_diabetes))
TEXTS = np.where(CANCER.target == 1, "benign", "malignant")
FEW = {"n_estimators": 20, "random_state": 0}

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
        (xgboost.XGBClassifier(), "could not be saved|fit"),
        (lightgbm.LGBMRegressor(), "could not be saved"),
        (catboost.CatBoostClassifier(), "could not be saved"),
        (ensembles.RandomForestClassifier(), "could not be saved"),
        (LogisticRegression().fit([[0.0], [1.0]], [0, 1]), "LogisticRegression"),
        (StandardScaler().fit([[0.0], [1.0]]), "does not predict"),
        (xgboost.DMatrix(np.zeros((2, 2))), "is no model"),
        (object(), "builtins.object is no model"),
    ],
)
def test_what_is_no_fitted_model(model: Any, words: str) -> None:
    with pytest.raises(wardian.WardianError, match=words):
        wardian.load(model)
