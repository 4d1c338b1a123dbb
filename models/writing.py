"""How the scripts of the cases write what they commit: the same bytes whenever they run."""

import hashlib
import json

import numpy

LANGUAGES = ["zh", "es"]


def write_json(path, value):
    path.write_text(json.dumps(value, indent=2, ensure_ascii=False) + "\n", encoding="utf-8", newline="\n")


def sha256(path):
    return hashlib.sha256(path.read_bytes()).hexdigest()


def decimals(column):
    """How many digits behind the point a column has."""
    return max(len(f"{value:.10f}".rstrip("0").partition(".")[2]) for value in column)


def figures(column):
    """What a case says of a column of the training rows."""
    return {
        "range": [float(column.min()), float(column.max())],
        "quartiles": [round(float(value), 6) for value in numpy.quantile(column, [0.25, 0.5, 0.75])],
        "decimals": decimals(column),
    }


def mean_and_spread(values):
    return {"mean": round(float(numpy.mean(values)), 3), "sd": round(float(numpy.std(values, ddof=1)), 3)}


def cell(value):
    """A number in the fewest digits that are read as the very bits; nothing for what is missing."""
    if isinstance(value, str):
        return value
    return "" if numpy.isnan(value) else repr(float(value))


def write_golden(path, header, rows):
    """Rows with the trainer's own answers."""
    lines = [",".join(header), *(",".join(map(cell, row)) for row in rows)]
    path.write_text("\n".join(lines) + "\n", encoding="utf-8", newline="\n")


def texts(value):
    """All texts within a value of JSON."""
    if isinstance(value, str):
        return {value}
    values = value.values() if isinstance(value, dict) else value if isinstance(value, list) else []
    return set().union(*map(texts, values))


def prose(case, card):
    """What people read of a case, and so what is to be translated."""
    found = texts([case.get(key, []) for key in ("title", "outcome", "classes", "words")])
    found |= texts([value for key, value in case.get("answer", {}).items() if key == "label"])
    found |= texts([zone[key] for zone in case.get("zones", []) for key in ("name", "text") if key in zone])
    for feature in case["features"]:
        found |= texts([feature.get(key, []) for key in ("label", "help", "group", "choices")])
    found |= texts([value for key, value in case.get("judged", {}).items() if key == "source"])
    found |= texts([value for key, value in card.items() if key != "model"])
    return found | {card["model"]["licence"]}


def check_translations(folder, case, card):
    """That every text has its translation, and no translation is of a text that there is not."""
    wanted = prose(case, card)
    for language in LANGUAGES:
        translated = json.loads((folder / f"{language}.json").read_text(encoding="utf-8"))
        lacking, stale = sorted(wanted - set(translated)), sorted(set(translated) - wanted)
        assert not lacking, f"{language}.json lacks {json.dumps(lacking, indent=1, ensure_ascii=False)}"
        assert not stale, f"{language}.json translates what the case does not say: {stale}"
