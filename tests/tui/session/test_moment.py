"""Tests of moments as command lines: what is copied opens the same moment, to the last bit."""

from __future__ import annotations

import argparse
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from nn_tui.core.edits.at_start import start_with
from nn_tui.core.edits.parser import apply_edit
from nn_tui.core.errors import InputError
from nn_tui.core.preset.from_network import network_text
from nn_tui.core.preset.loader import open_experiment
from nn_tui.core.refs import Ref
from nn_tui.core.run.run import Run
from nn_tui.tui.cli.start import session_at, start_run
from nn_tui.tui.config.settings import Settings
from nn_tui.tui.session import branches, stepping
from nn_tui.tui.session.moment import moment_line
from nn_tui.tui.session.session import Session, new_session, session_of

CHANGES = (
    "w1[2,1] = 0.375", "b1[3] = -0.1", "x2 = 0.25", "y1 = 1", "eta = 0.75", "optimizer = adam", "momentum = 0.8",
    "batch = 2", "seed = 9", "init 1 = he_normal", "add 2 units to layer 1", "remove unit 1 of layer 1",
    "add layer 2 3 relu", "freeze b1", "loss = mean_squared_error", "activation 1 = relu", "l2 = 0.01", "shuffle = off",
)  # fmt: skip
PRESETS = ("xor", "mazur", "spiral", "iris", "and")


def opened(arguments: list[str]) -> Session:
    """Return the session that ``nn-tui`` shows with these arguments."""
    parser = argparse.ArgumentParser()
    parser.add_argument("preset")
    parser.add_argument("--seed", type=int)
    parser.add_argument("--set", action="append")
    for name in ("--at", "--select", "--view", "--weights"):
        parser.add_argument(name)
    args = parser.parse_args(arguments)
    settings = Settings(seed=args.seed)
    return session_at(args, settings, session_of(start_run(args, settings)))


def assert_same_moment(session: Session, again: Session) -> None:
    trace, other = session.trace, again.trace
    if session.cursor:
        assert (again.trace.update, again.cursor) == (trace.update, session.cursor)
        for first, second in zip(trace.computed, other.computed, strict=True):
            assert np.array_equal(first, second, equal_nan=True)
    else:  # the start of a pass is shown as the end of the one before
        assert again.updates_done == trace.update - 1
    assert (again.ref.name, again.tab) == (session.ref.name, session.tab)


@settings(deadline=None, max_examples=60)
@given(st.sampled_from(PRESETS), st.lists(st.sampled_from(CHANGES), max_size=4), st.integers(0, 6), st.integers(0, 40))
def test_a_copied_line_opens_the_same_moment(preset: str, texts: list[str], updates: int, stops: int) -> None:
    session = new_session(open_experiment(preset))
    for text in texts:
        try:
            session = branches.show_edited(session, apply_edit(text, session.run, 0))
        except InputError:
            continue
    session = stepping.goto(session, session.run.goto(updates))
    session = replace(session, zoom="unit", tab="network")
    for _ in range(stops):
        session = stepping.next_stop(session)
    assert_same_moment(session, opened(list(moment_line(session).arguments)))


def test_a_copied_line_reads_as_a_person_would_write_it() -> None:
    run = start_with(Run.start(open_experiment("mazur")), ["w1[1,1] = 0.3"])
    session = replace(stepping.backward(stepping.forward(session_of(run))), ref=Ref("dw"))
    assert list(moment_line(session).arguments) == [
        "mazur", "--set", "w1[1,1] = 0.3", "--at", "1.backward", "--select", "dw1[1,1]", "--view", "layer",
    ]  # fmt: skip


def test_a_moment_within_a_pass_makes_no_later_update() -> None:
    assert opened(["xor", "--at", "3.backward"]).run.finished == 2


def test_an_optimiser_with_the_rate_in_force_has_a_line() -> None:
    session = new_session(open_experiment("xor"))
    session = branches.show_edited(session, apply_edit("optimizer = momentum 2", session.run, 0))
    assert_same_moment(session, opened(list(moment_line(session).arguments)))


def test_a_new_seed_and_a_seed_of_the_command_line_are_kept() -> None:
    session = stepping.new_seed(new_session(open_experiment("xor", 5)))
    arguments = list(moment_line(session).arguments)
    assert arguments[:5] == ["xor", "--seed", "5", "--set", "seed = 6"]
    assert_same_moment(session, opened(arguments))


def test_a_change_in_the_middle_of_a_run_has_no_line() -> None:
    session = new_session(open_experiment("xor"))
    session.run.train(2)
    session = branches.show_edited(session, apply_edit("eta = 0.5", session.run, 2))
    with pytest.raises(InputError, match="changed after its start"):
        list(moment_line(session).arguments)


@pytest.mark.parametrize(
    ("name", "files"),
    [("own.toml", ("own.toml", "table.csv")), ("table.csv", ("table.csv",)), ("iris.toml", ("iris.toml",))],
)
def test_a_file_of_ones_own_has_a_line_without_its_folder(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, name: str, files: tuple[str, ...]
) -> None:
    monkeypatch.chdir(tmp_path)
    Path("table.csv").write_text("a,b\n1,2\n3,4\n", encoding="utf-8")
    layers = '[[layers]]\nunits = 1\nactivation = "identity"\n[training]\nloss = "mean_squared_error"\n'
    Path("own.toml").write_text(f'title = "A"\nsummary = "B."\n[data]\ncsv = "table.csv"\ntarget = "b"\n{layers}')
    iris = Run.start(open_experiment("iris"))
    iris.train(3)
    Path("iris.toml").write_text(network_text(iris.experiment, iris.state, 3))
    session = new_session(open_experiment(name))
    session = branches.show_edited(session, apply_edit("eta = 0.5", session.run, 0))
    session = stepping.goto(session, session.run.goto(2))
    line = moment_line(session)
    assert line.arguments[:3] == (name, "--set", "eta = 0.5") and line.files == files
    assert_same_moment(session, opened(list(line.arguments)))


def test_a_problem_without_a_file_has_no_line(tmp_path: Path) -> None:
    path = tmp_path / "own.csv"
    path.write_text("a,b\n1,2\n3,4\n", encoding="utf-8")
    session = new_session(open_experiment(str(path)))
    path.unlink()
    with pytest.raises(InputError, match="is not a preset of nn-tui; save it as a document") as caught:
        moment_line(session)
    assert str(tmp_path) not in str(caught.value)


@pytest.mark.parametrize(
    ("options", "said"),
    [
        (["--at", "2.dw.7"], "--at: the layers go from 1 to 2"),
        (["--at", "soon"], '--at: "soon" is not a moment'),
        (["--select", "q5"], '"q5" is not the name of a number'),
        (["--view", "netwrok"], 'Did you mean "network"'),
        (["--set", "eta = -1"], "learning_rate"),
    ],
)
def test_a_wrong_option_is_refused_in_a_sentence(options: list[str], said: str) -> None:
    with pytest.raises(InputError) as caught:
        opened(["xor", *options])
    assert said in str(caught.value)


def test_a_moment_after_a_divergence_is_refused() -> None:
    with pytest.raises(InputError, match="diverged before pass 500"):
        opened(["too-fast", "--set", "eta = 1e200", "--at", "500"])
