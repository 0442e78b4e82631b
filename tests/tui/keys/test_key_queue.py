"""Keys and pastes that arrive in one burst, as over a slow link: every character reaches the right dialog."""

from __future__ import annotations

import re

import pytest

pytest.importorskip("pty", reason="pseudo-terminals are Unix's")

from tests._app import AppTester, in_app
from tests._pty import Terminal, terminal

ENTER, ESCAPE = "\r", "\x1b"
PASTE = "\x1b[200~{}\x1b[201~"


def is_at(screen: Terminal, update: int) -> bool:
    return re.search(rf"update {update}\b", screen.text) is not None


def test_bursts_of_keys_in_a_terminal() -> None:
    with terminal(NN_TUI_RESUME="no") as screen:
        screen.wait(lambda text: "f Forward" in text and "XOR" in text)
        # The prompt of an edit: a whole line, or a number only.
        for text, expected in (
            ("eta = 0.25", "→ 0.25"),
            ("w2[1,1] = 0.7", "w2[1,1]"),
            ("x1 = 25", "x1"),
            ("y1 = 5", "y1"),
            ("0.125", "= 0.125"),
        ):
            screen.send("e" + text)
            screen.wait_for("Change something")
            screen.wait_for(f"= {text} " if text[0].isdigit() else f"│  {text} ")
            screen.send(ENTER)
            screen.wait_for(expected)
            screen.wait_for("f Forward")
        # The whole line with enter, and more keys after it.
        screen.send("eeta = 0.75" + ENTER + "fbu")
        screen.wait(lambda shown: "η 0.75" in shown and is_at(screen, 1))
        screen.send("t12" + ENTER)
        screen.wait(lambda shown: is_at(screen, 12))
        screen.send("/w2[1,3]" + ENTER)
        screen.wait(lambda shown: "· w₂[1,3]" in shown)
        screen.send("ceta = 0.0625")
        screen.wait(lambda shown: "eta = 0.0625" in shown)
        screen.send(ENTER)
        screen.wait(lambda shown: "vs η 0.0625" in shown)
        screen.send("M\x15" + "123")
        screen.wait(lambda shown: " 123" in shown)
        screen.send(ESCAPE)
        screen.wait(lambda shown: " 123 " not in shown)
        screen.send("q")
        assert screen.end() == 0


@pytest.mark.parametrize("pasted", ["eta = 0.25", "0.25", "w2[1,1] = 0.7"])
def test_a_paste_replaces_the_suggested_line(pasted: str) -> None:
    with terminal(NN_TUI_RESUME="no") as screen:
        screen.wait(lambda text: "f Forward" in text and "XOR" in text)
        screen.send("e" + PASTE.format(pasted))
        line = pasted if " " in pasted else "w1[1,1] = " + pasted
        screen.wait_for(f"│  {line} ")
        screen.send(ENTER)
        expected = {"eta = 0.25": "→ 0.25", "0.25": "w1[1,1] = 0.25", "w2[1,1] = 0.7": "w2[1,1] = 0.7"}[pasted]
        screen.wait(lambda text: expected in text and "Change something" not in text)


@in_app()
async def test_keys_after_the_key_that_opens_a_dialog_go_to_the_dialog(tester: AppTester) -> None:
    for key in ("e", *"eta=0.25", "enter", "f"):
        tester.send(key)
    await tester.wait_until(lambda: tester.session.experiment.training.optimizer.learning_rate == 0.25)
    await tester.wait_until(lambda: tester.session.cursor == tester.session.pass_steps.after("loss"))
    await tester.wait_until(lambda: tester.session.updates_done == 0)
