"""Tests of opening files: by the ending of their names, as what they are, with one sentence for anything else."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest

from nn_tui.core.errors import InputError
from nn_tui.core.preset.loader import open_experiment
from nn_tui.core.spec import Experiment
from nn_tui.tui.saved.auto_saver import AutoSaver
from nn_tui.tui.saved.readers import is_openable, open_any, open_document
from nn_tui.tui.saved.writers import WRITERS, write_session
from nn_tui.tui.session import stepping
from nn_tui.tui.session.session import Session, new_session
from tests._documents import with_info
from tests._sessions import contents, session_after


def test_what_is_written_can_be_opened(tmp_path: Path) -> None:
    session = session_after(["n", "n"])
    for ending in WRITERS:
        write_session(tmp_path / f"a{ending}", session)
        assert is_openable(tmp_path / f"a{ending}")
        opened = open_any(str(tmp_path / f"a{ending}"))
        assert isinstance(opened, Session) == (ending == ".nntui"), ending


def test_a_table_of_any_ending_is_opened(tmp_path: Path) -> None:
    for name in ("a.data", "a.TXT", "a", "a.b.c"):
        (tmp_path / name).write_text("x,y\n1.5,2\n3,4.5\n5,7\n", encoding="utf-8")
        assert is_openable(tmp_path / name)
        assert isinstance(open_any(str(tmp_path / name)), Experiment)
    assert not is_openable(tmp_path) and not is_openable(tmp_path / "b.csv")
    with pytest.raises(InputError, match="this works on tables only"):
        open_any("a.nntui", changes={"target": "y"})


def test_a_preset_and_a_table_get_another_seed(tmp_path: Path) -> None:
    (tmp_path / "a.CSV").write_text("x,y\n1,2\n3,4\n5,7\n", encoding="utf-8")
    for name in ("xor", str(tmp_path / "a.CSV")):
        opened = open_any(name, 9)
        assert isinstance(opened, Experiment) and opened.seed == 9
    with pytest.raises(InputError, match="no preset"):
        open_any("xro")


def test_a_saved_session_that_was_copied_elsewhere_opens_there(tmp_path: Path) -> None:
    own = tmp_path / "a-private-folder" / "own.csv"
    own.parent.mkdir()
    own.write_text("x,y\n" + "\n".join(f"{n},{n * n}" for n in range(30)), encoding="utf-8")
    session = stepping.whole_pass(new_session(open_experiment(str(own))))
    auto_saver = AutoSaver({"XDG_STATE_HOME": str(tmp_path)})
    assert auto_saver.save(session) and auto_saver.path is not None
    shutil.copy(auto_saver.path, tmp_path / "copy.nntui")
    auto_saver.close()
    assert b"a-private-folder" not in (tmp_path / "copy.nntui").read_bytes()
    opened = open_document(tmp_path / "copy.nntui")
    assert contents(opened) == contents(session)
    assert opened.document is not None and opened.document.path == tmp_path / "copy.nntui"


def test_what_is_no_document_is_refused_in_a_sentence(tmp_path: Path) -> None:
    (tmp_path / "text.nntui").write_text("hello")
    for path, said in (
        (tmp_path / "text.nntui", "not a document that nn-tui saved"),
        (tmp_path / "none.nntui", "no such file"),
        (tmp_path / "test.nntui", 'no such file or directory. Did you mean "text.nntui"?'),
        (tmp_path, "it is a folder"),
    ):
        with pytest.raises(InputError) as caught:
            open_document(path)
        assert said in str(caught.value) and path.name in str(caught.value)


def test_a_document_of_another_version_is_refused(tmp_path: Path) -> None:
    path = tmp_path / "a.nntui"
    write_session(path, new_session(open_experiment("xor")))
    path.write_bytes(with_info(path.read_bytes(), format="nn-tui-document/9"))
    with pytest.raises(
        InputError,
        match=r"a\.nntui: a newer nn-tui saved it in version 9 .* version 2: update",
    ):
        open_document(path)
    path.write_bytes(b'{"format": "nn-tui-session/2", "preset": "xor"}\n')
    with pytest.raises(InputError, match=r"a\.nntui: an earlier version of nn-tui saved it"):
        open_document(path)
