"""What is to be known of a model, as its engine says it."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterable
from dataclasses import dataclass, replace
from functools import cached_property
from typing import TypeVar

#: Of a feature how rows of one form are read: nothing of the model's own.
READING = ("takes_codes", "mixes", "is_encoded", "is_column")


@dataclass(frozen=True)
class Feature:
    """An input of a model.

    Attributes:
        name: The name that programs use.
        label: The name that people read.
        unit: Empty where there is none.
        range: The smallest and largest value in training, or None.
        missing_codes: The values that mean "not measured", beside NaN.
        may_be_missing: Whether any training row lacked it; True where nobody knows.
        categories: The names of a categorical feature's categories, in the order of their codes; empty for a number, or where they have none.
        takes_unseen: Whether a category that training did not see has an answer, as scikit-learn's encoders have it with
            ``handle_unknown="ignore"``; else it is an error.
        takes_codes: Whether a number that is given for it is the code of a category; else it is the number that the trainer saw.
        mixes: Whether words and numbers may stand among its categories, as in CatBoost's list of those of all columns.
        is_encoded: Whether an encoder of a pipeline's makes codes of its values, to which True is 1.
        is_column: Whether what is given for it has its name, as in a data frame: trainers refuse codes there.
    """

    name: str
    label: str
    unit: str
    range: tuple[float, float] | None
    missing_codes: tuple[float, ...]
    may_be_missing: bool
    categories: tuple[str, ...]
    takes_unseen: bool = False
    takes_codes: bool = False
    mixes: bool = False
    is_encoded: bool = False
    is_column: bool = False

    @property
    def is_called(self) -> bool:
        """Whether a number that is given is not the one that the trees compare."""
        return bool(self.categories) and not self.takes_codes

    @cached_property
    def refuses_truths(self) -> bool:
        """Whether True and False are none of its categories, whose names are other numbers than 1 and 0: trainers refuse them."""
        is_plain = self.is_called and not (self.mixes or self.is_encoded)
        return is_plain and self.numbers is not None and not set(self.numbers) <= {0.0, 1.0}

    def reads_otherwise(self, text: str, code: float) -> bool:
        """Whether a text is the name of the category of this code but for white space, which trainers do not cut off."""
        name = self.categories[int(code)]
        return name != text and name.strip() == text.strip()

    def code_of(self, text: str) -> float | None:
        """The code of the category that a text names: by the name as it is, else without white space around both, else as the number that both
        are. A text that could be two names' is none's. ``src/field.rs`` is the same in Rust."""
        exact, trimmed, numbers = self._codes
        code = exact.get(text)
        if code is None:
            code = trimmed.get(text.strip())
        if code is None and (number := number_of(text)) is not None:
            code = numbers.get(number)
        return code

    @cached_property
    def _codes(self) -> tuple[dict[str, float], dict[str, float], dict[float, float]]:
        named = [(name, float(code)) for code, name in enumerate(self.categories)]
        numbered = [(number, code) for name, code in named if (number := number_of(name)) is not None]
        return dict(named), _alone((name.strip(), code) for name, code in named), _alone(numbered)

    @property
    def some_categories(self) -> str:
        """The first of their names, for an error."""
        return ", ".join(map(repr, self.categories[:5])) + (", …" if len(self.categories) > 5 else "")

    @cached_property
    def numbers(self) -> tuple[float, ...] | None:
        """The numbers that the categories are called by, in the order of their codes; None where one of them is a word. Where words are among
        them, NaN in the place of these, and None where all are."""
        if self.mixes:
            called = tuple(float(name) if _is_whole(name) else float("nan") for name in self.categories)
            return called if any(number == number for number in called) else None
        try:
            numbers = tuple(float({"False": "0", "True": "1"}.get(name, name)) for name in self.categories)
        except ValueError:
            return None
        # NaN is no name: it is what is missing. Two ways to write one number are two texts.
        return numbers if numbers and all(abs(number) < float("inf") for number in numbers) and len(set(numbers)) == len(numbers) else None


_Key = TypeVar("_Key")


def _alone(pairs: Iterable[tuple[_Key, float]]) -> dict[_Key, float]:
    """What each key stands for, of those that come once."""
    found: dict[_Key, float | None] = {}
    for key, code in pairs:
        found[key] = None if key in found else code
    return {key: code for key, code in found.items() if code is not None}


def number_of(text: str) -> float | None:
    """The finite number that a text is, if it is one."""
    try:
        number = float(text) if text.isascii() and "_" not in text else float("nan")
    except ValueError:
        return None
    return number if abs(number) < float("inf") else None


def _is_whole(name: str) -> bool:
    """Whether a text is a whole number as Python prints it."""
    return name.removeprefix("-").isdecimal() and name.isascii() and str(int(name)) == name


@dataclass(frozen=True)
class Description:
    """What is to be known of a model.

    Attributes:
        format: The kind of file it came from: ``XGBoost UBJSON``.
        trainer: Who trained it, with ``trainer_version`` and ``objective``: empty where the file does not say.
        kind: What its answers are: risk, classes, number, count, score, time, hazard, targets.
        features: In the model's order.
        names_are_invented: Whether they are called ``f0``, ``f1`` and so on because nobody named them.
        classes: The names of the classes as the file has them; empty where it has none.
        classes_are_texts: Whether they are texts to the trainer, though all read as numbers or as truths.
        link: What makes predictions of margins.
        outputs: How many margins a row has.
        predictions: How many predictions a row has.
        answer_bits: 32 or 64: the type of both.
        value_bits: 32 or 64: the type of values that the trainer compares.
        trees, splits, depth: How large it is.
        has_covers: Whether it can be explained.
        notes: What was decided for you when the file was read, and what was never compared: a sentence each.
    """

    format: str
    trainer: str
    trainer_version: str
    objective: str
    kind: str
    features: tuple[Feature, ...]
    names_are_invented: bool
    classes: tuple[str, ...]
    classes_are_texts: bool
    link: str
    outputs: int
    predictions: int
    answer_bits: int
    value_bits: int
    trees: int
    splits: int
    depth: int
    has_covers: bool
    notes: tuple[str, ...]

    @classmethod
    def of(cls, text: str) -> Description:
        """The description in an engine's text of JSON."""
        said = json.loads(text)
        features = tuple(
            Feature(
                name=feature["name"],
                label=feature["label"],
                unit=feature["unit"],
                range=None if feature["range"] is None else (feature["range"][0], feature["range"][1]),
                missing_codes=tuple(feature["missingCodes"]),
                may_be_missing=feature["mayBeMissing"],
                categories=tuple(feature["categories"]),
                takes_unseen=feature["takesUnseen"],
            )
            for feature in said["features"]
        )
        return cls(
            format=said["format"],
            trainer=said["trainer"],
            trainer_version=said["trainerVersion"],
            objective=said["objective"],
            kind=said["kind"],
            features=features,
            names_are_invented=said["namesAreInvented"],
            classes=tuple(said["classes"]),
            classes_are_texts=said["classesAreTexts"],
            link=said["link"],
            outputs=said["outputs"],
            predictions=said["predictions"],
            answer_bits=said["answerBits"],
            value_bits=said["valueBits"],
            trees=said["trees"],
            splits=said["splits"],
            depth=said["depth"],
            has_covers=said["hasCovers"],
            notes=tuple(said["notes"]),
        )

    @property
    def has_encoders(self) -> bool:
        """Whether numbers reach the trees through a pipeline's encoders, or scikit-learn's own: these see values, and make codes of them."""
        return self.trainer == "scikit-learn" or self.is_pipeline

    @cached_property
    def is_pipeline(self) -> bool:
        """Whether a pipeline's steps are folded into the trees; a ``.wardian`` file does not say it."""
        return any("pipeline's steps" in note for note in self.notes)

    @cached_property
    def refuses_missing(self) -> bool:
        """Whether scikit-learn refuses rows in which a value of some features is missing."""
        return any(note.startswith("scikit-learn refuses rows in which a value is missing") for note in self.notes)

    @cached_property
    def of_arrays(self) -> Description:
        """The same, as arrays without names are read: XGBoost and LightGBM take their numbers for codes of categories, CatBoost for their names."""
        return self._reading(lambda feature: not self.has_encoders and self.trainer != "CatBoost" and not self._is_mixed(feature))

    @cached_property
    def of_tables(self) -> Description:
        """The same, as columns with names are read: a number is the category that is called so, where categories are called by numbers."""
        takes_codes = not self.has_encoders and self.trainer != "CatBoost"
        return self._reading(lambda feature: takes_codes and feature.numbers is None, are_columns=True)

    def _reading(self, takes_codes: Callable[[Feature], bool], *, are_columns: bool = False) -> Description:
        if not any(feature.categories for feature in self.features):
            return self
        # A .wardian file does not say who trained it; none but CatBoost's mixes.
        mixes = self.trainer in ("CatBoost", "") and not self.is_pipeline
        features = tuple(replace(feature, mixes=mixes, is_encoded=self.is_pipeline, is_column=are_columns) for feature in self.features)
        return replace(self, features=tuple(replace(feature, takes_codes=takes_codes(feature)) for feature in features))

    @staticmethod
    def _is_mixed(feature: Feature) -> bool:
        """Whether words and numbers do stand among its categories."""
        return feature.mixes and feature.numbers is not None and any(number != number for number in feature.numbers)

    @cached_property
    def has_called(self) -> bool:
        """Whether some feature is called so: ``Feature.is_called``."""
        return any(feature.is_called for feature in self.features)

    @cached_property
    def categorical(self) -> tuple[int, ...]:
        """The places of the features that have categories."""
        return tuple(place for place, feature in enumerate(self.features) if feature.categories)

    @cached_property
    def coded(self) -> tuple[int, ...]:
        """The places of the features whose numbers are codes of categories."""
        return tuple(place for place, feature in enumerate(self.features) if feature.categories and feature.takes_codes)

    @property
    def names(self) -> list[str]:
        """The features' names."""
        return [feature.name for feature in self.features]
