"""Tests of saved sessions: the files, the offer at the start, and failures while saving."""

from __future__ import annotations

import asyncio
import errno
import json
import os
import subprocess
import sys
import tempfile
import threading
import time
from collections.abc import Callable, Coroutine, Iterator
from dataclasses import replace
from functools import partial
from pathlib import Path
from typing import Any

import pytest
from textual.widgets import Input

from nn_tui.core.errors import InputError
from nn_tui.core.saved.atomic_write import write_atomically
from nn_tui.core.table.file_names import DOCUMENT_ENDING
from nn_tui.tui.actions.saved_session import open_preset, resume
from nn_tui.tui.app import NNTui
from nn_tui.tui.cli.main import main
from nn_tui.tui.command_palette import commands
from nn_tui.tui.config.files import state_folder
from nn_tui.tui.saved import session_store
from nn_tui.tui.saved.auto_saver import AutoSaver, PendingSave
from nn_tui.tui.saved.offers import offer_message
from nn_tui.tui.saved.readers import open_document
from nn_tui.tui.saved.snapshot import pack_snapshot, restore_session, take_snapshot
from nn_tui.tui.saved.writers import write_session
from nn_tui.tui.session import stepping
from nn_tui.tui.session.session import Session, new_session
from nn_tui.tui.start import StartOptions, with_saved_session, with_unsaved_changes
from tests._app import DARK, AppTester, experiment
from tests._documents import flip_a_bit, with_info
from tests._edits import small_experiment
from tests._sessions import MOVES, contents, session_after

NOW = int(time.time())

DAMAGED = "it is damaged: a part is missing or was changed; use another copy."


def auto_saver_in(folder: Path, **options: Any) -> AutoSaver:
    """Return the saver of a new app; by default it never pauses between two saves."""
    return AutoSaver({"XDG_STATE_HOME": str(folder)}, **{"pause_factor": 0.0, "busy_pause": 0.0, **options})


def save_session(folder: Path, moves: list[str], age: int = 0) -> Path:
    """Save a session as an app does that ended ``age`` seconds ago; return its file."""
    auto_saver = auto_saver_in(folder)
    assert auto_saver.save(session_after(moves))
    path = auto_saver.path
    assert path is not None
    auto_saver.close()
    if age:
        path.write_bytes(pack_snapshot(take_snapshot(session_after(moves), NOW - age)).content)
        os.utime(path, (NOW - age, NOW - age))
    return path


def file_names(folder: Path) -> list[str]:
    """Return the names of the files in the folder of sessions."""
    return sorted(path.name for path in (folder / "nn-tui" / "sessions").iterdir())


# The folder


def test_the_folder_follows_the_platform() -> None:
    home = {"HOME": "/home/me"}
    assert state_folder(home, "linux") == Path("/home/me/.local/state/nn-tui")
    assert state_folder(home, "darwin") == Path("/home/me/Library/Application Support/nn-tui")
    assert state_folder({**home, "LOCALAPPDATA": "/local"}, "win32") == Path("/local/nn-tui")
    assert state_folder(home, "win32") == Path("/home/me/AppData/Local/nn-tui")
    for platform in ("linux", "darwin", "win32"):
        assert state_folder({**home, "XDG_STATE_HOME": "/s"}, platform) == Path("/s/nn-tui")


def test_an_app_has_one_file_for_its_owner_alone(tmp_path: Path) -> None:
    auto_saver = auto_saver_in(tmp_path)
    for moves in (["n"], ["n", "n"], ["n", "n", "eta"]):
        assert auto_saver.save(session_after(moves))
    assert auto_saver.path is not None
    assert file_names(tmp_path) == [auto_saver.path.name, f"{auto_saver.path.name}.lock"]
    assert auto_saver.path.stat().st_mode & 0o077 == 0 and auto_saver.path.parent.stat().st_mode & 0o077 == 0
    auto_saver.close()
    assert len(file_names(tmp_path)) == 1


def test_a_session_at_its_start_is_not_written(tmp_path: Path) -> None:
    auto_saver = auto_saver_in(tmp_path)
    assert auto_saver.find_sessions() == ([], [])
    assert auto_saver.save(session_after(["f", "b"]))
    assert auto_saver.prepare(session_after(["f"]), is_training=False) is None
    auto_saver.close()
    assert not list(tmp_path.iterdir())


def test_the_session_of_an_open_app_is_not_offered_to_others(tmp_path: Path) -> None:
    first, second = auto_saver_in(tmp_path), auto_saver_in(tmp_path)
    one, two = session_after(["n", "n"]), session_after(["n", "eta", "n"])
    assert first.save(one) and second.save(two)
    assert first.path != second.path
    assert first.find_sessions() == second.find_sessions() == auto_saver_in(tmp_path).find_sessions() == ([], [])
    path = first.path
    first.close()
    (offer,), _ = second.find_sessions()
    assert offer.path == path
    assert contents(second.load(offer, {})) == contents(one)
    assert second.path == path, "the resumed session continues in the same file"
    assert len(auto_saver_in(tmp_path).find_sessions()[0]) == 1


def test_two_apps_that_resume_the_same_session_write_two_files(tmp_path: Path) -> None:
    path = save_session(tmp_path, ["n"])
    first, second = auto_saver_in(tmp_path), auto_saver_in(tmp_path)
    (offer,), _ = first.find_sessions()
    session, other = first.load(offer, {}), second.load(offer, {})
    assert first.path == path and second.path is None
    assert first.save(session) and second.save(other)
    assert second.path not in (None, path)


LOCKER = """
import sys
from pathlib import Path
from nn_tui.tui.saved import session_store
print(session_store.lock(Path(sys.argv[1])) is not None, flush=True)
sys.stdin.read()
"""


def test_a_killed_app_leaves_no_lock(tmp_path: Path) -> None:
    path = save_session(tmp_path, ["n"])
    with subprocess.Popen(
        [sys.executable, "-c", LOCKER, str(path)], stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True
    ) as other:
        assert other.stdout is not None and other.stdout.readline() == "True\n"
        assert auto_saver_in(tmp_path).find_sessions()[0] == []
        other.kill()
        other.wait()
    assert path.with_name(f"{path.name}.lock").exists()
    (offer,), _ = auto_saver_in(tmp_path).find_sessions()
    assert offer.path == path and file_names(tmp_path) == [path.name]


def test_the_newest_sessions_stay(tmp_path: Path) -> None:
    old = [save_session(tmp_path, ["n"], age=age).name for age in range(100, 100 + 10 * session_store.MAX_SESSIONS, 10)]
    folder = tmp_path / "nn-tui" / "sessions"
    (folder / "notes.txt").write_text("mine")
    (folder / f".x{DOCUMENT_ENDING}-abc").write_text("half a file")
    os.utime(folder / f".x{DOCUMENT_ENDING}-abc", (0, 0))
    (folder / f"gone{DOCUMENT_ENDING}.lock").touch()
    new = save_session(tmp_path, ["n", "n"])
    assert file_names(tmp_path) == sorted([new.name, *old[: session_store.MAX_SESSIONS - 1], "notes.txt"])


def test_large_sessions_make_room(tmp_path: Path) -> None:
    old = [save_session(tmp_path, ["n"], age=age) for age in (100, 200, 300)]
    limit = 5 * old[0].stat().st_size // 2
    auto_saver = auto_saver_in(tmp_path, save=partial(session_store.save, max_total_bytes=limit))
    assert auto_saver.save(session_after(["n"]))
    assert auto_saver.path is not None
    new = auto_saver.path
    auto_saver.close()
    assert file_names(tmp_path) == sorted([new.name, old[0].name])


def test_saved_sessions_have_title_update_and_time_and_other_files_are_reported(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    evening = time.mktime((*time.localtime(NOW)[:3], 20, 0, 0, 0, 0, -1))  # of this day, which may end meanwhile
    monkeypatch.setattr(time, "time", lambda: evening)
    save_session(tmp_path, ["n", "n", "n"], age=int(NOW - evening) + 5)
    day = save_session(tmp_path, ["n"], age=int(NOW - evening) + 90_000)
    bad = day.with_name(f"0{DOCUMENT_ENDING}")
    bad.write_bytes(b"\x1b[31m")
    new = day.with_name(f"1{DOCUMENT_ENDING}")
    new.write_bytes(with_info(day.read_bytes(), format="nn-tui-document/9"))
    odd = day.with_name(f"2{DOCUMENT_ENDING}")
    odd.write_bytes(with_info(day.read_bytes(), title="\x1b[31m"))
    odd.with_name(f"3{DOCUMENT_ENDING}").mkdir()
    sessions, notices = auto_saver_in(tmp_path).find_sessions()
    assert [(offer.title, offer.update) for offer in sessions] == [("Circles", 3), ("Circles", 1)]
    clock = time.strftime("%H:%M", time.localtime(evening - 5))
    assert offer_message(sessions[0]) == f"`⌫` resumes Circles at update 3, kept at {clock}."
    assert sessions[1].time_text == time.strftime("%Y-%m-%d %H:%M", time.localtime(evening - 90_000))
    assert len(notices) == 3 and all(notice.isprintable() for notice in notices)
    assert any("a newer nn-tui saved it in version" in notice and str(new) in notice for notice in notices)
    assert (
        auto_saver_in(tmp_path).find_sessions("circles")[0] == sessions
        and auto_saver_in(tmp_path).find_sessions("xor")[0] == []
    )


# Faults while writing


@pytest.mark.parametrize("step", ["os.fsync", "os.replace", "tempfile.mkstemp"])
@pytest.mark.parametrize("number", [errno.ENOSPC, errno.EROFS, errno.EDQUOT])
def test_a_failed_write_leaves_the_old_file(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, step: str, number: int
) -> None:
    auto_saver = auto_saver_in(tmp_path)
    assert auto_saver.save(session_after(["n"]))
    assert auto_saver.path is not None
    before, files = auto_saver.path.read_bytes(), file_names(tmp_path)

    def fail(*arguments: object, **options: object) -> None:
        raise OSError(number, os.strerror(number))

    with monkeypatch.context() as patch:
        patch.setattr(step, fail)
        pending = auto_saver.prepare(session_after(["n", "n"]), is_training=False)
        assert pending is not None
        reason = os.strerror(number).lower()
        assert auto_saver.write(pending) == f"This session is not kept: {reason}."
        assert auto_saver.problem == f"{reason}."
        assert auto_saver.write(pending) == "", "the same problem is not reported twice"
        assert auto_saver.path.read_bytes() == before and file_names(tmp_path) == files
    assert auto_saver.save(session_after(["n", "n"])) and auto_saver.problem == ""
    assert auto_saver.path.read_bytes() != before


LIMITED = """
import resource, sys
from pathlib import Path
from nn_tui.tui.saved.auto_saver import AutoSaver
from nn_tui.core.saved.atomic_write import write_atomically
from tests._sessions import session_after

auto_saver = AutoSaver({"XDG_STATE_HOME": sys.argv[1]})
assert auto_saver.save(session_after(["n"]))
resource.setrlimit(resource.RLIMIT_FSIZE, (2000, 2000))
print(auto_saver.save(session_after(["n", "train 90"])), auto_saver.problem)
try:
    write_atomically(Path(sys.argv[1]) / "picture.svg", "x" * 5000)
except OSError as error:
    print(error.strerror)
print(sorted(path.name for path in Path(sys.argv[1]).iterdir()))
"""


@pytest.mark.skipif(sys.platform == "win32", reason="there are no limits of the size of a file")
def test_a_real_limit_of_the_disk_leaves_the_old_file(tmp_path: Path) -> None:
    done = subprocess.run(
        [sys.executable, "-c", LIMITED, str(tmp_path)],
        capture_output=True, text=True, check=True, cwd=Path(__file__).parents[3],
    )  # fmt: skip
    assert done.stdout.splitlines() == [
        "False file too large.", "File too large", "['nn-tui']"
    ]  # fmt: skip
    (offer,), notices = auto_saver_in(tmp_path).find_sessions()
    assert (offer.update, notices) == (1, []) and offer.path.stat().st_size > 2000
    assert contents(auto_saver_in(tmp_path).load(offer, {})) == contents(session_after(["n"]))


def test_a_folder_that_cannot_be_made_is_reported(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "file").write_text("no folder")
    monkeypatch.setattr("os.path.expanduser", lambda path: path)
    for environ, words in (
        ({"XDG_STATE_HOME": str(tmp_path / "file")}, "not a directory"),
        ({"XDG_STATE_HOME": "/proc/none"}, "no such file or directory"),
        ({}, "there is no home folder"),
        ({"HOME": "~"}, "there is no home folder"),
    ):
        auto_saver = AutoSaver(environ)
        assert auto_saver.find_sessions() == ([], [])
        assert not auto_saver.save(session_after(["n"]))
        assert words in auto_saver.problem and "\n" not in auto_saver.problem
        auto_saver.close()
    assert (tmp_path / "file").read_text() == "no folder" and not Path("~").exists()
    with pytest.raises(OSError, match="there is no home folder"):
        write_atomically(Path("relative") / "file", "text")


@pytest.mark.skipif(not hasattr(os, "geteuid") or os.geteuid() == 0, reason="root may write anywhere")
def test_a_read_only_folder_can_still_be_read(tmp_path: Path) -> None:
    path = save_session(tmp_path, ["n"])
    path.parent.chmod(0o500)
    try:
        auto_saver = auto_saver_in(tmp_path)
        assert not auto_saver.save(session_after(["n", "n"])) and "permission denied" in auto_saver.problem
        assert contents(auto_saver.load(auto_saver.find_sessions()[0][0], {})) == contents(session_after(["n"]))
    finally:
        path.parent.chmod(0o700)


# On the screen


def run_app(
    check: Callable[[AppTester], Coroutine[Any, Any, None]], start: StartOptions, size: tuple[int, int] = (120, 40)
) -> None:
    """Run a check with an app that starts in some way."""

    async def run() -> None:
        app = NNTui(experiment("xor"), DARK, start)
        async with app.run_test(size=size) as pilot:
            await check(AppTester(app, pilot))

    asyncio.run(run())


def start_in(folder: Path, *, resume_now: bool = False, preset: str | None = None) -> StartOptions:
    """Return the start of an app whose state is in that folder."""
    return with_saved_session(StartOptions(), auto_saver_in(folder), resume_now, preset)


def test_the_start_offers_and_a_first_step_back_resumes(tmp_path: Path) -> None:
    save_session(tmp_path, ["n", "eta", "train 3"])
    expected = contents(session_after(["n", "eta", "train 3"]))

    async def check(tester: AppTester) -> None:
        await tester.wait_until(lambda: "⌫ resumes Circles at update 5, kept at" in tester.text("message"))
        await tester.wait_until(lambda: tester.session.experiment.preset.id == "xor", "an offer opens nothing")
        await tester.press("backspace")
        await tester.wait_until(lambda: contents(tester.session) == expected)
        await tester.wait_until(lambda: "Circles at update 5, as kept at" in tester.text("message"))
        await tester.wait_until(lambda: "Circles" in tester.text("header"))

    run_app(check, start_in(tmp_path))


@pytest.mark.parametrize("size", [(80, 24), (60, 20)], ids=str)
def test_the_offer_fits_a_small_screen(tmp_path: Path, size: tuple[int, int]) -> None:
    save_session(tmp_path, ["n", "eta", "train 3"])

    async def check(tester: AppTester) -> None:
        words = " ".join(tester.text("message").split())
        assert words.startswith("⌫ resumes Circles at update 5, kept at") and words.endswith("."), words

    run_app(check, start_in(tmp_path), size)


@pytest.mark.parametrize("keys", [["f", "p", "backspace"], ["n", "p", "backspace"], ["space", "backspace"] * 2])
def test_after_another_step_going_back_ends_at_the_start(tmp_path: Path, keys: list[str]) -> None:
    save_session(tmp_path, ["n", "eta", "train 3"])

    async def check(tester: AppTester) -> None:
        await tester.press(*keys)
        await tester.wait_until(lambda: tester.session.experiment.preset.id == "xor" and tester.session.cursor == 0)

    run_app(check, start_in(tmp_path))


def test_only_sessions_of_the_preset_are_offered_for_it(tmp_path: Path) -> None:
    save_session(tmp_path, ["n"])
    assert start_in(tmp_path, preset="xor").offer is None
    assert start_in(tmp_path, preset="circles").offer is not None
    assert start_in(tmp_path).offer is not None


def test_resuming_at_once(tmp_path: Path) -> None:
    path = save_session(tmp_path, ["n", "eta", "train 3"])

    async def check(tester: AppTester) -> None:
        await tester.wait_until(lambda: contents(tester.session) == contents(session_after(["n", "eta", "train 3"])))
        await tester.wait_until(lambda: "Circles at update 5, as kept at" in tester.text("message"))
        await tester.press("n")
        await tester.wait_until(lambda: tester.main.auto_saver is not None and tester.main.auto_saver.path == path)

    run_app(check, start_in(tmp_path, resume_now=True))
    assert start_in(tmp_path / "none", resume_now=True).message == "No session is kept."
    assert start_in(tmp_path, resume_now=True, preset="xor").message == "No session of xor is kept."


@pytest.fixture
def short_path() -> Iterator[Path]:
    """Return a folder whose path fits in a line of the screen."""
    with tempfile.TemporaryDirectory() as folder:
        yield Path(folder)


def spoil(path: Path) -> None:
    """Change a bit of a number in a file, which only a checksum finds."""
    path.write_bytes(flip_a_bit(path.read_bytes()))


def truncate(path: Path) -> None:
    """Remove the end of a file."""
    path.write_bytes(path.read_bytes()[:-40])


def test_the_app_starts_although_a_session_is_damaged(short_path: Path) -> None:
    path = save_session(short_path, ["n"])
    spoil(path)
    start = start_in(short_path, resume_now=True)
    assert start.session is None and start.message == f"{path}: {DAMAGED} The file is left out."

    async def check(tester: AppTester) -> None:
        await tester.press("backspace")
        await tester.wait_until(lambda: tester.session.experiment.preset.id == "xor")
        await tester.wait_until(lambda: f" {path}: it is damaged: " in tester.text("message"), "the whole path")

    run_app(check, start_in(short_path))
    path.write_bytes(b"nothing")
    start = start_in(short_path)
    assert start.offer is None
    assert start.message == f"{path}: it is not a document that nn-tui saved. The file is left out."


def test_a_truncated_session_is_neither_offered_nor_listed(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    sound = save_session(tmp_path, ["n", "n"], age=60)
    newer = save_session(tmp_path, ["n", "eta", "train 3"])
    truncate(newer)
    damaged = f"{newer}: {DAMAGED} The file is left out."
    start = start_in(tmp_path)
    assert start.offer is not None and start.offer.path == sound and damaged in start.message
    monkeypatch.setenv("XDG_STATE_HOME", str(tmp_path))
    assert main(["list", "--kept"]) == 0
    done = capsys.readouterr()
    assert done.out.splitlines()[0].split()[:3] == ["circles", "update", "2"] and len(done.out.splitlines()) == 2
    assert done.err == f"nn-tui: {damaged}\n"


@pytest.mark.parametrize("preset", [None, "circles"])
@pytest.mark.parametrize("damage", [truncate, spoil])
def test_resuming_goes_on_with_the_newest_sound_session(
    tmp_path: Path, damage: Callable[[Path], None], preset: str | None
) -> None:
    sound = save_session(tmp_path, ["n", "n"], age=60)
    newer = save_session(tmp_path, ["n", "eta", "train 3"])
    damage(newer)
    start = start_in(tmp_path, resume_now=True, preset=preset)
    assert start.session is not None and start.session.updates_done == 2
    assert start.message.startswith("Circles at update 2, as kept at ")
    assert start.message.endswith(f" {newer}: {DAMAGED} The file is left out.")
    assert start.auto_saver is not None and start.auto_saver.path == sound
    start.auto_saver.close()

    async def check(tester: AppTester) -> None:
        await tester.main.action_do("resume")
        await tester.wait_until(
            lambda: tester.session.updates_done == 2 and tester.session.experiment.preset.id == "circles"
        )
        await tester.wait_until(
            lambda: str(tester.session.message).endswith(f" {newer}: {DAMAGED} The file is left out.")
        )

    run_app(check, start_in(tmp_path))


def test_after_a_damaged_session_the_next_is_offered(tmp_path: Path) -> None:
    save_session(tmp_path, ["n", "n"], age=60)
    newer = save_session(tmp_path, ["n", "eta", "train 3"])
    spoil(newer)

    async def check(tester: AppTester) -> None:
        await tester.wait_until(lambda: "⌫ resumes Circles at update 5, kept at" in tester.text("message"))
        await tester.press("backspace")
        await tester.wait_until(
            lambda: tester.session.experiment.preset.id == "xor", "another session than the one on offer is no answer"
        )
        message = str(tester.session.message)
        assert message.startswith(f"{newer}: {DAMAGED} `⌫` resumes Circles at update 2, kept")
        await tester.wait_until(
            lambda: (
                [each.title for each in commands(tester.main) if "Resume" in each.title] == ["Resume the last session"]
            )
        )
        await tester.press("backspace")
        await tester.wait_until(
            lambda: tester.session.experiment.preset.id == "circles" and tester.session.updates_done == 2
        )

    run_app(check, start_in(tmp_path))


def test_the_palette_resumes_and_saves_the_session_on_screen(tmp_path: Path) -> None:
    save_session(tmp_path, ["n", "n"], age=60)
    save_session(tmp_path, ["n", "eta", "train 3"])

    async def check(tester: AppTester) -> None:
        await tester.press("n", "n", "n")
        left = contents(tester.session)
        offers = {command.title: command.callback for command in commands(tester.main) if "Resume" in command.title}
        assert list(offers) == ["Resume the last session", "Resume Circles, update 2"]
        await offers["Resume the last session"]()
        await tester.wait_until(lambda: contents(tester.session) == contents(session_after(["n", "eta", "train 3"])))
        offers = {command.title: command.callback for command in commands(tester.main) if "Resume" in command.title}
        assert list(offers) == ["Resume the last session", "Resume Circles, update 2"]
        await offers["Resume the last session"]()
        await tester.wait_until(lambda: contents(tester.session) == left)

    run_app(check, start_in(tmp_path))


def test_a_session_that_cannot_be_saved_stays_on_screen(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    save_session(tmp_path, ["n", "n"])

    async def check(tester: AppTester) -> None:
        await tester.press("n", "n", "n")
        left = contents(tester.session)

        def full(*arguments: object) -> None:
            raise OSError(errno.ENOSPC, "No space left on device")

        assert tester.main.auto_saver is not None
        (offer,), _ = tester.main.auto_saver.find_sessions()
        with monkeypatch.context() as patch:
            patch.setattr("os.fsync", full)
            await resume(tester.main, offer)
            await tester.wait_until(lambda: contents(tester.session) == left)
            await tester.wait_until(
                lambda: "This session is not kept: no space left on device." in tester.text("message")
            )
            await open_preset(tester.main, "and")
            await tester.wait_until(
                lambda: "The previous session is not kept: no space left on device." in tester.text("message")
            )

    run_app(check, start_in(tmp_path))


def test_opening_another_preset_saves_the_session(tmp_path: Path) -> None:
    async def check(tester: AppTester) -> None:
        await tester.press("n", "n")
        left = contents(tester.session)
        await open_preset(tester.main, "and")
        await tester.wait_until(lambda: tester.main.auto_saver is not None and tester.main.auto_saver.path is None)
        await tester.press("n")
        await tester.main.action_do("resume")
        await tester.wait_until(lambda: contents(tester.session) == left)
        await tester.main.action_do("resume")
        await tester.wait_until(
            lambda: tester.session.experiment.preset.id == "and" and tester.session.updates_done == 1
        )

    run_app(check, start_in(tmp_path))


def test_a_changed_session_is_saved_in_the_background(tmp_path: Path) -> None:
    async def check(tester: AppTester) -> None:
        auto_saver = tester.main.auto_saver
        assert auto_saver is not None
        tester.main.save_in_background()
        assert auto_saver.path is None, "nothing has been done"
        await tester.press("n", "n")
        tester.main.save_in_background()
        await finish_saving(tester)
        assert contents(resumed_from(auto_saver.path)) == contents(tester.session)
        assert auto_saver.prepare(tester.session, is_training=False) is None, "nothing has changed"
        await tester.press("plus", "r")
        await tester.wait_until(lambda: tester.session.run.reached > 300)
        await tester.wait_until(lambda: tester.session.running)
        tester.main.save_in_background()
        await tester.wait_until(lambda: resumed_from(auto_saver.path).run.reached > 100)
        await tester.wait_until(lambda: tester.session.running, "saving does not stop the training")
        tester.send("r")
        await tester.wait_until(lambda: not tester.session.running)

    run_app(check, start_in(tmp_path))


async def finish_saving(tester: AppTester) -> None:
    """Wait until the thread that writes the session has ended."""
    await tester.wait_until(lambda: not any(worker.group == "saving" for worker in tester.app.workers))


def resumed_from(path: Path | None) -> Session:
    """Return the session in a file."""
    assert path is not None
    return restore_session(path.read_bytes(), {})


def test_a_failed_save_is_reported_once(tmp_path: Path) -> None:
    (tmp_path / "nn-tui").write_text("no folder")

    async def check(tester: AppTester) -> None:
        await tester.press("n")
        tester.main.save_in_background()
        await tester.wait_until(lambda: "This session is not kept" in tester.text("message"))
        await tester.wait_until(lambda: "not a directory (" in tester.text("message"))
        await tester.press("n")
        await tester.wait_until(lambda: "not kept" not in tester.text("message"))
        tester.main.save_in_background()
        await finish_saving(tester)
        await tester.settle()
        await tester.wait_until(lambda: "not kept" not in tester.text("message"))

    run_app(check, start_in(tmp_path))


def test_saving_takes_a_hundredth_of_the_time_at_most(tmp_path: Path) -> None:
    clock = [100.0]

    def save_in_two_seconds(file: session_store.SessionFile, content: bytes) -> None:
        clock[0] += 2.0

    auto_saver = AutoSaver({"XDG_STATE_HOME": str(tmp_path)}, clock=lambda: clock[0], save=save_in_two_seconds)
    pending = auto_saver.prepare(session_after(["n"]), is_training=False)
    assert pending is not None
    auto_saver.write(pending)
    clock[0] += 190.0
    assert auto_saver.prepare(session_after(["n", "n"]), is_training=False) is None
    clock[0] += 20.0
    assert auto_saver.prepare(session_after(["n", "n"]), is_training=False) is not None
    auto_saver.close()


def test_a_session_is_saved_as_soon_as_no_key_is_pressed(tmp_path: Path) -> None:
    clock = [100.0]
    auto_saver = auto_saver_in(tmp_path, clock=lambda: clock[0], busy_pause=4.0)

    def is_saved(moves: list[str]) -> bool:
        clock[0] += 1.0
        pending = auto_saver.prepare(session_after(moves), is_training=False)
        return pending is not None and auto_saver.write(pending) == ""

    assert is_saved(["n"]), "the first change is saved at once"
    session, moves = session_after(["n", "n"]), ["n", "n"]
    clock[0] += 1.0
    assert auto_saver.prepare(session, is_training=False) is None, "another key may follow"
    clock[0] += 1.0
    assert auto_saver.prepare(session, is_training=False) is not None, "none has followed"
    auto_saver.write(PendingSave(take_snapshot(session, NOW), 0))
    saves = [is_saved([*moves, *"n" * number]) for number in range(1, 11)]
    assert saves == [False, False, False, True, False, False, False, True, False, False]
    auto_saver.close()


def test_a_document_is_saved_only_after_it_has_changed(tmp_path: Path) -> None:
    write_session(tmp_path / "a.nntui", session_after(["n", "n"]))
    opened = open_document(tmp_path / "a.nntui")
    auto_saver = auto_saver_in(tmp_path)
    assert auto_saver.prepare(opened, is_training=False) is None
    assert auto_saver.save(opened) and auto_saver.path is None
    changed = MOVES["n"](opened)
    assert auto_saver.save(changed) and auto_saver.path is not None
    auto_saver.close()
    (info,), _ = auto_saver.find_sessions()
    assert opened.document is not None and info.document_saved_at == opened.document.saved_at > 0


def test_the_unsaved_changes_of_a_document_are_offered_with_it_alone(tmp_path: Path) -> None:
    path = tmp_path / "a.nntui"
    save_session(tmp_path, ["n", "train 3"])
    write_session(path, session_after(["n", "n"]))
    auto_saver = auto_saver_in(tmp_path)
    assert with_unsaved_changes(StartOptions(), auto_saver, open_document(path)).offer is None
    left = MOVES["n"](open_document(path))
    assert auto_saver.save(left)
    auto_saver.close()

    async def check(tester: AppTester) -> None:
        await tester.wait_until(lambda: "your unsaved changes to this document" in tester.text("message"))
        await tester.wait_until(lambda: "a.nntui · " in tester.text("header"))
        await tester.press("backspace")
        await tester.wait_until(lambda: contents(tester.session) == contents(left))
        await tester.wait_until(lambda: "a.nntui (changed)" in tester.text("header"))
        tester.main.show(write_session(path, tester.session)[0])
        await tester.wait_until(lambda: "a.nntui · " in tester.text("header"))

    opened = open_document(path)
    start = with_unsaved_changes(StartOptions(), auto_saver_in(tmp_path), opened)
    run_app(check, replace(start, session=opened))
    assert contents(open_document(path)) == contents(left)


def test_a_kept_session_has_its_document_again(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setenv("XDG_STATE_HOME", str(tmp_path))
    monkeypatch.chdir(tmp_path)
    write_session(Path("a.nntui"), session_after(["n"]))
    left = MOVES["train 3"](open_document(Path("a.nntui")))
    auto_saver = auto_saver_in(tmp_path)
    assert auto_saver.save(left) and auto_saver.path is not None
    kept = auto_saver.path
    assert str(tmp_path).encode() not in kept.read_bytes(), "a document has no path"
    auto_saver.close()
    assert main(["list", "--kept"]) == 0 and "  a.nntui\n" in capsys.readouterr().out
    assert main(["list", "--kept", "--json"]) == 0
    assert json.loads(capsys.readouterr().out)["kept"][0]["document"] == "a.nntui"

    async def check(tester: AppTester) -> None:
        await tester.wait_until(lambda: "⌫ resumes a.nntui at update 4, kept at" in tester.text("message"))
        await tester.press("backspace")
        await tester.wait_until(lambda: contents(tester.session) == contents(left))
        await tester.wait_until(lambda: "a.nntui (changed) · " in tester.text("header"))
        await tester.press("s")
        await tester.wait_until(lambda: "Save as" in tester.all_text())
        assert tester.app.screen.query_one(Input).value == "a.nntui"
        await tester.press("enter")
        await tester.wait_until(lambda: "a.nntui · " in tester.text("header"))

    start = start_in(tmp_path)
    run_app(check, start)
    assert contents(open_document(Path("a.nntui"))) == contents(left)
    assert start.auto_saver is not None and f"{kept.name}.document" in file_names(tmp_path)
    start.auto_saver.close()
    for _ in range(session_store.MAX_SESSIONS + 1):
        save_session(tmp_path, ["n"])
    assert not any(name.endswith(".document") for name in file_names(tmp_path)), "it is deleted with its session"


def test_a_document_that_another_window_has_open_is_named_once(tmp_path: Path) -> None:
    path = tmp_path / "a.nntui"
    write_session(path, session_after(["n"]))
    first, second = auto_saver_in(tmp_path), auto_saver_in(tmp_path)
    assert with_unsaved_changes(StartOptions(), first, open_document(path)).message == ""
    message = with_unsaved_changes(StartOptions(), second, open_document(path)).message
    assert message == "Another window has this document open: save it in one of them only."

    async def check(tester: AppTester) -> None:
        await open_preset(tester.main, str(path))
        await tester.wait_until(lambda: "Another window has this document open" in tester.text("message"))
        first.close()
        await open_preset(tester.main, str(path))
        await tester.wait_until(lambda: "Another window" not in tester.text("message"))

    run_app(check, StartOptions(auto_saver=auto_saver_in(tmp_path)))


def test_files_of_versions_before_the_first_document_stay(tmp_path: Path) -> None:
    folder = save_session(tmp_path, ["n"]).parent
    old = folder / "20260101T000000-1.session"
    old.write_bytes(b'{"format": "nn-tui-session/2", "preset": "xor"}\n')
    os.utime(old, (0, 0))
    for _ in range(session_store.MAX_SESSIONS + 1):
        save_session(tmp_path, ["n"])
    sessions, notices = auto_saver_in(tmp_path).find_sessions()
    assert len(sessions) == session_store.MAX_SESSIONS and old.exists()
    assert notices == [
        f"{old}: an earlier version of nn-tui saved it, and this version cannot read it. The file is left out."
    ]


def test_a_late_write_does_not_replace_a_newer_session(tmp_path: Path) -> None:
    path = save_session(tmp_path, ["n", "n", "n"])
    auto_saver = auto_saver_in(tmp_path)

    def prepare(moves: list[str]) -> PendingSave:
        pending = auto_saver.prepare(session_after(moves), is_training=False)
        assert pending is not None
        return pending

    old = prepare(["n"])
    assert auto_saver.save(session_after(["n", "n"])) and auto_saver.write(old) == ""
    assert contents(resumed_from(auto_saver.path)) == contents(session_after(["n", "n"])), "the newer one stays"

    old = prepare(["n"])
    auto_saver.close()
    before = file_names(tmp_path)
    assert auto_saver.write(old) == "" and auto_saver.path is None and file_names(tmp_path) == before, (
        "no file of its own"
    )

    old = prepare(["n"])
    offer = next(offer for offer in auto_saver.find_sessions()[0] if offer.path == path)
    session = auto_saver.load(offer, {})
    assert auto_saver.write(old) == "" and auto_saver.path == path
    assert contents(resumed_from(path)) == contents(session) == contents(session_after(["n", "n", "n"]))
    assert auto_saver.write(prepare(["n", "n", "n", "n"])) == ""
    assert contents(resumed_from(path)) == contents(session_after(["n", "n", "n", "n"])), "what comes after is written"
    auto_saver.close()


def test_closing_waits_until_the_session_is_written(tmp_path: Path) -> None:
    inside, go_on = threading.Event(), threading.Event()

    def save_slowly(file: session_store.SessionFile, content: bytes) -> None:
        inside.set()
        assert go_on.wait(60)
        assert session_store.lock(file.path) is None, "the file is still this app's"
        session_store.save(file, content)

    auto_saver = auto_saver_in(tmp_path, save=save_slowly)
    pending = auto_saver.prepare(session_after(["n", "n"]), is_training=False)
    assert pending is not None
    messages: list[str] = []
    writer = threading.Thread(target=lambda: messages.append(auto_saver.write(pending)))
    writer.start()
    assert inside.wait(60)
    path = auto_saver.path
    closer = threading.Thread(target=auto_saver.close)
    closer.start()
    closer.join(0.05)
    go_on.set()
    for thread in (closer, writer):
        thread.join(60)
    assert messages == [""] and auto_saver.path is None
    assert contents(resumed_from(path)) == contents(session_after(["n", "n"]))


def test_without_saving_nothing_is_offered() -> None:
    async def check(tester: AppTester) -> None:
        await tester.wait_until(lambda: not [command for command in commands(tester.main) if "Resume" in command.title])
        await tester.press("n")
        tester.main.save_in_background()
        await tester.main.action_do("resume")
        await tester.wait_until(lambda: "Sessions are not kept: this is switched off." in tester.text("message"))

    run_app(check, StartOptions())


def test_a_session_from_another_machine_warns_about_the_last_digits(tmp_path: Path) -> None:
    path = save_session(tmp_path, ["n"])
    start = start_in(tmp_path, resume_now=True)
    assert "differ" not in start.message and start.auto_saver is not None
    start.auto_saver.close()
    path.write_bytes(with_info(path.read_bytes(), kernels="other"))
    assert start_in(tmp_path, resume_now=True).message.endswith("Replays here may differ in the last digits.")


@pytest.mark.parametrize(("hidden", "warns"), [((900, 900), True), ((4,), False)], ids=["wide", "narrow"])
def test_another_number_of_processors_warns_if_the_run_uses_them(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, hidden: tuple[int, ...], warns: bool
) -> None:
    def resumed_on(processors: int) -> str:
        monkeypatch.setattr("os.cpu_count", lambda: processors)
        start = start_in(tmp_path, resume_now=True)
        assert start.auto_saver is not None
        start.auto_saver.close()
        return start.message

    monkeypatch.setattr("os.cpu_count", lambda: 2)
    auto_saver = auto_saver_in(tmp_path)
    assert auto_saver.save(stepping.whole_pass(new_session(small_experiment(hidden=hidden))))
    auto_saver.close()
    assert "differ" not in resumed_on(2)
    assert ("Replays here may differ in the last digits." in resumed_on(1)) == warns
    assert "differ" not in resumed_on(2)


def test_a_deleted_session_is_reported(tmp_path: Path) -> None:
    path = save_session(tmp_path, ["n"])
    auto_saver = auto_saver_in(tmp_path)
    (offer,), _ = auto_saver.find_sessions()
    path.unlink()
    with pytest.raises(InputError, match="does not exist any more"):
        auto_saver.load(offer, {})


def test_the_newest_session_is_offered_even_if_short_and_all_are_listed(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    save_session(tmp_path, ["train 90", "0"], age=300)
    save_session(tmp_path, ["n"], age=100)
    monkeypatch.setenv("XDG_STATE_HOME", str(tmp_path))
    start = with_saved_session(
        StartOptions(message="config.toml, line 3: no such key."), auto_saver_in(tmp_path), False, None
    )
    assert start.offer is not None and start.offer.update == 1
    assert start.message.startswith("config.toml, line 3: no such key. `⌫` resumes Circles at update 1, kept")
    assert start.message.endswith('1 more: `ctrl+p`, then "resume".')
    assert main(["list", "--kept"]) == 0
    listed = capsys.readouterr().out.splitlines()
    assert [line.split()[2:5] for line in listed[:2]] == [["1", "of", "1"], ["0", "of", "91"]]
    assert "resume" in listed[2]
    assert main(["list", "--kept", "--json"]) == 0
    rows = json.loads(capsys.readouterr().out)["kept"]
    assert [(row["update"], row["reached"]) for row in rows] == [(1, 1), (0, 91)]


def test_the_newest_session_is_offered_for_any_preset(tmp_path: Path) -> None:
    async def leave(tester: AppTester) -> None:
        await tester.press("n", "n", "n")
        await open_preset(tester.main, "and")
        await tester.press("n")
        assert tester.main.auto_saver is not None and tester.main.auto_saver.save(tester.session)
        tester.main.auto_saver.close()

    run_app(leave, start_in(tmp_path))
    for preset, offered_preset in ((None, "and"), ("xor", "xor"), ("and", "and")):
        start = start_in(tmp_path, preset=preset)
        assert start.offer is not None and start.offer.preset == offered_preset


@pytest.mark.parametrize(
    ("moves", "place"),
    [
        (["train 90", "0"], "update 0 of 91"),
        (["train 90", "back 20"], "update 71 of 91"),
        (["train 90"], "update 91"),
        (["n", "n", "f"], "update 2"),  # the pass on screen has no update yet
        (["n", "n", "p"], "update 1 of 2"),
    ],
)
def test_the_messages_name_the_end_of_the_run_if_it_is_further(tmp_path: Path, moves: list[str], place: str) -> None:
    save_session(tmp_path, moves)
    (offer,), _ = auto_saver_in(tmp_path).find_sessions()
    assert offer_message(offer).startswith(f"`⌫` resumes Circles at {place}, kept at ")
    start = start_in(tmp_path, resume_now=True)
    assert start.message.startswith(f"Circles at {place}, as kept at ")
    assert start.auto_saver is not None
    start.auto_saver.close()


def test_damaged_files_are_counted_and_their_folder_is_named(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    folder = save_session(tmp_path, ["n"]).parent
    for path in folder.iterdir():
        path.unlink()
    bad = [folder / f"{number}{DOCUMENT_ENDING}" for number in range(3)]
    for number, start, verb in (
        (1, "The file", "cannot"), (2, "None of the 2 files", "can"), (3, "None of the 3 files", "can")
    ):  # fmt: skip
        bad[number - 1].write_bytes(b"nothing")
        message = start_in(tmp_path, resume_now=True).message
        assert message == f"{start} in {folder} {verb} be resumed. nn-tui list --kept says why."
    message = start_in(tmp_path, resume_now=True, preset="xor").message
    assert message.startswith(f"No session of xor is kept. 3 files in {folder} are left out.")
    assert start_in(tmp_path).message == f"3 files in {folder} are left out. nn-tui list --kept says why."
    monkeypatch.setenv("XDG_STATE_HOME", str(tmp_path))
    assert main(["list", "--kept"]) == 0
    done = capsys.readouterr()
    assert done.out == "No session can be resumed.\n"
    assert sorted(done.err.splitlines()) == [
        f"nn-tui: {path}: it is not a document that nn-tui saved. The file is left out." for path in bad
    ]

    async def check(tester: AppTester) -> None:
        await tester.main.action_do("resume")
        await tester.wait_until(
            lambda: str(tester.session.message).startswith(f"None of the 3 files in {folder} can be resumed.")
        )

    run_app(check, start_in(tmp_path))


def test_a_read_only_folder_is_reported_at_the_start(tmp_path: Path) -> None:
    assert start_in(tmp_path / "new").message == "" and not (tmp_path / "new").exists()
    (tmp_path / "file").write_text("no folder")
    message = f"Sessions cannot be kept: {tmp_path / 'file'} is not a folder."
    assert start_in(tmp_path / "file").message == message
    path = save_session(tmp_path, ["n"])

    async def check(tester: AppTester) -> None:
        await tester.wait_until(
            lambda: f"Sessions cannot be kept: {path.parent} cannot be written to." in str(tester.session.message)
        )
        await tester.press("n")
        await tester.wait_until(lambda: "Sessions" not in str(tester.session.message))

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr("os.access", lambda place, mode: place != path.parent)
        start = start_in(tmp_path)
        assert start.offer is not None
        run_app(check, start)


def test_a_session_without_changes_is_not_saved(tmp_path: Path) -> None:
    auto_saver = auto_saver_in(tmp_path)
    for moves in ([], ["f"], ["f", "b"], ["z"]):
        assert auto_saver.save(session_after(moves)) and auto_saver.path is None
