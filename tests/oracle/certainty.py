"""How sure and how good, as `wardian figures` tells it, beside scikit-learn and beside rows that were never asked.

    python tests/oracle/certainty.py --wardian target/debug/wardian [--splits 24] [--models 1]

Figures are those of scikit-learn to 1e-12, of the number itself where it is above 1. The ends of Venn-Abers ranges are those of
scikit-learn's isotonic regression, fitted anew for every answer, to the ten-thousandth that they are told in. Coverage: a model is trained
on some rows, and the others are dealt into rows to calibrate with and rows to test with, again and again, so that the mean is known to
half a point; it must be within 2 points of the claim, for every method and level, on three data sets for each kind, with two trainers.
"""

import argparse
import json
import pathlib
import pickle
import subprocess
import tempfile
import warnings

import numpy
import pandas
import xgboost
from sklearn import datasets, metrics
from sklearn.ensemble import HistGradientBoostingClassifier, HistGradientBoostingRegressor
from sklearn.isotonic import IsotonicRegression
from sklearn.calibration import calibration_curve

CLOSE = 1e-12
POINTS = 0.02
# Ends of ranges are told in ten-thousandths, outwards.
PART = 1e-4


def synthetic(kind, rows, seed):
    """Numbers whose noise grows with them; risks and classes that nothing tells surely; counts."""
    random = numpy.random.default_rng(seed)
    inputs = random.normal(size=(rows, 5)).round(3)
    signal = inputs[:, 0] * 2 + numpy.sin(inputs[:, 1] * 2) + inputs[:, 2] * inputs[:, 3]
    if kind == "number":
        return inputs, signal * 3 + random.normal(size=rows) * numpy.exp(inputs[:, 0])
    if kind == "smooth":
        return inputs, signal + random.normal(size=rows)
    if kind == "count":
        return inputs, random.poisson(numpy.exp(signal / 3)).astype(float)
    if kind == "risk":
        return inputs, (random.random(rows) < 1 / (1 + numpy.exp(-signal))).astype(float)
    scores = numpy.stack([signal, -signal + inputs[:, 1], inputs[:, 4], numpy.zeros(rows)], axis=1)
    return inputs, (scores + random.gumbel(size=(rows, 4))).argmax(axis=1).astype(float)


def data_of(name, seed=1):
    if name.startswith("synthetic"):
        return synthetic(name.split()[1], 1200, seed)
    loaded = getattr(datasets, f"load_{name}")()
    return loaded.data, loaded.target.astype(float)


DATA = {
    "number": ["diabetes", "synthetic number", "synthetic smooth"],
    "count": ["synthetic count"],
    "risk": ["breast_cancer", "synthetic risk", "synthetic risk 2"],
    "classes": ["wine", "digits", "synthetic classes"],
}


def trained(trainer, kind, inputs, labels):
    """A weak model: what is sure of everything has nothing to be calibrated."""
    own = {"n_estimators": 12, "max_depth": 2, "learning_rate": 0.2, "n_jobs": 1}
    hist = {"max_iter": 12, "max_leaf_nodes": 4, "learning_rate": 0.2, "early_stopping": False}
    if trainer == "XGBoost":
        made = {
            "number": lambda: xgboost.XGBRegressor(**own),
            "count": lambda: xgboost.XGBRegressor(objective="count:poisson", **own),
            "risk": lambda: xgboost.XGBClassifier(**own),
            "classes": lambda: xgboost.XGBClassifier(**own),
        }
    else:
        made = {
            "number": lambda: HistGradientBoostingRegressor(**hist),
            "count": lambda: HistGradientBoostingRegressor(loss="poisson", **hist),
            "risk": lambda: HistGradientBoostingClassifier(**hist),
            "classes": lambda: HistGradientBoostingClassifier(**hist),
        }
    is_class = kind in ("risk", "classes")
    return made[kind]().fit(inputs, labels.astype(int) if is_class else labels)


def answers_of(model, kind, inputs):
    if kind == "risk":
        return model.predict_proba(inputs)[:, 1].astype("float64")
    if kind == "classes":
        return model.predict_proba(inputs).astype("float64")
    return model.predict(inputs).astype("float64")


class Asked:
    """A model in a file, and what the command says of rows."""

    def __init__(self, wardian, folder, trainer, kind, inputs, labels):
        self.wardian, self.folder, self.kind = wardian, folder, kind
        self.model = trained(trainer, kind, inputs, labels)
        self.file = folder / ("model.json" if trainer == "XGBoost" else "model.pkl")
        if trainer == "XGBoost":
            self.model.save_model(self.file)
        else:
            self.file.write_bytes(pickle.dumps(self.model))

    def told(self, inputs, labels, *options):
        names = [f"f{place}" for place in range(inputs.shape[1])]
        table = pandas.DataFrame(inputs, columns=names)
        table["y"] = labels.astype(int) if self.kind in ("risk", "classes") else labels
        table["group"] = numpy.where(numpy.arange(len(labels)) % 3 == 0, "a", "b")
        rows = self.folder / "rows.csv"
        table.to_csv(rows, index=False)
        command = [self.wardian, "figures", self.file, "--data", rows, "--label", "y", "--json", "--kind", self.kind]
        if self.kind == "number" or self.kind == "count":
            command += ["--group", "group"]
        run = subprocess.run([str(part) for part in [*command, *options]], capture_output=True, text=True)
        if run.returncode != 0:
            raise SystemExit(run.stderr)
        return json.loads(run.stdout)

    def answers(self, inputs):
        return answers_of(self.model, self.kind, inputs)


def same(own, theirs, what):
    own, theirs = float(own), float(theirs)
    if not abs(own - theirs) <= CLOSE * max(1.0, abs(theirs)):
        raise SystemExit(f"{what}: {own!r}, and scikit-learn's is {theirs!r}")
    return 1


def compare_numbers(told, answers, labels, kind, what):
    count = same(told["rmse"]["value"], metrics.root_mean_squared_error(labels, answers), f"{what}, RMSE")
    count += same(told["mae"]["value"], metrics.mean_absolute_error(labels, answers), f"{what}, MAE")
    count += same(told["r2"], metrics.r2_score(labels, answers), f"{what}, R2")
    count += same(told["bias"]["value"], (answers - labels).mean(), f"{what}, bias")
    if kind == "count":
        count += same(told["poisson_deviance"], metrics.mean_poisson_deviance(labels, answers), f"{what}, deviance")
    return count


def compare_figures(asked, inputs, labels, what):
    """How many figures are scikit-learn's."""
    threshold = 0.37
    document = asked.told(inputs, labels, "--threshold", str(threshold))
    answers, kind = asked.answers(inputs), asked.kind
    told = document["figures"]["all"]
    if kind in ("number", "count"):
        count = compare_numbers(told["number"], answers, labels, kind, what)
        group = numpy.where(numpy.arange(len(labels)) % 3 == 0, "a", "b")
        for own in document["figures"]["groups"]:
            is_of = group == own["name"]
            assert own["rows"] == is_of.sum()
            count += compare_numbers(own["measures"]["number"], answers[is_of], labels[is_of], kind, f"{what}, group")
        return count
    if kind == "classes":
        told = told["classes"]
        chosen = answers.argmax(axis=1)
        count = same(told["accuracy"]["value"], metrics.accuracy_score(labels, chosen), f"{what}, accuracy")
        # Of 32-bit probabilities scikit-learn wants sums of 1 to more digits than these have.
        whole = range(answers.shape[1])
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            count += same(told["log_loss"]["value"], metrics.log_loss(labels, answers, labels=list(whole)), f"{what}, log loss")
        areas = [metrics.roc_auc_score(labels == one, answers[:, one]) for one in whole]
        count += same(told["auc"]["value"], numpy.mean(areas), f"{what}, AUC")
        assert told["confusion"] == metrics.confusion_matrix(labels, chosen, labels=list(whole)).tolist(), what
        return count + 1
    told = told["risk"]
    count = same(told["auc"]["value"], metrics.roc_auc_score(labels, answers), f"{what}, AUC")
    count += same(told["brier"]["value"], metrics.brier_score_loss(labels, answers), f"{what}, Brier")
    count += same(told["log_loss"]["value"], metrics.log_loss(labels, answers), f"{what}, log loss")
    seen, said = calibration_curve(labels, answers, n_bins=10)
    assert len(seen) == len(told["calibration"]), what
    for own, theirs, mean in zip(told["calibration"], seen, said):
        count += same(own["seen"]["value"], theirs, f"{what}, calibration") + same(own["mean"], mean, f"{what}, calibration")
    confusion = told["confusion"]
    chosen = answers >= threshold
    parts = ["true_negative", "false_positive", "false_negative", "true_positive"]
    assert [confusion[part] for part in parts] == metrics.confusion_matrix(labels, chosen, labels=[0, 1]).ravel().tolist(), what
    count += same(confusion["accuracy"]["value"], metrics.accuracy_score(labels, chosen), f"{what}, accuracy")
    count += same(confusion["sensitivity"]["value"], metrics.recall_score(labels, chosen), f"{what}, sensitivity")
    count += same(confusion["specificity"]["value"], metrics.recall_score(labels, chosen, pos_label=0), f"{what}, specificity")
    if confusion["precision"] is not None:
        count += same(confusion["precision"]["value"], metrics.precision_score(labels, chosen), f"{what}, precision")
    count += same_interval(told["auc"], delong(labels, answers), f"{what}, DeLong")
    return count + 1


def delong(labels, answers):
    """By the definition: every pair."""
    one, other = answers[labels == 1], answers[labels == 0]
    wins = (one[:, None] > other[None, :]) + 0.5 * (one[:, None] == other[None, :])
    variance = wins.mean(axis=1).var(ddof=1) / len(one) + wins.mean(axis=0).var(ddof=1) / len(other)
    half = 1.959963984540054 * numpy.sqrt(variance)
    return max(0.0, wins.mean() - half), min(1.0, wins.mean() + half)


def same_interval(own, theirs, what):
    # The variance is a difference of numbers near each other.
    for end, their in zip((own["low"], own["high"]), theirs):
        assert abs(end - their) < 1e-9, f"{what}: {end} {their}"
    return 2


class Coverage:
    """How often what is told holds, over many splits."""

    def __init__(self):
        self.seen = {}

    def add(self, name, claim, share):
        self.seen.setdefault((name, claim), []).append(share)

    def check(self, what, both_sides):
        lines = {}
        for (name, claim), shares in self.seen.items():
            mean, error = numpy.mean(shares), numpy.std(shares) / numpy.sqrt(len(shares))
            lines.setdefault(name, []).append(f"{claim:.0%}: {mean:.1%} ± {error:.1%}")
            is_low, is_high = mean < claim - POINTS, mean > claim + POINTS
            if is_low or (is_high and name in both_sides):
                raise SystemExit(f"{what}, {name}: {claim:.0%} is claimed, and {mean:.2%} ± {error:.2%} held")
        for name, own in lines.items():
            print(f"  {what}, {name}: {', '.join(own)}")


def cover_numbers(certainty, answers, labels, coverage):
    for intervals in certainty["intervals"]:
        bounds, scales = intervals.get("bounds", []), numpy.array(intervals.get("scales", [1.0]))
        own = scales[numpy.searchsorted(bounds, answers, side="right")]
        for level in intervals["levels"]:
            name, claim = intervals["method"], level["level"] / 100
            coverage.add(name, claim, (abs(labels - answers) <= level["score"] * own).mean())
            coverage.add(f"{name}, as it is told", claim, level["coverage"])


def cover_sets(certainty, answers, labels, coverage):
    chosen = answers.argmax(axis=1)
    true = answers[numpy.arange(len(labels)), labels.astype(int)]
    for level in certainty["sets"]:
        claim, is_in = level["level"] / 100, true >= level["least"]
        coverage.add("sets, before the most likely class is put into empty ones", claim, is_in.mean())
        coverage.add("sets", claim, (is_in | (chosen == labels)).mean())
        coverage.add("sets, as it is told", claim, level["coverage"])


def ranges_of(certainty, answers):
    low, high = certainty["risk"]["low"], certainty["risk"]["high"]
    lows = numpy.concatenate([[0.0], low["values"]])[numpy.searchsorted(low["at"], answers, side="right")]
    highs = numpy.concatenate([high["values"], [1.0]])[numpy.searchsorted(high["at"], answers, side="left")]
    return lows, highs


def check_ranges(certainty, known, labels, answers):
    """The ends, by fitting anew for every answer."""
    lows, highs = ranges_of(certainty, answers)
    for answer, low, high in zip(answers, lows, highs):
        ends = []
        for put in (0.0, 1.0):
            fitted = IsotonicRegression().fit(numpy.append(known, answer), numpy.append(labels, put))
            ends.append(fitted.predict([answer])[0])
        assert low - CLOSE <= ends[0] < low + PART + CLOSE, (answer, low, ends)
        assert high + CLOSE >= ends[1] > high - PART - CLOSE, (answer, high, ends)
    return 2 * len(answers)


def cover(asked, inputs, labels, splits, what, both_sides):
    """Splits of rows that were not trained on: calibrate with half, count on the rest."""
    random, coverage, ends = numpy.random.default_rng(5), Coverage(), 0
    for split in range(splits):
        order = random.permutation(len(labels))
        known, others = order[: len(order) // 2], order[len(order) // 2 :]
        certainty = asked.told(inputs[known], labels[known])["certainty"]
        answers, seen = asked.answers(inputs[others]), labels[others]
        if asked.kind == "risk":
            lows, highs = ranges_of(certainty, answers)
            # The end that the theory holds to be calibrated, beside what was seen.
            off = numpy.where(seen == 1, highs, lows).mean() - seen.mean()
            coverage.add("Venn-Abers, of the share of positive rows", 1.0, 1.0 + off)
            told = certainty["risk"]
            coverage.add("Venn-Abers, as it is told", 1.0, 1.0 + told["chosen"] - told["positive"] / certainty["rows"])
            if split == 0:
                ends += check_ranges(certainty, asked.answers(inputs[known]), labels[known], answers[:60])
        elif asked.kind == "classes":
            cover_sets(certainty, answers, seen, coverage)
        else:
            cover_numbers(certainty, answers, seen, coverage)
    coverage.check(what, both_sides)
    return len(coverage.seen), ends


def main():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--wardian", type=pathlib.Path, required=True)
    parser.add_argument("--splits", type=int, default=24, help="how often the rows of each data set are dealt")
    parser.add_argument("--models", type=int, default=1, help="how many models of each kind, data set and trainer have their figures compared")
    arguments = parser.parse_args()
    figures = covered = ends = 0
    with tempfile.TemporaryDirectory() as folder:
        for kind, names in DATA.items():
            for name in names:
                for trainer in ("XGBoost", "scikit-learn"):
                    for seed in range(arguments.models):
                        inputs, labels = data_of(name, seed + (2 if name.endswith("2") else 1))
                        # Half of the rows for training; the order of some sets is by label.
                        order = numpy.random.default_rng(seed).permutation(len(labels))
                        inputs, labels = inputs[order], labels[order]
                        half = len(labels) // 3
                        asked = Asked(arguments.wardian, pathlib.Path(folder), trainer, kind, inputs[:half], labels[:half])
                        what = f"{kind}, {name}, {trainer}"
                        figures += compare_figures(asked, inputs[half:], labels[half:], what)
                        if seed == 0 and arguments.splits > 0:
                            # Counts come again and again, and wine's classes are told nearly surely: there a claim is kept by more.
                            exact = {"absolute", "local"} if kind == "number" else set()
                            exact |= {"sets, before the most likely class is put into empty ones"}
                            exact |= {"Venn-Abers, of the share of positive rows", "Venn-Abers, as it is told"}
                            more, own = cover(asked, inputs[half:], labels[half:], arguments.splits, what, exact)
                            covered, ends = covered + more, ends + own
    print(f"{figures} figures are scikit-learn's to {CLOSE}, {ends} ends of ranges its isotonic regression's; {covered} claims hold to 2 points")


if __name__ == "__main__":
    main()
