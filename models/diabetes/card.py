"""The model card: `card.json` is the source, and all else is made of it.

`CARD.md` is for people, by way of `CARD.template.md`; `card.page.json` is the part that the page and the npm package
show, without white space; `calibration.svg` is the plot. The sections are those of Mitchell et al. (2019); the numbers
in CARD.md's last table are the items of TRIPOD+AI (Collins et al., 2024).
"""

import dataclasses
import hashlib
import json

import interval
import jinja2
import numpy
import pandas
import sklearn
import texts
import xgboost
from judge import AGES, MISSING, OUTER_FOLDS, OUTER_REPEATS, bins, grey_zone, groups, recalibration, summary
from plot import calibration_plot
from recipe import DATA_SHA256, DEPTHS, EXAMPLE, FEATURES, FIXED, HERE, INNER_FOLDS, OUTCOME_TEXT, ROUNDS

# The most bytes of what the page shows: it is downloaded with the page.
PAGE_BUDGET = 6 * 1024
# Rows for whoever writes the interval's rule again: the example, risks beyond the first and the last knot, missing
# values, and two in between.
EXAMPLES = [",".join(map(str, EXAMPLE)), "0,60,60,15,40,19,0.1,21", "10,190,90,40,300,45,1.5,55",
            "5,125,,,,32,0.4,40", "2,130,72,,,30.5,0.35,33", "4,150,80,30,150,36,0.6,45"]


@dataclasses.dataclass
class Facts:
    """What training found."""

    inputs: pandas.DataFrame
    outcome: numpy.ndarray
    example_line: int
    recipe: dict
    model: xgboost.XGBClassifier
    # The scores of each test part, and each woman's prediction in each repetition.
    ours: tuple
    logistic: tuple
    offsets: dict
    coverage: dict


def sha256(path):
    return hashlib.sha256(path.read_bytes()).hexdigest()


def model_section(facts, output):
    nodes = facts.model.get_booster().trees_to_dataframe()
    return {
        "name": "diabetes",
        "kind": "gradient-boosted decision trees, binary:logistic",
        "trained_with": f"XGBoost {xgboost.__version__}",
        "output": f"probability of {OUTCOME_TEXT}",
        "inputs": list(FEATURES),
        "trees": int(nodes["Tree"].nunique()),
        "splits": int((nodes["Feature"] != "Leaf").sum()),
        "recipe": {**FIXED, **facts.recipe},
        "choice": texts.CHOICE.format(depths=" or ".join(map(str, DEPTHS)), low=ROUNDS[0], high=ROUNDS[-1],
                                      folds=INNER_FOLDS),
        "versions": {module.__name__: module.__version__ for module in (xgboost, sklearn, numpy, pandas)},
        "file": "diabetes.ubj",
        "sha256": sha256(output / "diabetes.ubj"),
        "licence": texts.LICENCE,
    }


def data_section(facts):
    missing = facts.inputs.isna()
    return {
        "file": "pima-indians-diabetes.csv",
        "sha256": DATA_SHA256,
        "source": texts.SOURCE,
        "rows": len(facts.outcome),
        "positive": int(facts.outcome.sum()),
        "held_out_line": facts.example_line,
        "held_out_row": EXAMPLES[0],
        "missing": {name: int(missing[name].sum()) for name in FEATURES},
        "rows_by_missing_values": numpy.bincount(missing.sum(axis=1)).tolist(),
        "ranges": {name: [float(facts.inputs[name].min()), float(facts.inputs[name].max())] for name in FEATURES},
        "medians": {name: float(facts.inputs[name].median()) for name in FEATURES},
        "faults": texts.FAULTS,
    }


def performance_section(facts):
    def figures(judged):
        return {"scores": summary(judged[0]), "calibration": recalibration(facts.outcome, judged[1])}

    return {
        "procedure": texts.PROCEDURE.format(folds=OUTER_FOLDS, repeats=OUTER_REPEATS, parts=OUTER_FOLDS * OUTER_REPEATS,
                                            inner=INNER_FOLDS),
        **figures(facts.ours),
        "grey_zone": grey_zone(facts.outcome, facts.ours[1]),
        "logistic_regression": figures(facts.logistic),
    }


def examples(facts):
    found = []
    for text in EXAMPLES:
        row = numpy.array([[float(field or "nan") for field in text.split(",")]])
        [margin] = interval.margins(facts.model, row)
        low, high = (interval.probability(end) for end in interval.ends(margin, facts.offsets))
        [prediction] = facts.model.predict_proba(row)[:, 1]
        found.append({"data": text, "prediction": float(str(prediction)), "low": round(float(low), 6),
                      "high": round(float(high), 6)})
    return found


def many_missing(inputs):
    """From how many missing values on a row is unlike those of training: more than 95 % of them lacked."""
    missing = inputs.isna().sum(axis=1)
    usual = int(numpy.quantile(missing, 0.95, method="inverted_cdf"))
    return {"usual": usual, "most": int(missing.max()), "rule": texts.MANY_MISSING_RULE,
            "message": texts.MANY_MISSING.format(usual=usual, features=inputs.shape[1])}


def card(facts, output):
    missing = facts.inputs.isna().sum(axis=1).to_numpy()
    predictions = facts.ours[1]
    return {
        "title": "Diabetes risk",
        "notice": texts.NOTICE,
        "model": model_section(facts, output),
        "intended_use": texts.INTENDED_USE,
        "out_of_scope": texts.OUT_OF_SCOPE,
        "population": texts.POPULATION,
        "outcome": texts.OUTCOME_DEFINITION,
        "data": data_section(facts),
        "performance": performance_section(facts),
        "calibration": {
            "sentence": texts.CALIBRATION_SENTENCE,
            "note": texts.CALIBRATION_NOTE,
            "bins": bins(facts.outcome, predictions),
        },
        "groups": {
            "note": texts.GROUPS_NOTE,
            "age": groups(facts.outcome, predictions, facts.inputs["age"].to_numpy(), AGES),
            "missing": groups(facts.outcome, predictions, missing, MISSING),
        },
        "interval": {
            "sentence": texts.INTERVAL_SENTENCE,
            "claim": texts.INTERVAL_CLAIM,
            "caution": texts.INTERVAL_CAUTION,
            "method": texts.INTERVAL_METHOD,
            "test": texts.INTERVAL_TEST,
            "rule": texts.INTERVAL_RULE,
            "level": interval.LEVEL,
            **facts.offsets,
            "coverage": facts.coverage,
            "examples": examples(facts),
        },
        "warnings": {"many_missing": many_missing(facts.inputs)},
        "limits": texts.LIMITS,
        "ethics": texts.ETHICS,
        "references": texts.REFERENCES,
    }


def check_words(card):
    """The words of `texts.py` that stand for figures, compared with the figures."""
    scores, other = card["performance"]["scores"], card["performance"]["logistic_regression"]["scores"]
    assert abs(scores["auc"]["mean"] - other["auc"]["mean"]) < 0.01, "trees are as good as a logistic regression"
    assert scores["sensitivity"]["mean"] < 0.6, "at 0.5 more than four in ten are missed"
    assert card["performance"]["grey_zone"]["accuracy_inside"] < 0.62, "little better than a coin"
    by_age = [group["auc"]["value"] for group in card["groups"]["age"]]
    assert by_age == sorted(by_age, reverse=True), "older women are told apart less well"
    none, _, two, _ = (group["auc"]["value"] for group in card["groups"]["missing"])
    assert two < none, "women with two missing values are told apart less well"
    assert card["data"]["rows_by_missing_values"][4:] == [7], "seven women have four missing values"
    last = card["interval"]["coverage"]["by_missing"][-1]
    assert last["coverage"] < interval.LEVEL - 0.05, "with four missing values the interval is too narrow"
    data = card["data"]
    insulin, skin = (data["missing"][name] / data["rows"] for name in ("serum_insulin", "skin_fold_thick"))
    assert 0.45 < insulin < 0.55 and 0.27 < skin < 0.37, "insulin lacks in half of the rows, the skin fold in a third"


def some(whole, *names):
    return {name: whole[name] for name in names}


def short(value):
    """Figures with three digits, as the page shows them."""
    if isinstance(value, dict):
        return {name: short(part) for name, part in value.items()}
    if isinstance(value, list):
        return [short(part) for part in value]
    return round(value, 3) if isinstance(value, float) else value


def page_part(card):
    """What the page and the npm package show of the card."""
    def group_part(group):
        return [group["name"], group["women"], group["positive"], *group["auc"].values(), group["mean_predicted"],
                *group["observed_rate"].values()]

    performance = card["performance"]
    return {
        **some(card, "title", "notice"),
        "model": some(card["model"], "trained_with", "trees", "sha256", "licence"),
        **some(card, "intended_use", "out_of_scope", "population"),
        "data": some(card["data"], "rows", "positive"),
        "performance": short({
            **some(performance["scores"], "auc", "brier", "accuracy"),
            **performance["calibration"],
            "grey_zone": performance["grey_zone"],
            "logistic_regression": some(performance["logistic_regression"]["scores"], "auc", "brier", "accuracy"),
        }),
        "calibration": {
            **some(card["calibration"], "sentence"),
            "columns": list(card["calibration"]["bins"][0]),
            "bins": short([list(part.values()) for part in card["calibration"]["bins"]]),
        },
        "groups": {
            "columns": ["name", "women", "positive", "auc", "auc_low", "auc_high", "mean_predicted", "observed_rate",
                        "observed_low", "observed_high"],
            **{name: short([group_part(group) for group in card["groups"][name]]) for name in ("age", "missing")},
        },
        "interval": {
            **some(card["interval"], "sentence", "caution", "level", "margins", "lower", "upper"),
            "coverage": short(some(card["interval"]["coverage"], "claimed", "measured", "answers", "pairs_of_models")),
        },
        "warnings": {"many_missing": some(card["warnings"]["many_missing"], "usual", "most", "message")},
        "limits": card["limits"],
    }


def percent(value, digits=0):
    return f"{100 * value:.{digits}f} %"


def spread(figure):
    return f"{figure['mean']:.3f} ± {figure['sd']:.3f}"


def bounded(figure):
    # What rounds to -0.00 is 0.00.
    value, low, high = (round(figure[name], 2) + 0.0 for name in ("value", "low", "high"))
    return f"{value:.2f} ({low:.2f} to {high:.2f})"


def render(card):
    environment = jinja2.Environment(
        loader=jinja2.FileSystemLoader(HERE), undefined=jinja2.StrictUndefined, trim_blocks=True, lstrip_blocks=True,
        keep_trailing_newline=True,
    )
    environment.filters.update(percent=percent, spread=spread, bounded=bounded)
    return environment.get_template("CARD.template.md").render(card, labels=FEATURES)


def write(output, facts):
    whole = card(facts, output)
    check_words(whole)
    page = json.dumps(page_part(whole), ensure_ascii=False, separators=(",", ":"))
    size = len(page.encode())
    assert size <= PAGE_BUDGET, f"card.page.json has {size} bytes; {PAGE_BUDGET} are allowed"
    files = {
        "card.json": json.dumps(whole, indent=2, ensure_ascii=False) + "\n",
        "card.page.json": page + "\n",
        "CARD.md": render(whole),
        "calibration.svg": calibration_plot(whole["calibration"]["bins"]),
    }
    for name, text in files.items():
        (output / name).write_text(text, encoding="utf-8", newline="\n")
    figures, coverage = whole["performance"]["scores"], whole["interval"]["coverage"]
    print(f"{facts.recipe}: AUC {spread(figures['auc'])}, Brier {spread(figures['brier'])}")
    print(f"interval: {percent(coverage['measured'], 1)} of {coverage['answers']} answers covered, "
          f"{percent(coverage['claimed'])} claimed; card for the page: {size} bytes")
