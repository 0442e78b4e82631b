"""Tests of tensors of other libraries; those of real PyTorch are in tests/torch/test_library.py."""

from __future__ import annotations

import numpy as np

from nn_tui.core.files.tensors import readable


class Tensor:
    """A tensor on another device that needs gradients: NumPy cannot read it."""

    def __init__(self, dtype: str, where: str = "cuda", *, has_gradient: bool = True) -> None:
        self.dtype, self.where, self.has_gradient = dtype, where, has_gradient

    def detach(self) -> Tensor:
        return Tensor(self.dtype, self.where, has_gradient=False)

    def cpu(self) -> Tensor:
        return Tensor(self.dtype, "cpu", has_gradient=self.has_gradient)

    def float(self) -> Tensor:
        return Tensor("torch.float32", self.where, has_gradient=self.has_gradient)


def test_a_tensor_comes_to_the_cpu_without_gradients_and_in_a_type_of_numpy() -> None:
    for dtype, expected in (("torch.float64", "torch.float64"), ("torch.bfloat16", "torch.float32")):
        found = readable(Tensor(dtype))
        assert (found.dtype, found.where, found.has_gradient) == (expected, "cpu", False)


def test_other_values_stay_as_they_are() -> None:
    for value in (np.ones(2), [1, 2], 3.0, None, "text"):
        assert readable(value) is value
