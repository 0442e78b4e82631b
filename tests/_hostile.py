"""Strategies for hostile input: presets and CSV files with mutations in every part."""

from __future__ import annotations

import datetime
import json
import signal
import tomllib
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from types import FrameType
from typing import Any

from hypothesis import strategies as st

from nn_tui.core.data.features import FEATURES
from nn_tui.core.data.generators import GENERATORS
from nn_tui.core.nn.activations import ACTIVATIONS
from nn_tui.core.nn.initializers import INITIALIZERS
from nn_tui.core.nn.losses import LOSSES
from nn_tui.core.nn.optimizers import OPTIMIZERS
from nn_tui.core.nn.schedules import SCHEDULES
from nn_tui.presets import COURSE

FOLDER = Path(__file__).resolve().parents[1] / "presets"
TEXTS = tuple((FOLDER / f"{name}.toml").read_text(encoding="utf-8") for name in COURSE)
PRESET_TREES: tuple[dict[str, Any], ...] = tuple(tomllib.loads(text) for text in TEXTS)

# Text that a terminal, a markup parser or a bidirectional renderer interprets instead of displaying it.
CONTROL_SEQUENCES = (
    "\x1b[31mred",
    "\x1b]0;title\x07",
    "[bold]x[/bold]",
    "[@click=app.quit]x[/]",
    "\u202eevil",
    "a\u2066b",
    "\x9b2J",
)
ODD_TEXT = (
    *CONTROL_SEQUENCES,
    "",
    " ",
    "\0",
    "\n",
    "\r",
    "\x85",
    "\u2028",
    "\ufeff",
    "ㄹ",
    "ﬃ",
    "🏴‍☠️",
    "é" * 300,
    "a" * 3000,
)
# Files that a mutated preset may name instead of its own data.
OTHER_FILES = ("/etc/passwd", "/dev/zero", "iris.csv", "penguins.csv", "digits.csv", "d.csv")
CPU_SECONDS = 60  # a guard against a hang; speed is not tested


@dataclass(frozen=True)
class Raw:
    """TOML text of a value, which need not be valid."""

    text: str


# Building presets

NAMES = st.sampled_from(
    [
        *ACTIVATIONS,
        *LOSSES,
        *OPTIMIZERS,
        *INITIALIZERS,
        *GENERATORS,
        *FEATURES,
        *SCHEDULES,
        "full",
        "mean",
        "sum",
        "iris.csv",
        "d.csv",
    ]
)
ODD_PATHS = st.sampled_from(
    [
        "/dev/zero",
        "/etc/passwd",
        "..",
        ".",
        "a/" * 2000,
        "a" * 300,
        "d.csv/x",
        "d.csv",
        "iris.csv",
        "\x1b[31m.csv",
        "[bold].csv",
        "\u202e.csv",
        "case.toml",
        "~/x.csv",
        "C:\\x.csv",
    ]
)
# Sizes are tiny or beyond every limit, so that accepted presets load fast.
NUMBERS = st.sampled_from([0, 1, 2, 3, 4, -1, 10**9, 10**18, 2**63 - 1, 2**63, 2**64, 10**400, 0.0, -0.0, 0.5, 0.999])
EXTREMES = st.sampled_from([1.0, 1.5, -3.0, 5e-324, 1e-200, 1e154, 1e308, -1e308, float("inf"), float("nan")])
ODD_VALUES: st.SearchStrategy[Any] = st.one_of(
    NUMBERS,
    EXTREMES,
    NAMES,
    st.booleans(),
    st.text(max_size=12),
    st.sampled_from(ODD_TEXT),
    st.sampled_from(
        [
            [],
            [[]],
            [1],
            [[1, 2], [3, 4]],
            [[1], [2, 3]],
            [[0], [1], [1], [0]],
            ["x1", "x1"],
            {},
            {"a": 1},
            [{}],
            [[[1]]],
        ]
    ),
    st.sampled_from(
        [
            datetime.date(1979, 5, 27),
            datetime.time(7, 32),
            Raw("9" * 5000),
            Raw("[" * 3000),
            Raw("1e999"),
            Raw("0x_"),
            Raw(""),
        ]
    ),
    ODD_PATHS,
)
KEYS = st.one_of(
    st.sampled_from(
        sorted(
            {
                key
                for tree in PRESET_TREES
                for part in (tree, tree["data"], tree["training"], *tree["layers"])
                for key in part
            }
        )
    ),
    st.sampled_from(
        [*ODD_TEXT, "units", "init_low", "init_high", "init_std", "init_mean", "init_value", "alpha", "beta1"]
    ),
    st.text(max_size=8),
)


def _one_of(names: Any) -> st.SearchStrategy[str]:
    return st.sampled_from(sorted(names))


_SMALL = st.floats(-4, 4).map(lambda value: round(value, 3))
_LAYER = st.fixed_dictionaries(
    {"units": st.integers(1, 4), "activation": _one_of(set(ACTIVATIONS) - {"softmax"})},
    optional={"init": _one_of(INITIALIZERS), "train_weights": st.booleans(), "train_bias": st.booleans()},
)
_DATA = st.one_of(
    st.fixed_dictionaries(
        {"csv": st.one_of(st.just("d.csv"), ODD_PATHS), "target": st.sampled_from(["y", "a", *ODD_TEXT])},
        optional={
            "classes": st.booleans(),
            "standardize": st.booleans(),
            "standardize_target": st.booleans(),
            "test_fraction": st.floats(0, 0.99),
        },
    ),
    st.fixed_dictionaries(
        {"csv": st.just("d.csv")},
        optional={
            "target": st.sampled_from(["y", "a", *ODD_TEXT]),
            "drop": st.lists(st.sampled_from(["y", "a", *ODD_TEXT]), max_size=2),
            "keep": st.lists(st.sampled_from(["y", "a", *ODD_TEXT]), max_size=2),
            "categories": st.lists(st.sampled_from(["y", "a", *ODD_TEXT]), max_size=2),
            "target_kind": st.sampled_from(["classes", "numbers"]),
            "missing": st.sampled_from(["mean", "drop", "refuse"]),
            "header": st.booleans(),
            "separator": st.sampled_from([",", ";", "\t", " ", "|", *ODD_TEXT]),
            "decimal": st.sampled_from([".", ","]),
            "encoding": st.sampled_from(["utf-8", "utf-16", "cp949", "latin-1", "ascii", "idna", *ODD_TEXT]),
            "test_csv": st.one_of(st.just("d.csv"), ODD_PATHS),
            "standardize": st.booleans(),
            "standardize_target": st.booleans(),
            "test_fraction": st.floats(0, 0.99),
        },
    ),
    st.fixed_dictionaries(
        {"generator": _one_of(GENERATORS), "samples": st.integers(1, 60)},
        optional={
            "noise": st.floats(0, 100),
            "test_fraction": st.floats(0, 0.99),
            "standardize": st.booleans(),
            "standardize_target": st.booleans(),
            "features": st.lists(_one_of(FEATURES), min_size=1, max_size=4, unique=True),
        },
    ),
    st.fixed_dictionaries(
        {
            "inputs": st.lists(st.lists(_SMALL, min_size=2, max_size=2), min_size=3, max_size=3),
            "targets": st.sampled_from([st.sampled_from([0, 1]), _SMALL, st.floats(-1e300, 1e300)]).flatmap(
                lambda values: st.lists(st.lists(values, min_size=1, max_size=1), min_size=3, max_size=3)
            ),
        },
        optional={
            "standardize": st.booleans(),
            "standardize_target": st.booleans(),
            "test_fraction": st.floats(0, 0.6),
        },
    ),
)
_BUILT: st.SearchStrategy[dict[str, Any]] = st.fixed_dictionaries(
    {
        "data": _DATA,
        "layers": st.lists(_LAYER, max_size=2).map(lambda hidden: [*hidden, {"units": 1, "activation": "sigmoid"}]),
        "training": st.fixed_dictionaries(
            {"loss": _one_of(set(LOSSES) - {"cross_entropy", "perceptron"})},
            optional={
                "reduction": st.sampled_from(["mean", "sum"]),
                "batch_size": st.integers(1, 80),
                "shuffle": st.booleans(),
                "l1": st.floats(0, 10),
                "l2": st.floats(0, 1e300),
                "optimizer": st.fixed_dictionaries(
                    {"name": _one_of(OPTIMIZERS)}, optional={"learning_rate": st.floats(5e-324, 1e300)}
                ),
            },
        ),
    },
    optional={"seed": st.integers(0, 2**63 - 1)},
)


def toml(value: object) -> str:
    """Return a value as TOML text, with inline tables and arrays."""
    match value:
        case Raw(text):
            return text
        case bool():
            return "true" if value else "false"
        case str():
            return json.dumps(value, ensure_ascii=False)
        case list():
            return f"[{', '.join(map(toml, value))}]"
        case dict():
            return f"{{{', '.join(f'{toml(key)} = {toml(entry)}' for key, entry in value.items())}}}"
        case datetime.date() | datetime.time():
            return value.isoformat()
    return repr(value)


def document(tree: dict[str, Any]) -> str:
    """Return a whole TOML file, with one line for each top-level key."""
    return "".join(f"{toml(key)} = {toml(value)}\n" for key, value in tree.items())


@st.composite
def mutated_presets(draw: st.DrawFn) -> str:
    """Draw a shipped or generated preset with up to three values or keys replaced, deleted, added or renamed."""
    return document(draw(mutated_trees(st.one_of(st.sampled_from(PRESET_TREES), _BUILT))))


@st.composite
def mutated_trees(
    draw: st.DrawFn,
    trees: st.SearchStrategy[dict[str, Any]],
    keys: st.SearchStrategy[str] = KEYS,
    values: st.SearchStrategy[Any] = ODD_VALUES,
) -> dict[str, Any]:
    """Draw a tree with up to three values or keys replaced, deleted, added or renamed."""
    tree: dict[str, Any] = _copy(draw(trees))
    for _ in range(draw(st.integers(0, 3))):
        containers = _containers(tree)
        _mutate(draw, containers[draw(st.integers(0, len(containers) - 1))], keys, values)
    return tree


def _containers(value: Any) -> list[Any]:
    """Return every table and list in a value, but only those in the first three entries of a list."""
    inner = list(value.values() if isinstance(value, dict) else value[:3])
    return [value, *(found for entry in inner if isinstance(entry, dict | list) for found in _containers(entry))]


def _copy(value: Any) -> Any:
    if isinstance(value, dict):
        return {key: _copy(entry) for key, entry in value.items()}
    return [_copy(entry) for entry in value] if isinstance(value, list) else value


def _mutate(draw: st.DrawFn, container: Any, names: st.SearchStrategy[str], values: st.SearchStrategy[Any]) -> None:
    keys = list(container) if isinstance(container, dict) else list(range(len(container)))
    kind = draw(st.integers(0, 5))
    if kind == 0 or not keys:
        if isinstance(container, dict):
            container[draw(names)] = _copy(draw(values))
        else:
            container.append(_copy(draw(values)))
        return
    key = draw(st.sampled_from(keys))
    if kind == 1:
        del container[key]
    elif kind == 2 and isinstance(container, dict):
        container[draw(names)] = container.pop(key)
    else:
        container[key] = _copy(draw(values))


# Mutating text and bytes

TOML_FRAGMENTS = (
    '"',
    "'",
    '"""',
    "[",
    "]",
    "[[",
    "{",
    "}",
    "=",
    ".",
    ",",
    "#",
    "\n",
    "\r",
    "\\",
    "a.b.c=1\n",
    "inf",
    "nan",
    "1e9",
)
_CSV_FRAGMENTS = (
    '"',
    '""',
    ",",
    ";",
    "\t",
    "\n",
    "\r",
    "\r\n",
    "\n\n",
    "nan",
    "inf",
    "-",
    "1e999",
    "1_0",
    "٣",
    "=1+1",
    "x",
    "NA",
    "|",
    " ",
    "'",
    "#",
    "%",
    "sep=;\n",
    "1,5",
    "1.234,5",
    "$5",
    "5 %",
    "(1)",
)


def mutated(base: st.SearchStrategy[str], fragments: tuple[str, ...]) -> st.SearchStrategy[str]:
    """Return a strategy that inserts, deletes, replaces or doubles a few pieces of text."""
    piece = st.one_of(st.sampled_from(fragments), st.sampled_from(ODD_TEXT), st.text(max_size=6))
    return st.builds(
        _splice,
        base,
        st.lists(st.tuples(st.integers(0, 4000), st.integers(0, 60), st.integers(0, 3), piece), max_size=3),
    )


def _splice(text: str, cuts: list[tuple[int, int, int, str]]) -> str:
    for start, length, kind, piece in cuts:
        offset = start % (len(text) + 1)
        removed = text[offset : offset + length]
        text = text[:offset] + (piece, removed * 2, "", piece + removed)[kind] + text[offset + length :]
    return text


def splice_bytes(data: bytes, cuts: list[tuple[int, int, bytes]]) -> bytes:
    """Replace parts of bytes, given as (start, length, replacement)."""
    for start, length, piece in cuts:
        offset = start % (len(data) + 1)
        data = data[:offset] + piece + data[offset + length :]
    return data


def mutated_bytes(base: st.SearchStrategy[str]) -> st.SearchStrategy[bytes]:
    """Return a strategy that encodes text, also in other encodings, and replaces a few bytes."""
    odd = st.one_of(
        st.sampled_from([b"\0", b"\xef\xbb\xbf", b"\xff\xfe", b"\xed\xa0\x80", b"\xc3", b"\x80"]), st.binary(max_size=6)
    )

    def change(text: str, coding: str, cuts: list[tuple[int, int, bytes]]) -> bytes:
        return splice_bytes(text.encode(coding, "replace"), cuts)

    coding = st.sampled_from(["utf-8"] * 9 + ["utf-8-sig", "utf-16", "utf-16-le", "latin-1", "cp949"])
    return st.builds(
        change, base, coding, st.lists(st.tuples(st.integers(0, 4000), st.integers(0, 8), odd), max_size=3)
    )


preset_texts = mutated(st.one_of(st.sampled_from(TEXTS), _BUILT.map(document)), TOML_FRAGMENTS)
preset_bytes = mutated_bytes(st.sampled_from(TEXTS))

_CELL = st.one_of(
    st.integers(-9, 9).map(str),
    st.floats().map(repr),
    st.sampled_from(
        ["a", "b", "", " ", "1e308", "-1e308", "1e-320", "0", "1", "NaN", "[b]x[/b]", '"q"', '"a,b"', "\x1b[1mx"]
    ),
)
_PLAIN_CELL = st.integers(-9, 9).map(str)


@st.composite
def csv_tables(draw: st.DrawFn) -> str:
    """Draw a mostly valid table with varied names, cells and line ends."""
    columns = draw(st.sampled_from([3, 2, 4, 5, 1]))
    odd = st.one_of(st.sampled_from(["pixel_0_0", "pixel_1_1", "a b", "1", *CONTROL_SEQUENCES]), st.text(max_size=3))
    names = draw(
        st.lists(st.one_of(st.sampled_from("abcdefgxy"), odd), min_size=columns, max_size=columns, unique=True)
    )
    cell = draw(st.sampled_from([_PLAIN_CELL, _PLAIN_CELL, _CELL]))
    label = draw(
        st.sampled_from([cell, st.sampled_from(["a", "b", "\x1b[31mred", "[bold]x[/bold]"]), st.sampled_from("01")])
    )
    rows = draw(st.lists(st.tuples(*[cell] * (columns - 1), label), min_size=draw(st.sampled_from([4, 0])), max_size=9))
    end = draw(st.sampled_from(["\n", "\n", "\r\n", "\r"]))
    return end.join(",".join(row) for row in [names, *rows]) + end


csv_texts = mutated(csv_tables(), _CSV_FRAGMENTS)
csv_bytes = mutated_bytes(csv_tables())
HUGE_CELLS = tuple(
    f"a,y\n{cell},0\n1,1\n" for cell in ("9" * 200_000, '"' + "x" * 200_000, "x" * 131_073, "1" + "0" * 5000)
)


# Limiting a reader


@contextmanager
def cpu_limit(seconds: float = CPU_SECONDS) -> Iterator[None]:
    """Fail after some seconds of processor time, which does not depend on the load of the machine."""

    def stop(number: int, frame: FrameType | None) -> None:
        raise TimeoutError(f"more than {seconds} s of processor time")

    before = signal.signal(signal.SIGVTALRM, stop)
    signal.setitimer(signal.ITIMER_VIRTUAL, seconds)
    try:
        yield
    finally:
        signal.setitimer(signal.ITIMER_VIRTUAL, 0)
        signal.signal(signal.SIGVTALRM, before)
