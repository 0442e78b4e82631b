"""Practice in a real terminal: a whole pass of right answers, one with a mistake, and leaving in the middle."""

from __future__ import annotations

import re
from collections.abc import Mapping
from pathlib import Path

import pytest

pytest.importorskip("pty", reason="pseudo-terminals are Unix's")

from nn_tui.core.explain.explain import value_of
from nn_tui.core.practice.rounding import answer_text
from nn_tui.core.ref_parser import parse_ref
from nn_tui.core.run.run import Run
from tests._app import experiment
from tests._pty import APP, Terminal, modes_left_on, terminal


def question(screen: Terminal, number: int) -> str:
    """Wait for a question; return the symbol that it asks for."""
    asked = re.compile(rf"Question {number}: (\S+) = \?")
    found = asked.search(screen.wait(lambda text: asked.search(text) is not None))
    assert found is not None
    return found[1]


def right_answer(symbol: str) -> float:
    """Return a number of Mazur's first pass."""
    run = Run.start(experiment("mazur"))
    return value_of(run.engine, run.trace(1), parse_ref(symbol, run.engine.sizes))


def keeping(folder: Path) -> dict[str, str]:
    """Return the environment of an app that keeps its session in a folder, and offers it at the next start."""
    return {"XDG_STATE_HOME": str(folder), "NN_TUI_RESUME": "1"}


def answer_pass(screen: Terminal, number: int, *, wrong: Mapping[str, tuple[float, str]] | None = None) -> list[str]:
    """Answer all questions of the first pass from a question on; return their symbols.

    Args:
        screen: The terminal.
        number: The number of the question that is open.
        wrong: By symbol, what the right number is multiplied by for a wrong first answer, and what is said of that.
    """
    symbols = []
    while True:
        symbol = question(screen, number)
        symbols.append(symbol)
        value = right_answer(symbol)
        if wrong and symbol in wrong:
            factor, sentence = wrong[symbol]
            screen.send(f"{answer_text(factor * value, 3)}\r")
            screen.wait_for(sentence)
        screen.send(f"{answer_text(value, 3)}\r")
        text = screen.wait(lambda text: "Right: " in text and "Question" not in text)
        if "✓ update" in text:
            return symbols
        screen.send("\r")
        number += 1


def test_a_whole_pass_of_right_answers() -> None:
    with terminal((*APP, "mazur", "--practice", "--digits", "3")) as screen:
        symbols = answer_pass(screen, 1)
        assert symbols[:5] == ["z₁[1]", "a₁[1]", "z₂[1]", "a₂[1]", "L"] and symbols[-1] == "w′₂[1,1]"
        count = len(symbols)
        screen.wait_for(f"Pass 1 is done: {count} questions, right at once {count}, later 0, revealed 0.")
        screen.wait_for("enter begins pass 2, esc twice ends practice.")
        screen.send("\r")
        assert question(screen, count + 1) == "z₁[1]"
        screen.send("\x1b")
        screen.wait_for("The question stays open")
        screen.send("\x1b")
        screen.wait_for("Everything was right at once.")
        screen.send("\x1b")
        screen.wait(lambda text: "Practice is over." in text and "esc closes" not in text)
        screen.send("q")
        assert screen.end() == 0
        assert modes_left_on(bytes(screen.output)) == []


def test_a_whole_pass_with_one_mistake() -> None:
    with terminal((*APP, "mazur", "--practice", "--digits", "3")) as screen:
        symbols = answer_pass(screen, 1, wrong={"δ₂[1]": (5.353, "The slope of the activation, σ′(z), was left out.")})
        count = len(symbols)
        screen.wait_for(f"Pass 1 is done: {count} questions, right at once {count - 1}, later 1, revealed 0.")
        screen.send("\x1b")
        screen.wait_for("asks the next question, esc leaves practice")
        screen.send("\x1b")
        screen.wait_for(f"Practice: {count} questions")
        screen.wait_for("Practise it with new numbers: δ of every layer")
        screen.send("\r")
        screen.wait_for("Practice: δ of every l")
        question(screen, 1)
        screen.send("\x1b")
        screen.wait_for("The question stays open")
        screen.send("q")
        assert screen.end() == 0
        assert modes_left_on(bytes(screen.output)) == []


def test_an_unfinished_practice_is_offered_and_goes_on(tmp_path: Path) -> None:
    command = (*APP, "mazur", "--practice", "--digits", "3")
    with terminal(command, 120, 40, **keeping(tmp_path)) as screen:
        question(screen, 1)
        screen.send("0.378\r")
        screen.wait_for("Right: z₁[1] = 0.378")
        screen.send("\r")
        assert question(screen, 2) == "a₁[1]"
        screen.send("0.378\r")
        screen.wait_for("z was used in place of a.")
        screen.send("\t")
        screen.wait(lambda text: "Hint 1 of" in text or "no more hints" in text)
        screen.send("\x1b")
        screen.wait_for("The question stays open")
        screen.send("q")
        assert screen.end() == 0
        assert b"your practice is kept; this offers it again: nn-tui mazur --practice" in screen.output
    with terminal(command, 120, 40, **keeping(tmp_path)) as screen:
        screen.wait_for("(1 answer); enter begins a new one.")
        screen.wait_for("Next: question 1")
        screen.send("\x7f")
        screen.wait_for("your practice goes on.")
        assert question(screen, 2) == "a₁[1]"
        screen.wait_for("right at once 1, later 0, revealed 0")
        symbols = answer_pass(screen, 2)
        count = len(symbols) + 1
        screen.wait_for(f"Pass 1 is done: {count} questions, right at once {count - 1}, later 1, revealed 0.")
        screen.send("q")
        assert screen.end() == 0


def test_a_new_practice_leaves_the_unfinished_one_kept(tmp_path: Path) -> None:
    with terminal((*APP, "mazur", "--practice"), 120, 40, **keeping(tmp_path)) as screen:
        question(screen, 1)
        screen.send("0.3775\r")
        screen.wait_for("Right: z₁[1] = 0.3775")
        screen.send("q")
        assert screen.end() == 0
    with terminal((*APP, "mazur", "--practice"), 120, 40, **keeping(tmp_path)) as screen:
        screen.wait_for("(1 answer); enter begins a new one.")
        screen.send("\r")
        assert question(screen, 1) == "z₁[1]"
        screen.wait_for("right at once 0, later 0, revealed 0")
        screen.send("\x1b")
        screen.wait_for("The question stays open")
        screen.send("q")
        assert screen.end() == 0
    with terminal((*APP, "mazur", "--practice"), 120, 40, **keeping(tmp_path)) as screen:
        screen.wait_for("(1 answer); enter begins a new one.")
        screen.send("q")
        assert screen.end() == 0


def test_a_document_has_its_practice(tmp_path: Path) -> None:
    path = tmp_path / "practice.nntui"
    with terminal((*APP, "mazur", "--practice")) as screen:
        assert question(screen, 1) == "z₁[1]"
        screen.send("0.3775\r")
        screen.wait_for("Right: z₁[1] = 0.3775")
        screen.send("s")
        screen.wait_for("saves a document")
        screen.send("\x15" + f"{path}\r")  # ctrl+u clears the line
        screen.wait_for("Open it with: nn-tui")
        screen.send(" ")
        assert question(screen, 2) == "a₁[1]"
        screen.send("\x1b")
        screen.wait_for("The question stays open")
        screen.send("\x1b")
        screen.wait_for("Practice: 1 question ")
        screen.send("\x1b")
        screen.wait(lambda text: "epoch 1" in text and "Practice: 1" not in text)
        screen.send("q")
        assert screen.end() == 0
    with terminal((*APP, str(path))) as screen:
        screen.wait_for("right at once 1, later 0, revealed 0")
        screen.send(" ")
        assert question(screen, 2) == "a₁[1]"
        screen.send("\x1b")
        screen.wait_for("The question stays open")
        screen.send("q")
        assert screen.end() == 0
