"""Check that a restored session equals the saved one, now and after more moves, and that other files are rejected."""

from __future__ import annotations

import copy
import json
import subprocess
import sys
from dataclasses import replace
from hashlib import sha256
from io import BytesIO
from pathlib import Path
from threading import Event, Thread
from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from nn_tui.core.engine.trace import Trace
from nn_tui.core.errors import InputError
from nn_tui.core.refs import Ref
from nn_tui.core.run.run import Run
from nn_tui.core.saved.document import read_info
from nn_tui.core.saved.record import has_state
from nn_tui.presets import COURSE
from nn_tui.tui.saved.snapshot import Snapshot, pack_snapshot, restore_session, take_snapshot
from nn_tui.tui.session import stepping
from nn_tui.tui.session.choices import DIGITS
from nn_tui.tui.session.document import is_worth_saving
from nn_tui.tui.session.overlay import open_runs
from nn_tui.tui.session.practice import practise, start_practice
from nn_tui.tui.session.practice_state import Result
from nn_tui.tui.session.session import Session, new_session
from nn_tui.tui.status import header, message_line
from nn_tui.tui.views import arithmetic, chart_panel
from nn_tui.tui.views.output import panel as output
from tests import _hostile as hostile
from tests._app import DARK, experiment
from tests._documents import make_archive, make_document, npy, read_entries
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
    assert first == pack_snapshot(take_snapshot(left, 7))


CHILD = """
import sys
from pathlib import Path
from nn_tui.tui.saved.snapshot import restore_session
from tests._sessions import MOVES, contents
from hashlib import sha256
from io import BytesIO

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
        path.write_bytes(pack_snapshot(take_snapshot(session, 0)).content)
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


def test_a_long_title_of_odd_characters_can_be_saved() -> None:
    problem = small_experiment()
    title = "\U0001f9e0\u2028\ue000" * 200
    left = stepping.whole_pass(new_session(replace(problem, preset=replace(problem.preset, title=title, id=title))))
    content = pack_snapshot(take_snapshot(left, 0)).content
    assert read_info(BytesIO(content)).title.startswith("\U0001f9e0\\u2028")
    assert contents(restore_session(content, {})) == contents(left)


def test_a_pass_that_was_not_finished_is_saved_as_such_from_any_place() -> None:
    for moves in (["n", "n", "f"], ["n", "n", "f", "back 20"], ["n", "n", "n"]):
        left = session_after(moves)
        assert save_and_restore(left).run.finished == left.run.finished == (3 if moves[-1] == "n" else 2), moves


def test_the_view_settings_are_saved() -> None:
    left = replace(
        session_after(["train 3"]), zoom="unit", digits=None, speed=2, tab="loss", maximised=True, log=True,
        chart="gradients", recent=True, output_view="unit", framework="pytorch", batch=True,
        swapped=frozenset({"accuracy"}), bookmarks=frozenset({1, 2}),
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
        "framework",
        "batch",
        "swapped",
    ):
        assert getattr(session, name) == getattr(left, name), name
    assert session.bookmarks == {1, 2} and not session.running
    for digits in DIGITS:
        assert save_and_restore(replace(left, digits=digits)).digits == digits


def test_the_runs_of_an_overlay_are_saved() -> None:
    session = session_after(["train 3"])
    runs = [Run.start(replace(session.experiment, init_seed=seed)) for seed in (7, 8)]
    for run in runs:
        run.train(4)
    opened = open_runs(session, runs, runs[1])
    restored = save_and_restore(opened)
    assert len(restored.runs) == 3 and restored.active == 2
    assert [restored.runs.index(run) for run in restored.overlaid] == [1, 2]
    assert "A seed 7" in chart_panel.draw(restored, DARK, 60, 20)[1].text


def test_practice_is_saved_with_its_open_question() -> None:
    asking = practise(stepping.backward)(start_practice(session_after(["f"]), "compare", 5))
    assert asking.practice is not None and asking.practice.question is not None
    assert is_worth_saving(replace(asking, practice=replace(asking.practice, results=(Result("z", "later"),))))
    restored = save_and_restore(asking)
    assert restored.practice == asking.practice and restored.cursor == asking.cursor
    impossible = [
        replace(asking.practice.question, target=10**6),
        replace(asking.practice.question, target=asking.cursor),
        replace(asking.practice.question, ref=Ref("z", layer=9)),
        replace(asking.practice.question, ref=Ref("z", after=True)),
    ]
    for question in impossible:
        damaged = save_and_restore(replace(asking, practice=replace(asking.practice, question=question)))
        assert damaged.practice == replace(asking.practice, question=None)


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


def saved_updates(snapshot: Snapshot) -> list[int]:
    """Return the updates of which the run on screen has a saved state."""
    ((record,), _) = snapshot.one_run
    return [update for states in record.progress.states for update in states.updates]


def test_few_states_of_a_large_network_are_saved() -> None:
    left = session_after(["train 90", "train 90", "train 90", "train 90", "train 90", "p"])
    assert saved_updates(take_snapshot(left, 0)) == [64, 128, 192, 256, 320, 384, 448, 449, 451]
    snapshot = take_snapshot(left, 0, max_state_bytes=5 * left.run.state.array.nbytes)
    # The newest, every second one before it, and those around the pass on screen.
    assert saved_updates(snapshot) == [128, 256, 384, 449, 451]
    session = restore_session(pack_snapshot(snapshot).content, {})
    assert contents(session) == contents(left)
    assert bits(session.run.state_after(200)) == bits(left.run.state_after(200))


def test_only_the_run_on_screen_is_saved_if_all_are_too_large() -> None:
    left = session_after(["train 3", "eta", "train 90", "N", "train 90", "weight", "train 3"])
    full = len(pack_snapshot(take_snapshot(left, 0)).content)
    session = restore_session(pack_snapshot(take_snapshot(left, 0), max_bytes=full - 1).content, left.key_labels)
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
            files.append(pack_snapshot(take_snapshot(session, 0, is_training=True)).content)
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


GOOD = pack_snapshot(take_snapshot(session_after(["train 3", "eta", "n", "N", "n"]), 5)).content


def rejection(data: bytes) -> str:
    """Return the message with which a file is rejected; empty if it restores a working session."""
    with hostile.cpu_limit():
        try:
            session = restore_session(data, {})
        except InputError as error:
            message = str(error)
            assert message.isprintable() and 10 < len(message) < 500 and "\n" not in message, message
            return message
        for move in ("backspace", "f", "p"):
            session = MOVES[move](session)
            for draw in (header.draw, message_line.draw, arithmetic.draw, chart_panel.draw, output.draw):
                for line in draw(session, DARK, 60, 12):
                    assert line.text.isprintable()
    return ""


def test_a_valid_file_is_restored() -> None:
    parts = read_entries(GOOD)
    assert not rejection(GOOD)
    assert not rejection(make_document(parts))
    assert (parts.info["format"], parts.info["update"]) == ("nn-tui-document/2", 1)


def test_a_network_that_is_too_large_is_rejected_before_it_is_built() -> None:
    """The network has a thousand million parameters, and its state is not in the file."""
    parts = read_entries(GOOD)
    for layers in (runs["table"]["layers"] for runs in parts.tree["runs"]["presets"]):
        layers[0]["units"] = 100_000
    assert rejection(make_document(parts))


def at(body: dict[str, Any], path: str) -> tuple[Any, Any]:
    """Return the container and the key of a path such as ``runs.0.reached``."""
    *way, last = [int(part) if part.isdigit() else part for part in path.split(".")]
    place: Any = body
    for part in way:
        place = place[part]
    return place, last


PRESET, TABLE, EXPERIMENT = "runs.presets.0", "runs.presets.0.table", "runs.experiments.0"
WRONG: dict[str, Any] = {
    f"{PRESET}.id": 7,
    f"{PRESET}.is_shipped": 1,
    TABLE: [],
    f"{TABLE}.title": "\x1b[31m",
    f"{TABLE}.seed": -1,
    f"{TABLE}.data": {"csv": "a/b.csv", "target": "y"},
    f"{TABLE}.data.generator": "moon",
    f"{TABLE}.data.noise": -1.0,
    f"{TABLE}.layers.0.activation": "Tanh",
    f"{TABLE}.layers.0.units": 5,
    f"{TABLE}.training.loss": "cross_entropy",
    f"{TABLE}.training.batch_size": 0,
    f"{TABLE}.training.optimizer.learning_rate": 0.0,
    "runs.data.0.input_names": ["x1"],
    "runs.data.0.output_names": [],
    "runs.data.0.classes": ["a", "b", "c"],
    "runs.data.0.features": ["x3"],
    "runs.data.0.image_shape": [1, 3],
    "runs.data.0.x": 2,
    "runs.data.0.x_scale": 0,
    "runs.data.0.table": {"points": 0},
    f"{EXPERIMENT}.preset": 9,
    f"{EXPERIMENT}.data": 9,
    f"{EXPERIMENT}.init_seed": -1,
    f"{EXPERIMENT}.changed": {"data": {}},
    f"{EXPERIMENT}.changed.layers": [{"units": 3}],
    f"{EXPERIMENT}.changed.training": {"loss": "cross_entropy"},
    "runs.segments.0.experiment": 9,
    "runs.segments.0.change": {"kind": "magic"},
    "runs.segments.0.change.name": 3,
    "runs.segments.0.change.ref": {"quantity": "q"},
    "runs.segments.0.change.old": [1.0],
    "runs.segments.0.change.new": {"title": "step"},
    "runs.segments.0.start.updates": [1],
    "runs.segments.0.start.steps": [0, 0],
    "runs.segments.0.start.scalars": [[1.0]],
    "runs.segments.0.start.numbers": 0,
    "runs.runs.0.segments": [],
    "runs.runs.0.progress.reached": 10**9,
    "runs.runs.0.progress.divergence": {"update": 1, "key": "loss", "layer": 2, "value": "nan"},
    "runs.runs.0.progress.losses.0": 0,
    "runs.runs.0.progress.losses.3": 0,
    "runs.runs.0.progress.stride": 0,
    "runs.runs.0.progress.is_last_made": "yes",
    "runs.runs.0.progress.evaluations.stride": 0,
    "runs.runs.0.progress.evaluations.parts": 0,
    "runs.runs.0.progress.evaluations.dense": -1,
    "runs.runs.0.progress.evaluations.items.1.update": 10**9,
    "runs.runs.0.progress.evaluations.items.1.delta_sizes": [],
    "runs.runs.0.progress.states": [],
    "runs.runs.0.progress.states.0.updates": [10**9],
    "place.shown": [0, 0],
    "place.here.run": 9,
    "place.here.update": 0,
    "place.here.cursor": 10**6,
    "place.other": 9,
    "place.overlaid": [9],
    "place.ref": {"quantity": "q"},
    "place.ref.after": "yes",
    "place.ref.slot": "m",
    "place.ref.unit": -1,
    "place.view.zoom": "atom",
    "place.view.digits": 3,
    "place.view.speed": 7,
    "place.view.tab": "magic",
    "place.view.framework": "keras",
    "place.view.bookmarks": [-1],
    "place.view.colour": "red",
}


@pytest.mark.parametrize("path", WRONG)
def test_a_wrong_value_is_rejected(path: str) -> None:
    parts = read_entries(GOOD)
    place, key = at(parts.tree, path)
    assert not isinstance(place, dict) or place.get(key) != WRONG[path]
    place[key] = WRONG[path]
    assert rejection(make_document(parts))


@pytest.mark.parametrize("value", [np.nan, np.inf, -np.inf])
def test_data_that_are_not_finite_are_rejected(value: float) -> None:
    parts = read_entries(GOOD)
    number = parts.tree["runs"]["data"][0]["x"]
    parts.arrays[number] = parts.arrays[number][:-8] + np.float64(value).tobytes()
    assert rejection(make_document(parts)) == "data[0]: this is not a value that nn-tui writes."


@pytest.mark.parametrize("ref", [{"quantity": "z", "after": True}, {"quantity": "w", "slot": "velocity"}])
def test_a_selection_that_no_network_has_is_rejected(ref: dict[str, Any]) -> None:
    parts = read_entries(GOOD)
    parts.tree["place"]["ref"] = ref
    assert rejection(make_document(parts))


def test_a_position_without_a_near_state_is_rejected() -> None:
    parts = read_entries(pack_snapshot(take_snapshot(session_after(["train 90", "p"]), 5)).content)
    assert not rejection(make_document(parts))
    (states,) = parts.tree["runs"]["runs"][0]["progress"]["states"]
    states.update(updates=[], steps=[], scalars=[])
    assert "place.here: " in rejection(make_document(parts))


def test_states_that_are_named_many_times_are_rejected_before_they_are_copied() -> None:
    parts = read_entries(GOOD)
    parts.arrays.append(npy(np.zeros((1, 2, 10**6))))
    segments, run = parts.tree["runs"]["segments"], parts.tree["runs"]["runs"][0]
    segments[0]["start"]["numbers"] = len(parts.arrays) - 1
    segments += [segments[0]] * 200
    assert "larger than" in rejection(make_document(parts))
    del segments[-200:]
    run["progress"]["states"] = [segments[0]["start"]] * 200
    assert "larger than" in rejection(make_document(parts))


def _places(value: Any) -> list[tuple[Any, Any]]:
    """Return every value in a JSON tree as its container and its key."""
    keys = list(value) if isinstance(value, dict) else range(len(value)) if isinstance(value, list) else ()
    return [place for key in keys for place in ((value, key), *_places(value[key]))]


COUNT = len(_places([read_entries(GOOD).tree]))
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
    parts = read_entries(GOOD)
    for _ in range(data.draw(st.integers(1, 3))):
        places = _places([parts.tree])
        container, key = places[data.draw(st.integers(0, COUNT)) % len(places)]
        action = data.draw(st.sampled_from(["set", "set", "whole", "drop", "double", "other"]))
        if action == "drop" and container[key] is not parts.tree:
            del container[key]
        elif container[key] is parts.tree:
            continue
        elif action == "double" and isinstance(container, list):
            container.insert(key, container[key])
        elif action == "other":
            other, at = places[data.draw(st.integers(0, COUNT)) % len(places)]
            container[key] = json.loads(json.dumps(other[at]))
        else:
            # A copy: the strategy gives the same list each time, which would then contain itself.
            container[key] = copy.deepcopy(data.draw(WHOLES if action == "whole" else VALUES))
    rejection(make_document(parts))


@SOME
@given(cuts=st.lists(st.tuples(st.integers(0, len(GOOD)), st.integers(0, 40), st.binary(max_size=12)), max_size=4))
def test_a_file_with_spoiled_bytes(cuts: list[tuple[int, int, bytes]]) -> None:
    data = bytearray(GOOD)
    for at, length, put in cuts:
        data[at : at + length] = put
    rejection(bytes(data))


@SOME
@given(data=st.data())
def test_a_file_with_spoiled_entries_and_good_checksums(data: st.DataObject) -> None:
    parts = read_entries(GOOD)
    entries = [bytearray(json.dumps(parts.tree).encode()), *map(bytearray, parts.arrays)]
    for _ in range(data.draw(st.integers(1, 4))):
        entry = entries[data.draw(st.integers(0, len(entries) - 1))]
        at = data.draw(st.integers(0, len(entry)))
        entry[at : at + data.draw(st.integers(0, 8))] = data.draw(st.binary(max_size=8))
    names = ["session.json", *(f"arrays/{number}.npy" for number in range(len(parts.arrays)))]
    rejection(
        make_archive(
            {
                "document.json": json.dumps(parts.info).encode(),
                **dict(zip(names, map(bytes, entries), strict=True)),
            }
        )
    )
