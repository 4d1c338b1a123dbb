"""Estimators that are made of others, for `sklearn.py`: how they are drawn, which trees they have, and what their trees add up to.

Raw scores are those of all members beside each other, in the order of the members. Members whose trees answer several numbers at once
begin at a multiple of how many the widest answers, with zeros between.
"""

import numpy
import sklearn
from sklearn.calibration import CalibratedClassifierCV
from sklearn.ensemble import (
    AdaBoostClassifier,
    AdaBoostRegressor,
    BaggingClassifier,
    BaggingRegressor,
    ExtraTreesClassifier,
    ExtraTreesRegressor,
    GradientBoostingClassifier,
    GradientBoostingRegressor,
    HistGradientBoostingClassifier,
    HistGradientBoostingRegressor,
    IsolationForest,
    RandomForestClassifier,
    RandomForestRegressor,
    VotingClassifier,
    VotingRegressor,
)
from sklearn.tree import DecisionTreeClassifier, DecisionTreeRegressor, ExtraTreeClassifier, ExtraTreeRegressor

NUMBERS = tuple(int(number) for number in sklearn.__version__.split(".")[:3])
VERSION = NUMBERS[:2]
# What the estimator within another is called.
WITHIN = "estimator" if VERSION >= (1, 2) else "base_estimator"

ENSEMBLES = [
    AdaBoostClassifier,
    VotingClassifier,
    IsolationForest,
    CalibratedClassifierCV,
    BaggingRegressor,
    VotingRegressor,
    BaggingClassifier,
    AdaBoostRegressor,
]
TREES = (DecisionTreeClassifier, DecisionTreeRegressor, ExtraTreeClassifier, ExtraTreeRegressor)
FORESTS = (RandomForestClassifier, RandomForestRegressor, ExtraTreesClassifier, ExtraTreesRegressor)
BOOSTED = (GradientBoostingClassifier, GradientBoostingRegressor)
HISTOGRAMS = (HistGradientBoostingClassifier, HistGradientBoostingRegressor)


def is_classifier(kind):
    return "Classifier" in kind.__name__


class Ensemble:
    """Draws an estimator of others, for what a model is drawn with."""

    def __init__(self, random, drawn):
        self.random = random
        self.drawn = drawn
        self.words = []
        # For all members or for none: what is a category for one and a number of 64 bits for another is refused.
        self.categorical = random.random() < 0.6
        self.in_bag = False

    def choice(self, *values):
        return values[self.random.integers(len(values))]

    def made(self, kind, depth=0):
        """One that is not trained yet, and whether it takes missing values."""
        name = kind.__name__
        self.words.append(name)
        seed = int(self.random.integers(1000))
        if name.startswith("Voting"):
            return self.voting(kind, depth)
        if name == "CalibratedClassifierCV":
            return self.calibrated(depth)
        if name.startswith("AdaBoost"):
            return self.adaptive(kind, seed)
        if name.startswith("Bagging"):
            return self.bagging(kind, seed, depth)
        if name == "IsolationForest":
            parameters = {
                "n_estimators": self.choice(1, 10, 60),
                "max_samples": self.choice("auto", 32, 0.5),
                "max_features": self.choice(1.0, 0.6),
                "bootstrap": self.choice(True, False),
                "contamination": self.choice("auto", 0.1),
            }
            return IsolationForest(random_state=seed, **parameters), VERSION >= (1, 6)
        return self.member(kind, seed)

    def member(self, kind, seed):
        """One that is made of trees."""
        parameters = {"random_state": seed}
        if kind in TREES + FORESTS:
            parameters["max_depth"] = self.choice(None, 2, 5)
            parameters["min_samples_leaf"] = self.choice(1, 6)
        if kind in FORESTS:
            parameters["n_estimators"] = self.choice(1, 5, 12)
            parameters["n_jobs"] = 1
        if kind in BOOSTED:
            parameters["n_estimators"] = self.choice(3, 15)
            parameters["max_depth"] = self.choice(1, 3)
            if self.drawn.classes == 2 and is_classifier(kind) and self.random.random() < 0.3:
                parameters["loss"] = "exponential"
        if kind in HISTOGRAMS:
            parameters["max_iter"] = self.choice(3, 12)
            parameters["max_leaf_nodes"] = self.choice(31, 5)
            parameters["early_stopping"] = False
            columns = [column for column, categories in enumerate(self.drawn.categories) if categories]
            if columns and self.categorical:
                parameters["categorical_features"] = columns
                self.words.append("numbered categories")
        if kind in BOOSTED:
            return kind(**parameters), False
        if kind in HISTOGRAMS:
            return kind(**parameters), True
        first = 6 if kind in (ExtraTreeClassifier, ExtraTreeRegressor, ExtraTreesClassifier, ExtraTreesRegressor) else 3
        return kind(**parameters), VERSION >= (1, max(first, 4 if kind in FORESTS else 3))

    def kinds(self, classifies, more=()):
        ends = "Classifier" if classifies else "Regressor"
        own = [kind for kind in TREES + FORESTS + BOOSTED + HISTOGRAMS + FORESTS + HISTOGRAMS if kind.__name__.endswith(ends)]
        if self.in_bag and self.categorical:
            # Categories are told by their places, and a bag's members have others.
            own = [kind for kind in own if kind not in HISTOGRAMS]
        return own + [kind for kind in more if not classifies or is_classifier(kind) or kind is CalibratedClassifierCV]

    def adaptive(self, kind, seed):
        classifies = is_classifier(kind)
        tree = self.choice(DecisionTreeClassifier, ExtraTreeClassifier) if classifies else self.choice(DecisionTreeRegressor, ExtraTreeRegressor)
        parameters = {
            WITHIN: tree(max_depth=self.choice(1, 2, 4), min_samples_leaf=self.choice(1, 3)),
            "n_estimators": self.choice(1, 4, 12, 40),
            "learning_rate": self.choice(1.0, 0.3),
        }
        if self.random.random() < 0.2 and classifies:
            del parameters[WITHIN]
        if classifies and VERSION < (1, 8):
            parameters["algorithm"] = self.choice("SAMME", "SAMME.R") if VERSION < (1, 6) else "SAMME"
            self.words.append(parameters["algorithm"])
        if not classifies:
            parameters["loss"] = self.choice("linear", "square", "exponential")
        return kind(random_state=seed, **parameters), False

    def bagging(self, kind, seed, depth):
        classifies = is_classifier(kind)
        in_bag, self.in_bag = self.in_bag, True
        if self.random.random() < 0.5 or depth > 1:
            inner, takes_missing = self.member(DecisionTreeClassifier if classifies else DecisionTreeRegressor, seed)
        else:
            inner_kind = self.choice(*self.kinds(classifies, [AdaBoostClassifier] if classifies else [AdaBoostRegressor]))
            inner, takes_missing = self.made(inner_kind, depth + 1)
        self.in_bag = in_bag
        parameters = {
            WITHIN: inner,
            "n_estimators": self.choice(1, 2, 5, 12),
            "max_samples": self.choice(1.0, 0.6),
            "max_features": self.choice(1.0, 0.7, 1),
            "bootstrap": self.choice(True, False),
            "bootstrap_features": self.choice(False, False, True),
        }
        self.words.append(type(inner).__name__)
        return kind(random_state=seed, **parameters), takes_missing

    def voting(self, kind, depth):
        classifies = is_classifier(kind)
        more = [AdaBoostClassifier, BaggingClassifier] if classifies else [AdaBoostRegressor, BaggingRegressor]
        if depth == 0:
            more += [VotingClassifier, CalibratedClassifierCV] if classifies else [VotingRegressor]
        count = int(self.choice(1, 2, 2, 3, 5, 12))
        members, all_take = [], True
        for index in range(count):
            member, takes_missing = self.made(self.choice(*self.kinds(classifies, more)), depth + 1)
            members.append((f"member {index}", member))
            all_take &= takes_missing
        parameters = {}
        if count > 1 and self.random.random() < 0.3:
            members[int(self.random.integers(count))] = ("dropped", "drop")
        if self.random.random() < 0.5:
            weights = self.random.random(count) if self.random.random() < 0.5 else self.random.integers(1, 5, count)
            parameters["weights"] = list(weights) if self.random.random() < 0.5 else weights
            self.words.append("weights")
        if classifies:
            parameters["voting"] = "soft"
        return kind(members, **parameters), all_take

    def calibrated(self, depth):
        kind = self.choice(*self.kinds(True, [AdaBoostClassifier] + ([VotingClassifier] if depth == 0 else [])))
        inner, takes_missing = self.made(kind, depth + 1)
        method = self.choice("sigmoid", "isotonic")
        self.words.append(method)
        # One that was trained before is trained when the data are there.
        cv = self.choice(2, 3, 5, "prefit" if depth == 0 else 3)
        parameters = {WITHIN: inner, "method": method, "cv": cv}
        if cv != "prefit":
            parameters["ensemble"] = self.choice(True, False)
        self.words.append(f"cv {cv}")
        return CalibratedClassifierCV(**parameters), takes_missing


def trained(estimator, given, target, options):
    """Trains it; what is to be trained before is, first."""
    if isinstance(estimator, IsolationForest):
        return estimator.fit(given)
    if isinstance(estimator, CalibratedClassifierCV) and estimator.cv == "prefit":
        inner = estimator.get_params(deep=False)[WITHIN].fit(given, target)
        if VERSION >= (1, 6):
            from sklearn.frozen import FrozenEstimator

            ensemble = bool(len(target) % 2)
            estimator.set_params(**{WITHIN: FrozenEstimator(inner), "cv": 2, "ensemble": ensemble})
    return estimator.fit(given, target, **options)


def inner_of(calibrated):
    """The estimator that a curve is of."""
    inner = calibrated.estimator if hasattr(calibrated, "estimator") else calibrated.base_estimator
    return inner.estimator if type(inner).__name__ == "FrozenEstimator" else inner


def members_of(estimator):
    """The members, and the features that each is given; of an estimator that is made of none, nothing."""
    if isinstance(estimator, (BaggingClassifier, BaggingRegressor, IsolationForest)):
        return list(zip(estimator.estimators_, estimator.estimators_features_))
    if isinstance(estimator, (VotingClassifier, VotingRegressor, AdaBoostClassifier, AdaBoostRegressor)):
        return [(member, None) for member in estimator.estimators_]
    if isinstance(estimator, CalibratedClassifierCV):
        inner = {id(inner_of(one)): inner_of(one) for one in estimator.calibrated_classifiers_}
        return [(member, None) for member in inner.values()]
    return []


def check(estimator):
    """Refuses what is refused: members that know two of several classes, or one."""
    for member, _ in members_of(estimator):
        if hasattr(estimator, "classes_") and hasattr(member, "classes_"):
            known, count = len(member.classes_), len(estimator.classes_)
            is_tree = isinstance(member, TREES) and not isinstance(estimator, CalibratedClassifierCV)
            if known < min(count, 3) and not is_tree:
                raise ValueError(f"a member knows {known} of {count} classes")
        check(member)


def all_of(estimator):
    """It and everything within it."""
    yield estimator
    for member, _ in members_of(estimator):
        yield from all_of(member)


def simple_trees(estimator, features):
    """The estimators of trees within, and which of the whole's features they are given."""
    members = members_of(estimator)
    if not members:
        yield estimator, features
    for member, own in members:
        yield from simple_trees(member, features if own is None else features[numpy.asarray(own)])


def second(shares):
    return shares[:, 1:] if shares.shape[1] == 2 else shares


def sums(estimator, given):
    """What its trees add up to, and how many numbers each answers at once."""
    if isinstance(estimator, TREES):
        found = second(estimator.predict_proba(given)) if is_classifier(type(estimator)) else estimator.predict(given)
        found = found.reshape(len(given), -1)
        return found, found.shape[1]
    if isinstance(estimator, FORESTS):
        narrow = numpy.asarray(given, dtype=numpy.float32)
        found = sum(sums(tree, narrow)[0] for tree in estimator.estimators_)
        return found, found.shape[1]
    if isinstance(estimator, BOOSTED + HISTOGRAMS):
        if is_classifier(type(estimator)):
            found = estimator.decision_function(given)
        else:
            found = estimator._raw_predict(given) if isinstance(estimator, HISTOGRAMS) else estimator.predict(given)
        return found.reshape(len(given), -1), 1
    if isinstance(estimator, AdaBoostClassifier):
        return adaptive_sums(estimator, given)
    if isinstance(estimator, AdaBoostRegressor):
        return numpy.stack([tree.predict(given) for tree in estimator.estimators_], axis=1), 1
    values = numpy.asarray(given)
    if isinstance(estimator, IsolationForest):
        values = values.astype(numpy.float32)
        return sum(path_lengths(estimator, index, values) for index in range(len(estimator.estimators_)))[:, None], 1
    members = members_of(estimator)
    if isinstance(estimator, (BaggingClassifier, BaggingRegressor)) and isinstance(members[0][0], TREES):
        found = 0.0
        for tree, features in members:
            if is_classifier(type(tree)):
                shares = numpy.zeros((len(values), len(estimator.classes_)))
                shares[:, tree.classes_] = tree.predict_proba(values[:, features])
                found = found + second(shares)
            else:
                found = found + tree.predict(values[:, features]).reshape(len(values), -1)
        return found, found.shape[1]
    parts = [sums(member, given if features is None else values[:, features]) for member, features in members]
    width = max(width for _, width in parts)
    rounded = [numpy.pad(part, ((0, 0), (0, -part.shape[1] % width))) for part, _ in parts]
    return numpy.concatenate(rounded, axis=1), width


def adaptive_sums(estimator, given):
    count = len(estimator.classes_)
    found = 0.0
    if getattr(estimator, "algorithm", "SAMME") == "SAMME.R":
        from sklearn.ensemble._weight_boosting import _samme_proba

        for tree in estimator.estimators_:
            found = found + _samme_proba(tree, count, given)
        return found, count
    loses = NUMBERS >= (1, 3, 1)
    for tree, weight in zip(estimator.estimators_, estimator.estimator_weights_):
        said = (tree.predict(given) == estimator.classes_[:, None]).T
        found = found + (numpy.where(said, weight, -1 / (count - 1) * weight) if loses else said * weight)
    return (found[:, 1:], 1) if loses and count == 2 else (found, count)


def path_lengths(estimator, index, values):
    from sklearn.ensemble._iforest import _average_path_length

    tree = estimator.estimators_[index]
    own = values[:, estimator.estimators_features_[index]]
    leaves = tree.apply(own)
    if hasattr(estimator, "_decision_path_lengths"):
        kept = [estimator._decision_path_lengths[index], estimator._average_path_length_per_tree[index]]
        return kept[0][leaves] + kept[1][leaves] - 1.0
    depths = numpy.ravel(tree.decision_path(own).sum(axis=1))
    return depths + _average_path_length(tree.tree_.n_node_samples[leaves]) - 1.0


def answers(estimator, given):
    if isinstance(estimator, IsolationForest):
        return estimator.decision_function(given)
    if hasattr(estimator, "classes_"):
        return second(estimator.predict_proba(given))
    return estimator.predict(given)


def is_otherwise(estimator):
    """Why our answers are not the reference's, where only their last digits are not: of members whose probabilities are not."""
    calibrated = isinstance(estimator, CalibratedClassifierCV)
    for member, _ in members_of(estimator):
        count = len(getattr(member, "classes_", []))
        is_boosted = isinstance(member, BOOSTED) and VERSION < (1, 4) or isinstance(member, HISTOGRAMS) and VERSION < (1, 1)
        if is_boosted and count > 2 and not calibrated:
            return "a member takes the logarithm of the sum from each margin, and we divide by the sum"
        if isinstance(member, HISTOGRAMS) and count >= 8 and not calibrated:
            return "numpy adds eight classes and more of a member in another order for one row than for many"
        if is_otherwise(member):
            return is_otherwise(member)
    return None
