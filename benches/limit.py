"""What any evaluator must load and compare for a row, and how long this processor takes for that at least."""

import math

# What processors do in a cycle since 2013: two loads, and two compares of vectors.
LOADS = COMPARES = 2
# So many leaves are one shuffle for each of a leaf's four bytes.
PLANE = 16


def count(shape, facts, width):
    """Loads and compares a row, with vectors of so many bytes, and which of two ways needs fewer.

    Folding asks every split of every tree, a row a byte: a load and a compare for a vector of rows. Walking asks those on
    a row's own way: for each the split and the value are loaded and compared. Either way a value is turned into a byte
    first (a load, and as many compares as halve its cuts to one), and for each tree a leaf is loaded by its number, or for
    many rows at once where a tree has few.
    """
    floats = width // 4
    fold = facts["splits"] / width, facts["splits"] / width
    walk = 2 * facts["steps"], facts["steps"]
    way, (loads, compares) = min([("all", fold), ("a walk", walk)], key=lambda found: max(found[1]))
    if shape["vectors"]:
        loads += facts["trees"] * (1 + math.ceil(shape["outputs"] / floats))
    elif facts["splits"] < facts["trees"] * PLANE:
        loads += facts["trees"] * 4 / width
    else:
        loads += facts["trees"] * 2
    loads += len(facts["cuts"]) / floats
    compares += sum(math.ceil(math.log2(cuts + 1)) for cuts in facts["cuts"]) / floats
    return way, loads, compares


def seconds(shape, facts, width, clock):
    _, loads, compares = count(shape, facts, width)
    return max(loads / LOADS, compares / COMPARES) / clock


def table(results):
    lines = [
        "| | splits a tree | steps of a row in it | asked | loads a row, 16 bytes | compares | limit, µs | ours in wasm | | limit at 32 bytes | ours native | |",
        "|---|---:|---:|---|---:|---:|---:|---:|---:|---:|---:|---:|",
    ]
    for name, facts in results["facts"].items():
        shape, ours = results["shapes"][name], results["medians"][name]
        way, loads, compares = count(shape, facts, 16)
        cells = []
        for width, contender in [(16, "Wardian, wasm in Node"), (32, "Wardian, native")]:
            limit, taken = seconds(shape, facts, width, results["clock"]), ours[contender]["batch"]
            cells.append(f"{limit * 1e6:.3f} | {taken * 1e6:.3f} | {taken / limit:.1f}×")
        lines.append(
            f"| {shape['title']} | {facts['splits'] / facts['trees']:.0f} | {facts['steps'] / facts['trees']:.1f} | {way} "
            f"| {loads:,.0f} | {compares:,.0f} | {' | '.join(cells)} |"
        )
    return "\n".join(lines)
