"""Check that text from files is only displayed: no terminal escapes, markup or changes of the writing direction."""

from __future__ import annotations

import asyncio
import contextlib
import io
import unicodedata
from pathlib import Path

import pytest

from nn_tui.core.preset.loader import find_preset, load_experiment
from nn_tui.tui.app import NNTui
from nn_tui.tui.cli.main import main
from tests._app import DARK, AppTester
from tests._hostile import CONTROL_SEQUENCES

MARKUP = "[bold]x[/bold]"
LINK = "[@click=app.quit]y[/]"
# TOML rejects control characters, so the preset has markup and other odd characters only.
PRESET = f"""
title = "{MARKUP} title"
summary = "{LINK} summary"
notes = "{MARKUP} notes \\u200f\\u2028 {LINK}"
[data]
csv = "d.csv"
target = "{MARKUP}"
classes = true
[[layers]]
units = 2
activation = "tanh"
[[layers]]
units = 3
activation = "softmax"
[training]
loss = "cross_entropy"
"""
# A CSV file may contain anything, also in its column names and classes.
COLUMNS = ["\x1b[31mred", "\x1b]0;title\x07", LINK, "\u202eevil", "a\u2066b", "\x9b2J", "\x85n", MARKUP]
CLASSES = ("\x1b[1m[bold]A", "\u202e[red]B", MARKUP)
ROWS = [[str(row)] * 7 + [label] for row in range(4) for label in CLASSES]
KEYS = (
    "f",
    "b",
    "u",
    "enter",
    "escape",
    "g",
    "escape",
    "n",
    "4",
    "m",
    "y",
    "y",
    "m",
    "B",
    "i",
    "escape",
    "5",
    "v",
    "1",
)


def check_clean(text: str) -> None:
    """Check that a text has neither control characters, except line feeds, nor changes of the writing direction."""
    bad = {char for char in text if char != "\n" and (unicodedata.category(char) in ("Cc", "Cs") or char in BIDI)}
    assert not bad, sorted(map(ascii, bad))


BIDI = "\u061c\u200e\u200f\u202a\u202b\u202c\u202d\u202e\u2066\u2067\u2068\u2069"


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """The user's folder of presets, with one preset and its data."""
    monkeypatch.setenv("XDG_CONFIG_HOME", str(tmp_path))
    path = tmp_path / "nn-tui" / "presets"
    path.mkdir(parents=True)
    (path / f"{MARKUP.replace('/', '')}.toml").write_text(PRESET)
    text = "\n".join(",".join(cells) for cells in [COLUMNS, *ROWS])
    (path / "d.csv").write_text(text, encoding="utf-8")
    return path


def run(*argv: str) -> tuple[int, str, str]:
    """Run a command line; return its exit code, stdout and stderr."""
    out, err = io.StringIO(), io.StringIO()
    with contextlib.redirect_stdout(out), contextlib.redirect_stderr(err):
        code = main(argv)
    check_clean(out.getvalue())
    check_clean(err.getvalue())
    return code, out.getvalue(), err.getvalue()


def test_list_prints_markup_as_text(folder: Path) -> None:
    (folder / "broken\x1b[31m.toml").write_text("x = 1")
    code, out, err = run("list")
    assert code == 0
    assert f"{MARKUP} title" in out and f"{LINK} summary" in out
    assert "broken\\x1b[31m.toml" in err
    code, out, _ = run("list", "--json")
    assert code == 0 and f"{MARKUP} title" in out


@pytest.mark.parametrize("command", [["check"], ["trace"], ["trace", "--json"], ["train", "--updates", "3"]])
@pytest.mark.parametrize("ascii", [False, True])
def test_commands_print_names_from_files_as_text(folder: Path, command: list[str], ascii: bool) -> None:
    for path in folder.iterdir():
        code, out, _ = run(*command, str(path), *["--ascii"] * ascii)
        assert code == 0
        if command == ["trace"] and path.suffix == ".toml":
            assert f"{MARKUP} title" in out


@pytest.mark.parametrize("sequence", CONTROL_SEQUENCES, ids=ascii)
def test_an_error_message_quotes_control_characters(folder: Path, sequence: str) -> None:
    for name, text in (("a.toml", f'"{sequence}" = 1'), ("a.csv", f"{sequence}\n1,2"), ("b.csv", f"a,y\n{sequence},2")):
        (folder / name).write_text(text, encoding="utf-8")
        code, _, err = run("check", str(folder / name))
        assert code == 1 and name in err
    code, _, _ = run("check", sequence)
    assert code == 1


def test_the_screen_displays_markup_as_text(folder: Path) -> None:
    async def look(path: Path) -> None:
        app = NNTui(load_experiment(find_preset(str(path))), DARK)
        async with app.run_test(size=(120, 40)) as pilot:
            tester = AppTester(app, pilot)
            seen = []
            for key in KEYS:
                await tester.press(key)
                if key == "g":  # a thread checks the gradients first
                    await tester.wait_until(lambda: len(app.screen_stack) == 2)
                seen.append(tester.all_text())
                check_clean(seen[-1])
            everything = "\n".join(seen)
            shown = f"{MARKUP} title" if path.suffix == ".toml" else MARKUP
            assert shown in everything

    for path in sorted(folder.iterdir()):
        asyncio.run(look(path))


def test_the_picker_displays_markup_as_text(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (path,) = folder.glob("*.toml")
    preset = find_preset(str(path))
    monkeypatch.setattr("nn_tui.tui.screens.picker_entries.user_presets", lambda: ([preset], ()))

    async def look() -> None:
        app = NNTui(load_experiment(preset), DARK)
        async with app.run_test(size=(120, 40)) as pilot:
            tester = AppTester(app, pilot)
            await tester.press("o")
            about = app.screen.query_one("#about")
            for words in (f"{MARKUP} title", f"{LINK} summary", f"{MARKUP} notes"):
                unbroken = "".join(words.split())
                await tester.wait_until(
                    lambda: (
                        unbroken
                        in "".join("".join(about.render_line(y).text.split()) for y in range(about.size.height))
                    )
                )
            check_clean(tester.all_text())

    asyncio.run(look())
