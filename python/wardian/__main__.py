"""The command ``wardian`` of the Python package: ``python -m wardian``."""

from __future__ import annotations

import argparse
import os
import sys
import warnings
from typing import TYPE_CHECKING, NoReturn

if TYPE_CHECKING:
    from collections.abc import Sequence

    from ._model import Model


#: Another program has the same name: which of them answers is the first thing to know.
_ABOUT = (
    "Trained trees in a sealed case. This is the command of the Python package wardian (python -m wardian is the same); "
    "the program of this name that cargo installs has more commands: figures, train, card."
)


class _Parser(argparse.ArgumentParser):
    """One that says what is meant for the other program of this name."""

    def error(self, message: str) -> NoReturn:
        others = ("--model", "--csv", "--rows", "--row", "'figures'", "'train'", "'card'", "'serve'")
        if any(other in message for other in others):
            message += (
                "; that is for the program wardian that cargo installs: this one is the Python package's, as in wardian predict MODEL ROWS"
            )
        super().error(message)


def main(arguments: Sequence[str] | None = None) -> int:
    """Runs the command; its exit code is 0, or 1 where something is refused."""
    parser = _Parser(prog="wardian", description=_ABOUT)
    parser.add_argument("--version", action="version", version=_version())
    commands = parser.add_subparsers(dest="command", required=True)

    def command(name: str, said: str) -> argparse.ArgumentParser:
        own = commands.add_parser(name, help=said, description=said)
        own.add_argument("model", help="a file of XGBoost, LightGBM, CatBoost, scikit-learn or ONNX, or .wardian")
        own.add_argument("--schema", help="names, units, ranges and missing codes of the inputs, as JSON")
        own.add_argument("--missing", type=float, help='the value that means "not measured": the trainer\'s missing=')
        own.add_argument("--all-trees", action="store_true", help="keep the trees that were grown after the best round")
        own.add_argument("--categories-from", choices=("pandas", "arrow"), help="where the training data's categories came from")
        return own

    command("inspect", "What is in a model's file")
    convert = command("convert", "Write a model as a .wardian file")
    convert.add_argument("-o", "--output", required=True)
    for name, said in (
        ("predict", "Answer the rows of a file"),
        ("explain", "Contributions of the features to each row's margin"),
    ):
        own = command(name, said)
        own.add_argument(
            "rows", help="a file of CSV or the like, JSON lines, Parquet or Arrow; - is standard input; the last two need pyarrow"
        )
        _text_options(own)
        own.add_argument("-o", "--output", help="a .csv, .parquet or .arrow file; else CSV is printed")
        if name == "predict":
            own.add_argument("--margin", action="store_true", help="the sums of the trees, before the link")
            own.add_argument("--proba", action="store_true", help="the probability of each class")
    seal = command("seal", "Make a page, a folder, a package or a file of a model")
    seal.add_argument("-o", "--output", required=True, action="append", help="risk.html, site/, risk.tgz, risk.wasm, …; again for more")
    for option, said in (
        ("--data", "rows of the training data, or like them: a file of CSV, JSON lines, Parquet or Arrow"),
        ("--label", "their column that was to be predicted"),
        ("--held-out", "rows with labels that the model was not trained on (likewise)"),
        ("--group", "the column of these by which figures are told"),
        ("--positive", "of labels that are two texts the positive one"),
        ("--predictions", "the trainer's answers to --data (likewise)"),
        ("--title", "the page's title"),
        ("--name", "the package's name"),
        ("--kind", "what the answer is"),
        ("--language", "the page's language"),
        ("--case", "a case.json"),
    ):
        seal.add_argument(option, help=said)
    options = parser.parse_args(arguments)
    from ._errors import WardianError, at_command

    try:
        with at_command():
            _run(options)
        sys.stdout.flush()
    except BrokenPipeError:
        # Whoever reads has enough, `head` say. What is left in the buffer goes nowhere.
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
    except (WardianError, OSError) as error:
        print(f"wardian: {error}", file=sys.stderr)
        return 1
    return 0


def _text_options(command: argparse.ArgumentParser) -> None:
    own = command.add_argument_group("how a file of text is read, where it does not say")
    own.add_argument("--header", choices=("yes", "no"), help="whether the first line names the columns")
    own.add_argument(
        "--column",
        action="append",
        metavar="FEATURE=COLUMN",
        help="which column is a feature's: its name, or # and its number from 1; again for more",
    )
    own.add_argument("--unit", action="append", metavar="FEATURE=UNIT", help="the unit that a feature's column is in; again for more")
    own.add_argument("--absent", action="store_true", help="let features have no column: no row has their values")
    own.add_argument("--delimiter", metavar="SIGN", help="what ends a cell: a character, or tab")
    own.add_argument("--decimal", metavar="SIGN", help="what stands before a number's fraction: . or ,")
    own.add_argument("--thousands", metavar="SIGN", help="what stands between each three digits of a number")
    own.add_argument(
        "--missing-text",
        action="append",
        metavar="TEXT",
        help='a text that means "not measured", instead of those that pandas knows; again for more',
    )
    own.add_argument("--encoding", metavar="NAME", help="how characters are written: utf-8, utf-16le, utf-16be or windows-1252")
    own.add_argument("--skip", metavar="LINES", help="how many lines stand before the table")


def _version() -> str:
    from . import __version__
    from ._engine import engine_class

    return f"wardian {__version__} (the Python package's; engine: {engine_class()[0]})"


def _run(options: argparse.Namespace) -> None:
    from ._model import load

    model = load(
        options.model,
        schema=options.schema,
        missing=options.missing,
        all_trees=options.all_trees,
        categories_from=options.categories_from,
    )
    if options.command == "inspect":
        import json
        from dataclasses import asdict

        from ._description import READING

        described = asdict(model.description)
        for feature in described["features"]:
            for name in READING:
                del feature[name]
        print(json.dumps(described, indent=2, ensure_ascii=False))
    elif options.command == "convert":
        for note in model.description.notes:
            print(note, file=sys.stderr)
        model.save(options.output)
    elif options.command == "seal":
        told: set[str] = set()
        for output in options.output:
            with warnings.catch_warnings(record=True) as notes:
                warnings.simplefilter("always")
                said = model.seal(
                    output,
                    data=options.data,
                    label=options.label,
                    held_out=options.held_out,
                    group=options.group,
                    positive=options.positive,
                    predictions=options.predictions,
                    title=options.title,
                    name=options.name,
                    kind=options.kind,
                    language=options.language,
                    case=options.case,
                )
            print(f"{output}: {said}", file=sys.stderr)
            # Most are of rows and model, whatever is made of them.
            for sentence in (str(note.message) for note in notes):
                if sentence not in told:
                    print(f"note: {sentence}", file=sys.stderr)
                told.add(sentence)
    else:
        _answer(options, model)


def _answer(options: argparse.Namespace, model: Model) -> None:
    from ._tables import read, write

    with warnings.catch_warnings(record=True) as heard:
        warnings.simplefilter("always")
        write(options, model, read(options, model))
    for told in heard:
        print(f"wardian: warning: {told.message}", file=sys.stderr)


if __name__ == "__main__":
    sys.exit(main())
