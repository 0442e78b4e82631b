"""What every test shares: how hard Hypothesis searches."""

from __future__ import annotations

import os

from hypothesis import HealthCheck, settings

# A shared machine may stall at any moment, so no example has a deadline of its own.
settings.register_profile(
    "default", max_examples=50, deadline=None, suppress_health_check=[HealthCheck.too_slow]
)
settings.register_profile("ci", parent=settings.get_profile("default"), derandomize=True)
settings.register_profile("fuzz", parent=settings.get_profile("default"), max_examples=5000)
settings.load_profile("ci" if os.environ.get("CI") == "true" else "default")
