"""Tests of the formats of exports: each writes a file of the name that is asked for, and says what to do with it."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

from nn_tui.core.errors import InputError
from nn_tui.core.export.writers import WRITERS, export_files, writer_for
from tests.core.export.test_write_arrays import trained


@pytest.mark.parametrize("ending", [ending for ending, writer in WRITERS.items() if not writer.package])
def test_the_first_file_has_the_name_that_is_asked_for(ending: str) -> None:
    checkpoint = trained("xor", 1)
    for name in (f"mine{ending}", f"My own {ending.upper()}"):
        first, *others = export_files(checkpoint, Path(name))
        assert first.name == name and first.content
        assert all(file.name.startswith(f"{Path(name).stem}-") for file in others)


@pytest.mark.parametrize("ending", WRITERS)
def test_each_format_says_what_to_do_with_a_file(ending: str) -> None:
    assert f"mine{ending}" in str(WRITERS[ending].usage(f"mine{ending}", trained("xor", 0)))
    assert str(WRITERS[ending].label)


@pytest.mark.parametrize("ending", [ending for ending, writer in WRITERS.items() if not writer.package])
def test_numbers_that_are_not_finite_are_not_written(ending: str) -> None:
    checkpoint = trained("xor", 1)
    checkpoint.state.array[0, 0] = np.nan
    with pytest.raises(InputError, match="a weight is not a finite number; go back to an earlier update"):
        export_files(checkpoint, Path(f"mine{ending}"))


def test_a_name_without_an_ending_is_refused_with_an_example() -> None:
    with pytest.raises(InputError, match=r"write for example \"mine\.toml\"\.$"):
        writer_for(Path("mine"))
