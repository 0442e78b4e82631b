"""What an installation holds, and what importing the core costs."""

from __future__ import annotations

import json
import shutil
import subprocess
import sys
import zipfile
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[1]
PACKAGES = ("core", "tui", "presets")

IMPORT_ALL_OF_CORE = """
import importlib, json, pkgutil, sys
import nn_tui.core
names = [m.name for m in pkgutil.walk_packages(nn_tui.core.__path__, "nn_tui.core.")]
for name in names:
    importlib.import_module(name)
print(json.dumps({"imported": names, "loaded": sorted(sys.modules)}))
"""


def in_fresh_interpreter(code: str) -> str:
    """What ``code`` prints in a new interpreter of this environment."""
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, cwd=Path(sys.prefix))
    assert done.returncode == 0, done.stderr
    return done.stdout


def shipped_files() -> set[str]:
    """Every file of the three folders that an installation must hold, by its name in the wheel."""
    files: set[str] = set()
    for package in PACKAGES:
        for path in (ROOT / package).rglob("*"):
            if path.is_file() and "__pycache__" not in path.parts:
                files.add(f"nn_tui/{path.relative_to(ROOT).as_posix()}")
    return files


@pytest.fixture(scope="module")
def wheel_files(tmp_path_factory: pytest.TempPathFactory) -> set[str]:
    """The names in a wheel built from a copy of the sources, so that no earlier build can leak into it."""
    source = tmp_path_factory.mktemp("source")
    for package in PACKAGES:
        shutil.copytree(ROOT / package, source / package, ignore=shutil.ignore_patterns("__pycache__"))
    for name in ("pyproject.toml", "README.md", "LICENSE"):
        shutil.copy(ROOT / name, source)
    wheels = tmp_path_factory.mktemp("wheels")
    command = [sys.executable, "-m", "pip", "wheel", "--no-deps", "--no-build-isolation", "--no-index"]
    done = subprocess.run(
        [*command, "--wheel-dir", str(wheels), str(source)], capture_output=True, text=True, cwd=wheels
    )
    assert done.returncode == 0, done.stderr
    (wheel,) = wheels.glob("nn_tui-*.whl")
    return set(zipfile.ZipFile(wheel).namelist())


def test_a_wheel_puts_nothing_but_nn_tui_into_site_packages(wheel_files: set[str]) -> None:
    tops = {name.split("/")[0] for name in wheel_files}
    assert {top for top in tops if not top.endswith(".dist-info")} == {"nn_tui"}
    assert sum(top.endswith(".dist-info") for top in tops) == 1


def test_a_wheel_holds_every_module_preset_data_file_and_type_marker(wheel_files: set[str]) -> None:
    assert {f"nn_tui/{package}/py.typed" for package in PACKAGES} <= wheel_files
    assert sorted(shipped_files() - wheel_files) == []


def test_a_wheel_carries_the_licence(wheel_files: set[str]) -> None:
    assert any(name.endswith("licenses/LICENSE") for name in wheel_files)


def test_the_core_imports_no_terminal_library() -> None:
    report = json.loads(in_fresh_interpreter(IMPORT_ALL_OF_CORE))
    assert "nn_tui.core.spec" in report["imported"]
    families = {name.split(".")[0] for name in report["loaded"]}
    assert families & {"textual", "rich", "plotext"} == set()
    assert [name for name in report["loaded"] if name.startswith("nn_tui.tui")] == []


def test_asking_the_core_for_its_version_imports_no_numpy() -> None:
    code = "import sys, nn_tui.core as core; print(core.__version__, 'numpy' in sys.modules)"
    version, has_numpy = in_fresh_interpreter(code).split()
    assert version[0].isdigit()
    assert has_numpy == "False"
