"""Tests of the document of a session: it has changed after anything that has to be saved again."""

from __future__ import annotations

import os
from dataclasses import replace
from pathlib import Path

import pytest

from nn_tui.tui.session.document import (
    document_marks,
    document_title,
    file_stamp,
    is_as_opened,
    is_changed,
    with_document,
)
from nn_tui.tui.session.session import Document, Session
from tests._sessions import MOVES, session_after


@pytest.fixture
def saved(tmp_path: Path) -> Session:
    """Return a session in a document."""
    (tmp_path / "a.nntui").write_bytes(b"some bytes")
    return with_document(session_after(["train 3", "p"]), tmp_path / "a.nntui", 7, file_stamp(tmp_path / "a.nntui"))


@pytest.mark.parametrize("move", ["train 3", "eta", "weight", "N", "*"])
def test_a_session_has_changed_after_training_an_edit_or_a_bookmark(saved: Session, move: str) -> None:
    assert not is_changed(saved)
    assert is_changed(MOVES[move](saved))


@pytest.mark.parametrize("move", ["z", "p", "n", "backspace", "back 20"])
def test_a_session_has_not_changed_with_the_view_or_the_position(saved: Session, move: str) -> None:
    assert not is_changed(MOVES[move](saved))


def test_a_session_is_as_opened_until_its_position_changes(saved: Session) -> None:
    assert is_as_opened(saved) and is_as_opened(MOVES["z"](saved))
    assert not is_as_opened(MOVES["p"](saved)) and not is_as_opened(MOVES["*"](saved))
    assert is_as_opened(MOVES["n"](MOVES["p"](saved))), "it is back"


def test_a_session_without_a_document_has_not_changed() -> None:
    session = session_after(["n"])
    assert not is_changed(session) and not is_changed(MOVES["train 3"](session)) and document_title(session) == ""


def test_the_title_has_the_name_and_says_that_changes_are_missing(saved: Session) -> None:
    assert document_title(saved) == "a.nntui"
    assert document_title(MOVES["train 3"](saved)) == "a.nntui (changed)"
    odd = replace(saved, document=Document(Path("\x1b" + "n" * 40), 7, (0, 0), document_marks(saved)))
    assert document_title(odd) == "\\x1b" + "n" * 25 + "…"


def test_a_file_that_was_written_again_has_another_stamp(tmp_path: Path) -> None:
    path = tmp_path / "a"
    path.write_bytes(b"1")
    before = file_stamp(path)
    assert file_stamp(path) == before
    os.utime(path, ns=(1, 1))
    assert file_stamp(path) != before
