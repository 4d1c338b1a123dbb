"""A file of a million rows: `wardian predict --csv` beside pandas' read_csv and XGBoost's predict_proba, in one run.

    python benches/files.py WARDIAN MODEL.ubj ROWS.csv DOCUMENT.md

Both read the same file; the answers are compared. Times are of the processor, of all threads together, and by the clock; what Python
takes to start is not counted, what `wardian` takes is.
"""

import pathlib
import resource
import statistics
import subprocess
import sys
import tempfile
import time

import numpy
import pandas
import xgboost

ROWS = 1_000_000
ROUNDS = 5


def million(source, path):
    """The rows of the study again and again, each number as it is there."""
    header, *rows = source.read_text().splitlines()
    names = header.split(",")[:-1]
    lines = [",".join(row.split(",")[:-1]) for row in rows]
    with path.open("w") as file:
        file.write(",".join(names) + "\n")
        for start in range(0, ROWS, len(lines)):
            file.write("\n".join(lines[: ROWS - start]) + "\n")
    return names


def timed(action, who):
    """What an action gives, and its seconds by the processor and by the clock."""
    before, started = resource.getrusage(who), time.perf_counter()
    result = action()
    after, clock = resource.getrusage(who), time.perf_counter() - started
    return result, (after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime, clock)


def main():
    wardian, model, source, document = sys.argv[1:]
    classifier = xgboost.XGBClassifier(n_jobs=1)
    classifier.load_model(model)
    schema = {name: [0] for name in ("glucose", "blood_pressure", "skin_fold_thick", "serum_insulin", "mass_index")}
    with tempfile.TemporaryDirectory() as folder:
        path = pathlib.Path(folder, "rows.csv")
        names = million(pathlib.Path(source), path)
        path_bytes = path.stat().st_size

        def python():
            # As the model was trained: zero is "not measured" where nobody can have it.
            return classifier.predict_proba(pandas.read_csv(path, na_values=schema)[names])[:, 1]

        def ours():
            return subprocess.run([wardian, "predict", "--csv", path], check=True, capture_output=True).stdout

        seconds = {"python": [], "ours": []}
        for _ in range(ROUNDS):
            theirs, taken = timed(python, resource.RUSAGE_SELF)
            seconds["python"].append(taken)
            written, taken = timed(ours, resource.RUSAGE_CHILDREN)
            seconds["ours"].append(taken)
        answers = numpy.array(written.split(), dtype=numpy.float32)
    different = int((answers.view(numpy.uint32) != theirs.astype(numpy.float32).view(numpy.uint32)).sum())
    assert len(answers) == ROWS and different == 0, f"{different} of {len(answers)} answers differ"
    # The least of each: what else the machine did makes times longer, never shorter.
    [processor, clock] = [{who: min(each[place] for each in all) for who, all in seconds.items()} for place in (0, 1)]
    ratios = [theirs[0] / ours[0] for theirs, ours in zip(seconds["python"], seconds["ours"], strict=True)]
    text = f"""# A file of rows

A CSV file of {ROWS:,} rows of the shipped model (8 columns, {path_bytes / 1e6:.0f} MB), read and answered: `wardian predict --csv` on one thread, beside
`predict_proba(read_csv(…))` of pandas {pandas.__version__} and XGBoost {xgboost.__version__}, in one run, {ROUNDS} rounds in turn
(`cargo xtask bench-files`). All {ROWS:,} answers have the same bits. What Python and its packages take to start is not counted.

| | processor, s | rows a second and thread | clock, s |
|---|---:|---:|---:|
| `wardian predict --csv` | {processor["ours"]:.2f} | {ROWS / processor["ours"] / 1e6:.1f} million | {clock["ours"]:.2f} |
| `read_csv` and `predict_proba` | {processor["python"]:.2f} | {ROWS / processor["python"] / 1e6:.1f} million | {clock["python"]:.2f} |

By the processor Python takes {statistics.median(ratios):.1f} times as long (the median of the rounds; {min(ratios):.1f} to {max(ratios):.1f}).
"""
    pathlib.Path(document).write_text(text)
    print(text)


main()
