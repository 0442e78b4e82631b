"""Packages that only some formats need."""

from __future__ import annotations

from importlib.util import find_spec

from nn_tui.core.errors import InputError
from nn_tui.core.translation import message


def check_package(package: str) -> None:
    """Raise InputError if a package of the extra ``export``, or PyTorch, is not installed; "" is no package."""
    if not package or find_spec(package) is not None:
        return
    if package == "torch":
        problem = message(
            "this needs PyTorch, which is not installed beside nn-tui. Where you have PyTorch, write the weights with "
            'numpy.savez("model.npz", **{{name: t.numpy() for name, t in model.state_dict().items()}}) and open '
            "model.npz; or install it here with: pip install torch"
        )
    else:
        problem = message(
            "this needs the Python package {package}, which is not installed; "
            "install it with: pip install 'nn-tui[export]'",
            package=package,
        )
    raise InputError("not_installed", problem, value=package)
