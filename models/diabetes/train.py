"""Trains the shipped model and writes everything that is committed about it.

    python models/diabetes/train.py [--output FOLDER]

The same versions (requirements.txt) give the same bytes: one thread to a model, fixed seeds, no times or paths in what
is written. Fails where the interval does not cover what it claims.
"""

import argparse
import json
import pathlib

import card
import interval
from judge import judge
from recipe import FEATURES, HERE, OUTCOME_TEXT, SEED, ZERO_IS_MISSING, choose, classifier, read_data


def decimals(column):
    return max(len(f"{value:.10f}".rstrip("0").partition(".")[2]) for value in column.dropna())


def schema(inputs):
    return {
        "name": "diabetes",
        "title": "Diabetes risk",
        "outcome": OUTCOME_TEXT,
        "features": [
            {
                "name": name,
                "label": label,
                "unit": unit,
                "description": description,
                "minimum": float(inputs[name].min()),
                "maximum": float(inputs[name].max()),
                "decimals": decimals(inputs[name]),
                "missing_codes": [0.0] if name in ZERO_IS_MISSING else [],
                "may_be_missing": bool(inputs[name].isna().any()),
            }
            for name, (label, unit, description) in FEATURES.items()
        ],
    }


def write_json(path, value):
    path.write_text(json.dumps(value, indent=2, ensure_ascii=False) + "\n", encoding="utf-8", newline="\n")


def main():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--output", type=pathlib.Path, default=HERE, metavar="FOLDER")
    output = parser.parse_args().output
    output.mkdir(parents=True, exist_ok=True)

    inputs, outcome, example_line = read_data()
    recipe = choose(inputs.to_numpy(), outcome, SEED)
    model = classifier(recipe).fit(inputs, outcome)
    model.save_model(output / "diabetes.ubj")
    model.save_model(output / "diabetes.json")
    write_json(output / "schema.json", schema(inputs))

    ours, logistic = judge(inputs.to_numpy(), outcome)
    offsets = interval.shipped_table(inputs.to_numpy(), outcome, recipe)
    coverage = interval.coverage(inputs.to_numpy(), outcome, recipe)
    card.write(output, card.Facts(inputs, outcome, example_line, recipe, model, ours, logistic, offsets, coverage))


if __name__ == "__main__":
    main()
