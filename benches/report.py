"""Writes docs/BENCHMARKS.md and its pictures from the results of a run.

    python benches/report.py RESULTS DOCS-FOLDER
"""

import json
import pathlib
import re
import sys

import limit
import picture

OURS = ["Wardian, wasm in Node", "Wardian, wasm in Chromium", "Wardian, native", "Wardian, plain crate"]
REFERENCE = OURS[0]
# Models of their own: beside ours of the same shape, not of the same trees.
OTHER_TREES = ["LightGBM", "lleaves"]


def micro(seconds):
    """Microseconds, three digits."""
    value = seconds * 1e6
    return f"{value:,.0f}" if value >= 100 else f"{value:.3g}"


def contenders(results):
    return list(dict.fromkeys(title for found in results["medians"].values() for title in found))


def xgboost(results):
    return next(title for title in contenders(results) if title.startswith("XGBoost"))


def peers(results):
    return [title for title in contenders(results) if title not in OURS and title != xgboost(results)]


def table(results, kind, titles, against=REFERENCE):
    """Microseconds a row for each shape, and how many times those of `against`."""
    titles = [title for title in titles if any(isinstance(found.get(title, {}).get(kind), float) for found in results["medians"].values())]
    lines = ["| µs a row | " + " | ".join(titles) + " |", "|---|" + "---:|" * len(titles)]
    for name, found in results["medians"].items():
        times = [found.get(title, {}).get(kind) for title in titles]
        if any(isinstance(time, float) for time in times):
            base = found[against][kind]
            cells = [f"{micro(time)} ({time / base:.1f}×)" if isinstance(time, float) else "–" for time in times]
            lines.append(f"| {results['shapes'][name]['title']} | " + " | ".join(cells) + " |")
    return "\n".join(lines)


def leaf_wise(results):
    """Ours of XGBoost's trees beside LightGBM's and lleaves's of LightGBM's: as many leaves, of the same rows."""
    own = [title for title in peers(results) if title.startswith(tuple(OTHER_TREES))]
    few = {name: found for name, found in results["medians"].items() if results["shapes"][name]["leaves"]}
    cut = results | {"medians": few}
    titles = [OURS[0], OURS[2], *own]
    return f"""In a batch:

{table(cut, "batch", titles)}

One row:

{table(cut, "one", titles)}"""


def starts(results):
    """Milliseconds and megabytes that a model costs until its first answer."""
    titles = [title for title in contenders(results) if any("seconds" in found.get(title, {}).get("start", {}) for found in results["medians"].values())]
    lines = ["| ms, MB | " + " | ".join(titles) + " |", "|---|" + "---:|" * len(titles)]
    for name, found in results["medians"].items():
        each = [found.get(title, {}).get("start", {}) for title in titles]
        cells = [f"{cost['seconds'] * 1e3:.1f}, {max(cost['bytes'], 0) / 1e6:.1f}" if "seconds" in cost else "–" for cost in each]
        lines.append(f"| {results['shapes'][name]['title']} | " + " | ".join(cells) + " |")
    return "\n".join(lines)


def bits(results):
    """The share of the answers with XGBoost's bits."""
    titles = [title for title in contenders(results) if any(isinstance(found.get(title, {}).get("bits"), (int, float)) for found in results["medians"].values())]
    lines = []
    for title in titles:
        shares = [found.get(title, {}).get("bits") for found in results["medians"].values()]
        shares = [share for share in shares if isinstance(share, (int, float))]
        lines.append(f"| {title} | {min(shares) * 100:.3g}–{max(shares) * 100:.3g} % | {len(shares)} |")
    return "| | answers with XGBoost's bits, by shape | shapes |\n|---|---:|---:|\n" + "\n".join(lines)


def absences(results):
    """Which peers are missing where, and why."""
    reasons = {}
    for name, found in results["medians"].items():
        for title, kinds in found.items():
            for kind, value in kinds.items():
                if isinstance(value, dict) and "cannot" in value:
                    reasons.setdefault((title, value["cannot"]), {}).setdefault(name, []).append(kind)
    lines = ["| | where | why |", "|---|---|---|"]
    for (title, reason), names in reasons.items():
        # That is the section about trees grown leaf by leaf.
        if not title.startswith(tuple(OTHER_TREES)) or any(results["shapes"][name]["leaves"] for name in names):
            where = "; ".join(results["shapes"][name]["title"] for name in names)
            lines.append(f"| {title} | {where} | {reason.replace('|', '/')} |")
    return "\n".join(lines)


def sizes(results):
    lines = ["| model | splits | .wardian | bytes a split | XGBoost UBJ | bytes a split | ONNX |", "|---|---:|---:|---:|---:|---:|---:|"]
    for name, size in results["sizes"].items():
        splits = results["facts"][name]["splits"]
        lines.append(
            f"| {results['shapes'][name]['title']} | {splits:,} | {size['wardian']:,} | {size['wardian'] / splits:.1f} "
            f"| {size['ubj']:,} | {size['ubj'] / splits:.1f} | {format(size['onnx'], ',') if 'onnx' in size else '–'} |"
        )
    return "\n".join(lines)


def curves(results):
    parts = []
    for what, points in results["curves"].items():
        titles = list(next(iter(points.values())))
        lines = [f"| {what} | " + " | ".join(titles) + " |", "|---:|" + "---:|" * len(titles)]
        for label, times in points.items():
            base = times[REFERENCE]
            cells = [f"{micro(times[title])} ({times[title] / base:.1f}×)" if isinstance(times[title], float) else "–" for title in titles]
            lines.append(f"| {label} | " + " | ".join(cells) + " |")
        parts.append("\n".join(lines))
    return "\n\n".join(parts)


def beside_onnxruntime(times):
    """Rows of milliseconds, and how many times as long onnxruntime-web takes."""
    peer = next(time for name, time in times.items() if name.startswith("onnxruntime"))
    return "\n".join(f"| {name} | {time:.1f} | {peer / time:.1f}× |" for name, time in times.items())


def page(results):
    shapes = len(results["medians"])
    others = [title for title in peers(results) if not title.startswith(tuple(OTHER_TREES))]
    smallest = results["downloads"]["Wardian, what the page takes"]
    downloads = "\n".join(f"| {name} | {size:,} | {size / smallest:.0f}× |" for name, size in results["downloads"].items())
    return f"""# Benchmarks

Written by `cargo xtask bench` on {results["date"]}: {results["machine"]}. {shapes} shapes, one thread each; medians of {results["rounds"]}
rounds in which every contender takes its turn, so read the ratios (in brackets, to our wasm in Node). Before anything is timed, our
margins and predictions are compared with XGBoost's on every shape, bit for bit: in wasm, natively and as a plain crate.
A file of a million rows, beside pandas and XGBoost: [FILES.md](FILES.md). `cargo xtask bench --quick` takes five minutes.

Times are of the processor (user and system, the whole process), not of the clock on the wall: others on the machine are not in them.
Chromium, workers, downloads and YDF's own benchmark are by the wall. Rows are 20,001, fewer of wide ones. They are drawn
(`benches/draw.py`): amounts skewed and in cents, counts, years, grades, zeros, constants, ties, values missing in columns more or less.

![Microseconds a row in a batch](benchmarks.svg)

## A batch

{table(results, "batch", [*OURS, xgboost(results)])}

A plain crate is ours as anybody's dependency, built without this repository's flags.

## One row, an array in and a number out

{table(results, "one", [*OURS, xgboost(results)])}

## The peers, of the same trees

A batch, µs a row, in brackets how many times our wasm in Node.

{table(results, "batch", others)}

One row:

{table(results, "one", others)}

m2cgen and gbdt know one base score for all classes: theirs are folded into the first trees. YDF reads no foreign models:
its figures are of models of the same shape that it trained itself; natively they are what its own `benchmark` says.

{bits(results)}

## Trees grown leaf by leaf: LightGBM and lleaves

Neither reads XGBoost's models. Theirs is a model that LightGBM trained on the same rows, with as many trees and leaves; ours is XGBoost's.

{leaf_wise(results)}

## Who is missing where

{absences(results)}

## The limit, by arithmetic

For a row, what no evaluator of this kind can do without: one load and one compare for every split and every 16 (32) rows, or, where a
row's own way is cheaper, two loads and a compare a step; the values' codes; a leaf for each tree. At two loads and two
compares a cycle, and {results["clock"] / 1e9:.2f} GHz, measured by additions that wait for each other.

{limit.table(results)}

What keeps us from it: beside its load and its compare a split takes an `and` and a `max`, to become a leaf's number, and results of
larger trees go through memory; which column and which threshold are loads of their own; rows are copied in and turned before they
are compared. A processor with wider vectors than 32 bytes has a lower limit; ours takes 32.

## Curves

What a row costs of a model of 100 trees of depth 6 over 28 features, if one number grows.

![Microseconds a row over trees, features and rows](benchmarks-curves.svg)

{curves(results)}

## Explaining: the contributions of the features

Exact SHAP values, ours and XGBoost's `pred_contribs`, 256 rows together.

{table(results, "explain", [*OURS, xgboost(results)])}

One row by itself, by name in JavaScript:

{table(results, "explain-one", [*OURS, xgboost(results)])}

The shipped model in Node: {results["shipped"]["explain"] * 1e6:.1f} µs for one `explain`, {results["shipped"]["predict"] * 1e6:.2f} for one `predict`.

## Loading

From a file to the first answer, in a process that has loaded another model before: milliseconds, and how many megabytes the process
grows by for each of four copies.

{starts(results)}

## Workers

A `Pool` on 200,010 rows of {results["shapes"]["d6"]["title"]}: {results["pools"]["1"] * 1e6:.2f} µs a row with one worker,
{results["pools"]["2"] * 1e6:.2f} with two: {results["pools"]["1"] / results["pools"]["2"]:.2f}×.

## From nothing to the first prediction, in Chromium

Fetch from this machine, compile, make the model ready (the shipped one, or the one of 100 trees), predict one row; a fresh
context each time, left alone for half a second first. Our scripts are what a bundler makes of an import of the package;
onnxruntime-web's is one file already. What an empty file or script takes is the browser's own share, and nobody can be faster.

| | ms | onnxruntime-web takes |
|---|---:|---:|
{beside_onnxruntime(results["loads"])}

## From a page with its scripts to the first prediction, in Chromium

The page has imported the script of the contender and has been left alone; then, from the call: fetch from this machine,
compile, make the model ready, predict one row. For onnxruntime-web the session is created (its module and its model are
fetched for that) and nothing is predicted. Medians of {results["startTimes"]}.

| | ms | onnxruntime-web takes |
|---|---:|---:|
{beside_onnxruntime(results["starts"])}

## What is downloaded before a model, gzip -9

Ours have the diabetes model inside; the page's is sealed around it and opens no other.

| | bytes | to ours |
|---|---:|---:|
{downloads}

## Model files

{sizes(results)}
"""


def main():
    results = json.loads(pathlib.Path(sys.argv[1]).read_text())
    docs = pathlib.Path(sys.argv[2])
    report = docs / "BENCHMARKS.md"
    # What `cargo xtask bench --trainers` has written stays.
    trainers = re.search("<!-- trainers -->.*<!-- /trainers -->", report.read_text() if report.exists() else "", re.DOTALL)
    report.write_text(page(results).rstrip() + "\n" + (f"\n{trainers[0]}\n" if trainers else ""))
    picture.batches(results, docs / "benchmarks.svg")
    picture.curves(results, docs / "benchmarks-curves.svg")


if __name__ == "__main__":
    main()
