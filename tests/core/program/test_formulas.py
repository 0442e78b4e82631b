"""Tests of the formulas of programs in LaTeX."""

from __future__ import annotations

import itertools

import pytest

from nn_tui.core.nn.optimizers import OPTIMIZERS
from nn_tui.core.preset.loader import open_experiment
from nn_tui.core.program.formulas import backward_formulas, forward_formulas, loss_formulas, optimizer_formulas
from tests._reference import COMBINATIONS, Combination, experiment


def test_the_formulas_of_xor() -> None:
    xor = open_experiment("xor")
    assert forward_formulas(xor) == (
        r"z_{1} = x\, w_{1}^\top + b_{1}",
        r"a_{1} = \mathrm{tanh}(z_{1})",
        r"z_{2} = a_{1}\, w_{2}^\top + b_{2}",
        r"a_{2} = \frac{1}{1 + e^{-z_{2}}}",
    )
    assert loss_formulas(xor) == (
        r"L = \frac{1}{N} \sum_n L_n",
        r"L_n = \frac{1}{2} \sum _{k} (\hat{y}_{k} - y_{k})^{2}, \quad \hat{y} = a_{2}",
    )
    a, z = r"\frac{\partial L}{\partial a_{2}}", r"\frac{\partial L}{\partial z_{2}}"
    assert backward_formulas(xor)[:3] == (
        rf"{a} = \frac{{a_{{2}} - y}}{{N}}",
        rf"{z} = {a} \cdot \left(a_{{2}}\cdot (1 - a_{{2}})\right)",
        r"\frac{\partial L}{\partial w_{2}} = \left(\frac{\partial L}{\partial z_{2}}\right)^\top a_{1}",
    )
    assert optimizer_formulas(xor)[0] == r"\Delta w = -\eta \cdot g"


@pytest.mark.parametrize(
    ("combination", "optimizer"),
    zip(COMBINATIONS, itertools.cycle(OPTIMIZERS), strict=False),
    ids=lambda value: getattr(value, "id", value),
)
def test_all_formulas_are_of_one_piece_without_dollar_signs(combination: Combination, optimizer: str) -> None:
    problem = experiment(combination, optimizer=optimizer, l1=0.1, l2=0.1)
    for formulas in (forward_formulas, loss_formulas, backward_formulas, optimizer_formulas):
        for formula in formulas(problem):
            assert "$" not in formula and r"\text{}" not in formula and "textgreater" not in formula
            assert formula.count("{") == formula.count("}")
            assert formula.count(r"\left(") == formula.count(r"\right)")


def test_a_fused_loss_starts_at_z() -> None:
    problem = experiment(Combination("tanh", "softmax", "cross_entropy"))
    assert backward_formulas(problem)[0] == r"\frac{\partial L}{\partial z_{2}} = \frac{a_{2} - y}{N}"
    assert r"\partial a_{2}" not in "".join(backward_formulas(problem))


def test_the_definition_of_a_letter_stands_apart() -> None:
    silu = experiment(Combination("silu", "identity", "huber"))
    assert forward_formulas(silu)[1] == r"a_{1} = z_{1}\cdot s, \quad s = \frac{1}{1 + e^{-z_{1}}}"
    assert r", \quad d = \hat{y}_{k} - y_{k}, \quad \hat{y} = a_{2}" in loss_formulas(silu)[1]
