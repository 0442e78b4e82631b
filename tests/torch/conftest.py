"""Settings of the tests with PyTorch."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
import torch


@pytest.fixture(autouse=True)
def _same_default_dtype() -> Iterator[None]:
    """Set the default type of numbers back, which exported programs change."""
    dtype = torch.get_default_dtype()
    yield
    torch.set_default_dtype(dtype)
