"""How good the recipe is: a cross-validation around its choice (nested), and what its predictions tell of.

Every figure is of women whom the model that answers has not seen, and the recipe is chosen anew in each training part,
so that the figures include the optimism of choosing. A woman is predicted once in each repetition: her predictions are
not independent, so what is uncertain is resampled by women, never by predictions.
"""

import concurrent.futures
import multiprocessing
import os

import numpy
from recipe import SEED, choose, classifier
from scipy.stats import rankdata
from sklearn.impute import SimpleImputer
from sklearn.linear_model import LogisticRegression
from sklearn.metrics import accuracy_score, brier_score_loss, log_loss, recall_score, roc_auc_score
from sklearn.model_selection import RepeatedStratifiedKFold
from sklearn.pipeline import make_pipeline
from sklearn.preprocessing import StandardScaler

OUTER_FOLDS, OUTER_REPEATS = 10, 5
BINS = 10
# Where the probability, and not the class, is what helps.
GREY_ZONE = (0.25, 0.75)
RESAMPLES = 1000
AGES = {"21 to 29": (21, 30), "30 to 39": (30, 40), "40 to 49": (40, 50), "50 and older": (50, 200)}
MISSING = {"none": (0, 1), "one": (1, 2), "two": (2, 3), "three or four": (3, 5)}


def in_processes(function, jobs):
    """`function` of each job, in order. Two processes halve the wait; each job has its own seed and one thread, so how
    many processes there are changes no bit. They are spawned: OpenMP's threads do not survive a fork."""
    workers = min(2, os.cpu_count() or 1)
    spawn = multiprocessing.get_context("spawn")
    with concurrent.futures.ProcessPoolExecutor(workers, mp_context=spawn) as pool:
        return list(pool.map(function, jobs))


def scores(outcome, predicted):
    positive = predicted >= 0.5
    return {
        "auc": roc_auc_score(outcome, predicted),
        "brier": brier_score_loss(outcome, predicted),
        "log_loss": log_loss(outcome, predicted),
        "accuracy": accuracy_score(outcome, positive),
        "sensitivity": recall_score(outcome, positive),
        "specificity": recall_score(outcome, positive, pos_label=0),
    }


def judge_fold(job):
    """The predictions for one test part: ours, and a logistic regression's."""
    index, inputs, outcome, train, test = job
    recipe = choose(inputs[train], outcome[train], SEED + index)
    ours = classifier(recipe).fit(inputs[train], outcome[train]).predict_proba(inputs[test])[:, 1]
    logistic = make_pipeline(SimpleImputer(strategy="median"), StandardScaler(), LogisticRegression())
    logistic.fit(inputs[train], outcome[train])
    return ours.astype("float64"), logistic.predict_proba(inputs[test])[:, 1]


def judge(inputs, outcome):
    """For ours and for the logistic regression: the scores of each test part, and each woman's prediction in each
    repetition."""
    folds = RepeatedStratifiedKFold(n_splits=OUTER_FOLDS, n_repeats=OUTER_REPEATS, random_state=SEED)
    jobs = [(index, inputs, outcome, *parts) for index, parts in enumerate(folds.split(inputs, outcome))]
    results = in_processes(judge_fold, jobs)
    judged = []
    for which in range(2):
        folds, predictions = [], numpy.empty((OUTER_REPEATS, len(outcome)))
        for (index, _, _, _, test), result in zip(jobs, results):
            folds.append(scores(outcome[test], result[which]))
            predictions[index // OUTER_FOLDS, test] = result[which]
        judged.append((folds, predictions))
    return judged


def rounded(value, digits=4):
    return round(float(value), digits)


def summary(folds):
    """Mean and standard deviation over the test parts."""
    return {
        name: {"mean": rounded(numpy.mean(values)), "sd": rounded(numpy.std(values, ddof=1))}
        for name in folds[0]
        for values in [[fold[name] for fold in folds]]
    }


def resampled(statistic, women):
    """The 95 % interval of each number that `statistic` makes of women, by bootstrap: of as many, drawn with
    replacement."""
    random = numpy.random.default_rng(SEED)
    values = [statistic(random.choice(women, len(women))) for _ in range(RESAMPLES)]
    # A resample of one class only has no AUC.
    return numpy.nanpercentile(values, [2.5, 97.5], axis=0).T.round(4).tolist()


def wilson(successes, count):
    """Wilson's 95 % interval of a rate: unlike the usual one it stands up to few women and to rates near 0."""
    z = 1.959964
    rate = successes / count
    middle = (rate + z * z / (2 * count)) / (1 + z * z / count)
    half = z / (1 + z * z / count) * numpy.sqrt(rate * (1 - rate) / count + z * z / (4 * count * count))
    return [rounded(max(middle - half, 0.0)), rounded(min(middle + half, 1.0))]


def newton(design, outcome, offset):
    """The coefficients of a logistic regression without penalty."""
    coefficients = numpy.zeros(design.shape[1])
    for _ in range(8):
        probability = 1 / (1 + numpy.exp(-(offset + design @ coefficients)))
        weights = probability * (1 - probability)
        gradient = design.T @ (outcome - probability)
        coefficients += numpy.linalg.solve(design.T @ (design * weights[:, None]), gradient)
    return coefficients


def recalibration(outcome, predictions):
    """Slope and intercept that would make the predictions right on average: 1 and 0 when they are so already. A slope
    under 1 says that predictions are too extreme, an intercept under 0 that they are too high."""
    margins = numpy.log(predictions / (1 - predictions))

    def fit(women):
        own, target = margins[:, women].ravel(), numpy.tile(outcome[women], len(margins))
        ones = numpy.ones((len(own), 1))
        slope = newton(numpy.column_stack([ones, own]), target, 0.0)[1]
        return slope, newton(ones, target, own)[0]

    women = numpy.arange(len(outcome))
    bounds = resampled(fit, women)
    return {
        name: {"value": rounded(value), "low": low, "high": high}
        for name, value, (low, high) in zip(["slope", "intercept"], fit(women), bounds)
    }


def bins(outcome, predictions):
    """Ten bins of equally many out-of-fold predictions, and how many of their women tested positive. The count is of
    women, on average over the repetitions."""
    edges = numpy.quantile(predictions, numpy.linspace(0, 1, BINS + 1)).round(3)
    edges[0], edges[-1] = 0.0, 1.0
    found = []
    for low, high in zip(edges[:-1], edges[1:]):
        inside = (predictions >= low) & ((predictions < high) | (high == 1.0))
        women = inside.sum() / len(predictions)
        rate = numpy.broadcast_to(outcome, predictions.shape)[inside].mean()
        bounds = wilson(rate * women, women)
        found.append({
            "from": float(low),
            "to": float(high),
            "mean_predicted": rounded(predictions[inside].mean()),
            "observed_rate": rounded(rate),
            "low": bounds[0],
            "high": bounds[1],
            "women": round(women),
        })
    return found


def auc(outcome, predictions, women):
    """The mean over the repetitions."""
    positive = outcome[women] == 1
    count = positive.sum()
    if count in (0, len(women)):
        return numpy.nan
    ranks = rankdata(predictions[:, women], axis=1)[:, positive].sum(axis=1)
    return ((ranks - count * (count + 1) / 2) / (count * (len(women) - count))).mean()


def group(outcome, predictions, women):
    """The figures of some of the women."""
    low, high = resampled(lambda drawn: auc(outcome, predictions, drawn), women)
    positive = int(outcome[women].sum())
    bounds = wilson(positive, len(women))
    return {
        "women": len(women),
        "positive": positive,
        "auc": {"value": rounded(auc(outcome, predictions, women)), "low": low, "high": high},
        "brier": rounded(((predictions[:, women] - outcome[women]) ** 2).mean()),
        "mean_predicted": rounded(predictions[:, women].mean()),
        "observed_rate": {"value": rounded(positive / len(women)), "low": bounds[0], "high": bounds[1]},
    }


def groups(outcome, predictions, values, bands):
    """The figures of each band of `values`; together the bands hold every woman."""
    parts = {name: numpy.flatnonzero((values >= low) & (values < high)) for name, (low, high) in bands.items()}
    assert sum(map(len, parts.values())) == len(outcome), "a woman is in no band"
    return [{"name": name, **group(outcome, predictions, women)} for name, women in parts.items()]


def grey_zone(outcome, predictions):
    """How many predictions leave the matter open, and how often the class is right where they do not."""
    low, high = GREY_ZONE
    inside = (predictions >= low) & (predictions <= high)
    right = (predictions >= 0.5) == outcome
    return {
        "from": low,
        "to": high,
        "share": rounded(inside.mean()),
        "accuracy_inside": rounded(right[inside].mean()),
        "accuracy_outside": rounded(right[~inside].mean()),
    }
