"""The network, its passes and the history of a run; needs NumPy and the standard library, but no terminal.

Programs and notebooks begin with :class:`Network`; ``docs/library.md`` shows how. Its names are imported when they are
used, so that importing this package is fast. No module of the package may import a name from here.
"""

from __future__ import annotations

__version__ = "0.1.0"

TYPE_CHECKING = False
if TYPE_CHECKING:
    from nn_tui.core.errors import InputError as InputError
    from nn_tui.core.library.network import Network as Network
    from nn_tui.core.library.one_pass import ExplainedNumber as ExplainedNumber
    from nn_tui.core.library.one_pass import Pass as Pass
    from nn_tui.core.preset.loader import preset_ids as preset_ids
    from nn_tui.core.watching.watch import Watch as Watch
    from nn_tui.core.watching.watch import watch as watch

_MODULES = {
    "ExplainedNumber": "nn_tui.core.library.one_pass",
    "InputError": "nn_tui.core.errors",
    "Network": "nn_tui.core.library.network",
    "Pass": "nn_tui.core.library.one_pass",
    "Watch": "nn_tui.core.watching.watch",
    "preset_ids": "nn_tui.core.preset.loader",
    "watch": "nn_tui.core.watching.watch",
}
__all__ = ["ExplainedNumber", "InputError", "Network", "Pass", "Watch", "__version__", "preset_ids", "watch"]


def __getattr__(name: str) -> object:
    """Import a public name when it is first used."""
    if name not in _MODULES:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    from importlib import import_module

    value: object = getattr(import_module(_MODULES[name]), name)
    globals()[name] = value
    return value


def __dir__() -> list[str]:
    return sorted({*globals(), *_MODULES})
