"""What every test shares: how hard Hypothesis searches."""

from __future__ import annotations

import os
import signal
from collections.abc import Iterator
from pathlib import Path

import pytest
from hypothesis import HealthCheck, settings

# A shared machine may stall at any moment, so no example has a deadline of its own.
settings.register_profile("default", max_examples=50, deadline=None, suppress_health_check=[HealthCheck.too_slow])
settings.register_profile("ci", parent=settings.get_profile("default"), derandomize=True)
settings.register_profile("fuzz", parent=settings.get_profile("default"), max_examples=5000)
# A shell lets what it starts in the background ignore some signals, and so would the programs that a test starts.
for name in ("SIGINT", "SIGQUIT", "SIGHUP"):
    number = getattr(signal, name, None)
    if number is not None and signal.getsignal(number) is signal.SIG_IGN:
        signal.signal(number, signal.default_int_handler if name == "SIGINT" else signal.SIG_DFL)
settings.load_profile("ci" if os.environ.get("CI") == "true" else "default")


@pytest.fixture(autouse=True, scope="session")
def _nobodys_settings(tmp_path_factory: pytest.TempPathFactory) -> Iterator[None]:
    """No config file, and no first start, of whoever runs the tests."""
    folder: Path = tmp_path_factory.mktemp("settings")
    (folder / "nn-tui").mkdir()
    (folder / "nn-tui" / "state.toml").write_text("welcomed = true\n")
    # The tests of kept sessions say themselves where they are kept.
    (folder / "nn-tui" / "config.toml").write_text("resume = false\n")
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("XDG_STATE_HOME", str(folder))
        patch.setenv("XDG_CONFIG_HOME", str(folder))
        yield
