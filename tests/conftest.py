"""Settings of all tests: Hypothesis profiles, signal handlers, and isolation from the user's config."""

from __future__ import annotations

import gc
import itertools
import os
import signal
from collections.abc import Generator, Iterator
from pathlib import Path

import pytest
from hypothesis import HealthCheck, settings

# A shared machine may stall at any time, so the examples have no deadline.
settings.register_profile("default", max_examples=25, deadline=None, suppress_health_check=[HealthCheck.too_slow])
settings.register_profile("ci", parent=settings.get_profile("default"), derandomize=True)
settings.register_profile("fuzz", parent=settings.get_profile("default"), max_examples=5000)
# Processes that a shell starts in the background ignore some signals, and their child processes inherit this.
for name in ("SIGINT", "SIGQUIT", "SIGHUP"):
    number = getattr(signal, name, None)
    if number is not None and signal.getsignal(number) is signal.SIG_IGN:
        signal.signal(number, signal.default_int_handler if name == "SIGINT" else signal.SIG_DFL)
settings.load_profile("ci" if os.environ.get("CI") == "true" else "default")


_test_numbers = itertools.count()
MAX_ID = 100  # characters


def pytest_make_parametrize_id(val: object, argname: str) -> str | None:
    """Name a test by the start of a long text: with xdist, each process keeps and sends the names of all tests."""
    if not isinstance(val, str) or len(val) <= MAX_ID:
        return None
    return f"{argname}-{val[:MAX_ID].encode('unicode_escape').decode()}..."


@pytest.hookimpl(wrapper=True)
def pytest_collection() -> Generator[None, object, object]:
    """Keep the tests and the modules, which live to the end, out of the garbage collections during the tests."""
    gc.disable()
    try:
        return (yield)
    finally:
        gc.freeze()
        gc.set_threshold(20_000, 5, 5)  # an app makes as many objects; its garbage takes few megabytes
        gc.enable()


@pytest.fixture(autouse=True, scope="session")
def _isolated_config(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Path]:
    """Use empty config and state folders instead of those of the user, and skip the welcome."""
    folder: Path = tmp_path_factory.mktemp("settings")
    _make_state(folder)
    # The tests of saved sessions choose their own folder.
    (folder / "nn-tui" / "config.toml").write_text("resume = false\n")
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("XDG_STATE_HOME", str(folder))
        patch.setenv("XDG_CONFIG_HOME", str(folder))
        yield folder


@pytest.fixture(autouse=True)
def _own_state(_isolated_config: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Give each test a state folder of its own: no test sees which presets another one has opened."""
    folder = _isolated_config / f"state-{next(_test_numbers)}"
    _make_state(folder)
    monkeypatch.setenv("XDG_STATE_HOME", str(folder))


def _make_state(folder: Path) -> None:
    (folder / "nn-tui").mkdir(parents=True)
    (folder / "nn-tui" / "state.toml").write_text("welcomed = true\n")
