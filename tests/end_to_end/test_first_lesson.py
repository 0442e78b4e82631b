"""A first start in a real terminal: from the welcome to the end of the first lesson, by what the screen says alone."""

from __future__ import annotations

import json
import re
from math import prod
from pathlib import Path

import pytest

pytest.importorskip("pty", reason="pseudo-terminals are Unix's")

from nn_tui.core.lesson.loader import lesson_ids
from tests._pty import APP, Terminal, modes_left_on, terminal

KEYS = {"␣": " ", "pgdn": "\x1b[6~", "enter": "\r", "ctrl+r": "\x12"}
STEP = re.compile(r"‹ step (\d+) of (\d+) ›")


def lesson_text(text: str) -> str:
    """Return the text of the lesson on one line: what is right of its edge, or the first column."""
    lines = [line[1:] if line[0] == "▎" else line[1:].partition("│")[0] for line in text.split("\n") if line[0] in "▎│"]
    return " ".join(" ".join(lines).split())


def number_on(text: str) -> str:
    """Compute the number that is asked for from its formula on the screen, as in ``2.0000 × 4.0000 + 3.0000 = ?``."""
    found = re.search(r"= ([−\d.() ×+]+) = \?", " ".join(text.replace("│", " ").split()))
    assert found is not None, text
    terms = found[1].replace("−", "-").replace("(", "").replace(")", "").split(" + ")
    return f"{sum(prod(float(factor) for factor in term.split(' × ')) for term in terms):.6g}"


def _is_old(text: str) -> bool:
    """Return whether a part of the screen still shows the step before, or a panel that gets another size."""
    return "pgdn goes on" in text or re.search(r"^. …", text, re.MULTILINE) is not None


def take_step(screen: Terminal) -> None:
    """Answer the question of the step on screen with the keys and the numbers that the screen names."""
    asking = ("Type the letter of", "= ?", "ctrl+r shows a", "ctrl+r a")
    text = screen.wait(lambda text: not _is_old(text) and any(sign in text for sign in asking))
    if "Type the letter of your answer" in text:
        for letter in "ABCD":
            screen.send(f"{letter.lower()}{KEYS['enter']}")
            if "Right: answer" in screen.wait(lambda text: f"Not {letter}." in text or "Right: answer" in text):
                return
        raise AssertionError(f"no answer is right:\n{screen.text}")
    elif "= ?" in text:
        screen.send(f"{number_on(text)}{KEYS['enter']}")
        screen.wait_for("Right: ")
    elif key := re.search(r"Press\W+(␣)", text):
        screen.send(KEYS[key[1]])
        screen.wait_for("Done.")
    else:
        assert "ctrl+r" in text
        screen.send(KEYS["ctrl+r"])
        pattern = re.compile(r"One solution: press e and type (.+?)\. ")
        solution = pattern.search(lesson_text(screen.wait(lambda text: pattern.search(lesson_text(text)) is not None)))
        assert solution is not None
        screen.send("e")
        screen.wait_for("Change")
        screen.send(f"{solution[1]}{KEYS['enter']}")
        screen.wait(lambda text: "Change something" not in text and "pgdn" in text)


@pytest.mark.parametrize("size", [(80, 24), (120, 40)], ids=str)
def test_a_first_start_leads_through_the_first_lesson(size: tuple[int, int], tmp_path: Path) -> None:
    with terminal(APP, *size, XDG_STATE_HOME=str(tmp_path), NN_TUI_WELCOME="1") as screen:
        learn = re.search(r"(\w+)  Learn", screen.wait_for("Learn: "))
        assert learn is not None
        screen.send(KEYS[learn[1]])
        first = STEP.search(screen.wait(STEP.search))
        assert first is not None and first[1] == "1"
        for number in range(1, int(first[2]) + 1):
            screen.wait_for(f"‹ step {number} of {first[2]} ›")
            take_step(screen)
            assert "pgdn" in screen.text
            screen.send(KEYS["pgdn"])
        text = screen.wait(lambda text: "pgdn opens the next lesson:" in lesson_text(text))
        assert "This was the last step." in lesson_text(text) and "not answered" not in text
        screen.send("q")
        assert screen.end() == 0
    assert modes_left_on(bytes(screen.output)) == []
    progress = json.loads((tmp_path / "nn-tui" / "lessons.json").read_text())
    assert progress[lesson_ids()[0]]["done"] is True
