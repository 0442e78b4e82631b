"""Tests of completion: which words may follow a line. tests/shells tries it in real shells."""

from __future__ import annotations

import os
import subprocess
import sys
from collections.abc import Iterable
from pathlib import Path

import pytest
from argcomplete.lexers import split_line

from nn_tui.core.edits.grammar import EDITS, OPTIONS
from nn_tui.core.export.writers import WRITERS
from nn_tui.core.files.array_file import WEIGHT_ENDINGS
from nn_tui.core.lesson.names import VIEW_NAMES
from nn_tui.core.lesson.run_figures import FIGURES
from nn_tui.core.nn.activations import ACTIVATIONS
from nn_tui.core.nn.initializers import INITIALIZERS
from nn_tui.core.nn.losses import LOSSES
from nn_tui.core.nn.optimizers import OPTIMIZERS
from nn_tui.core.nn.schedules import SCHEDULES
from nn_tui.presets import COURSE, LESSONS
from nn_tui.tui.__main__ import main
from nn_tui.tui.cli.completers import GOAL_NAMES, SETTINGS, WEIGHTS, checked
from nn_tui.tui.cli.completion import NOTHING, CompletionFinder, last_command, parser_for
from nn_tui.tui.cli.completion_options import SHELLS
from nn_tui.tui.cli.export_options import ENDINGS
from nn_tui.tui.cli.parsers import COMMANDS
from nn_tui.tui.registry import VIEWS


@pytest.fixture(autouse=True)
def _folder(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    """Work in a folder with a file of each kind, and with a preset of the user's own."""
    own = tmp_path / "config" / "nn-tui" / "presets"
    own.mkdir(parents=True)
    (own / "xor-mine.toml").write_text('title = "XOR, mine"\n')
    monkeypatch.setenv("XDG_CONFIG_HOME", str(tmp_path / "config"))
    folder = tmp_path / "work"
    (folder / "results").mkdir(parents=True)
    for name in ("mine.nntui", "mine.toml", "mine.npz", "mine.png", "my flowers.csv"):
        (folder / name).write_text("length,width; in mm,kind of flower\n1,2,a\n")
    monkeypatch.chdir(folder)


def completions(line: str) -> list[str]:
    """Return the last words that complete a line without the name of the program."""
    *_, words, _ = split_line(line)
    finder = CompletionFinder(parser_for(words), always_complete_options=False, default_completer=NOTHING)
    finder.append_space = False
    found: list[str] = []
    while (word := finder.rl_complete(line, len(found))) is not None:
        found.append(word)
    return [word[line.rfind(" ") + 1 :] for word in found]


def test_the_first_word_is_a_command_a_preset_or_a_file() -> None:
    files = ["mine.nntui", "mine.toml", r"my\ flowers.csv", "results/"]
    assert completions("") == [*COMMANDS, *COURSE, "xor-mine", *files]
    assert completions("tra") == ["train", "trace"]
    assert completions("mi") == ["mine.nntui", "mine.toml"]


@pytest.mark.parametrize(
    ("line", "titles"),
    [
        ("train xor-m", {"xor-mine": "XOR, mine"}),
        ("learn chain", {"chain-rule": "The chain rule in three factors"}),
        ("check lesson:lin", {"lesson:line": "A unit draws a line"}),
    ],
)
def test_presets_and_lessons_have_their_titles_beside_them(line: str, titles: dict[str, str]) -> None:
    finder = CompletionFinder(parser_for([line.split()[0]]), always_complete_options=False, default_completer=NOTHING)
    assert finder.rl_complete(line, 0) is not None
    assert finder.get_display_completions() == titles


def test_every_preset_and_every_lesson_has_a_title() -> None:
    texts = checked(prefix="./none")
    assert len(texts) > len(COURSE) and all(texts.values())


@pytest.mark.parametrize("line", ["train ", "open ", "--seed 5 predict ", "export --updates 3 ", "--ascii figure "])
def test_a_command_takes_presets(line: str) -> None:
    assert completions(f"{line}xor-2") == ["xor-221", "xor-221-stuck"]
    assert "train" not in completions(line)


def test_options_follow_a_dash_or_where_nothing_else_can_stand() -> None:
    assert completions("train --ep") == ["--epochs"]
    assert completions("--pal") == ["--palette"] == completions("xor --pal")
    assert completions("xor --at") == ["--at"] and completions("train xor --at") == []
    after = completions("train xor ")
    assert {"--epochs", "--set", "--json"} < set(after) and all(word.startswith("--") for word in after)
    assert "--epochs" not in completions("train xor --updates 5 --")


@pytest.mark.parametrize(
    ("line", "found"),
    [
        ("xor --view ", list(VIEWS)),
        ("figure xor --view l", ["layer", "loss", "landscape"]),
        ("practice --topic mo", ["momentum"]),
        ("train xor --palette m", ["mono"]),
        ("worksheet xor --format h", ["html"]),
        ("worksheet xor --blank forward,ba", ["forward,backward"]),
        ("export xor --framework ", ["pytorch", "numpy"]),
        ("export xor -o mine", ["mine.npz", "mine.toml"]),
        ("trace xor --weights ", ["mine.npz", "results/"]),
        ("mark res", ["results/"]),
        ("practice --results ", ["results/"]),
        ("train my\\ flowers.csv --target ki", [r"kind\ of\ flower"]),
        ("train my\\ flowers.csv --drop length,k", [r"length,kind\ of\ flower"]),
        ("train xor --set mom", ["momentum=", "momentum_decay="]),
        ("sweep xor --set optimizer=sgd,nad", ["optimizer=sgd,nadam"]),
        ("sweep xor --set 'optimizer = sgd, nad", ["nadam"]),
        ("train xor --until train_l", ["train_loss"]),
        ("train xor --epochs ", []),
        ("train xor --target ", []),
        ("learn chain", ["chain-rule"]),
        ("check lesson:chain", ["lesson:chain-rule"]),
        ("completion ", list(SHELLS)),
    ],
)
def test_the_values_of_an_argument(line: str, found: list[str]) -> None:
    assert completions(line) == found


def test_the_names_of_a_goal_are_those_of_conditions() -> None:
    assert sorted(GOAL_NAMES) == sorted({"loss", *FIGURES})


def test_lessons_stand_in_the_order_of_the_course() -> None:
    lessons = [name for chapter in LESSONS.values() for name in chapter]
    assert completions("learn ")[: len(lessons)] == lessons


def test_the_names_are_those_of_the_program() -> None:
    """The completion has some in lists of its own, because it answers without NumPy."""
    assert tuple(VIEWS) == VIEW_NAMES and WEIGHT_ENDINGS == WEIGHTS and tuple(WRITERS) == ENDINGS
    kinds: dict[str, Iterable[str]] = {
        "optimizer": OPTIMIZERS, "schedule": SCHEDULES, "loss": LOSSES, "activation": ACTIVATIONS, "init": INITIALIZERS,
    }  # fmt: skip
    assert {name: tuple(values) for name, values in kinds.items()} == {name: SETTINGS[name] for name in kinds}
    examples = {edit.example.partition(" =")[0].split()[0] for edit in EDITS.values() if " = " in edit.example}
    addresses = {"w1[2,1]", "w2", "b1[2]", "b1", "x2", "y1", "x", "y", "data"}
    assert (examples - addresses) | set(OPTIONS) == set(SETTINGS)


@pytest.mark.parametrize(
    "before", ["", "cd work && ", "nn-tui list; ", "echo 'a; b' | ", 'echo "it\'s; b" & ', r"echo \; \' || ", "echo $("]
)
def test_the_last_command_of_a_line_is_completed(before: str) -> None:
    assert last_command(f"{before}nn-tui train xor --set 'eta = 1; 2") == "nn-tui train xor --set 'eta = 1; 2"


@pytest.mark.parametrize("shell", SHELLS)
def test_the_script_for_a_shell_names_the_program(shell: str, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["completion", shell]) == 0
    out = capsys.readouterr().out
    assert "nn-tui" in out and "_ARGCOMPLETE" in out and ("compdef" in out) == (shell != "fish")


def test_a_shell_is_answered_without_numpy_and_textual() -> None:
    line = "nn-tui train xor-2"
    code = (
        "import os, sys; os.dup2(1, 8); sys.modules.update(dict.fromkeys(('numpy', 'textual', 'rich', 'plotext')));"
        "from nn_tui.tui.__main__ import main; main()"
    )
    environ = {**os.environ, "_ARGCOMPLETE": "1", "_ARGCOMPLETE_IFS": " ", "COMP_LINE": line}
    done = subprocess.run(
        [sys.executable, "-c", code], capture_output=True, text=True, env={**environ, "COMP_POINT": str(len(line))}
    )
    assert (done.returncode, done.stdout) == (0, "xor-221 xor-221-stuck"), done.stderr
