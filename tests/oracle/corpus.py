"""Writes the requests that are replayed against both services: one JSON body a line, all of them valid to both.

    python tests/oracle/corpus.py --output FILE

The 768 rows of the data as their CSV text, then variations of them: other ways to write the same numbers, values far
outside the training range, and `nan`.
"""

import argparse
import json
import pathlib

import numpy
import pipeline

VARIATIONS = 400


def spelt(random, text):
    """A number in another notation that Python's `float` takes for a number."""
    value = float(text)
    forms = [
        text,
        f" {text}",
        f"{text}\t ",
        f"{value:.3f}",
        f"{value:e}",
        f"{value:E}",
        f"{value!r}",
        f"+{text}",
        f"000{text}",
        f"{value + random.random():.15f}",
        f"{value * float(random.choice([-1.0, 10.0, 1e3, 1e-3, 1e30, 1e-40]))!r}",
        "0",
        "-0.0",
        ".5",
        "5.",
        "nan",
        "NaN",
    ]
    return str(random.choice(forms))


def main():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--output", type=pathlib.Path, required=True, metavar="FILE")
    output = parser.parse_args().output
    lines = (pipeline.MODELS / "pima-indians-diabetes.csv").read_text().splitlines()[1:]
    rows = [line.rpartition(",")[0] for line in lines]
    random = numpy.random.default_rng(0)
    for _ in range(VARIATIONS):
        fields = str(random.choice(rows[:768])).split(",")
        rows.append(",".join(spelt(random, field) for field in fields))
    output.parent.mkdir(parents=True, exist_ok=True)
    output.write_text("".join(json.dumps({"data": row}) + "\n" for row in rows), newline="\n")


if __name__ == "__main__":
    main()
