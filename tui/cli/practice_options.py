"""The options of practice, of the app and of the command; they are read without NumPy."""

from __future__ import annotations

from argparse import ArgumentParser

from nn_tui.core.translation import tr
from nn_tui.tui.config.settings import parse_answer_digits

LEVELS = ("sign", "compare", "formula", "number")
TOPICS = ("forward", "loss", "delta", "weights", "bias", "update", "momentum", "adam", "softmax")


def add_practice_options(app: ArgumentParser, practice: ArgumentParser) -> None:
    """Add the options of practice to the app and to the command for exercises.

    Args:
        app: The parser of the app.
        practice: The parser of the command ``practice``, which opens the app, too.
    """
    app.add_argument("--practice", action="store_true", help=tr("ask for each number before it is shown, as Q does"))
    practice.add_argument(
        "--topic", metavar="NAME", help=tr("one of {names} (default: forward)", names=", ".join(TOPICS))
    )
    # The options of the app that exercises do not need.
    practice.set_defaults(
        preset=None,
        set=None,
        weights=None,
        at=None,
        select=None,
        view=None,
        resume_now=False,
        resume=None,
        practice=True,
    )
    for parser in (app, practice):
        parser.add_argument(
            "--level",
            metavar="NAME",
            help=tr("what practice asks: {names} (default: formula)", names=", ".join(LEVELS)),
        )
        parser.add_argument(
            "--digits",
            metavar="N",
            dest="practice_digits",
            type=parse_answer_digits,
            help=tr("significant digits of answers in practice (default: 4)"),
        )
        parser.add_argument(
            "--results", metavar="FOLDER", help=tr("write the marks of your answers to a file in FOLDER, for a teacher")
        )
        parser.add_argument("--student", metavar="NAME", help=tr("your name in the results (default: your login)"))
