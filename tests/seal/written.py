"""What a trained or a public model is written as for `sealed.test.mjs`: its rows, its trainer's answers, and an entry of the manifest."""

import csv
import json

import numpy


def cell(value):
    """A value in the fewest digits that are read as the very bits; nothing for what is missing."""
    if isinstance(value, str):
        return value
    if value is None or numpy.isnan(value):
        return ""
    # numpy has no exponent where Python's text of a 64-bit float would be exact: `str` of a 32-bit one is shortest, too.
    return str(value) if isinstance(value, numpy.float32) else repr(float(value))


def table(path, header, rows):
    with open(path, "w", encoding="utf-8", newline="") as file:
        writer = csv.writer(file, lineterminator="\n")
        writer.writerow(header)
        for row in rows:
            cells = [cell(value) for value in row]
            # A line of nothing but separators is taken for a slip: what was not measured at all is said.
            writer.writerow(cells if any(cells) else ["NA"] * len(cells))


def model(place, file, asked, answers, more):
    """Writes `data.csv` and `predictions.csv` beside a model's file; its entry of the manifest, without trainer, version and kind.

    `asked`: a frame of what is asked; `answers`: what the trainer says, a row or a number each; `more`: `features`, their names where they are
    not the frame's columns, `classes`.
    """
    answers = numpy.asarray(answers)
    answers = answers.reshape(len(asked), -1)
    features = more.get("features") or [str(column) for column in asked.columns]
    rows = [list(row) for row in asked.astype(object).itertuples(index=False, name=None)]
    table(place / "data.csv", features, rows)
    width = answers.shape[1]
    table(place / "predictions.csv", ["prediction"] if width == 1 else [f"prediction_{index}" for index in range(width)], answers)
    return {
        "name": place.name,
        "model": f"{place.name}/{file}",
        "data": f"{place.name}/data.csv",
        "predictions": f"{place.name}/predictions.csv",
        "features": features,
        "rows": len(rows),
        "answers": width,
        "precision": {"float32": "f32", "float64": "f64"}[answers.dtype.name],
        "missing": bool(asked.isna().to_numpy().any()),
        "classes": more.get("classes"),
    }


def manifest(path, entries):
    path.write_text(json.dumps(entries, indent=1, ensure_ascii=False) + "\n", encoding="utf-8")
    print(f"{len(entries)} models of {len({entry['trainer'] for entry in entries})} trainers")
