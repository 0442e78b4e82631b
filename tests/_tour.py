"""A tour of the app in a pseudo-language: keys that lead to every view, dialog, message and error, and what is shown.

The pseudo-language has accents on all letters, so a word in plain letters is either untranslated English or one of the
names that are the same in every language.
"""

from __future__ import annotations

import contextlib
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path

from textual.errors import NoWidget
from textual.screen import ModalScreen
from textual.widget import Widget

from nn_tui.core.data.generators import GENERATORS
from nn_tui.core.edits.grammar import EDITS
from nn_tui.core.export.writers import WRITERS
from nn_tui.core.figure.figures import FIGURES
from nn_tui.core.lesson.loader import shipped_lessons
from nn_tui.core.lesson.run_figures import FIGURES as RUN_FIGURES
from nn_tui.core.nn.activations import ACTIVATIONS
from nn_tui.core.nn.initializers import INITIALIZERS
from nn_tui.core.nn.losses import LOSSES
from nn_tui.core.nn.optimizers import OPTIMIZERS
from nn_tui.core.nn.schedules import SCHEDULES
from nn_tui.core.practice import names
from nn_tui.core.preset.loader import shipped_presets
from nn_tui.core.program.values import FRAMEWORK_NAMES
from nn_tui.presets import TOPICS
from nn_tui.tui.app import NNTui
from nn_tui.tui.cli import figure_options, parsers
from nn_tui.tui.draw.palette_colors import PALETTES
from nn_tui.tui.keys.keys import KEYS
from tests._pseudo import BEGIN, END

WORD = re.compile(r"[A-Za-z][A-Za-z_]*[A-Za-z]")  # names such as weight_decay are one word
OPTION = re.compile(r"--[a-z-]+")
CUT = ("…", "»")  # marks of a text that is cut


def words(*texts: str) -> frozenset[str]:
    """Return the words of some texts."""
    return frozenset(word for text in texts for word in WORD.findall(text))


def plain_words(text: str, allowed: frozenset[str]) -> set[str]:
    """Return the words of a text that are not allowed, nor a part of an allowed word beside a mark of a cut."""
    for loss in LOSSES:
        text = text.replace(loss.replace("_", " "), loss)  # as the header writes it
    found: set[str] = set()
    for match in WORD.finditer(text):
        word, before, after = match[0], text[match.start() - 1 : match.start()], text[match.end() : match.end() + 1]
        is_start = after in CUT and any(name.startswith(word) for name in allowed)
        is_end = before in CUT and any(name.endswith(word) for name in allowed)
        if word not in allowed and not is_start and not is_end:
            found.add(word)
    return found


# Names that are the same in every language.
REGISTRIES: tuple[Mapping[str, object], ...] = (ACTIVATIONS, LOSSES, OPTIMIZERS, SCHEDULES, INITIALIZERS, GENERATORS)
SYMBOLS = words("nn-tui NaN nan dW db da dx dz eps exp log ln max min sign tanh erf beta TOML CSV", *PALETTES)
KEY_NAMES = words("ctrl shift enter esc home end tab", *(key.key_label for key in KEYS))
OPTIONS = words(*(key for optimizer in OPTIMIZERS.values() for key in optimizer.defaults), "mean std")
FRAMEWORKS = words(*FRAMEWORK_NAMES, *FRAMEWORK_NAMES.values())
FILE_ENDINGS = words(*(ending.removeprefix(".") for ending in (*WRITERS, ".pt", ".svg")))
NAMES = (
    SYMBOLS
    | OPTIONS
    | KEY_NAMES
    | FRAMEWORKS
    | FILE_ENDINGS
    | frozenset(RUN_FIGURES)  # the names in a goal
    | {word for registry in REGISTRIES for name in registry for word in words(name)}
)
# Texts that come from files, and those that people type.
_PRESETS = (f"{preset.id} {preset.title} {preset.summary} {preset.notes}" for preset in shipped_presets())
PRESETS = words(*_PRESETS, *TOPICS)
LESSONS = words(*(lesson.title for lesson in shipped_lessons()))  # on the pages of the words and of the findings
EXAMPLES = words(*(edit.example for edit in EDITS.values()), "full")
EXPORTS = words("PyTorch NumPy nn.Sequential xor.py svg", *WRITERS, *FIGURES, str(Path.cwd()))
NO_WORDS: frozenset[str] = frozenset()


@dataclass(frozen=True)
class Stop:
    """A stop of the tour.

    Attributes:
        name: Its name.
        keys: The keys that lead to it.
        names: The words that need no translation there.
        text: A text that is pasted into the input after the keys, and confirmed.
    """

    name: str
    keys: str
    names: frozenset[str] = NO_WORDS
    text: str | None = None


def repeated(name: str, key: str, count: int, first: str = "") -> tuple[Stop, ...]:
    """Return a stop for each of ``count`` presses of a key; ``first`` are the keys of the first stop, if others."""
    return tuple(Stop(f"{name} {number}", key if number or not first else first) for number in range(count))


def edits(*texts: str) -> tuple[Stop, ...]:
    """Return a stop for each text that is entered as a change."""
    return tuple(Stop(f"edit {text}", "e", EXAMPLES | words(text), text) for text in texts)


def wrong(key: str, *texts: str) -> tuple[Stop, ...]:
    """Return a stop for each wrong text that is entered in the dialog that a key opens, which each leaves open."""
    return tuple(
        Stop(f"{key} {text}", "" if number else f"escape {key}", EXAMPLES | words(text), text)
        for number, text in enumerate(texts)
    )


WRONG_EDITS = (
    "", "hello", "w9[1,1] = 0", "w1 = 0", "w1[1,1] = x", "b1[9] = 1", "x9 = 1", "y9 = 1", "eta = -1", "eta",
    "batch = 0", "optimizer = foo", "momentum = 2", "beta1 = 0.5", "schedule = foo", "schedule = cosine T_max=-1",
    "schedule = cosine foo", "warmup = x", "warmup = 2 foo=1", "loss = foo", "loss = cross_entropy",
    "activation = relu", "activation 9 = relu", "activation 1 = foo", "shuffle = maybe", "reduction = foo",
    "l1 = -1", "noise = 0.1", "samples = 3", "data seed = 1", "seed = x", "init = foo", "init = normal foo=1",
    "units 1 = 0", "units 9 = 1", "add 2 units to layer 9", "remove unit 9 of layer 1", "add layer 9 4 relu",
    "remove layer 2", "freeze w9", "standardize = maybe", "unfreeze w1",
)  # fmt: skip

TOURS: dict[str, tuple[Stop, ...]] = {
    "xor": (
        Stop("start", ""),
        *(Stop(f"too early: {key}", key) for key in "bugPap<;>"),
        *repeated("zoom", "z", 4),
        *repeated("digits", "d", 4),
        Stop("no layer before", "[ ["),
        Stop("no layer after", "] ] ]"),
        Stop("no sample before", ", , , , ,"),
        Stop("no sample after", ". . . . ."),
        *repeated("step", "space", 6),
        Stop("forward", "n f"),
        Stop("forward again", "f"),
        Stop("backward", "b"),
        Stop("backward again", "b"),
        Stop("highlight", ";"),
        Stop("follow", ">"),
        Stop("follow back", "<"),
        Stop("batch", "B"),
        Stop("one sample", "B"),
        Stop("copy", "Y"),
        *repeated("colours", "T", 5),
        Stop("inspect", "enter"),
        Stop("inspect a sum", "escape / l o s s enter enter"),
        Stop("gradient check", "escape g", words("w1 b1")),
        Stop("row of the check", "down down enter"),
        Stop("update", "u"),
        Stop("update again", "u"),
        Stop("bookmark", "*"),
        Stop("no bookmark", "*"),
        Stop("jump", "( )"),
        Stop("last jump", ") ) )"),
        Stop("scrub", "ctrl+left"),
        Stop("scrub on", "ctrl+right ctrl+right"),
        Stop("pass back", "p"),
        Stop("restart", "0"),
        Stop("undo", "backspace"),
        Stop("new seed", "N"),
        Stop("undo the seed", "backspace"),
        Stop("switch", "a"),
        Stop("go to", "t"),
        *wrong("t", "x", "99999999999999"),
        Stop("go far", "escape t", text="30"),
        Stop("name", "/"),
        *wrong("/", "q", "w", "w9[1,1]", "w1[9,9]", "x9", "sample 9", "z", "z1[9]", "m1[1,1]"),
        Stop("export", "escape x", EXPORTS),
        Stop("export, unknown ending", "", EXPORTS | words("mine.doc"), "mine.doc"),
        Stop("edit dialog", "escape e", EXAMPLES | words(*OPTIMIZERS)),
        *wrong("e", *WRONG_EDITS),
        Stop("no change", "", EXAMPLES, "eta = 0.5"),
        Stop("close", "escape"),
        *edits(
            "w1[1,1] = 0.5",
            "x1 = 0.3",
            "y1 = 1",
            "eta = 0.25",
            "optimizer = adam 0.01",
            "beta1 = 0.8",
            "schedule = cosine T_max=50",
            "warmup = 20",
            "loss = mean_squared_error",
            "activation 1 = relu",
            "batch = 2",
            "shuffle = off",
            "reduction = sum",
            "l2 = 0.01",
            "seed = 7",
            "init = he_normal",
            "units 1 = 6",
            "add 2 units to layer 1",
            "remove unit 2 of layer 1",
            "add layer 2 4 relu",
            "remove layer 2",
            "freeze w1",
        ),
        Stop("adam's step", "n f b u /  m 1 [ 1 , 1 ] enter enter", EXAMPLES),
        Stop("run A", "escape a", EXAMPLES),
        Stop("compare", "c", EXAMPLES),
        Stop("compare with", "", EXAMPLES, "eta = 4"),
        Stop("compared", "n n", EXAMPLES),
        Stop("compared output", "4 m", EXAMPLES),
        Stop("compared chart", "5", EXAMPLES),
        Stop("no comparison", "m c"),
        Stop("slower", "- - - - - - -"),
        Stop("running", "r"),
        Stop("paused", "r"),
        Stop("playing back", "P"),
        Stop("faster", "r + + + + + + + +"),
        Stop("help", "?", words("torch.nn.Linear") | LESSONS),
        Stop("help, on", "pagedown", words("torch.nn.Linear") | LESSONS),
        Stop("help, end", "end", words("torch.nn.Linear fg") | LESSONS),
        Stop("presets", "escape o", PRESETS),
        Stop("presets, no match", "q q q", PRESETS | words("qqq")),
        Stop("palette", "escape ctrl+p", PRESETS),
        *(
            Stop(f"palette {text}", " ".join(["ctrl+u", *text]), PRESETS | words(text))
            for text in ("sp", "lo", "di", "zoo", "qqq")
        ),
        Stop("landscape", "escape w"),
        Stop("landscape of weights", "w"),
        Stop("health", "escape i", EXAMPLES | LESSONS),
        Stop("seeds", "escape M", EXAMPLES),
        *wrong("M", "x", "0"),
        Stop("seeds trained", "escape M ctrl+u 3 tab ctrl+u 5 enter", words("seed")),
        Stop("seeds, end", "end", words("seed")),
        Stop("sweep", "escape M tab ctrl+u 5 tab e t a = 1 , 2 enter", EXAMPLES),
        Stop("sweep, marked", "space space", EXAMPLES),
        Stop("sweep, overlaid", "enter", EXAMPLES),
    ),
    "circles": (
        *edits("noise = 0.3", "samples = 100", "data seed = 5", "standardize = on"),
        *wrong("e", "noise = -1", "noise = 0.3", "samples = 0", "standardize = on", "data seed = x"),
        Stop("compare", "escape c", EXAMPLES),
        Stop("compare with", "", EXAMPLES, "eta = 0.5"),
        Stop("compared", "n n", EXAMPLES),
        Stop("compared views", "1 2 3 4 5", EXAMPLES),
        Stop("the other run", "a", EXAMPLES),
        Stop("no comparison", "c", EXAMPLES),
    ),
    "iris": (
        *repeated("output", "y", 6, "4 m y"),
        *repeated("chart", "v", 6, "n 5"),
        Stop("recent", "E"),
        Stop("log", "L"),
        Stop("layer", "2"),
        Stop("arithmetic", "f b 3 / d z 1 [ 2 ] enter"),
        Stop("network", "1"),
        Stop("class", "4 y y y enter"),
    ),
    "digits": repeated("output", "y", 7, "4 m n y"),
    "sine": repeated("output", "y", 4, "4 m n y"),
    "plane": repeated("output", "y", 4, "4 m n y"),
    "autoencoder": (
        *repeated("output", "y", 4, "4 m n y"),
        Stop("loss", "m f b / l o s s enter"),
    ),
    "mazur": (
        Stop("loss", "f b / l o s s enter 3 m"),
        Stop("activation", "/ a 1 [ 1 ] enter"),
        Stop("weight", "/ w 1 [ 1 , 1 ] enter"),
        Stop("inputs", "/ d x 1 enter"),
        Stop("details", "enter"),
        Stop("deeper", "escape z z n f b u /  w 1 [ 1 , 1 ] ' enter enter"),
    ),
    "xor-perceptron": (
        Stop("output", "f 4 m"),
        Stop("loss", "b / l o s s enter 3"),
        Stop("health", "i", EXAMPLES | LESSONS),
    ),
    "dying-relu": (Stop("dead units", "n n f b"), Stop("health", "i", EXAMPLES | LESSONS)),
    "vanishing": (Stop("gradients", "n f b"), Stop("health", "i", EXAMPLES | LESSONS)),
    "exploding": (
        Stop("diverged", "t", text="60"),
        Stop("health", "i", EXAMPLES | LESSONS),
        Stop("after", "escape r"),
        Stop("on", "f"),
    ),
    "xor-zeros": (
        Stop("equal units", "n f b"),
        Stop("health", "i", EXAMPLES | LESSONS),
        Stop("seeds", "escape M", EXAMPLES),
    ),
    "schedule": (Stop("rate", "n n 5 m v v v v"), Stop("arithmetic", "f b u 3 / w 1 [ 1 , 1 ] ' enter")),
    "ravine-momentum": (Stop("velocity", "n f b u 3 m / w 1 [ 1 , 1 ] ' enter"), Stop("details", "enter")),
    "ravine-adam": (Stop("moments", "n f b u 3 m / w 1 [ 1 , 1 ] ' enter"), Stop("details", "enter")),
}

COMMANDS = (
    "--help", "list --help", "train --help", "trace --help", "check --help", "export --help", "worksheet --help",
    "mark --help", "list", "list --kept", "learn --help", "mark missing.json missing.csv", "completion --help",
    "practice --help", "predict --help", "figure --help", "sweep --help",
    "train xor --updates 3", "train iris --epochs 2", "train exploding --updates 100", "trace xor", "trace iris",
    "trace exploding --updates 90", "check xor", "check dying-relu",
    "check ravine-adam", "xor", "foo", "trian xor", "train foo --updates 1", "train xor",
    "train xor --updates x", "train xor --updates -1",
    "train xor --epochs 99999999999", "trace xor --updates 0", "trace xor --digits x", "--palette foo", "--seed x",
    "check missing.toml", "check missing.csv", "worksheet mazur", "worksheet ravine-adam --key --only sample=1",
    "worksheet xor --level 4", "worksheet digits", "worksheet xor --blank w1",
)  # fmt: skip
"""Command lines whose output and errors are read."""

USAGE = words(
    "usage options positional arguments show this help message and exit program's version number",
    "one of the arguments is required, argument not allowed with argument, invalid choice, the following arguments",
    "PRESET LESSON CONDITION FILE NAME NAMES LIMITS MOMENT CHANGE SHEET ANSWERS MINE FOLDER toml csv json nntui npz",
    "gift html md tex lesson ID sheet key class answers mine results mazur iris dw eta init",
    "SHARE TEXT mean drop refuse point comma tab semicolon space pipe flowers species height id note txt export",
    "LIST VALUES COMMAND",
    *parsers.COMMANDS,
    *(example for command in parsers.COMMANDS.values() for example in command.examples),
    *figure_options.FIGURE_NAMES,
    *names.LEVELS,
    *names.TOPICS,
)
"""The words of Python's argparse and the names in our usage, which are not translated."""


def shown(app: NNTui) -> Iterator[tuple[Widget, str]]:
    """Yield each visible widget with the text of its visible part: its border, its titles and its lines."""
    for screen in app.screen_stack:
        for widget in screen.walk_children(Widget):
            with contextlib.suppress(NoWidget):
                geometry = screen.find_widget(widget)
                if geometry.visible_region.area and not isinstance(widget, ModalScreen):
                    strips = widget.render_lines(geometry.visible_region.translate(-geometry.region.offset))
                    yield widget, "\n".join(strip.text for strip in strips)


def is_cut(widget: Widget, text: str) -> bool:
    """Return whether a sentence of a widget lacks its end, and neither a mark nor a scroll bar tells so."""
    scrolls = any(node.max_scroll_y for node in widget.ancestors_with_self if isinstance(node, Widget))
    return not scrolls and lacks_an_end(text)


def lacks_an_end(text: str) -> bool:
    """Return whether a sentence in brackets has no end and no mark of a cut."""
    depth = 0
    for char in text:
        if char == BEGIN:
            depth += 1
        elif char == END:
            depth = max(0, depth - 1)
        elif char in CUT:
            depth = 0
    return depth > 0
