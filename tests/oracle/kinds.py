"""What is drawn for one model: its objective, its booster's parameters, and the kind of its data."""

import data
import numpy
import xgboost

VERSION = tuple(map(int, xgboost.__version__.split(".")[:2]))

# Every objective of XGBoost's lists; the second is the first version that has it. All of 3.4 still know reg:linear.
OBJECTIVES = {
    "binary:logistic": (1, 0),
    "reg:squarederror": (1, 0),
    "multi:softprob": (1, 0),
    "reg:logistic": (1, 0),
    "binary:logitraw": (1, 0),
    "binary:hinge": (1, 0),
    "multi:softmax": (1, 0),
    "reg:squaredlogerror": (1, 0),
    "reg:pseudohubererror": (1, 2),
    "reg:absoluteerror": (1, 7),
    "reg:quantileerror": (2, 0),
    "reg:expectileerror": (3, 3),
    "reg:linear": (1, 0),
    "count:poisson": (1, 0),
    "reg:gamma": (1, 0),
    "reg:tweedie": (1, 0),
    "survival:aft": (1, 1),
    "survival:cox": (1, 0),
    "rank:pairwise": (1, 0),
    "rank:ndcg": (1, 0),
    "rank:map": (1, 0),
}
# Every other model is of one of these.
COMMONEST = ("binary:logistic", "reg:squarederror", "multi:softprob")
# Those that take a label for each of several targets, and since when.
MULTI_TARGET = {
    "binary:logistic": (1, 6),
    "reg:squarederror": (1, 6),
    "reg:logistic": (1, 6),
    "binary:logitraw": (1, 6),
    "reg:squaredlogerror": (1, 6),
    "reg:pseudohubererror": (1, 6),
    "reg:linear": (1, 6),
    "binary:hinge": (2, 1),
    "reg:absoluteerror": (2, 1),
    "reg:gamma": (2, 1),
    "count:poisson": (3, 2),
    "reg:tweedie": (3, 2),
}
# Those whose trees can have a vector in each leaf, where they have several outputs: since 2.0, these since later.
LATER_VECTOR_LEAVES = {"reg:absoluteerror": (3, 2), "reg:quantileerror": (3, 2), "reg:expectileerror": (3, 3)}
# Those with leaves that are computed anew after the tree is grown.
ADAPTIVE = {"reg:absoluteerror", "reg:quantileerror"}
# Those that the scikit-learn wrapper trains by `fit` in all versions, without a label of their own kind.
WRAPPED = {
    "binary:logistic", "reg:squarederror", "multi:softprob", "count:poisson", "reg:gamma", "reg:tweedie", "reg:logistic"
}

BASE_SCORES = {
    "probability": (1e-38, 1e-30, 1e-16, 1e-7, 1e-6, 0.01, 0.3, 0.30225, 0.5, 0.731, 0.99, 0.9999999),
    "amount": (1e-30, 1e-10, 1e-3, 0.25, 0.5, 1.0, 3.7, 1e6),
    "margin": (-12.75, -1e-8, 0.0, 1e-30, 0.25, 0.5, 1.0, 3.7, 1e6),
}


def base_scores_of(objective):
    if objective in ("binary:logistic", "reg:logistic", "binary:logitraw"):
        scores = BASE_SCORES["probability"]
    elif objective in ("count:poisson", "reg:gamma", "reg:tweedie", "survival:cox", "survival:aft"):
        scores = BASE_SCORES["amount"]
    else:
        return BASE_SCORES["margin"]
    # The files of 1.0 and 1.1 have six decimals; of 0 and 1 it makes no logit, and no logarithm, when it reads them again.
    return scores if VERSION >= (1, 2) else [score for score in scores if round(score, 6) not in (0.0, 1.0) or score == 1]


def objective_of(index, offset):
    """Every objective in turn, over the models of all versions: `offset` is how many models the versions before trained.
    What only newer versions know comes first, or a small run would not reach it."""
    if index % 2 == 0:
        return COMMONEST[index // 2 % len(COMMONEST)]
    names = [name for name, since in OBJECTIVES.items() if VERSION >= since]
    late = [name for name in names if OBJECTIVES[name] > (1, 2)]
    others = [name for name in names if name not in late]
    turn = index // 2 % (len(late) + len(others))
    return late[turn] if turn < len(late) else others[(offset // 2 + turn - len(late)) % len(others)]


def data_of(index, offset):
    """Three models in five have data of the kinds that people have, each kind in turn; the others random normals."""
    number = offset + index
    if number % 5 in (1, 3):
        return data.OLD_KIND
    others = [kind for kind in data.KINDS if kind != data.OLD_KIND]
    return others[(number // 5 * 3 + (number % 5 + 1) // 2) % len(others)]


class Kind:
    """What is drawn for one model."""

    def __init__(self, random, index, offset):
        def pick(*values):
            return values[random.integers(len(values))]

        self.objective = objective_of(index, offset)
        self.data = data_of(index, offset)
        self.of_cuts = self.data in data.OF_CUTS
        self.dart = pick(False, False, False, True)
        self.missing = float(pick(0.0, 0.0, 0.1, 0.5, 0.9)) if not self.of_cuts else float(pick(0.0, 0.0, 0.01))
        # What stands for a missing value, in training and in the rows asked.
        self.missing_value = float(pick(-999.0, 0.0)) if self.missing and pick(False, False, True) else float("nan")
        self.columns = int(pick(1, 2) if self.of_cuts else pick(1, 2, 5, 8, 13, 30, 60, 200, 500, 1000))
        if self.of_cuts:
            self.rows = int(pick(1500, 3000, 5000))
        else:
            self.rows = int(random.integers(60, 400 if self.columns > 200 else 1200))
        self.bundled = self.data in data.BUNDLED
        # CPUs train on categories since 1.6; before, only graphics cards did.
        categorical = not self.of_cuts and not self.bundled and self.columns > 1 and VERSION >= (1, 6)
        # 0 and -999 are categories like others, or none.
        categorical &= bool(numpy.isnan(self.missing_value))
        self.categorical = categorical and pick(False, False, True)
        # Categories with names, which files carry since 3.1.
        self.named = self.categorical and VERSION >= (3, 1) and pick(False, True)
        self.stopped = pick(False, False, True)
        several_targets = VERSION >= MULTI_TARGET.get(self.objective, (9, 0))
        self.targets = int(pick(2, 3)) if several_targets and pick(False, False, True) else 1
        self.classes = int(pick(2, 3, 7, 26)) if self.objective.startswith("multi:") else 0
        # The quantiles or expectiles: several are as many outputs.
        self.alpha = pick(0.3, [0.1, 0.5, 0.9], [0.2, 0.8])
        several = self.outputs() > 1
        vectors = VERSION >= LATER_VECTOR_LEAVES.get(self.objective, (2, 0))
        self.vector = several and vectors and pick(False, True)
        # Before 3.3 no version trains vector leaves with dart.
        self.dart &= not self.vector or VERSION >= (3, 3)
        # No version trains vector leaves on categories.
        self.categorical &= not self.vector
        self.named &= not self.vector
        # Trained and saved by the scikit-learn wrapper, which leaves notes of its own in the file.
        plain = self.targets == 1 and not self.named and not self.categorical and not self.vector
        self.wrapped = self.objective in WRAPPED and plain and pick(False, True)
        if self.wrapped and self.objective == "multi:softprob":
            # Of two classes the wrapper makes a binary model.
            self.classes = max(self.classes, 3)
        self._draw_rounds(random, pick, several)
        self._draw_parameters(random, pick, index)

    def _draw_rounds(self, random, pick, several):
        self.depth = int(random.integers(1, 11))
        rounds = int(pick(1, 5, 20, 50, 100, 200, 300) if self.depth < 7 else pick(1, 5, 20, 40))
        if self.of_cuts:
            # Many rounds of stumps and near-stumps, or few trees as deep as it takes.
            few_rounds = several or self.dart
            deep, many = ((60, 2), (60, 5), (60, 12)), ((1, 600), (2, 400), (4, 150), (6, 60))
            self.depth, rounds = pick(*(deep if few_rounds or pick(False, True, True) else many))
            # Of 26 classes twelve rounds of 3,000 leaves are a file of 60 MB.
            rounds = min(rounds, 2) if several else rounds
        self.rounds = min(rounds, 25) if several else rounds
        if self.columns >= 200:
            # A thousand histograms of a thousand bins take half a second a round.
            self.rounds = min(self.rounds, 4000 // self.columns)
        # A booster before its first round: what it answers is its base score.
        if pick(*[False] * 24 + [True]):
            self.rounds = 0
            self.stopped = False
            self.wrapped = False
            if (1, 4) <= VERSION < (3, 3):
                # In place, these predict nothing of a dart booster without trees.
                self.dart = False

    def _draw_parameters(self, random, pick, index):
        self.parameters = {
            "objective": self.objective,
            "max_depth": self.depth,
            "tree_method": pick("hist", "hist", "exact", "approx"),
            "learning_rate": float(pick(0.01, 0.1, 0.3, 1.0)),
            "subsample": float(pick(0.5, 1.0)),
            "colsample_bytree": float(pick(0.5, 1.0)),
            "gamma": float(pick(0.0, 0.0, 0.0, 0.0, 0.5, 3.0)),
            "min_child_weight": float(pick(0.0, 1.0, 1.0, 1.0, 5.0)),
            "reg_lambda": float(pick(0.0, 1.0, 1.0)),
            "num_parallel_tree": int(pick(1, 1, 1, 3)),
            "nthread": 1,
            "seed": index,
            "verbosity": 0,
        }
        if self.of_cuts:
            # Every gain is worth a split.
            self.parameters.update(gamma=0.0, min_child_weight=0.0, subsample=1.0, reg_lambda=0.0, learning_rate=0.2)
        if self.categorical or self.vector or self.objective in ADAPTIVE:
            self.parameters["tree_method"] = "hist"
        if self.dart:
            self.parameters.update(
                booster="dart",
                rate_drop=float(pick(0.1, 0.5)),
                normalize_type=pick("tree", "forest"),
                sample_type=pick("uniform", "weighted"),
            )
            self.rounds = min(self.rounds, 40)
        if self.vector:
            self.parameters.update(
                multi_strategy="multi_output_tree", num_parallel_tree=1, gamma=0.0, colsample_bytree=1.0
            )
        if self.categorical:
            self.parameters["max_cat_to_onehot"] = int(pick(1, 4, 100))
        if self.parameters["tree_method"] != "exact":
            bins = pick(255, 256, 1024, 1024) if self.of_cuts else pick(2, 16, 256, 1024)
            self.parameters["max_bin"] = int(bins)
            # approx grows by loss since 1.6.
            by_loss = self.parameters["tree_method"] == "hist" or VERSION >= (1, 6)
            if by_loss and not self.vector and (self.depth > 10 or not self.of_cuts and pick(False, False, True)):
                leaves = int(pick(3, 17, 64)) if self.depth <= 10 else 3000
                self.parameters.update(grow_policy="lossguide", max_depth=0, max_leaves=leaves)
        if self.classes:
            self.parameters["num_class"] = self.classes
        if self.objective == "reg:quantileerror":
            self.parameters["quantile_alpha"] = self.alpha
        if self.objective == "reg:expectileerror":
            self.parameters["expectile_alpha"] = self.alpha
        if self.objective == "survival:aft":
            self.parameters["aft_loss_distribution"] = pick("normal", "logistic", "extreme")
        if self.objective == "reg:tweedie":
            self.parameters["tweedie_variance_power"] = float(pick(1.1, 1.5, 1.9))
        if pick(False, False, True):
            self.parameters["base_score"] = float(pick(*base_scores_of(self.objective)))
        if VERSION < (1, 1):
            # It does not read its own JSON again where nodes were pruned.
            self.parameters["gamma"] = 0.0
        if self.objective in ADAPTIVE:
            # Since 2.0 it refuses forests of these.
            self.parameters["num_parallel_tree"] = 1

    def outputs(self):
        of_alpha = self.objective in ("reg:quantileerror", "reg:expectileerror") and isinstance(self.alpha, list)
        return max(self.classes, self.targets, len(self.alpha) if of_alpha else 1)
