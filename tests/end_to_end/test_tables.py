"""Tests of the app with a table on the command line, in a real terminal."""

from __future__ import annotations

from pathlib import Path

import pytest

pytest.importorskip("pty", reason="pseudo-terminals are Unix's")

from tests._pty import APP, modes_left_on, terminal

TABLES = Path(__file__).parents[1] / "core" / "table" / "files"


def test_a_table_is_shown_and_then_trained() -> None:
    with terminal((*APP, str(TABLES / "titanic-seaborn.csv")), 80, 24) as screen:
        screen.wait(lambda text: "▸ alone" in text and "enter opens" in text)
        screen.send("\x1b[H")  # home
        screen.wait_for("▸ survived")
        screen.send("t")
        screen.wait_for('"survived", 2 classes, from 14 columns')
        screen.send("\r")
        screen.wait(lambda text: "titanic-seaborn.csv · 33–8–1" in text and "f Forward" in text)
        screen.wait_for("leads back to the columns")
        screen.send("5")
        screen.wait_for("Loss 1/")
        screen.send("v")
        screen.wait_for("Accuracy 2/")
        screen.send("r")
        screen.wait_for("running")
        screen.send("r")
        screen.wait_for("paused")
        screen.send("q")
        assert screen.end() == 0
        assert modes_left_on(bytes(screen.output)) == []


def test_a_moment_of_a_table_opens_the_network_at_once() -> None:
    arguments = ("--target", "survived", "--drop", "alive", "--at", "2.forward")
    with terminal((*APP, str(TABLES / "titanic-seaborn.csv"), *arguments), 120, 40) as screen:
        screen.wait(lambda text: "–8–1" in text and "after update 1" in text and "separator" not in text)
        screen.send("q")
        assert screen.end() == 0


def test_options_are_in_force_in_the_columns() -> None:
    arguments = ("--target", "survived", "--drop", "alive", "--no-header")
    with terminal((*APP, str(TABLES / "titanic-seaborn.csv"), *arguments), 120, 40) as screen:
        assert screen.end() == 1
        assert b'there is no column "survived"' in screen.output
    with terminal((*APP, str(TABLES / "titanic-seaborn.csv"), *arguments[:-1]), 120, 40) as screen:
        screen.wait(
            lambda text: "▸ survived" in text and "You chose it as the target." in text and "from 13 columns" in text
        )
        screen.send("\x1b")
        screen.wait_for("f Forward")
        screen.send("q")
        assert screen.end() == 0


def test_a_file_that_is_no_table_is_refused_before_the_app_opens() -> None:
    with terminal((*APP, str(TABLES / "webpage-saved-as-data.csv"))) as screen:
        assert screen.end() == 1
        assert b"this is a web page" in screen.output
        assert b"\x1b[?1049h" not in screen.output
