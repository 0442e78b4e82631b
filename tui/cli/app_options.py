"""The commands that open the app: open, practice and learn. Their options are read without NumPy."""

from __future__ import annotations

from argparse import ArgumentParser, Namespace

from nn_tui.core.lesson.names import VIEW_NAMES
from nn_tui.core.practice.names import LEVELS, TOPICS
from nn_tui.core.translation import message, tr
from nn_tui.tui.cli.command import Command
from nn_tui.tui.cli.completers import complete, folders, lessons, opened, words
from nn_tui.tui.cli.shared_options import add_json, add_present, add_start_options
from nn_tui.tui.config.settings import Settings, parse_answer_digits

DEFAULT_PRESET = "xor"


def _add_open_options(parser: ArgumentParser) -> None:
    preset = parser.add_argument(
        "preset",
        nargs="?",
        metavar="PRESET | FILE.toml | FILE.csv | FILE.nntui",
        help=tr(
            "a preset, a file of any ending with a table, or a document (default: {preset})", preset=DEFAULT_PRESET
        ),
    )
    complete(preset, opened)
    parser.add_argument(
        "--at",
        metavar="MOMENT",
        help=tr("open a moment, such as 3, 3.backward or 3.backward.1.2: pass, phase, layer, unit"),
    )
    parser.add_argument("--select", metavar="NAME", help=tr("select a number, such as dw1[2,1] or z1[2]@3 (sample 3)"))
    view = parser.add_argument("--view", metavar="NAME", help=tr("choose a view, such as layer or network"))
    complete(view, words(VIEW_NAMES))
    resume = parser.add_mutually_exclusive_group()
    resume.add_argument("--resume", dest="resume_now", action="store_true", help=tr("resume the newest kept session"))
    resume.add_argument(
        "--no-resume", dest="resume", action="store_false", default=None, help=tr("do not keep or offer sessions")
    )
    parser.add_argument("--practice", action="store_true", help=tr("ask for each number before it is shown, as Q does"))
    _add_answer_options(parser)
    add_start_options(parser)
    add_present(parser)


def _add_practice_options(parser: ArgumentParser) -> None:
    topic = parser.add_argument(
        "--topic", metavar="NAME", help=tr("one of {names} (default: forward)", names=", ".join(TOPICS))
    )
    complete(topic, words(TOPICS))
    _add_answer_options(parser)
    parser.set_defaults(practice=True)


def _add_answer_options(parser: ArgumentParser) -> None:
    """Add how practice asks, and where it writes the marks."""
    level = parser.add_argument(
        "--level",
        metavar="NAME",
        help=tr("what practice asks: {names} (default: formula)", names=", ".join(LEVELS)),
    )
    complete(level, words(LEVELS))
    parser.add_argument(
        "--digits",
        metavar="N",
        dest="practice_digits",
        type=parse_answer_digits,
        help=tr("significant digits of answers in practice (default: 4)"),
    )
    results = parser.add_argument(
        "--results", metavar="FOLDER", help=tr("write the marks of your answers to a file in FOLDER, for a teacher")
    )
    complete(results, folders)
    parser.add_argument("--student", metavar="NAME", help=tr("your name in the results (default: your login)"))


def _add_learn_options(parser: ArgumentParser) -> None:
    lesson = parser.add_argument("lesson", nargs="?", metavar="LESSON | FILE.toml", help=tr("the lesson to open"))
    complete(lesson, lessons)
    parser.add_argument("--list", action="store_true", help=tr("list the lessons, and which are done"))
    add_present(parser)
    add_json(parser)


def _list_lessons(args: Namespace, settings: Settings) -> int:
    from nn_tui.tui.cli.learning import learn

    return learn(args, settings)


OPEN = Command(
    "open",
    message("open a preset, a table or a document; the word may be left out"),
    message("Train a small neural network in the terminal, one pass at a time."),
    _add_open_options,
    {
        "mazur": message("open a preset"),
        "flowers.csv": message("open a table, and choose its columns"),
        "xor --set 'eta = 0.1' --at 3.backward": message("open a moment of a run with another learning rate"),
    },
    opens_app=True,
)
PRACTICE = Command(
    "practice",
    message("open exercises for work by hand in the app"),
    message("Practise with small networks for work by hand, the easy ones first."),
    _add_practice_options,
    {
        "--topic update --seed 5": message("exercises on the update, the same ones each time"),
        "--level number --results class": message("ask for numbers, and write the marks for a teacher"),
    },
    opens_app=True,
)
LEARN = Command(
    "learn",
    message("open a lesson in the app, or list the lessons"),
    message("Open a lesson in the app, or list the lessons in the order of the course."),
    _add_learn_options,
    {
        "--list": message("the lessons, and which are done"),
        "chain-rule": message("open a lesson where you left it"),
        "chain-rule --present": message("show a lesson to a class"),
    },
    run=_list_lessons,
    opens_app=True,
)
