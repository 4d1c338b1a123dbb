"""Categories that are called by numbers: what a pipeline's encoder saw, and not the code that the trees compare."""

from __future__ import annotations

import json
import unicodedata
import warnings
from collections.abc import Callable
from typing import Any

import numpy as np
import pandas as pd
import polars as pl
import pyarrow as pa
import pytest
import xgboost
from sklearn.compose import ColumnTransformer
from sklearn.ensemble import ExtraTreesClassifier, GradientBoostingClassifier, HistGradientBoostingClassifier
from sklearn.pipeline import Pipeline
from sklearn.preprocessing import OneHotEncoder, OrdinalEncoder

import wardian

CALLED = {
    "around zero": [-1, 0, 1],
    "far from zero": [-3, 0, 4],
    "halves": [0.5, 1.0, 1.5],
    "large": [20_000_001, 20_000_002, 7],
    "years": [1999, 2004, 2010],
    "switches": [False, True],
}
WORDS = ["own", "rent", "a, b"]
TABLES: dict[str, Callable[[pd.DataFrame], Any]] = {
    "pandas": lambda frame: frame,
    "categories": lambda frame: frame.astype({"c": "category"}),
    "nullable": lambda frame: frame.convert_dtypes(),
    "texts": lambda frame: frame.assign(c=[str(value) for value in frame["c"]]),
    "polars": pl.from_pandas,
    "arrow": lambda frame: pa.Table.from_pandas(frame, preserve_index=False),
    "records": lambda frame: frame.to_dict("records"),
    "lists": lambda frame: {name: frame[name].tolist() for name in frame},
    "array": lambda frame: frame.to_numpy(float),
    "objects": lambda frame: frame.to_numpy(object),
    "rows": lambda frame: frame.to_numpy(float).tolist(),
}


def made(kind: str, encoder: Any, last: Any) -> tuple[Pipeline, pd.DataFrame]:
    random = np.random.default_rng(3)
    names = CALLED.get(kind, WORDS)
    places = random.integers(len(names), size=400)
    frame = pd.DataFrame({"x": random.normal(size=400).round(3), "c": np.array(names)[places]})
    y = frame["x"] + places + random.normal(size=400) > 1
    first = ColumnTransformer([("encoded", encoder, ["c"])], remainder="passthrough")
    return Pipeline([("first", first), ("last", last)]).fit(frame, y.astype(int)), frame


@pytest.mark.parametrize("kind", CALLED)
@pytest.mark.parametrize(
    ("encoder", "last"),
    [
        (OneHotEncoder(handle_unknown="ignore"), HistGradientBoostingClassifier(max_iter=20)),
        (OrdinalEncoder(), ExtraTreesClassifier(10, random_state=0)),
        (OrdinalEncoder(), xgboost.XGBClassifier(n_estimators=10)),
    ],
)
def test_numbers_are_what_the_encoder_saw(kind: str, encoder: Any, last: Any) -> None:
    pipeline, frame = made(kind, encoder, last)
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        model = wardian.load(pipeline)
        expected = pipeline.predict_proba(frame)[:, 1]
    for name, make in TABLES.items():
        if name == "texts" and not model.description.features[1].categories:
            # Whole numbers from 0 up are codes of their own, without names.
            continue
        told = model.predict_proba(make(frame))[:, 1]
        assert np.array_equal(told, expected), f"{name}: {(told != expected).sum()} of {len(expected)} differ"


def test_a_number_that_none_is_called_is_refused() -> None:
    pipeline, frame = made("far from zero", OrdinalEncoder(), HistGradientBoostingClassifier(max_iter=5))
    model = wardian.load(pipeline)
    for table in (frame.assign(c=1), pl.from_pandas(frame.assign(c=1)), frame.assign(c=1).to_dict("records"), frame.assign(c=1).to_numpy()):
        with pytest.raises(wardian.WardianError, match=r"row 1, c: 1(\.0)? is none of its categories \('-3', '0', '4'\)"):
            model.predict(table)
    missing = frame.assign(c=frame["c"].astype(float).where(frame["x"] > 0))
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        assert np.array_equal(model.margins(missing)[frame["x"] > 0], model.margins(frame)[frame["x"] > 0])


@pytest.mark.parametrize("kind", [*CALLED, "words"])
@pytest.mark.parametrize(
    ("encoder", "last"),
    [
        (OneHotEncoder(handle_unknown="ignore"), HistGradientBoostingClassifier(max_iter=20)),
        (OneHotEncoder(handle_unknown="infrequent_if_exist", max_categories=2), ExtraTreesClassifier(10, random_state=0)),
        (OrdinalEncoder(handle_unknown="use_encoded_value", unknown_value=-1), xgboost.XGBClassifier(n_estimators=10)),
        (OrdinalEncoder(handle_unknown="use_encoded_value", unknown_value=np.nan), HistGradientBoostingClassifier(max_iter=20)),
    ],
)
def test_a_category_that_training_did_not_see_is_what_the_encoder_makes_of_it(kind: str, encoder: Any, last: Any) -> None:
    pipeline, frame = made(kind, encoder, last)
    unseen = frame.astype({"c": object})
    unseen.loc[::3, "c"] = "a, new one" if kind == "words" else 77
    if kind != "words":
        unseen["c"] = unseen["c"].astype(float)
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        model = wardian.load(pipeline)
        expected = pipeline.predict_proba(unseen)[:, 1]
    assert (expected != pipeline.predict_proba(frame)[:, 1]).any()
    for name, make in TABLES.items():
        if kind == "words" and name in ("array", "rows"):
            continue
        if name == "texts" and not model.description.features[1].categories:
            continue
        with warnings.catch_warnings(record=True) as heard:
            warnings.simplefilter("always")
            told = model.predict_proba(make(unseen))[:, 1]
        assert np.array_equal(told, expected), f"{name}: {(told != expected).sum()} of {len(expected)} differ"
        assert len(heard) == bool(model.description.features[1].categories), name
    # The feature says it, and so does a file of the model.
    assert wardian.load(model.to_bytes()).description.features[1].takes_unseen == bool(model.description.features[1].categories)


def test_a_number_for_a_word_is_refused() -> None:
    frame = pd.DataFrame({"x": np.arange(60) % 7 * 1.0, "home": ["own", "rent", "mortgage"] * 20})
    first = ColumnTransformer([("encoded", OneHotEncoder(), ["home"])], remainder="passthrough")
    pipeline = Pipeline([("first", first), ("last", HistGradientBoostingClassifier(max_iter=5, min_samples_leaf=2))])
    model = wardian.load(pipeline.fit(frame, frame["home"] == "own"))
    for value in (0, 0.5, True):
        for table in (frame.assign(home=value), pa.Table.from_pandas(frame.assign(home=value)), [{"x": 1, "home": value}]):
            with pytest.raises(wardian.WardianError, match=r"row 1, home: .* is a number; one of its categories is due") as told:
                model.predict(table)
            assert told.value.code == "wrong_type"


def test_an_array_for_a_booster_has_codes_as_it_reads_them_itself() -> None:
    random = np.random.default_rng(4)
    places = random.integers(3, size=300)
    frame = pd.DataFrame({"x": random.normal(size=300), "c": pd.Categorical.from_codes(places, categories=[10, 20, 35])})
    booster = xgboost.XGBClassifier(n_estimators=10, enable_categorical=True).fit(frame, frame["x"] + places > 1)
    model = wardian.load(booster)
    expected = booster.predict_proba(frame)
    assert np.array_equal(model.predict_proba(np.column_stack((frame["x"], places))), expected)
    # Columns with names have what the trainer saw: XGBoost itself refuses these.
    assert np.array_equal(model.predict_proba(frame.astype({"c": int})), expected)


def test_32_bits_in_a_pipeline_are_warned_of() -> None:
    pipeline, frame = made("years", OrdinalEncoder(), HistGradientBoostingClassifier(max_iter=5))
    model = wardian.load(pipeline)
    for table in (frame.assign(x=frame["x"].astype("f4")), frame.astype("f4"), frame.to_numpy("f4"), pl.from_pandas(frame.astype("f4"))):
        with pytest.warns(UserWarning, match="columns are float32: scikit-learn's pipeline computes these in 32 bits"):
            model.predict(table)
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        model.predict(frame)


def test_both_probabilities_are_compared_when_a_risk_is_sealed(tmp_path: Any) -> None:
    pipeline, frame = made("around zero", OneHotEncoder(), HistGradientBoostingClassifier(max_iter=5))
    model = wardian.load(pipeline)
    said = model.seal(tmp_path / "risk.html", data=frame, predictions=pipeline.predict_proba(frame))
    assert "400 of 400 rows identical" in str(said)


def test_lightgbm_and_catboost_answer_a_category_that_training_did_not_see(tmp_path: Any) -> None:
    import catboost
    import lightgbm

    random = np.random.default_rng(5)
    places = random.integers(4, size=600)
    frame = pd.DataFrame({"x": random.normal(size=600).round(2), "c": np.array(["own", "rent", "a, b", "other"])[places]})
    y = frame["x"] + places + random.normal(size=600) > 2
    unseen = frame.copy()
    unseen.loc[::3, "c"] = "new"
    as_categories = frame.astype({"c": "category"})
    # An ordered column is a number to LightGBM.
    in_order = frame.astype({"c": pd.CategoricalDtype(["own", "rent", "a, b", "other"], ordered=True)})
    light, ordered = (
        lightgbm.LGBMClassifier(n_estimators=20, min_child_samples=5, min_data_per_group=5, cat_smooth=1, verbose=-1).fit(table, y)
        for table in (as_categories, in_order)
    )
    cat = catboost.CatBoostClassifier(iterations=20, one_hot_max_size=10, verbose=False, allow_writing_files=False).fit(
        frame, y, cat_features=["c"]
    )
    # The one file of CatBoost's that has its categories' names.
    named = tmp_path / "named.json"
    cat.save_model(named, format="json", pool=catboost.Pool(frame, y, cat_features=["c"]))
    for trainer, expected, known in (
        (light, light.predict_proba(unseen.astype({"c": "category"})), light.predict_proba(as_categories)),
        (ordered, ordered.predict_proba(unseen.astype({"c": "category"})), ordered.predict_proba(in_order)),
        (named, cat.predict_proba(unseen), cat.predict_proba(frame)),
    ):
        model = wardian.load(trainer)
        assert (expected != known).any()
        for name in ("pandas", "categories", "polars", "arrow", "records", "lists"):
            with pytest.warns(UserWarning, match="row 1, c: training did not see the category 'new'"):
                told = model.predict_proba(TABLES[name](unseen))
            assert np.array_equal(told, expected), f"{type(trainer).__name__}, {name}: {(told != expected).sum()} differ"


@pytest.mark.parametrize("names", [["Bern", "Paris"], [5, 40]])
def test_catboost_knows_a_number_by_its_name_whatever_stands_beside_it(tmp_path: Any, names: list[Any]) -> None:
    import catboost

    random = np.random.default_rng(6)
    frame = pd.DataFrame(
        {
            "city": random.choice(np.array(names), 400),
            "zip": random.choice([3, 7, 10, 21, 0], 400),
            "flag": random.choice([True, False], 400),
        }
    )
    y = (frame["zip"] > 8) + (frame["city"] == names[0]) * 1 + frame["flag"] + random.normal(size=400) > 1.5
    columns = list(frame.columns)
    cat = catboost.CatBoostClassifier(iterations=20, one_hot_max_size=50, verbose=False, allow_writing_files=False)
    cat.fit(frame, y, cat_features=columns)
    cat.save_model(tmp_path / "m.json", format="json", pool=catboost.Pool(frame, y, cat_features=columns))
    expected = cat.predict_proba(frame)
    model = wardian.load(tmp_path / "m.json")
    again = wardian.load(model.to_bytes())
    # Frames of "c" alone, and arrays of numbers, which words are none of.
    others = ("categories", "texts", *(("array", "rows") if isinstance(names[0], str) else ()))
    tables = {name: make(frame) for name, make in TABLES.items() if name not in others}
    for name, table in tables.items():
        assert np.array_equal(model.predict_proba(table), expected), name
        # A .wardian file does not say who trained it: an array of numbers without names has codes, then.
        if name not in ("array", "objects", "rows") or isinstance(names[0], str):
            assert np.array_equal(again.predict_proba(table), expected), name


def test_nothing_among_texts_is_missing_and_no_text() -> None:
    pipeline, frame = made("words", OneHotEncoder(handle_unknown="ignore"), HistGradientBoostingClassifier(max_iter=5))
    model = wardian.load(pipeline)
    for nothing in (float("nan"), None, pd.NA):
        table = {"x": frame["x"].tolist(), "c": [nothing, *frame["c"].tolist()[1:]]}
        with warnings.catch_warnings():
            warnings.simplefilter("error")
            told = model.margins(table)
        assert np.array_equal(told, model.margins({"x": table["x"], "c": [None, *table["c"][1:]]}))


def test_categories_of_truths_are_read_where_the_trainer_reads_them() -> None:
    random = np.random.default_rng(8)
    frame = pd.DataFrame({"x": random.normal(size=300), "flag": pd.Categorical(random.choice([True, False], 300))})
    trainer = HistGradientBoostingClassifier(max_iter=10, categorical_features="from_dtype", min_samples_leaf=3)
    trainer.fit(frame, frame["x"] + frame["flag"].astype(int) > 0.5)
    model = wardian.load(trainer)
    expected = trainer.predict_proba(frame)[:, 1]
    for table in (frame, frame.astype({"flag": bool}), frame.astype({"flag": int})):
        assert np.array_equal(model.predict_proba(table)[:, 1], expected)


def boosted(names: list[Any]) -> tuple[HistGradientBoostingClassifier, pd.DataFrame]:
    random = np.random.default_rng(9)
    places = random.integers(len(names), size=400)
    frame = pd.DataFrame({"x": random.normal(size=400).round(2), "c": pd.Categorical([names[place] for place in places])})
    y = frame["x"] + places + random.normal(size=400) > 1
    trainer = HistGradientBoostingClassifier(max_iter=10, categorical_features="from_dtype", min_samples_leaf=3)
    return trainer.fit(frame, y), frame


def test_histogram_boosting_takes_a_category_that_it_never_saw_for_what_is_missing() -> None:
    for names in (WORDS, ["1", "2", "10"]):
        trainer, frame = boosted(names)
        model = wardian.load(trainer)
        unseen = frame.astype({"c": object})
        unseen.loc[::3, "c"] = "new"
        expected = trainer.predict_proba(unseen.astype({"c": "category"}))
        assert (expected != trainer.predict_proba(frame)).any()
        for name in ("pandas", "categories", "polars", "arrow", "records", "lists"):
            with pytest.warns(UserWarning, match="row 1, c: training did not see the category 'new'"):
                told = model.predict_proba(TABLES[name](unseen))
            assert np.array_equal(told, expected), f"{name}: {(told != expected).sum()} differ"
        again = wardian.load(model.to_bytes())
        assert again.description.features[1].takes_unseen


def test_digits_that_are_text_are_names() -> None:
    trainer, frame = boosted(["1", "2", "10"])
    model = wardian.load(trainer)
    expected = trainer.predict_proba(frame)
    for name in ("pandas", "categories", "texts", "polars", "arrow", "records", "lists", "objects"):
        assert np.array_equal(model.predict_proba(TABLES[name](frame)), expected), name
    # A column that pandas has read as numbers, and written as such.
    pointed = [f"{name}.0" for name in frame["c"]]
    for column in (frame["c"].astype(int), frame["c"].astype(float), pointed, pd.Categorical(pointed)):
        assert np.array_equal(model.predict_proba(frame.assign(c=column)), expected)
    # scikit-learn refuses these, too.
    with pytest.raises(ValueError, match="unseen labels"):
        trainer.predict_proba(frame.assign(c=True))
    truths = frame.assign(c=True)
    for table in (truths, truths.astype({"c": "boolean"}), truths.astype({"c": "category"}), truths.astype({"c": object})):
        for make in (TABLES["pandas"], TABLES["arrow"], TABLES["records"], TABLES["lists"], TABLES["objects"]):
            with pytest.raises(wardian.WardianError, match=r"row 1, c: True is none of its categories \('1', '10', '2'\)"):
                model.predict_proba(make(table))
    with pytest.raises(wardian.WardianError, match="True is none of its categories"):
        model.predict_proba(pl.from_pandas(truths))


@pytest.mark.parametrize("names", [[1, 2, 10], [False, True]])
def test_texts_are_no_codes_of_categories_that_are_numbers(names: list[Any]) -> None:
    trainer, frame = boosted(names)
    model = wardian.load(trainer)
    expected = trainer.predict_proba(frame)
    assert np.array_equal(model.predict_proba(frame), expected)
    texts = frame.assign(c=pd.Categorical([str(name) for name in frame["c"]]))
    assert (trainer.predict_proba(texts) != expected).any()
    with pytest.raises(wardian.WardianError, match="c: the column is categorical, with text; the model knows this feature by numbers only"):
        model.predict_proba(texts)
    # A file of the model does not say who trained it.
    with pytest.warns(UserWarning, match="c: the model has no names of its categories: they are taken for codes"):
        wardian.load(model.to_bytes()).predict_proba(texts)


def test_lightgbms_categories_of_truths() -> None:
    import lightgbm

    random = np.random.default_rng(10)
    flag = random.random(600) > 0.4
    frame = pd.DataFrame({"x": random.normal(size=600).round(2), "c": pd.Categorical(flag)})
    light = lightgbm.LGBMClassifier(n_estimators=10, min_child_samples=5, min_data_per_group=5, cat_smooth=1, verbose=-1)
    light.fit(frame, frame["x"] + 2 * flag + random.normal(size=600) > 1)
    model = wardian.load(light)
    expected = light.predict_proba(frame)
    for table in (frame, frame.assign(c=pd.Categorical(flag, categories=[True, False])), frame.assign(c=pd.Categorical(flag.astype(int)))):
        assert np.array_equal(light.predict_proba(table), expected)
        assert np.array_equal(model.predict_proba(table), expected)
    for name in ("nullable", "polars", "arrow", "records", "lists", "array", "objects"):
        assert np.array_equal(model.predict_proba(TABLES[name](frame.astype({"c": bool}))), expected), name
    # Digits are none of their names.
    digits = frame.assign(c=pd.Categorical(np.where(flag, "1", "0")))
    with pytest.warns(UserWarning, match="row 1, c: training did not see the category"):
        told = model.predict_proba(digits)
    assert np.array_equal(told, light.predict_proba(digits))


@pytest.mark.parametrize("kind", ["xgboost", "lightgbm"])
def test_codes_beyond_the_last_are_answered_as_the_booster_does_and_warned_of(kind: str) -> None:
    import lightgbm

    random = np.random.default_rng(11)
    places = random.integers(4, size=600)
    frame = pd.DataFrame({"x": random.normal(size=600).round(2), "c": pd.Categorical.from_codes(places, categories=["a", "b", "c", "d"])})
    trainer: Any = xgboost.XGBClassifier(n_estimators=10, enable_categorical=True)
    if kind == "lightgbm":
        trainer = lightgbm.LGBMClassifier(n_estimators=10, min_child_samples=5, min_data_per_group=5, cat_smooth=1, verbose=-1)
    trainer.fit(frame, frame["x"] + places + random.normal(size=600) > 2)
    model = wardian.load(trainer)
    codes = np.column_stack((frame["x"], np.where(np.arange(600) % 3 == 1, 7, places)))
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        expected = trainer.predict_proba(codes)
    for table in (codes, codes.tolist(), codes.astype(object), np.asfortranarray(codes), codes.astype("f4")):
        with pytest.warns(UserWarning, match="row 2, c: 7 is the code of no category that training saw, which are 0 to 3") as told:
            answers = model.predict_proba(table)
        assert len(told) == 1 and (table is not codes or np.array_equal(answers, expected))


def test_an_array_with_the_columns_that_a_pipeline_drops_is_told_which_these_are() -> None:
    random = np.random.default_rng(12)
    frame = pd.DataFrame({name: random.normal(size=100) for name in ("a", "ward", "b")})
    first = ColumnTransformer([("kept", "passthrough", ["a", "b"]), ("dropped", "drop", ["ward"])])
    pipeline = Pipeline([("first", first), ("last", ExtraTreesClassifier(5, random_state=0))]).fit(frame, frame["a"] > frame["b"])
    model = wardian.load(pipeline)
    said = "2 columns are due, 3 given; the model has a, b; columns that come to no tree are left out: ward$"
    with pytest.raises(wardian.WardianError, match=said):
        model.predict(frame.to_numpy())
    assert np.array_equal(model.predict_proba(frame), pipeline.predict_proba(frame))


def test_a_sealed_models_rows_may_have_categories_that_training_did_not_see(tmp_path: Any) -> None:
    pipeline, frame = made("words", OneHotEncoder(handle_unknown="ignore"), HistGradientBoostingClassifier(max_iter=5))
    frame = frame.assign(c=["new", *frame["c"].tolist()[1:]])
    model = wardian.load(pipeline)
    with pytest.warns(UserWarning, match="'new'"):
        said = model.seal(tmp_path / "risk.html", data=frame, predictions=pipeline.predict_proba(frame))
    assert "400 of 400 rows identical" in str(said)


def test_a_warning_is_of_the_line_that_asked() -> None:
    pipeline, frame = made("words", OneHotEncoder(handle_unknown="ignore"), HistGradientBoostingClassifier(max_iter=5))
    model = wardian.load(pipeline)
    for table in (frame.assign(c="new"), frame.assign(c="new").to_dict("records"), pl.from_pandas(frame.assign(c="new"))):
        with pytest.warns(UserWarning) as heard:
            model.predict(table)
        assert [told.filename for told in heard] == [__file__]


@pytest.mark.parametrize("kind", ["xgboost", "lightgbm"])
def test_rows_without_names_that_hold_words_hold_no_codes(kind: str) -> None:
    # Numbers beside words are what a table has, not codes: the boosters themselves refuse such an array.
    random = np.random.default_rng(4)
    frame = pd.DataFrame(
        {
            "x": random.normal(size=400).round(3),
            "city": pd.Categorical(random.choice(["Berlin", "Oslo", "Rome"], size=400)),
            "grade": pd.Categorical(random.choice([7, 10, 35], size=400)),
        }
    )
    y = frame["x"] + (frame["city"] == "Oslo") + (frame["grade"] == 35) + random.normal(size=400) > 1
    lightgbm = pytest.importorskip("lightgbm")
    trainer = {
        "xgboost": lambda: xgboost.XGBClassifier(n_estimators=10, enable_categorical=True),
        "lightgbm": lambda: lightgbm.LGBMClassifier(n_estimators=10, min_child_samples=2, verbose=-1),
    }[kind]().fit(frame, y)
    model, expected = wardian.load(trainer), trainer.predict_proba(frame)
    objects = frame.to_numpy(object)
    for rows in (objects, objects.tolist(), list(frame.itertuples(index=False)), list(frame.itertuples(index=False, name=None))):
        assert np.array_equal(model.predict_proba(rows), expected)
    turned = frame[["grade", "x", "city"]]
    assert np.array_equal(model.predict_proba(list(turned.itertuples(index=False))), expected)
    strange = objects.copy()
    strange[1, 1] = 0
    with pytest.raises(wardian.WardianError, match="row 2, city: 0 is a number; one of its categories is due"):
        model.predict(strange)


def test_a_named_column_of_numbers_for_words_is_warned_of_and_one_of_truths_refused() -> None:
    random = np.random.default_rng(5)
    places = random.integers(3, size=300)
    frame = pd.DataFrame({"x": random.normal(size=300).round(2), "c": pd.Categorical.from_codes(places, categories=["a", "b", "d"])})
    trainer = xgboost.XGBClassifier(n_estimators=10, enable_categorical=True).fit(frame, frame["x"] + places > 1)
    model, expected = wardian.load(trainer), trainer.predict_proba(frame)
    codes = frame.assign(c=frame["c"].cat.codes)
    for table in (
        codes,
        codes.astype({"c": float}),
        codes.astype({"c": object}),
        pl.from_pandas(codes),
        codes.to_dict("records"),
        codes.to_dict("list"),
    ):
        with pytest.warns(
            UserWarning, match=r"row 1, c: the column has numbers and its categories are words .* 0 is 'a'\. Give the words"
        ) as told:
            assert np.array_equal(model.predict_proba(table), expected)
        assert len(told) == 1
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        # Boosters read an array without names themselves.
        assert np.array_equal(model.predict_proba(codes.to_numpy()), expected)
    truths = codes.assign(c=codes["c"] > 0)
    for table in (truths, pl.from_pandas(truths), truths.to_dict("records"), pa.Table.from_pandas(truths)):
        with pytest.raises(wardian.WardianError, match=r"row [12], c: (True|False) is none of its categories"):
            model.predict(table)


def test_an_empty_text_is_a_category_and_what_is_missing_is_none(tmp_path: Any) -> None:
    lightgbm = pytest.importorskip("lightgbm")
    random = np.random.default_rng(5)
    towns = random.choice(["", "Köln", "Oslo"], 600).astype(object)
    towns[random.random(600) < 0.2] = None
    frame = pd.DataFrame({"town": pd.Categorical(towns), "size": random.normal(size=600)})
    label = ((towns == "Köln") + frame["size"] + (frame["town"].isna()) > 0.7).astype(int)
    trained = lightgbm.LGBMClassifier(n_estimators=20, verbose=-1).fit(frame, label)
    answers = trained.predict_proba(frame)
    model = wardian.load(trained)
    assert np.array_equal(model.predict_proba(frame), answers)
    # The trainer's answers are asked of every row: a missing town that went for the one without a name would be refused.
    model.seal(str(tmp_path / "case.json"), data=frame, label=label, predictions=answers)
    brier = model.figures(frame, label)["figures"]["all"]["risk"]["brier"]["value"]
    assert brier == pytest.approx(np.mean((answers[:, 1] - label) ** 2))


def test_texts_that_a_fitted_classifier_was_fitted_to_are_its_labels(tmp_path: Any) -> None:
    lightgbm = pytest.importorskip("lightgbm")
    random = np.random.default_rng(6)
    rows = random.normal(size=(300, 3))
    label = np.where(rows[:, 0] + random.normal(size=300) > 0.2, "krank", "gesund")
    model = wardian.load(lightgbm.LGBMClassifier(n_estimators=10, verbose=-1).fit(rows, label))
    model.seal(str(tmp_path / "case.json"), data=rows, label=label)
    assert json.loads((tmp_path / "case.json").read_text("utf-8"))["base_rate"] == pytest.approx(np.mean(label == "krank"))
    told = model.figures(rows, label)["figures"]["all"]["risk"]
    assert told == model.figures(rows, label, positive="krank")["figures"]["all"]["risk"]
    assert told["auc"]["value"] > 0.8
    assert told == model.figures(rows, label == "krank")["figures"]["all"]["risk"]
    for ask in (
        lambda: model.figures(rows, label, positive="gesund"),
        lambda: model.seal(str(tmp_path / "other.json"), data=rows, label=label, positive="gesund"),
    ):
        with pytest.raises(wardian.WardianError, match="answers the probability of 'krank', not of 'gesund'") as caught:
            ask()
        assert caught.value.code == "invalid_option"
        assert caught.value.field == "positive"
    # Labels that are none of its classes are told by `positive=`, as ever.
    other = np.where(label == "krank", "ja", "nein")
    assert told == model.figures(rows, other, positive="ja")["figures"]["all"]["risk"]


def test_names_that_only_look_alike_are_told_so() -> None:
    composed, apart = (unicodedata.normalize(form, "Größe [cm]") for form in ("NFC", "NFD"))
    random = np.random.default_rng(0)
    for own, other in ((composed, apart), (apart, composed)):
        frame = pd.DataFrame({own: random.normal(size=50), "b": random.normal(size=50)})
        trained = GradientBoostingClassifier(n_estimators=2).fit(frame, frame["b"] > 0)
        with pytest.raises(wardian.WardianError, match="looks like it, and its accents are other characters") as caught:
            wardian.load(trained).predict(frame.rename(columns={own: other}))
        assert caught.value.field == own
