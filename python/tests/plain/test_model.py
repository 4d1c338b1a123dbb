"""Models, with nothing but numpy: the trainers' own answers, what answers look like, and Python's habits."""

from __future__ import annotations

import copy
import gzip
import io
import json
import os
import pickle
import subprocess
import sys
import threading
import warnings
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from datetime import date
from pathlib import Path

import numpy as np
import pytest
from cases import Case, same

import wardian


def values(model: wardian.Model, X: object, **options: object) -> np.ndarray:
    """Predictions as numbers, also of a model that tells classes."""
    return model.predict(X, **options) if model.classes_ is None else model._answers(0, X, None, options.get("threads"))


def test_the_readmes_three_lines(diabetes: Case) -> None:
    model = wardian.load(diabetes.path)
    answer = model.predict([[1, 106, 70, 28, 135, 34.2, 0.142, 22]])
    assert str(answer[0]) == "0.10455212"
    explanation = model.explain([[1, 106, 70, 28, 135, 34.2, 0.142, 22]])
    assert explanation.values.shape == (1, 8)


def test_the_engine_is_the_one_that_is_asked_for(diabetes: Case) -> None:
    assert diabetes.model.engine == os.environ["WARDIAN_ENGINE"]


def test_the_engine_that_the_wheel_has_is_found_unasked(diabetes: Case) -> None:
    script = "import sys, wardian; print(wardian.load(sys.argv[1]).engine)"
    unasked = {name: value for name, value in os.environ.items() if name != "WARDIAN_ENGINE"}
    said = subprocess.run([sys.executable, "-c", script, diabetes.path], capture_output=True, text=True, check=True, env=unasked)
    assert said.stdout.split() == [os.environ["WARDIAN_ENGINE"]]


def test_a_machine_with_no_folder_for_caches_answers(diabetes: Case) -> None:
    script = "import sys, wardian; print(*wardian.load(sys.argv[1]).predict([[1, 106, 70, 28, 135, 34.2, 0.142, 22]]))"
    # No folder can be made in a file.
    nowhere = dict.fromkeys(("HOME", "XDG_CACHE_HOME", "LOCALAPPDATA"), str(diabetes.path))
    asked = [sys.executable, "-c", script, diabetes.path]
    said = subprocess.run(asked, capture_output=True, text=True, check=True, env={**os.environ, **nowhere})
    assert (said.stdout.split()[0][:9], said.stderr) == ("0.1045521", "")


def test_the_trainers_answers_bit_for_bit(case: Case) -> None:
    assert same(values(case.model, case.X), case.predictions)
    if len(case.margins):
        assert same(case.model.margins(case.X), case.margins)


def test_every_layout_gives_the_same_bits(case: Case) -> None:
    expected = values(case.model, case.X)
    two = np.repeat(case.X, 2, axis=0)
    shapes = {
        "F": np.asfortranarray(case.X),
        "strided": two[::2],
        "wide": np.hstack([case.X, case.X])[:, : case.X.shape[1]],
        "big-endian": case.X.astype(">f8"),
        "objects": case.X.astype(object),
        "lists": case.X.tolist(),
        "masked": np.ma.masked_invalid(case.X),
        "read-only": np.frombuffer(case.X.tobytes()).reshape(case.X.shape),
        "records": np.array([tuple(row) for row in case.X], dtype=[(name, "f8") for name in case.model.description.names]),
        "columns": {name: case.X[:, place] for place, name in enumerate(case.model.description.names)},
        "rows with names": [dict(zip(case.model.description.names, row, strict=True)) for row in case.X.tolist()],
    }
    for name, rows in shapes.items():
        assert same(values(case.model, rows), expected), name
    assert same(values(case.model, case.X[::-1]), expected[::-1].copy())
    assert same(values(case.model, np.flipud(case.X)), expected[::-1].copy())


def test_floats_of_32_bits(diabetes: Case) -> None:
    narrow = diabetes.X.astype(np.float32)
    assert same(diabetes.model.predict(narrow), diabetes.predictions)
    assert same(diabetes.model.predict(np.asfortranarray(narrow)), diabetes.predictions)
    half = np.full((3, 8), 1.5, dtype=np.float16)
    assert same(diabetes.model.predict(half), diabetes.model.predict(half.astype(np.float64)))


def test_whole_numbers_and_truths(diabetes: Case) -> None:
    whole = np.arange(80).reshape(10, 8)
    expected = diabetes.model.predict(whole.astype(float))
    for kind in ("i1", "u1", "i2", "i4", "u4", "i8", "u8", ">i4"):
        assert same(diabetes.model.predict(whole.astype(kind)), expected), kind
    assert same(diabetes.model.predict(whole % 2 == 0), diabetes.model.predict((whole % 2 == 0).astype(float)))


def test_what_is_missing_may_be_said_in_every_way(diabetes: Case) -> None:
    row = [1.0, 106.0, 70.0, float("nan"), float("nan"), 34.2, 0.142, 22.0]
    expected = diabetes.model.predict(np.array([row]))
    none = [None if value != value else value for value in row]
    masked = np.ma.array([[0.0 if value is None else value for value in none]], mask=[[value is None for value in none]])
    named = {name: value for name, value in zip(diabetes.model.description.names, none, strict=True) if value is not None}
    for rows in ([none], np.array([none], dtype=object), masked, named, [named]):
        assert same(diabetes.model.predict(rows), expected)
    coded = wardian.load(diabetes.path, missing=-999)
    assert same(coded.predict([[1, 106, 70, -999, -999.0, 34.2, 0.142, 22]]), expected)


def test_threads_change_no_bit(case: Case) -> None:
    many = np.tile(case.X, (20_000 // len(case.X) + 1, 1))
    one = values(case.model, many, threads=1)
    for threads in (None, 2, 3, 64):
        assert same(values(case.model, many, threads=threads), one)
    assert same(one[: len(case.X)], values(case.model, case.X))
    explained = case.model.explain(many[:5000], threads=1).values
    assert same(case.model.explain(many[:5000], threads=3).values, explained)


def test_many_threads_ask_one_model(diabetes: Case) -> None:
    many = np.tile(diabetes.X, (20, 1))
    expected = diabetes.model.predict(many)
    with ThreadPoolExecutor(8) as pool:
        for answer in pool.map(lambda _: diabetes.model.predict(many), range(40)):
            assert same(answer, expected)


def test_an_array_that_changes_meanwhile_breaks_nothing(diabetes: Case) -> None:
    rows = np.tile(diabetes.X, (200, 1))
    stop = threading.Event()

    def change() -> None:
        random = np.random.default_rng(0)
        while not stop.is_set():
            rows[random.integers(len(rows), size=1000)] = random.uniform(0, 100, (1000, 8))

    other = threading.Thread(target=change)
    other.start()
    try:
        for _ in range(20):
            answer = diabetes.model.predict(rows)
            assert len(answer) == len(rows) and np.isfinite(answer).all()
    finally:
        stop.set()
        other.join()


def test_no_rows(case: Case) -> None:
    width = case.model.n_features_in_
    empty = values(case.model, np.empty((0, width)))
    assert empty.shape[0] == 0 and empty.dtype == case.predictions.dtype
    assert case.model.margins(np.empty((0, width), dtype=np.float32)).shape[0] == 0
    assert case.model.predict([]).shape[0] == 0
    assert case.model.explain(np.empty((0, width))).values.shape[:2] == (0, width)


def test_contributions_and_base_make_the_margin(case: Case) -> None:
    explanation = case.model.explain(case.X)
    margins = case.model.margins(case.X).astype(float)
    sums = explanation.values.sum(axis=1) + explanation.base_values
    assert np.abs(sums - margins).max() < 1e-9
    assert explanation.feature_names == case.model.description.names
    outputs = case.model.description.outputs
    assert explanation.shape == ((*case.X.shape, outputs) if outputs > 1 else case.X.shape)
    assert np.array_equal(explanation.data, case.X, equal_nan=True)


def test_explanations_are_sliced_and_sent(diabetes: Case) -> None:
    explanation = diabetes.model.explain(diabetes.X[:9])
    assert explanation[2].values.shape == (8,) and len(explanation[2:5]) == 3
    again = pickle.loads(pickle.dumps(explanation))
    assert np.array_equal(again.values, explanation.values)
    with pytest.raises(AttributeError, match="cohorts"):
        _ = explanation.cohorts


def test_probabilities(diabetes: Case, petal: Case) -> None:
    probabilities = diabetes.model.predict_proba(diabetes.X)
    assert probabilities.shape == (len(diabetes.X), 2) and probabilities.dtype == np.float32
    assert same(np.ascontiguousarray(probabilities[:, 1]), diabetes.predictions)
    with pytest.raises(AttributeError, match="no probabilities"):
        petal.model.predict_proba(petal.X)


def test_labels_are_the_files(case: Case) -> None:
    if case.model.classes_ is None:
        assert not case.model.description.classes
        return
    labels = case.model.predict(case.X)
    assert labels.dtype == case.model.classes_.dtype
    assert np.array_equal(labels, case.model.classes_[case.predictions.argmax(axis=1)])


def test_other_labels_may_be_given(diabetes: Case) -> None:
    model = wardian.load(diabetes.path, classes=["well", "sick"])
    labels = model.predict(diabetes.X)
    assert set(labels) == {"well", "sick"}
    assert np.array_equal(labels == "sick", diabetes.predictions > 0.5)
    with pytest.raises(wardian.WardianError, match="3 classes are given; the model has 2"):
        wardian.load(diabetes.path, classes=["a", "b", "c"])


def test_base_margins(diabetes: Case) -> None:
    own = np.full(len(diabetes.X), 0.25, dtype=np.float32)
    moved = diabetes.model.margins(diabetes.X, base_margin=own)
    assert not np.array_equal(moved, diabetes.margins)
    assert same(diabetes.model.margins(diabetes.X[:1], base_margin=[0.25]), moved[:1])
    many = np.tile(diabetes.X, (30, 1))
    assert same(diabetes.model.margins(many, base_margin=np.tile(own, 30), threads=2), np.tile(moved, 30))
    with pytest.raises(wardian.WardianError, match=r"2 base margins for \d+ rows; \d+ are due") as told:
        diabetes.model.margins(diabetes.X, base_margin=[0.1, 0.2])
    assert told.value.code == "wrong_field_count"


def test_base_margins_of_other_trainers_are_refused(petal: Case) -> None:
    with pytest.raises(wardian.WardianError, match="XGBoost's models only") as told:
        petal.model.predict(petal.X[:2], base_margin=[0.1, 0.2])
    assert told.value.code == "unsupported_model"


def test_the_first_fault_is_told_with_its_row(diabetes: Case) -> None:
    rows = np.tile(diabetes.X, (40, 1))
    for place in (len(rows) - 1, 20_000, 9_000, 4):
        rows[place, 5] = np.inf
        for threads in (1, 2):
            for shape in (rows, np.asfortranarray(rows)):
                with pytest.raises(wardian.WardianError, match=rf"^row {place + 1}, mass_index: ") as told:
                    diabetes.model.predict(shape, threads=threads)
                assert (told.value.code, told.value.field) == ("not_finite", "mass_index")


def test_a_curve_is_what_prediction_says(case: Case) -> None:
    row = case.X[3]
    name = case.model.description.names[1]
    curve = case.model.curve(row, name)
    for step in curve["steps"][:: max(1, len(curve["steps"]) // 7)]:
        other = row.copy()
        other[1] = step["value"]
        assert np.array_equal(np.atleast_1d(values(case.model, [other])[0]).astype(float), step["predictions"])
    other = row.copy()
    other[1] = np.nan
    assert np.array_equal(np.atleast_1d(values(case.model, [other])[0]).astype(float), curve["missing"])
    with pytest.raises(wardian.WardianError, match="'height' is no feature"):
        case.model.curve(row, "height")


def test_unknown_is_brute_force(diabetes: Case) -> None:
    row = diabetes.X[5].copy()
    row[[3, 4]] = np.nan
    told = diabetes.model.unknown(row, observed=diabetes.X)
    assert {one["feature"] for one in told} == {"skin_fold_thick", "serum_insulin"}
    for one in told:
        place = diabetes.model.description.names.index(one["feature"])
        seen = diabetes.X[:, place]
        seen = seen[~np.isnan(seen)]
        rows = np.tile(row, (len(seen), 1))
        rows[:, place] = seen
        answers = diabetes.model.predict(rows)
        assert one["low"] == [float(answers.min())] and one["high"] == [float(answers.max())]
    assert diabetes.model.unknown([1, 106, 70, 28, 135, 34.2, 0.142, 22]) == []


def test_warnings_are_told(diabetes: Case) -> None:
    # Ranges are in the `.wardian` file, not in the trainer's.
    model = wardian.load(diabetes.path.with_suffix(".wardian"))
    told = model.warnings([1, 106, 70, 28, 135, 34.2, 0.142, 190])
    assert [(one["code"], one["field"]) for one in told] == [("outside_training_range", "age")]


def test_files_in_every_guise(case: Case, tmp_path: Path) -> None:
    data = case.path.read_bytes()
    expected = values(case.model, case.X)
    own = tmp_path / "model.wardian"
    case.model.save(own)
    for source in (str(case.path), data, bytearray(data), memoryview(data), io.BytesIO(data), gzip.compress(data), own, case.model):
        assert same(values(wardian.load(source), case.X), expected)
    assert own.read_bytes() == case.model.to_bytes()
    assert [entry.name for entry in tmp_path.iterdir()] == ["model.wardian"]


def test_a_file_that_changes_on_disk_changes_nothing(diabetes: Case, petal: Case, tmp_path: Path) -> None:
    path = tmp_path / "model"
    path.write_bytes(diabetes.path.read_bytes())
    model = wardian.load(path)
    path.write_bytes(petal.path.read_bytes())
    assert same(model.predict(diabetes.X), diabetes.predictions)


def test_models_are_copied_pickled_and_sent(case: Case) -> None:
    assert copy.copy(case.model) is case.model and copy.deepcopy(case.model) is case.model
    again = pickle.loads(pickle.dumps(case.model))
    assert np.array_equal(again.predict(case.X), case.model.predict(case.X))
    assert same(again.margins(case.X), case.model.margins(case.X))
    assert again.description == case.model.description and repr(again) == repr(case.model)


def test_a_forked_process_answers(diabetes: Case) -> None:
    if not hasattr(os, "fork"):
        pytest.fail("this machine cannot fork: the test is for Linux")
    many = np.tile(diabetes.X, (40, 1))
    expected = diabetes.model.predict(many, threads=2)
    child = os.fork()
    if child == 0:
        is_same = same(diabetes.model.predict(many, threads=2), expected)
        os._exit(0 if is_same else 1)
    assert os.waitstatus_to_exitcode(os.waitpid(child, 0)[1]) == 0


def test_importing_is_quick_and_asks_for_nothing() -> None:
    code = """
import sys, time
before = time.process_time()
import wardian
print(time.process_time() - before, 'numpy' in sys.modules, 'typing' in sys.modules)
"""
    took = []
    # The processor's time, and the least of some: the machine does other things, too.
    for _ in range(5):
        seconds, *loaded = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True).stdout.split()
        assert loaded == ["False", "False"]
        took.append(float(seconds))
    assert min(took) < 0.01, f"{took} seconds"


def test_what_is_refused_says_what_and_why(diabetes: Case) -> None:
    for source, code, words in (
        (b"", "invalid_model", "empty"),
        (b"hello", "unsupported_model", "none of the supported models"),
        (diabetes.path.read_bytes()[:5000], "invalid_model", "the file ends early, at byte 5000: copy it again"),
        (pickle.dumps(list(range(300)))[:-9], "invalid_model", r"the file ends early, at byte \d+: copy it again"),
        (
            b"\n<!DOCTYPE html><html><title>Log in</title>",
            "unsupported_model",
            "this is a web page, as of a log-in, .*download the file itself",
        ),
        (b"version https://git-lfs.github.com/spec/v1\noid", "unsupported_model", "a pointer of Git LFS.*git lfs pull"),
        (b"PK\x03\x04archive/data.pkl", "unsupported_model", "a zip file, as PyTorch and Keras write models"),
        (pickle.dumps(os.system), "unsupported_model", "posix.system"),
        (3, "unsupported_model", "builtins.int is no model"),
    ):
        with pytest.raises(wardian.WardianError, match=words) as told:
            wardian.load(source)
        assert told.value.code == code, told.value
    with pytest.raises(FileNotFoundError):
        wardian.load("no such file")
    with pytest.raises(wardian.WardianError, match="open it with 'rb'"):
        wardian.load(io.StringIO("text"))
    with pytest.raises(wardian.WardianError, match="categories come from"):
        wardian.load(diabetes.path, categories_from="excel")


@pytest.mark.parametrize(
    ("rows", "code", "words"),
    [
        (np.zeros(8), "wrong_field_count", r"reshape\(1, -1\)"),
        (np.zeros((2, 2, 8)), "wrong_field_count", "3 dimensions"),
        (np.zeros((2, 7)), "wrong_field_count", "8 columns are due, 7 given; age is the first that is absent"),
        (
            np.zeros((2, 1_000_000)),
            "wrong_field_count",
            "8 columns are due, 1000000 given; the model has times_pregnant, glucose, .*, age$",
        ),
        (np.zeros((2, 8), dtype=complex), "not_a_number", "complex"),
        (np.zeros((2, 8), dtype="M8[s]"), "not_a_number", "is dates; numbers are due: give what the model was trained on"),
        (np.zeros((2, 8), dtype="m8[s]"), "not_a_number", "durations"),
        (np.full((2, 8), "1"), "not_a_number", "text"),
        ([[1, 2, 3]], "wrong_field_count", "row 1: 8 columns are due, 3 given"),
        ([1, 106, 70, 28, 135, 34.2, 0.142, 22], "wrong_field_count", r"\[\[…\]\] is one row"),
        ([["1", 106, 70, 28, 135, 34.2, 0.142, 22]], "not_a_number", "row 1, times_pregnant: '1' is text"),
        ([[object(), 106, 70, 28, 135, 34.2, 0.142, 22]], "not_a_number", "row 1, times_pregnant: object is no number"),
        (
            [[1, 106, 70, 28, 135, 34.2, 0.142, date(2004, 1, 31)]],
            "not_a_number",
            "row 1, age: datetime.date is no number: give what the model was trained on, days or seconds",
        ),
        ({"glucose": 1, "weight": 2}, "unknown_field", "7 columns are not there: times_pregnant, blood_pressure"),
        ([{"glucos": 1}, {"glucose": None, "age": 3}], "unknown_field", "6 columns are not there: times_pregnant"),
        ({"glucose": [1, 2]}, "unknown_field", "7 columns are not there: times_pregnant, blood_pressure"),
        ("1,106,70,28,135,34.2,0.142,22", "wrong_type", "not str"),
        (None, "wrong_type", "not NoneType"),
        (np.full((2, 8), 1e39), "not_finite", "row 1, times_pregnant"),
    ],
)
def test_rows_that_are_refused(diabetes: Case, rows: object, code: str, words: str) -> None:
    with pytest.raises(wardian.WardianError, match=words) as told:
        diabetes.model.predict(rows)
    assert told.value.code == code
    again = pickle.loads(pickle.dumps(told.value))
    assert (str(again), again.code, again.field) == (str(told.value), told.value.code, told.value.field)


def test_records_may_have_more_as_data_frames_may(diabetes: Case) -> None:
    names = diabetes.model.description.names
    records = [{"id": 7, **dict(zip(names, row, strict=True))} for row in diabetes.X.tolist()]
    assert same(diabetes.model.predict(records), diabetes.predictions)
    assert same(diabetes.model.predict(records[0]), diabetes.predictions[:1])
    # What a record has not is not measured, as in a frame of them.
    less = [{name: value for name, value in record.items() if name != "glucose"} for record in records[1:]]
    unmeasured = diabetes.X[1:].copy()
    unmeasured[:, names.index("glucose")] = np.nan
    assert same(diabetes.model.predict([records[0], *less])[1:], diabetes.model.predict(unmeasured))
    # One that is spelt otherwise in some records is warned of.
    spelt = [records[0], *less[:3], less[3] | {"Glucose": 99.0}]
    with pytest.warns(
        UserWarning, match="row 5: 'Glucose' is none of the features, and 'glucose' is not there: it is taken for not measured"
    ):
        assert same(diabetes.model.predict(spelt)[1:], diabetes.model.predict(unmeasured[:4]))
    with pytest.raises(wardian.WardianError, match="1 column is not there: glucose; is 'Glucose' the column of 'glucose'"):
        diabetes.model.predict([record | {"Glucose": 1} for record in less])
    # Nothing is near it: what there is is told.
    with pytest.raises(wardian.WardianError, match=r"1 column is not there: glucose; the rows have id, times_pregnant, .*, age$"):
        diabetes.model.predict(less)


def test_codes_that_no_category_has_are_warned_of(petal: Case) -> None:
    place = petal.model.description.names.index("species")
    rows = petal.X.copy()
    rows[2, place] = 3
    for table in (rows, np.asfortranarray(rows), rows.astype(object), rows.tolist()):
        with pytest.warns(
            UserWarning, match="row 3, species: 3 is the code of no category that training saw, which are 0 to 2; it is"
        ) as told:
            answers = petal.model.predict(table)
        assert len(told) == 1 and told[0].filename == __file__
        assert same(answers[3:], petal.model.predict(petal.X[3:]))
    missing = rows.copy()
    missing[2, place] = np.nan
    assert same(answers, petal.model.predict(missing))
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        petal.model.predict(petal.X)


def test_a_name_is_a_categorys_without_the_spaces_around_it(petal: Case) -> None:
    species = next(feature for feature in petal.model.description.features if feature.name == "species")
    columns = {name: [1.0, 1.0] for name in petal.model.description.names}
    known = petal.model.predict(columns | {"species": [species.categories[1], species.categories[2]]})
    # LightGBM itself takes it for another.
    with pytest.warns(
        UserWarning, match=rf"row 1, species: ' {species.categories[1]}\\t' is read as the category '{species.categories[1]}'"
    ) as told:
        answers = petal.model.predict(columns | {"species": [f" {species.categories[1]}\t", f"{species.categories[2]} "]})
    assert same(answers, known) and len(told) == 1
    feature = replace(species, categories=(" a", "a", "b ", "10", "1e1", "7.0"))
    assert [feature.code_of(text) for text in (" a", "a", "b", " b ", "1e1", "7", "+7.00")] == [0, 1, 2, 2, 4, 5, 5]
    assert [feature.code_of(text) for text in ("  a", "10.0", "nan", "inf", "c", "", "1_0")] == [None] * 7


def test_threads_that_are_refused(diabetes: Case) -> None:
    with pytest.raises(wardian.WardianError, match="0 threads"):
        diabetes.model.predict(diabetes.X, threads=0)


def test_descriptions_say_what_the_file_says(petal: Case) -> None:
    said = petal.model.description
    assert (said.trainer, said.kind, said.value_bits, said.answer_bits) == ("LightGBM", "number", 64, 64)
    species = next(feature for feature in said.features if feature.name == "species")
    assert len(species.categories) == 3
    rows = {name: [1.0] for name in said.names} | {"species": [species.categories[1]]}
    codes = {name: [1.0] for name in said.names}
    assert same(petal.model.predict(rows), petal.model.predict(codes))
    # LightGBM takes a category that training did not see for what is missing.
    with pytest.warns(UserWarning, match="row 1, species: training did not see the category 'rose'; it is answered as the trainer does"):
        told = petal.model.predict(rows | {"species": ["rose"]})
    assert same(told, petal.model.predict(rows | {"species": [None]}))
    assert json.dumps(said.notes) is not None


@pytest.mark.parametrize("order", ["the main interpreter first", "the others first"])
def test_a_subinterpreter_is_refused_and_the_main_one_goes_on(diabetes: Case, order: str) -> None:
    script = (
        "import sys\n"
        "try: import _interpreters as interpreters\n"
        "except ModuleNotFoundError: import _xxsubinterpreters as interpreters\n"
        "def answer():\n"
        "    import wardian\n"
        "    print(float(wardian.load(sys.argv[1]).predict([[1, 106, 70, 28, 135, 34.2, 0.142, 22]])[0]), flush=True)\n"
        "if sys.argv[2] == 'first': answer()\n"
        "for _ in range(2):\n"
        "    other = interpreters.create()\n"
        "    interpreters.run_string(other, '''\n"
        "for _ in range(2):\n"
        "    try: from wardian.spark import score\n"
        "    except ImportError as error: print(error, flush=True)\n"
        "''')\n"
        "    interpreters.destroy(other)\n"
        "    answer()\n"
    )
    first = "first" if order.startswith("the main") else "last"
    asked = [sys.executable, "-W", "ignore", "-c", script, str(diabetes.path), first]
    said = subprocess.run(asked, capture_output=True, text=True, check=True, timeout=60).stdout.splitlines()
    answers = [line for line in said if line.startswith("0.1045521")]
    assert len(answers) == (3 if first == "first" else 2)
    refused = [line for line in said if "Python's main interpreter alone" in line]
    assert len(refused) == 4 and len(said) == len(answers) + 4


def test_a_reader_that_has_enough_is_no_fault(diabetes: Case) -> None:
    asked = [sys.executable, "-m", "wardian", "inspect", str(diabetes.path)]
    with subprocess.Popen(asked, stdout=subprocess.PIPE, stderr=subprocess.PIPE) as command:
        command.stdout.close()
        said = command.stderr.read()
    assert (command.returncode, said) == (0, b"")
