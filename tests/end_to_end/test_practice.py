"""Practice in a real terminal: a whole pass of right answers, one with a mistake, and leaving in the middle."""

from __future__ import annotations

import re
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


def test_a_whole_pass_with_one_mistake() -> None:
    with terminal((*APP, "mazur", "--practice", "--digits", "3")) as screen:
        number, symbols = 1, []
        while True:
            symbol = question(screen, number)
            symbols.append(symbol)
            value = right_answer(symbol)
            if symbol == "δ₂[1]":
                screen.send(f"{answer_text(-value, 3)}\r")
                screen.wait_for("The error was taken as y − ŷ")
            screen.send(f"{answer_text(value, 3)}\r")
            text = screen.wait(lambda text: "Right: " in text and "Question" not in text)
            if "✓ update" in text:
                break
            screen.send(" ")
            number += 1
        assert symbols[:5] == ["z₁[1]", "a₁[1]", "z₂[1]", "a₂[1]", "L"] and symbols[-1] == "w′₂[1,1]"
        screen.wait_for(f"right at once {number - 1}, later 1, revealed 0")
        screen.send("\x1b")
        screen.wait_for(f"Practice: {number} questions")
        screen.wait_for("Practise it with new numbers: δ of every layer")
        screen.send("\r")
        screen.wait_for("Practice: δ of every l")
        question(screen, 1)
        screen.send("\x1b")
        screen.wait_for("The question stays open")
        screen.send("q")
        assert screen.end() == 0
        assert modes_left_on(bytes(screen.output)) == []


def test_practice_goes_on_where_it_was_left(tmp_path: Path) -> None:
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
