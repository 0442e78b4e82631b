"""Check that a restored session equals the saved one, now and after more moves, and that other files are rejected."""

from __future__ import annotations

import copy
import json
import subprocess
import sys
from dataclasses import replace
from hashlib import sha256
from pathlib import Path
from threading import Event, Thread
from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from nn_tui.core.edits.change_text import change_text
from nn_tui.core.engine.trace import Trace
from nn_tui.core.errors import InputError
from nn_tui.core.run.run import Run
from nn_tui.core.saved.record import has_state
from nn_tui.core.saved.write import MAX_BYTES
from nn_tui.presets import COURSE
from nn_tui.tui.saved.snapshot import is_worth_saving, pack_snapshot, restore_session, take_snapshot
from nn_tui.tui.session import stepping
from nn_tui.tui.session.choices import DIGITS
from nn_tui.tui.session.session import Session, new_session
from nn_tui.tui.status import header, message_line
from nn_tui.tui.views import arithmetic, chart_panel
from nn_tui.tui.views.output import panel as output
from tests import _hostile as hostile
from tests._app import DARK, experiment
from tests._edits import bits, edit, small_experiment
from tests._sessions import MOVE_LISTS, MOVES, contents, save_and_restore, session_after

SOME = settings(max_examples=2 * settings().max_examples)
FEW = settings(max_examples=min(settings().max_examples, 500))  # a session takes as long as many files


# The same session


@FEW
@given(before=MOVE_LISTS, after=MOVE_LISTS)
def test_a_restored_session_equals_the_saved_one_and_moves_alike(before: list[str], after: list[str]) -> None:
    left = replace(session_after(before), message="")
    session = save_and_restore(left)
    assert contents(session) == contents(left)
    for move in after:
        left, session = MOVES[move](left), MOVES[move](session)
        assert str(session.message) == str(left.message)
        assert contents(session) == contents(left), move


@FEW
@given(before=MOVE_LISTS)
def test_a_restored_session_has_the_same_undo_points(before: list[str]) -> None:
    left = session_after(before)
    session = save_and_restore(left)
    for _ in range(60):
        left, session = stepping.previous_stop(left), stepping.previous_stop(session)
        assert contents(session) == contents(left)


@FEW
@given(moves=MOVE_LISTS)
def test_the_same_session_always_gives_the_same_file(moves: list[str]) -> None:
    left = session_after(moves)
    first = pack_snapshot(take_snapshot(left, 7))
    assert b"".join(first) == b"".join(pack_snapshot(take_snapshot(left, 7)))


CHILD = """
import sys
from pathlib import Path
from nn_tui.tui.saved.snapshot import restore_session
from tests._sessions import MOVES, contents
from hashlib import sha256

for name in sys.argv[1:]:
    session = restore_session(Path(name).read_bytes(), {})
    print(sha256(repr(contents(session)).encode()).hexdigest())
    for move in ("p", "backspace", "train 90", "back 20", "backspace", "f", "b", "u", "a"):
        session = MOVES[move](session)
        print(sha256(repr(contents(session)).encode()).hexdigest())
"""


def test_another_process_goes_on_to_the_last_bit(tmp_path: Path) -> None:
    sessions = [
        session_after(
            ["train 90", "eta", "train 3", "optimiser", "train 90", "back 20", "layer", "train 3", "p", "f", "*"]
        ),
        session_after(["n", "N", "train 90", "c", "n", "weight", "data", "train 3", "backspace"]),
        session_after(["train 3", "diverge", "train 3", "p"]),
        MOVES["train 90"](stepping.whole_pass(new_session(experiment("exploding")))),
    ]
    for name in ("digits", "iris", "spiral", "mazur"):
        session = stepping.whole_pass(new_session(experiment(name)))
        sessions.append(MOVES["p"](MOVES["train 90"](session)))
    names, expected = [], []
    for number, session in enumerate(sessions):
        path = tmp_path / str(number)
        path.write_bytes(b"".join(pack_snapshot(take_snapshot(session, 0))))
        names.append(str(path))
        expected.append(contents(session))
        for move in ("p", "backspace", "train 90", "back 20", "backspace", "f", "b", "u", "a"):
            session = MOVES[move](session)
            expected.append(contents(session))
    done = subprocess.run(
        [sys.executable, "-c", CHILD, *names], capture_output=True, text=True, check=True, cwd=Path(__file__).parents[3]
    )
    assert done.stdout.split() == [sha256(repr(each).encode()).hexdigest() for each in expected]


@pytest.mark.parametrize("name", COURSE)
def test_every_preset_can_be_saved(name: str) -> None:
    left = MOVES["train 3"](stepping.whole_pass(new_session(experiment(name))))
    session = save_and_restore(left)
    assert contents(session) == contents(left)
    old, new = left.experiment, session.experiment
    assert (new.preset, new.layers, new.training, new.seed) == (old.preset, old.layers, old.training, old.seed)
    assert repr(new.data) == repr(old.data) and not new.data.x.flags.writeable


def test_a_pass_that_was_not_finished_is_saved_as_such_from_any_place() -> None:
    for moves in (["n", "n", "f"], ["n", "n", "f", "back 20"], ["n", "n", "n"]):
        left = session_after(moves)
        assert save_and_restore(left).run.finished == left.run.finished == (3 if moves[-1] == "n" else 2), moves


def test_the_view_settings_are_saved() -> None:
    left = replace(
        session_after(["train 3"]), zoom="unit", digits=None, speed=2, tab="loss", maximised=True, log=True,
        chart="gradients", recent=True, output_view="unit", batch=True, swapped=frozenset({"accuracy"}),
        bookmarks=frozenset({1, 2}),
    )  # fmt: skip
    session = save_and_restore(left)
    for name in (
        "zoom",
        "digits",
        "speed",
        "tab",
        "maximised",
        "log",
        "chart",
        "recent",
        "output_view",
        "batch",
        "swapped",
    ):
        assert getattr(session, name) == getattr(left, name), name
    assert session.bookmarks == {1, 2} and not session.running
    for digits in DIGITS:
        assert save_and_restore(replace(left, digits=digits)).digits == digits


def test_a_long_run_is_restored_without_a_replay() -> None:
    left = new_session(experiment("xor"))
    left.run.goto(100_000)
    left = stepping.goto(left, 60_000)
    session = save_and_restore(left)
    run = session.run
    # The saved position needs no replay, and any other position only a short one.
    assert has_state(run, 59_999) and run.replay_length(59_999) == run.replay_length(100_000) == 0
    frames, _ = run.states.snapshot()
    assert max(np.diff([0, *sorted(frames)])) <= 2 * 100_000 / len(left.run.states.snapshot()[0])
    assert run.state_after(100_000).array.tobytes() == left.run.state_after(100_000).array.tobytes()


def test_few_states_of_a_large_network_are_saved() -> None:
    left = session_after(["train 90", "train 90", "train 90", "train 90", "train 90", "p"])
    assert sorted(take_snapshot(left, 0).all_runs[0][0].states) == [64, 128, 192, 256, 320, 384, 448, 449, 451]
    snapshot = take_snapshot(left, 0, max_state_bytes=5 * left.run.state.array.nbytes)
    # The newest, every second one before it, and those around the pass on screen.
    assert sorted(snapshot.all_runs[0][0].states) == [128, 256, 384, 449, 451]
    session = restore_session(b"".join(pack_snapshot(snapshot)), {})
    assert contents(session) == contents(left)
    assert bits(session.run.state_after(200)) == bits(left.run.state_after(200))


def test_only_the_run_on_screen_is_saved_if_all_are_too_large() -> None:
    left = session_after(["train 3", "eta", "train 90", "N", "train 90", "weight", "train 3"])
    full = sum(map(len, pack_snapshot(take_snapshot(left, 0))))
    session = restore_session(b"".join(pack_snapshot(take_snapshot(left, 0), max_bytes=full - 1)), left.key_labels)
    assert len(session.runs) == 1 < len(left.runs)
    assert bits(session.trace.after) == bits(left.trace.after) and session.cursor == left.cursor
    with pytest.raises(InputError, match="larger than"):
        pack_snapshot(take_snapshot(left, 0), max_bytes=1000)


def test_a_session_that_the_preset_brings_back_is_not_worth_saving() -> None:
    left = new_session(small_experiment())
    assert not is_worth_saving(left)
    assert not is_worth_saving(stepping.forward(left))
    for moves in (["n"], ["n", "p", "backspace"], ["N"], ["eta"]):
        assert is_worth_saving(session_after(moves)) is (moves != ["n", "p", "backspace"]), moves
    assert is_worth_saving(session_after(["n", "n", "p", "p", "backspace"]))


# While a training runs


def test_a_session_saved_while_a_thread_trains_is_exact() -> None:
    """A run restored from any update continues with the same numbers as a run that was never saved."""
    session = new_session(small_experiment("adam"))
    run = edit(session.run, "eta = 0.05", update=0)
    session = Session((run,), 0, run.trace(1))
    stop = Event()
    shown: list[Trace] = []

    def publish(trace: Trace) -> bool:
        if not shown:
            shown.append(trace)
            return True
        return False

    thread = Thread(target=lambda: run.train(should_stop=stop.is_set, publish=publish))
    thread.start()
    files: list[bytes] = []
    try:
        for _ in range(25):
            while not shown and thread.is_alive():
                pass
            run.release(session.trace)
            session = Session((run,), 0, shown[0])
            shown.clear()
            files.append(b"".join(pack_snapshot(take_snapshot(session, 0, is_training=True))))
    finally:
        stop.set()
        thread.join()
    assert len({*files}) > 3
    for data in files[::4]:
        session = restore_session(data, {})
        fresh = edit(Run.start(small_experiment("adam")), "eta = 0.05", update=0)
        fresh.goto(session.run.reached)
        assert bits(fresh.state) == bits(session.run.state_after(session.run.reached))
        for run in (fresh, session.run):
            run.goto(run.reached)
            run.train(20)
        assert bits(fresh.state) == bits(session.run.state)
        assert [a.tobytes() for a in fresh.losses.points()] == [a.tobytes() for a in session.run.losses.points()]


def test_a_training_that_ended_unseen_is_saved_to_its_last_update() -> None:
    left = session_after(["n"])
    left.run.train(500)
    session = save_and_restore(left)
    assert session.updates_done == session.run.reached == 501
    assert bits(session.trace.after) == bits(left.run.state)


# Invalid files


GOOD = b"".join(pack_snapshot(take_snapshot(session_after(["train 3", "eta", "n", "N", "n"]), 5)))


def seal(head: bytes, rest: bytes, **fields: object) -> bytes:
    """Return a file whose header matches its content."""
    first = {"format": "nn-tui-session/2", "preset": "p", "title": "t", "update": 1, "kept": 5, "head": len(head)}
    first |= {"sha256": sha256(head + rest).hexdigest(), **fields}
    return json.dumps(first).encode() + b"\n" + head + rest


def parts(data: bytes = GOOD) -> tuple[dict[str, Any], dict[str, Any], bytes]:
    """Return the header, the body and the arrays of a file."""
    line, rest = data.split(b"\n", 1)
    first = json.loads(line)
    return first, json.loads(rest[: first["head"]]), rest[first["head"] :]


def rejection(data: bytes) -> str:
    """Return the message with which a file is rejected; empty if it restores a working session."""
    with hostile.cpu_limit():
        try:
            session = restore_session(data, {})
        except InputError as error:
            message = str(error)
            assert message.isprintable() and 10 < len(message) < 200 and "\n" not in message, message
            return message
        for move in ("backspace", "f", "p"):
            session = MOVES[move](session)
            for draw in (header.draw, message_line.draw, arithmetic.draw, chart_panel.draw, output.draw):
                for line in draw(session, DARK, 60, 12):
                    assert line.text.isprintable()
    return ""


def test_a_valid_file_is_restored() -> None:
    first, body, numbers = parts()
    assert not rejection(GOOD)
    assert not rejection(seal(json.dumps(body).encode(), numbers))
    assert first["update"] == 1


@pytest.mark.parametrize(
    ("data", "words"),
    [
        (b"", "not a session"),
        (b"\n", "not a session"),
        (b"{}\n", "not a session"),
        (b"[" * 4000, "not a session"),
        (b"[" * 100_000, "not a session"),
        (b"\x80\x04\x95K\x00.", "not a session"),
        (b"PK\x03\x04", "not a session"),
        (b'{"format": "other/1"}\n', "not a session"),
        (b'{"format": "nn-tui-session/1"}\n', "another version"),
        (b'{"format": "nn-tui-session/3"}\n', "another version"),
        (b'{"format": "nn-tui-session/2"}\n', "damaged"),
        (GOOD[:-1], "damaged"),
        (GOOD + b"\0", "damaged"),
        (GOOD.replace(b"start", b"stort", 1), "damaged"),
        (seal(b"", b""), "damaged"),
        (seal(b"{}", b""), "fit together"),
        (seal(b"[" * 200_000, b""), "fit together"),
        (seal(b"{" + b'"a":{' * 100_000, b""), "fit together"),
        (seal(b'{"arrays":[[1000000000,1000000000]]}', b""), "arrays: "),
        (seal(b'{"arrays":[[' + b"9" * 5000 + b"]]}", b""), "fit together"),
        (seal(b'{"arrays":[],"presets":[]}', b"12345678"), "fit together"),
    ],
    ids=range(21),
)
def test_other_files_are_rejected_with_a_message(data: bytes, words: str) -> None:
    assert words in rejection(data)


def test_a_huge_file_is_rejected_by_its_size() -> None:
    assert "larger than 128 MiB" in rejection(bytes(MAX_BYTES + 1))


def test_a_network_that_is_too_large_is_rejected_before_it_is_built() -> None:
    """The network has a thousand million parameters, and its state is not in the file."""
    _, body, numbers = parts()
    for layers in (body["experiments"][0]["layers"], body["presets"][0]["layers"]):
        layers[0]["units"] = 100_000
    assert rejection(seal(json.dumps(body).encode(), numbers))


def at(body: dict[str, Any], path: str) -> tuple[Any, Any]:
    """Return the container and the key of a path such as ``runs.0.reached``."""
    *way, last = [int(part) if part.isdigit() else part for part in path.split(".")]
    place: Any = body
    for part in way:
        place = place[part]
    return place, last


WRONG = {
    "presets.0.title": "\x1b[31m",
    "presets.0.seed": -1,
    "presets.0.data.generator": "moon",
    "presets.0.data.noise": -1.0,
    "presets.0.data.samples": 10**9,
    "presets.0.data.features": ["x3"],
    "presets.0.layers.0.activation": "Tanh",
    "data.0.input_names": ["x1"],
    "data.0.output_names": [],
    "data.0.classes": ["a", "b", "c"],
    "data.0.image_shape": [1, 3],
    "data.0.x": 2,
    "data.0.x_scale": 0,
    "experiments.0.layers.0.units": 5,
    "experiments.0.layers.0.activation": "softmax",
    "experiments.0.layers.0.init": "magic",
    "experiments.0.layers.0.init_options": [["std", 1.0]],
    "experiments.0.layers.0.weights": [[1.0], [1.0, 2.0]],
    "experiments.0.layers.0.train_bias": "yes",
    "experiments.0.training.loss": "cross_entropy",
    "experiments.0.training.reduction": "product",
    "experiments.0.training.l1": -0.5,
    "experiments.0.training.batch_size": 0,
    "experiments.0.training.optimizer.name": "magic",
    "experiments.0.training.optimizer.learning_rate": 0.0,
    "experiments.0.training.optimizer.options": [["momentum", -1.0]],
    "experiments.0.training.schedule.name": "magic",
    "experiments.0.training.schedule.options": [["gamma", 0.5]],
    "experiments.0.training.schedule.per": "row",
    "experiments.0.training.schedule.warmup": {"start_factor": 2.0, "total_iters": 3},
    "experiments.0.init_seed": -1,
    "segments.0.start": 1,
    "segments.0.change.kind": "magic",
    "segments.0.change.name": 3,
    "segments.0.change.ref": {"quantity": "w"},
    "segments.0.change.old": [1.0],
    "segments.0.change.new": {"name": "step"},
    "segments.0.change": {"kind": "text"},
    "segments.0.state": [0, [1.0], 0],
    "runs.0.reached": 10**9,
    "runs.0.segments": [],
    "runs.0.divergence": [99, "z", 1, "nan"],
    "runs.0.losses.2": 0,
    "runs.0.frames": [[10**9, 1, [], 0]],
    "runs.0.stride": 0,
    "runs.0.last_made": "yes",
    "view.shown": [0, 0],
    "view.here.run": 9,
    "view.here.update": 0,
    "view.here.at": 10**6,
    "view.other": 9,
    "view.zoom": "atom",
    "view.ref.key": "q",
    "view.digits": 3,
    "view.speed": 7,
    "view.bookmarks": [-1],
}


def test_a_change_of_an_older_file_is_shown_as_its_text() -> None:
    _, body, numbers = parts()
    for number, segment in enumerate(body["segments"]):
        del segment["change"]
        segment["label"] = f"η 0.1 → {number}"
    session = restore_session(seal(json.dumps(body).encode(), numbers), {})
    texts = {change_text(part.change) for run in session.runs for part in run.segments}
    assert texts == {f"η 0.1 → {number}" for number in range(len(body["segments"]))}
    body["segments"][0]["label"] = "a\nb"
    assert rejection(seal(json.dumps(body).encode(), numbers)) == "change: this is not a value that nn-tui writes."


@pytest.mark.parametrize("path", WRONG)
def test_a_wrong_value_is_rejected(path: str) -> None:
    _, body, numbers = parts()
    place, key = at(body, path)
    assert place[key] != WRONG[path]
    place[key] = WRONG[path]
    assert rejection(seal(json.dumps(body).encode(), numbers))


@pytest.mark.parametrize("value", ["nan", "inf", "-inf"])
def test_data_that_are_not_finite_are_rejected(value: str) -> None:
    _, body, numbers = parts()
    before = sum(8 * int(np.prod(shape)) for shape in body["arrays"][: body["data"][0]["x"]])
    numbers = numbers[:before] + np.float64(value).tobytes() + numbers[before + 8 :]
    assert rejection(seal(json.dumps(body).encode(), numbers)) == "data: this is not a value that nn-tui writes."


def test_a_position_without_a_near_state_is_rejected() -> None:
    data = b"".join(pack_snapshot(take_snapshot(session_after(["train 90", "p"]), 5)))
    _, body, numbers = parts(data)
    assert not rejection(seal(json.dumps(body).encode(), numbers))
    body["runs"][0]["frames"] = []
    assert "view.here: " in rejection(seal(json.dumps(body).encode(), numbers))


def _places(value: Any) -> list[tuple[Any, Any]]:
    """Return every value in a JSON tree as its container and its key."""
    keys = list(value) if isinstance(value, dict) else range(len(value)) if isinstance(value, list) else ()
    return [place for key in keys for place in ((value, key), *_places(value[key]))]


COUNT = len(_places(parts()[1]))
VALUES: st.SearchStrategy[Any] = st.one_of(
    hostile.NUMBERS,
    hostile.EXTREMES,
    hostile.NAMES,
    st.booleans(),
    st.sampled_from([None, *hostile.ODD_TEXT, [], [[]], [1], {}, {"a": 1}]),
)
WHOLES = st.one_of(st.integers(-3, 12), st.sampled_from([10**6, 2**31, 2**63 - 1, 2**64, 10**30]))


@SOME
@given(data=st.data())
def test_a_file_with_wrong_values(data: st.DataObject) -> None:
    _, body, numbers = parts()
    for _ in range(data.draw(st.integers(1, 3))):
        places = _places(body)
        container, key = places[data.draw(st.integers(0, COUNT)) % len(places)]
        action = data.draw(st.sampled_from(["set", "set", "whole", "drop", "double", "other"]))
        if action == "drop":
            del container[key]
        elif action == "double" and isinstance(container, list):
            container.insert(key, container[key])
        elif action == "other":
            other, at = places[data.draw(st.integers(0, COUNT)) % len(places)]
            container[key] = json.loads(json.dumps(other[at]))
        else:
            # A copy: the strategy gives the same list each time, which would then contain itself.
            container[key] = copy.deepcopy(data.draw(WHOLES if action == "whole" else VALUES))
    rejection(seal(json.dumps(body).encode(), numbers))


@SOME
@given(cuts=st.lists(st.tuples(st.integers(0, len(GOOD)), st.integers(0, 40), st.binary(max_size=12)), max_size=4))
def test_a_file_with_spoiled_bytes(cuts: list[tuple[int, int, bytes]]) -> None:
    data = bytearray(GOOD)
    for at, length, put in cuts:
        data[at : at + length] = put
    rejection(bytes(data))


@SOME
@given(cuts=st.lists(st.tuples(st.integers(0, 100_000), st.integers(0, 8), st.binary(max_size=8)), max_size=4))
def test_a_file_with_spoiled_bytes_and_a_good_seal(cuts: list[tuple[int, int, bytes]]) -> None:
    first, _, _ = parts()
    rest = bytearray(GOOD.split(b"\n", 1)[1])
    for at, length, put in cuts:
        at %= len(rest)
        rest[at : at + length] = put
    head = max(0, first["head"] + len(rest) - (len(GOOD) - GOOD.index(b"\n") - 1)) if cuts else first["head"]
    rejection(seal(bytes(rest[:head]), bytes(rest[head:])))
