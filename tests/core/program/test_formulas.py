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
        r"Z_{1} = X\, W_{1}^\top + b_{1}",
        r"A_{1} = \tanh (Z_{1})",
        r"Z_{2} = A_{1}\, W_{2}^\top + b_{2}",
        r"A_{2} = \frac{1}{1 + e^{-Z_{2}}}",
    )
    assert loss_formulas(xor) == (
        r"L = \frac{1}{N} \sum_n L_n",
        r"L_n = \frac{1}{2} \sum _{k} (\hat{Y}_{nk} - Y_{nk})^{2}",
    )
    a, z = r"\frac{\partial L}{\partial A_{2}}", r"\frac{\partial L}{\partial Z_{2}}"
    assert backward_formulas(xor)[:3] == (
        rf"{a} = \frac{{A_{{2}} - Y}}{{N}}",
        rf"{z} = {a} \odot \left(A_{{2}} \odot (1 - A_{{2}})\right)",
        r"\frac{\partial L}{\partial W_{2}} = \left(\frac{\partial L}{\partial Z_{2}}\right)^\top A_{1}",
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
    assert backward_formulas(problem)[0] == r"\frac{\partial L}{\partial Z_{2}} = \frac{A_{2} - Y}{N}"
    assert r"\partial A_{2}" not in "".join(backward_formulas(problem))


def test_the_definition_of_a_letter_stands_apart() -> None:
    silu = experiment(Combination("silu", "identity", "huber"))
    assert forward_formulas(silu)[1] == r"A_{1} = Z_{1} \odot s, \quad s = \frac{1}{1 + e^{-Z_{1}}}"
    assert r", \quad d = \hat{Y}_{nk} - Y_{nk}" in loss_formulas(silu)[1]


def test_eta_stands_before_the_fraction_and_functions_are_operators() -> None:
    problem = experiment(Combination("mish", "softmax", "cross_entropy"), optimizer="adam")
    assert r"\Delta w = -\eta \cdot \frac{\hat{m}}{" in optimizer_formulas(problem)[4]
    formulas = (*forward_formulas(problem), *loss_formulas(problem), *backward_formulas(problem))
    assert r"\mathrm" not in "".join(formulas) and r"\ln \sum_j" in loss_formulas(problem)[2]
    assert forward_formulas(problem)[3] == r"A_{2,nk} = \frac{e^{Z_{2,nk}}}{\sum_j e^{Z_{2,nj}}}"
