"""Writes docs/BENCHMARKS.md and docs/benchmarks.svg from the results of a run.

    python benches/report.py RESULTS DOCS-FOLDER
"""

import json
import pathlib
import sys

import matplotlib

matplotlib.use("svg")
import matplotlib.pyplot as plot

OURS = "Wardian, wasm in Node"


def table(results, kind, unit):
    """Microseconds of each contender for each model, and how many times ours that is."""
    names = list(results["titles"])
    contenders = list(dict.fromkeys(name for found in results["medians"].values() for name in found))
    lines = [f"| {unit} | " + " | ".join(results["titles"].values()) + " |", "|---" * (len(names) + 1) + "|"]
    for contender in contenders:
        cells = []
        for name in names:
            value = results["medians"][name].get(contender, {}).get(kind)
            ours = results["medians"][name][OURS].get(kind)
            if value is None:
                cells.append("–")
            elif isinstance(value, dict):
                cells.append("cannot")
            else:
                cells.append(f"{value * 1e6:.2f} ({value / ours:.1f}×)")
        if any(cell != "–" for cell in cells):
            lines.append(f"| {contender} | " + " | ".join(cells) + " |")
    return "\n".join(lines)


def explaining(results):
    """The section about contributions, if the run has any."""
    if not any("explain" in kinds for found in results["medians"].values() for kinds in found.values()):
        return ""
    return f"""## Explaining: the contributions of the features

Exact SHAP values, ours and XGBoost's `pred_contribs`, 256 rows together.

{table(results, "explain", "µs a row")}

One row by itself, by name in JavaScript:

{table(results, "explain-one", "µs")}

The diabetes model in Node: {results["diabetes"]["explain"] * 1e6:.1f} µs for one `explain`, {results["diabetes"]["predict"] * 1e6:.1f} for one `predict`.

"""


def sizes(results):
    lines = ["| model | splits | .wardian | bytes a split | XGBoost UBJ | bytes a split | ONNX |", "|---|---:|---:|---:|---:|---:|---:|"]
    for name, size in results["sizes"].items():
        splits = size["splitCount"]
        lines.append(
            f"| {results['titles'][name]} | {splits:,} | {size['wardian']:,} | {size['wardian'] / splits:.1f} "
            f"| {size['ubj']:,} | {size['ubj'] / splits:.1f} | {size.get('onnx', 0):,} |"
        )
    return "\n".join(lines)


def draw(results, path):
    names = list(results["titles"])
    contenders = [name for name in results["medians"][names[0]] if "batch" in results["medians"][names[0]][name]]
    plot.rcParams["svg.hashsalt"] = "wardian"
    figure, axes = plot.subplots(1, len(names), figsize=(12, 3.2), sharey=True)
    for axis, name in zip(axes, names):
        times = []
        for contender in contenders:
            value = results["medians"][name].get(contender, {}).get("batch")
            times.append(value * 1e6 if isinstance(value, float) else 0)
        colours = ["#0b6e4f" if contender.startswith("Wardian") else "#9aa5a0" for contender in contenders]
        axis.barh(contenders, times, color=colours)
        axis.invert_yaxis() if axis is axes[0] else None
        axis.set_title(results["titles"][name], fontsize=9)
        axis.set_xlabel("µs a row, in a batch", fontsize=8)
        axis.tick_params(labelsize=8)
        axis.spines[["top", "right"]].set_visible(False)
    figure.tight_layout()
    figure.savefig(path, metadata={"Date": None})


def beside_onnxruntime(times):
    """Rows of milliseconds, and how many times as long onnxruntime-web takes."""
    peer = next(time for name, time in times.items() if name.startswith("onnxruntime"))
    return "\n".join(f"| {name} | {time:.1f} | {peer / time:.1f}× |" for name, time in times.items())


def main():
    results = json.loads(pathlib.Path(sys.argv[1]).read_text())
    docs = pathlib.Path(sys.argv[2])
    load_rows = beside_onnxruntime(results["loads"])
    start_rows = beside_onnxruntime(results["starts"])
    downloads = "\n".join(
        f"| {name} | {size:,} | {size / results['downloads']['Wardian, what the page takes']:.0f}× |" for name, size in results["downloads"].items()
    )
    (docs / "BENCHMARKS.md").write_text(
        f"""# Benchmarks

Written by `cargo xtask bench` on {results['date']}: {results['machine']}. One thread each; medians of {results['rounds']}
rounds in which every contender takes its turn (batches for 50 ms at least), so read the ratios (in brackets, to our wasm in Node). Before anything is
timed, our margins are compared with XGBoost's, bit for bit. A file of a million rows, beside pandas and XGBoost: [FILES.md](FILES.md).

![Microseconds a row in a batch](benchmarks.svg)

## A batch of 20,001 rows

{table(results, "batch", "µs a row")}

## One row, an array in and a number out

{table(results, "one", "µs")}

m2cgen and gbdt know one base score for all classes: theirs are folded into the first trees. YDF reads no foreign models:
its figures are of models of the same shape that it trained itself.

{explaining(results)}## Workers

A `Pool` on 200,010 rows of the 500-tree model: {results["pools"]["1"] * 1e6:.2f} µs a row with one worker,
{results["pools"]["2"] * 1e6:.2f} with two: {results["pools"]["1"] / results["pools"]["2"]:.2f}×.

## From nothing to the first prediction, in Chromium

Fetch from this machine, compile, make the model ready (the shipped one, or the one of 100 trees), predict one row; a fresh
context each time, left alone for half a second first. Our scripts are what a bundler makes of an import of the package;
onnxruntime-web's is one file already. What an empty file or script takes is the browser's own share, and nobody can be faster.

| | ms | onnxruntime-web takes |
|---|---:|---:|
{load_rows}

## From a page with its scripts to the first prediction, in Chromium

The page has imported the script of the contender and has been left alone; then, from the call: fetch from this machine,
compile, make the model ready, predict one row. For onnxruntime-web the session is created (its module and its model are
fetched for that) and nothing is predicted. Medians of {results['startTimes']}.

| | ms | onnxruntime-web takes |
|---|---:|---:|
{start_rows}

## What is downloaded before a model, gzip -9

Ours have the diabetes model inside; the page's is sealed around it and opens no other.

| | bytes | to ours |
|---|---:|---:|
{downloads}

## Model files

{sizes(results)}
"""
    )
    draw(results, docs / "benchmarks.svg")


if __name__ == "__main__":
    main()
