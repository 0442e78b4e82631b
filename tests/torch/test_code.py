"""Tests of the names of numbers that the code view shows for PyTorch: PyTorch has these numbers under them."""

from __future__ import annotations

import runpy
import sys
from dataclasses import replace
from pathlib import Path

import pytest

from nn_tui.core.explain.explain import value_of
from nn_tui.core.refs import Ref
from nn_tui.tui.session import stepping
from nn_tui.tui.session.session import new_session, select
from nn_tui.tui.views.code import python_name
from nn_tui.tui.views.code_listing import listing
from tests._app import experiment

REFS = (Ref("dw", 0, 1, 1), Ref("db", 1), Ref("w", 1, 0, 2, after=True), Ref("b", 0, 3, after=True))


@pytest.mark.parametrize("preset", ["xor", "iris"])
def test_the_names_of_numbers_are_those_of_pytorch(
    preset: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    session = replace(stepping.whole_pass(new_session(experiment(preset))), framework="pytorch")
    shown = listing(session)
    script = tmp_path / "script.py"
    script.write_text(shown.program.text, encoding="utf-8")
    for file, content in shown.program.files.items():
        (tmp_path / file).write_bytes(content)
    monkeypatch.setattr(sys, "argv", [str(script), "--updates", "1"])
    variables = runpy.run_path(str(script), run_name="__main__")
    for ref in REFS:
        selected = select(session, ref)
        name = python_name(shown, selected)
        value = value_of(session.engine, session.trace, selected.ref)
        assert eval(name, variables).item() == pytest.approx(value, rel=1e-9, abs=1e-15), name
    assert float(capsys.readouterr().out.split()[-1]) == pytest.approx(session.trace.loss, rel=1e-9)
