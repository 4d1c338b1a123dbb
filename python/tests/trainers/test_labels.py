"""What a trainer's own `predict` makes of the numbers: several labels of a row, none at all, and objects that answer otherwise than their files."""

from __future__ import annotations

import pickle
import warnings
from pathlib import Path
from typing import Any

import catboost
import lightgbm
import numpy as np
import pandas as pd
import pytest
import sklearn.ensemble as ensembles
import xgboost
from cases import same
from sklearn.pipeline import make_pipeline
from sklearn.preprocessing import StandardScaler

import wardian

DRAWN = np.random.default_rng(0)
X = DRAWN.normal(size=(600, 3))
FEW = {"iterations": 5, "verbose": 0, "allow_writing_files": False}
YES = (X[:, 0] + DRAWN.normal(size=600) > 0).astype(int)


def roads(model: Any, folder: Path, name: str) -> dict[str, wardian.Model]:
    """The fitted model, its pickle, and its file."""
    (folder / "model.pkl").write_bytes(pickle.dumps(model))
    model.save_model(folder / name)
    return {"fitted": wardian.load(model), "pickle": wardian.load(folder / "model.pkl"), "file": wardian.load(folder / name)}


@pytest.mark.parametrize("targets", [2, 3])
@pytest.mark.parametrize("trainer", ["XGBoost", "XGBoost, vector leaves", "CatBoost"])
def test_a_row_may_have_several_labels(tmp_path: Path, targets: int, trainer: str) -> None:
    labels = (X[:, :targets] + DRAWN.normal(size=(600, targets)) * 0.5 > 0).astype(int)
    model: Any = catboost.CatBoostClassifier(**FEW, loss_function="MultiLogloss")
    if trainer != "CatBoost":
        how = "multi_output_tree" if "vector" in trainer else "one_output_per_tree"
        model = xgboost.XGBClassifier(n_estimators=5, multi_strategy=how)
    model.fit(X, labels)
    due, chances = model.predict(X), model.predict_proba(X)
    for road, own in roads(model, tmp_path, "model.cbm" if trainer == "CatBoost" else "model.ubj").items():
        assert own.description.kind == "targets" and own.classes_ is None, road
        assert same(own.predict_proba(X), chances), road
        # What a pickle's or a file's answers are is each label's probability: none of them is the row's class.
        assert same(own.predict(X), due if road == "fitted" else chances), road
        again = pickle.loads(pickle.dumps(own))
        assert same(again.predict(X), own.predict(X)), road


#: Each a number or a truth, or a text that reads as one: `predict` answers in the type that training was given.
LABELS = {
    "texts of whole numbers": np.array(["0", "1"]),
    "texts of numbers, as objects": np.array(["0.5", "1e3"], dtype=object),
    "texts of truths": np.array(["False", "True"]),
    "whole numbers": np.array([0, 1]),
    "numbers": np.array([1.0, 2.0]),
    "truths": np.array([False, True]),
    "words": np.array(["no", "yes"]),
}


@pytest.mark.parametrize("labels", LABELS.values(), ids=list(LABELS))
@pytest.mark.parametrize("trainer", ["scikit-learn", "a pipeline", "LightGBM", "CatBoost"])
def test_labels_have_the_type_that_training_was_given(trainer: str, labels: np.ndarray, tmp_path: Path) -> None:
    model: Any = {
        "scikit-learn": lambda: ensembles.RandomForestClassifier(5, random_state=0),
        "a pipeline": lambda: make_pipeline(StandardScaler(), ensembles.GradientBoostingClassifier(n_estimators=5)),
        "LightGBM": lambda: lightgbm.LGBMClassifier(n_estimators=5, verbose=-1),
        "CatBoost": lambda: catboost.CatBoostClassifier(**FEW),
    }[trainer]()
    model.fit(X, labels[YES])
    due = np.asarray(model.predict(X))
    (tmp_path / "model.pkl").write_bytes(pickle.dumps(model))
    own = {"fitted": wardian.load(model), "pickle": wardian.load(tmp_path / "model.pkl")}
    own["pickle"].save(tmp_path / "model.wardian")
    own["saved"] = wardian.load(tmp_path / "model.wardian")
    for road, loaded in own.items():
        answers = loaded.predict(X)
        assert answers.tolist() == due.tolist(), road
        assert [type(label) for label in loaded.classes_.tolist()] == [type(label) for label in labels.tolist()], road  # type: ignore[union-attr]
        assert pickle.loads(pickle.dumps(loaded)).predict(X).tolist() == answers.tolist(), road


def test_a_classifier_with_an_objective_of_its_users_own_has_no_labels(tmp_path: Path) -> None:
    model = lightgbm.LGBMClassifier(n_estimators=5, verbose=-1, objective=of_ones_own).fit(X, YES)
    (tmp_path / "model.pkl").write_bytes(pickle.dumps(model))
    with warnings.catch_warnings():
        # LightGBM says that it gives raw scores.
        warnings.simplefilter("ignore")
        due = model.predict(X)
    for own in (wardian.load(model), wardian.load(tmp_path / "model.pkl")):
        assert same(own.predict(X), due)
        assert (own.classes_, own.description.kind) == (None, "number")
        with pytest.raises(AttributeError, match="no probabilities"):
            own.predict_proba(X)


def of_ones_own(labels: np.ndarray, scores: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    chances = 1 / (1 + np.exp(-scores))
    return chances - labels, chances * (1 - chances)


def test_labels_that_begin_at_another_probability_than_a_half_are_refused(tmp_path: Path) -> None:
    model = catboost.CatBoostClassifier(**FEW).fit(X, YES)
    model.set_probability_threshold(0.8)
    model.save_model(tmp_path / "model.json", format="json")
    model.save_model(tmp_path / "model.cbm")
    (tmp_path / "model.pkl").write_bytes(pickle.dumps(model))
    for source in (model, tmp_path / "model.json", tmp_path / "model.cbm", tmp_path / "model.pkl"):
        with pytest.raises(wardian.WardianError, match=r"tells the classes apart at a probability of 0\.8.*set_probability_threshold"):
            wardian.load(source)
    # As the refusal says.
    model.set_probability_threshold(0.5)
    own = wardian.load(model)
    assert same(own.predict(X), model.predict(X)) and same(own.predict_proba(X), model.predict_proba(X))


@pytest.mark.parametrize("loss", ["Logloss", "Poisson", "RMSE"])
def test_catboost_itself_gives_raw_values(loss: str) -> None:
    model = catboost.CatBoost({**FEW, "loss_function": loss}).fit(X, YES)
    with warnings.catch_warnings(record=True) as told:
        warnings.simplefilter("always")
        own = wardian.load(model)
    assert same(own.margins(X), model.predict(X))
    assert ["CatBoost's own predict gives raw values" in str(one.message) for one in told] == ([] if loss == "RMSE" else [True])
    assert all(one.filename == __file__ for one in told)


def test_a_booster_that_was_stopped_early_answers_by_all_its_rounds() -> None:
    table, later = xgboost.DMatrix(X[:300], YES[:300]), xgboost.DMatrix(X[300:], YES[300:])
    how = {"objective": "binary:logistic", "eta": 1.0}
    booster = xgboost.train(how, table, 60, evals=[(later, "later")], early_stopping_rounds=3, verbose_eval=False)
    assert booster.best_iteration + 1 < booster.num_boosted_rounds()
    with pytest.warns(UserWarning, match=r"stopped early.*all_trees=True"):
        best = wardian.load(booster)
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        every = wardian.load(booster, all_trees=True)
    assert same(every.predict(X), booster.inplace_predict(X))
    assert same(best.predict(X), booster.inplace_predict(X, iteration_range=(0, booster.best_iteration + 1)))


@pytest.mark.parametrize("kind", [np.int64, np.int32, np.uint64, np.bool_, np.float64])
@pytest.mark.parametrize("with_names", [False, True])
def test_lightgbm_sees_arrays_of_whole_numbers_in_32_bits(kind: Any, with_names: bool) -> None:
    rows = DRAWN.integers(1_600_000_000, 1_600_000_400, (500, 2))
    labels = rows[:, 0] % 50 + rows[:, 1] % 7
    model = lightgbm.LGBMRegressor(n_estimators=20, verbose=-1, min_child_samples=2)
    model.fit(pd.DataFrame(rows, columns=["a", "b"]) if with_names else rows, labels)
    own, given = wardian.load(model), rows.astype(kind)
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        assert same(own.predict(given), model.predict(given))
        assert same(own.predict(given.tolist()), model.predict(given.tolist()))
        frame = pd.DataFrame(given, columns=["a", "b"])
        assert not with_names or same(own.predict(frame), model.predict(frame))


def test_a_missing_value_that_scikit_learn_refuses_is_warned_of() -> None:
    model = ensembles.GradientBoostingClassifier(n_estimators=5).fit(X, YES)
    own, rows = wardian.load(model), X[:5].copy()
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        assert same(own.predict(rows), model.predict(rows))
    rows[3, 1] = np.nan
    for given in (rows, pd.DataFrame(rows), rows.tolist()):
        with pytest.warns(UserWarning, match=r"^row 4, f1: it is missing, and scikit-learn refuses such rows"):
            own.predict(given)
