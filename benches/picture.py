"""The pictures of docs/BENCHMARKS.md."""

import matplotlib

matplotlib.use("svg")
import matplotlib.pyplot as plot
from matplotlib.ticker import NullFormatter

plot.rcParams["svg.hashsalt"] = "wardian"
OURS, THEIRS = "#0b6e4f", "#9aa5a0"
MARKS = "osD^vP*X<>dh"


def finish(figure, path):
    figure.tight_layout()
    figure.savefig(path, metadata={"Date": None})
    plot.close(figure)


def batches(results, path):
    """A line a shape, a mark a contender."""
    names = list(results["medians"])
    contenders = list(dict.fromkeys(title for found in results["medians"].values() for title in found))
    figure, axis = plot.subplots(figsize=(10, 0.34 * len(names) + 1.6))
    for index, contender in enumerate(contenders):
        points = [(results["medians"][name].get(contender, {}).get("batch"), place) for place, name in enumerate(names)]
        points = [(value * 1e6, place) for value, place in points if isinstance(value, float)]
        colour = OURS if contender.startswith("Wardian") else "#b5651d" if contender.startswith("XGBoost") else THEIRS
        if points:
            axis.scatter(*zip(*points), label=contender, color=colour, marker=MARKS[index % len(MARKS)], s=26)
    axis.set_xscale("log")
    axis.set_yticks(range(len(names)), [results["shapes"][name]["title"] for name in names], fontsize=8)
    axis.invert_yaxis()
    axis.grid(axis="y", color="#eeeeee")
    axis.set_xlabel("µs a row, in a batch", fontsize=8)
    axis.tick_params(labelsize=8)
    axis.spines[["top", "right"]].set_visible(False)
    axis.legend(fontsize=7, frameon=False, bbox_to_anchor=(1, 1), loc="upper left")
    finish(figure, path)


def curves(results, path):
    """How the cost of a row grows."""
    figure, axes = plot.subplots(1, len(results["curves"]), figsize=(10, 3))
    for axis, (what, points) in zip(axes, results["curves"].items()):
        for contender in next(iter(points.values())):
            found = [(int(label.replace(",", "")), times[contender]) for label, times in points.items()]
            found = sorted((label, time * 1e6) for label, time in found if isinstance(time, float))
            colour = OURS if contender.startswith("Wardian") else THEIRS
            axis.plot(*zip(*found), label=contender, color=colour, marker="o", markersize=3, linestyle="--" if "native" in contender else "-")
        axis.set(xscale="log", yscale="log")
        axis.yaxis.set_minor_formatter(NullFormatter())
        axis.set_xlabel(what, fontsize=8)
        axis.tick_params(labelsize=8)
        axis.spines[["top", "right"]].set_visible(False)
    axes[0].set_ylabel("µs a row", fontsize=8)
    axes[0].legend(fontsize=7, frameon=False)
    finish(figure, path)
