"""Fuzz tests of files with weights: a run starts from them, or one sentence names the file and the error."""

from __future__ import annotations

import io
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from nn_tui.core.errors import InputError
from nn_tui.core.preset.loader import open_experiment
from nn_tui.core.weights.start import start_with_weights
from tests._hostile import ODD_TEXT

XOR = open_experiment("xor")
GOOD = {"w1": np.ones((4, 2)), "b1": np.zeros(4), "w2": np.ones((1, 4)), "b2": np.zeros(1)}


def archive(compressed: bool) -> bytes:
    content = io.BytesIO()
    (np.savez_compressed if compressed else np.savez)(content, allow_pickle=False, **GOOD)
    return content.getvalue()


PLAIN, COMPRESSED = archive(False), archive(True)


@pytest.fixture(scope="module")
def path(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("weights") / "mine.npz"


def check(path: Path) -> None:
    """Check that a run starts from the weights, or that one short printable line says why not."""
    try:
        run, _ = start_with_weights(XOR, path)
    except InputError as error:
        sentence = str(error)
        assert sentence.isprintable() and sentence.startswith(str(path)) and len(sentence) < 700
        assert sentence.endswith((".", "?"))
    else:
        assert np.isfinite(run.state.array).all()


@given(st.sampled_from([PLAIN, COMPRESSED]), st.lists(st.tuples(st.floats(0, 1), st.binary(max_size=4)), max_size=4))
def test_an_archive_with_mutated_bytes(path: Path, content: bytes, changes: list[tuple[float, bytes]]) -> None:
    for place, new in changes:
        start = int(place * len(content))
        content = content[:start] + new + content[start + len(new) :]
    path.write_bytes(content)
    check(path)


@given(st.sampled_from([PLAIN, COMPRESSED]), st.floats(0, 1))
def test_an_archive_that_was_cut(path: Path, content: bytes, share: float) -> None:
    path.write_bytes(content[: int(share * len(content))])
    check(path)


NAMES = st.one_of(
    st.sampled_from([*GOOD, "0.weight", "2.bias", "W1", "arr_0", "arr_1", "b", "kernel"]), st.text(max_size=9)
)
SHAPES = st.lists(st.integers(0, 4), max_size=3).map(tuple)
DTYPES = st.sampled_from(["f8", "f4", "i4", "u1", "c16", "U3", "S2", "?", "M8[s]", "f2", "f8, i4"])


@given(st.dictionaries(NAMES, st.tuples(SHAPES, DTYPES), max_size=5))
def test_arrays_of_any_names_shapes_and_types(path: Path, arrays: dict[str, tuple[tuple[int, ...], str]]) -> None:
    named = {
        name: np.zeros(shape, dtype) for name, (shape, dtype) in arrays.items() if "\0" not in name and "/" not in name
    }
    try:
        np.savez(path, allow_pickle=False, **named)
    except (ValueError, TypeError):  # names that numpy.savez itself refuses
        return
    check(path)


@pytest.mark.parametrize("text", ODD_TEXT)
def test_hostile_names_are_shown_without_control_characters(path: Path, text: str) -> None:
    with io.BytesIO() as content:
        np.savez(content, allow_pickle=False, **{f"{text}.weight": np.zeros((9, 9))})
        path.write_bytes(content.getvalue())
    check(path)
