"""Print the lowest version that pyproject.toml allows of each dependency, as constraints for pip."""

from __future__ import annotations

import re
import tomllib
from pathlib import Path

_LOWEST = re.compile(r"([A-Za-z0-9_.-]+)>=([0-9.]+)")


def lowest(pyproject: Path) -> list[str]:
    """Return ``NAME==VERSION`` for every dependency of the app and its tests that has a lower bound."""
    project = tomllib.loads(pyproject.read_text(encoding="utf-8"))["project"]
    wanted = [*project["dependencies"], *project["optional-dependencies"]["test"]]
    return [f"{found[1]}=={found[2]}" for each in wanted if (found := _LOWEST.match(each))]


if __name__ == "__main__":
    print("\n".join(lowest(Path(__file__).parents[1] / "pyproject.toml")))
