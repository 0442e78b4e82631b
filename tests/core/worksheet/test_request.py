"""Tests of requests: what the names and limits mean, and one sentence for what is not valid."""

from __future__ import annotations

import pytest

from nn_tui.core.errors import InputError
from nn_tui.core.preset.loader import open_experiment
from nn_tui.core.ref_parser import quantity_name
from nn_tui.core.run.run import Run
from nn_tui.core.worksheet.request import Request, asked_refs


def names(preset: str, blank: str, only: str = "") -> list[str]:
    run = Run.start(open_experiment(preset))
    return [quantity_name(ref) for ref in asked_refs(run.engine, run.trace(1), Request(blank, only))]


@pytest.mark.parametrize(
    ("blank", "only", "expected"),
    [
        ("dw2", "", ["dw2[1,1]", "dw2[1,2]", "dw2[1,3]", "dw2[1,4]"]),
        ("z2", "", ["z2[1]", "z2[1]@2", "z2[1]@3", "z2[1]@4"]),
        ("z2@3", "", ["z2[1]@3"]),
        ("z1[2]", "", ["z1[2]"]),
        ("dw1[2,1],db2", "", ["dw1[2,1]", "db2[1]"]),
        ("w'2[1,3]", "", ["w'2[1,3]"]),
        ("w2'[1,3],loss", "", ["w'2[1,3]", "loss"]),
        ("yhat1@2", "", ["a2[1]@2"]),
        ("l1@4", "", ["l1@4"]),
        ("forward", "layer=2,sample=2-3", ["z2[1]@2", "z2[1]@3", "a2[1]@2", "a2[1]@3"]),
        ("dw1", "unit=3,input=2", ["dw1[3,2]"]),
        ("backward", "unit=1,layer=2,sample=1", ["da2[1]", "dz2[1]", *(f"dw2[1,{n}]" for n in range(1, 5)), "db2[1]"]),
    ],
)
def test_names_and_limits(blank: str, only: str, expected: list[str]) -> None:
    assert names("xor", blank, only) == expected


@pytest.mark.parametrize(
    ("blank", "only", "sentence"),
    [
        ("", "", "write what is blank"),
        ("backwards", "", 'Did you mean "backward"?'),
        ("w1", "", "the sheet gives this number"),
        ("x1", "", "the sheet gives this number"),
        ("dw3", "", "the layers go from 1 to 2"),
        ("z1[9]", "", "layer 1 has units 1 to 4"),
        ("all", "leyer=1", 'the limits are: layer=1, unit=1, input=1, sample=1. Did you mean "layer"?'),
        ("all", "layer=0", '"layer=0" is not a limit; write layer=1'),
        ("all", "layer", "write layer=1"),
        ("dw1", "layer=2", "no number that is asked for"),
    ],
)
def test_what_is_not_valid_is_said_in_one_sentence(blank: str, only: str, sentence: str) -> None:
    with pytest.raises(InputError) as caught:
        names("xor", blank, only)
    assert sentence in str(caught.value) and str(caught.value).startswith(("--blank", "--only", blank))


def test_softmax_has_no_slope_to_ask_for() -> None:
    with pytest.raises(InputError, match="slope1: softmax has no slope of one unit; ask for its dz1"):
        names("blobs", "slope1")
