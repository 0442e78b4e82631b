"""Tests of the package: its files, the imports of the core, and the documents about them."""

from __future__ import annotations

import ast
import csv
import json
import re
import shutil
import subprocess
import sys
import tomllib
import zipfile
from pathlib import Path

import pytest

from nn_tui.core import __version__, limits
from nn_tui.core.analysis import gradcheck
from nn_tui.core.data import generators
from nn_tui.core.data import rows as data
from nn_tui.core.files import array_file, text_file
from nn_tui.core.lesson import limits as lessons
from nn_tui.core.marking import answers
from nn_tui.core.preset import toml as preset
from nn_tui.core.preset import validate as preset_check
from nn_tui.core.run import curves, evaluation_sample
from nn_tui.core.run.state_cache import DEFAULT_LIMITS as caches
from nn_tui.core.run.state_cache import MIN_NEARBY
from nn_tui.core.saved import document, record
from nn_tui.core.table import encode, kinds, values
from nn_tui.core.table import rows as table_rows
from nn_tui.core.worksheet import selection, tables
from nn_tui.tui.cli import worksheet_options
from nn_tui.tui.config import config
from nn_tui.tui.saved import session_store
from nn_tui.tui.screens import many_runs
from nn_tui.tui.session import sweep_table
from tests.lowest import lowest

ROOT = Path(__file__).resolve().parents[2]
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
    """Run ``code`` in a new interpreter of this environment and return its output."""
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, cwd=Path(sys.prefix))
    assert done.returncode == 0, done.stderr
    return done.stdout


def shipped_files() -> set[str]:
    """Return the name in the wheel of every file that an installation needs."""
    files: set[str] = set()
    for package in PACKAGES:
        for path in (ROOT / package).rglob("*"):
            if path.is_file() and "__pycache__" not in path.parts:
                files.add(f"nn_tui/{path.relative_to(ROOT).as_posix()}")
    return files


@pytest.fixture(scope="module")
def wheel_files(tmp_path_factory: pytest.TempPathFactory) -> set[str]:
    """Return the names in a wheel, built from a copy of the sources without files of earlier builds."""
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
    installed = {name for name in wheel_files if name.startswith("nn_tui/")}
    assert installed == shipped_files(), sorted(installed ^ shipped_files())


def test_a_wheel_carries_the_licence(wheel_files: set[str]) -> None:
    assert any(name.endswith("licenses/LICENSE") for name in wheel_files)


def test_the_core_imports_no_terminal_library() -> None:
    report = json.loads(in_fresh_interpreter(IMPORT_ALL_OF_CORE))
    assert "nn_tui.core.spec" in report["imported"]
    families = {name.split(".")[0] for name in report["loaded"]}
    assert families & {"textual", "rich", "plotext"} == set()
    assert [name for name in report["loaded"] if name.startswith("nn_tui.tui")] == []


def test_a_preset_without_a_table_imports_little_for_tables() -> None:
    code = """
import sys
from nn_tui.core.preset.loader import open_experiment
from nn_tui.tui import app
from nn_tui.tui.cli import start
open_experiment("xor")
print([name for name in sys.modules if name.startswith("nn_tui.core.table.") or name == "charset_normalizer"])
"""
    light = {f"nn_tui.core.table.{name}" for name in ("values", "file_names")}
    assert set(ast.literal_eval(in_fresh_interpreter(code))) == light


def test_the_version_of_the_core_is_read_without_numpy() -> None:
    code = "import sys, nn_tui.core as core; print(core.__version__, 'numpy' in sys.modules)"
    version, has_numpy = in_fresh_interpreter(code).split()
    assert version[0].isdigit()
    assert has_numpy == "False"


def test_the_newest_release_in_the_changelog_is_this_version() -> None:
    changelog = (ROOT / "CHANGELOG.md").read_text(encoding="utf-8")
    releases = re.findall(r"^## \[([0-9.]+)\] - \d{4}-\d\d-\d\d$", changelog, re.MULTILINE)
    assert releases[0] == __version__
    assert changelog.index("## [Unreleased]") < changelog.index(f"## [{__version__}]")


def test_continuous_integration_uses_the_pythons_of_make_test_pythons() -> None:
    makefile, workflow = (
        (ROOT / name).read_text(encoding="utf-8") for name in ("Makefile", ".github/workflows/ci.yml")
    )
    matrix = re.search(r"^ +python: \[(.+)\]$", workflow, re.MULTILINE)
    pythons = re.search(r"^PYTHONS \?= (.+)$", makefile, re.MULTILINE)
    assert matrix and pythons
    assert [f"python{version}" for version in re.findall(r'"([^"]+)"', matrix[1])] == pythons[1].split()


# Sources and licences

FREE = re.compile(r"CC0|CC BY|public domain|MIT|Apache|BSD", re.IGNORECASE)
OWN = (".py", ".css", ".tex", ".toml", ".tcss", ".html", ".js", ".pot", "py.typed")


def data_sections() -> dict[str, str]:
    """Return the section of presets/data/README.md about each file."""
    parts = re.split(r"^## (.+)$", (ROOT / "presets/data/README.md").read_text(encoding="utf-8"), flags=re.MULTILINE)
    return dict(zip(parts[1::2], parts[2::2], strict=True))


def test_every_data_file_has_a_source_and_a_licence() -> None:
    sections = data_sections()
    names = {path.name for path in (ROOT / "presets/data").iterdir()} - {"README.md"}
    assert set(sections) == names
    for name, text in sections.items():
        said = dict(
            re.findall(r"\*\*(Source|Licence|Taken from|Changed)\*\*:?\s+(.+?)(?=\n- \*\*|\Z)", text, re.DOTALL)
        )
        assert {"Source", "Licence", "Taken from", "Changed"} <= set(said), name
        assert FREE.search(said["Licence"]), name
        assert re.search(r"https?://|doi 10\.", said["Source"]), name


def test_every_other_shipped_file_is_our_own() -> None:
    others = [name for name in shipped_files() if not name.endswith(OWN) and "/presets/data/" not in name]
    assert others == []
    assert (ROOT / "LICENSE").read_text(encoding="utf-8").startswith("MIT License")


def test_every_dependency_has_a_lowest_version_to_be_tried_with() -> None:
    project = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]
    wanted = [*project["dependencies"], *project["optional-dependencies"]["test"]]
    bounded = {line.split("==")[0] for line in lowest(ROOT / "pyproject.toml")}
    exact = {name for each in wanted if "==" in each for name in [each.split("==")[0]]}
    assert {re.split(r"[<>=]", each)[0] for each in wanted} == bounded | exact


def test_a_library_whose_private_names_are_used_is_bounded_to_a_major() -> None:
    imported = re.compile(r"^ *(?:from|import) (?!nn_tui)(\w+)(?:\.\w+)*\._", re.MULTILINE)
    sources = [path.read_text(encoding="utf-8") for name in ("core", "tui") for path in (ROOT / name).rglob("*.py")]
    private = {library for source in sources for library in imported.findall(source)}
    assert private
    dependencies = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]["dependencies"]
    for library in private:
        (bounds,) = [each for each in dependencies if re.match(rf"{library}\b", each)]
        found = re.fullmatch(rf"{library}>=(\d+)\.\d+\.\d+,<(\d+)", bounds)
        assert found, bounds
        major, next_major = map(int, found.groups())
        assert next_major == major + 1, bounds


def test_the_page_for_contributors_has_the_configured_limits() -> None:
    said = " ".join((ROOT / "CONTRIBUTING.md").read_text(encoding="utf-8").split())
    columns = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["tool"]["ruff"]["line-length"]
    assert f"ruff formats at {columns} columns" in said
    found = re.search(r"Files in `core/` and `tui/` stay under about (\d+) lines", said)
    assert found
    sources = [path for name in ("core", "tui") for path in (ROOT / name).rglob("*.py")]
    lengths = {str(path): path.read_text(encoding="utf-8").count("\n") for path in sources}
    assert {name for name, lines in lengths.items() if lines > 1.1 * int(found[1])} == set()
    for library, module in (("threadpoolctl", "blas.py"), ("charset_normalizer", "text_encoding.py")):
        users = {path.name for path in sources if f"import {library}" in path.read_text(encoding="utf-8")}
        users |= {path.name for path in sources if f"{library} import" in path.read_text(encoding="utf-8")}
        assert users == {module}


LIMITS = {
    f"| a preset or a lesson (TOML) | {preset.MAX_BYTES // 2**20} MiB |",
    f"| a table | {values.MAX_BYTES // 2**20} MiB |",
    f"| columns of a table | {values.MAX_COLUMNS:,} |",
    f"| rows of a table | {values.MAX_ROWS:,} |",
    f"| different texts in all columns of a table | {table_rows.MAX_TEXTS:,} |",
    f"| categories of an input, and classes, of a table | {values.MAX_CLASSES:,} |",
    f"A cell has at most {csv.field_size_limit():,} characters.",
    f"| the config file | {config.MAX_CONFIG_BYTES // 1024} KiB |",
    f"| a document or a kept session | {document.MAX_BYTES // 2**20} MiB |",
    f"| values in a document, besides the numbers in its arrays | {document.MAX_TREE_VALUES:,} |",
    f"| kept sessions | {session_store.MAX_SESSIONS}, in {session_store.MAX_TOTAL_BYTES // 2**20} MiB together |",
    f"{record.MAX_STATE_BYTES // 2**20} MiB for the run on screen and "
    f"{record.MAX_OTHER_STATE_BYTES // 2**20} MiB for each other run",
    f"| layers | {preset_check.MAX_LAYERS} |",
    f"| units of a layer | {preset_check.MAX_UNITS:,} |",
    f"| parameters | {preset_check.MAX_PARAMETERS:,} |",
    f"| numbers of a pass: rows of the batch × (inputs + units) | {preset_check.MAX_ACTIVATIONS:,} |",
    f"| samples of a generator | {generators.MAX_SAMPLES:,} |",
    f"| classes of the generator `blobs` | {generators.MAX_CLASSES} |",
    f"| noise | {generators.MAX_NOISE:g} |",
    f"| updates of `nn-tui train`, by number or by epochs | {limits.MAX_UPDATES:,} |",
    f"| the pass that `nn-tui trace` prints | {limits.MAX_PASS:,} |",
    f"| the update that `t` goes to | {limits.MAX_PASS:,} |",
    f"| runs that `M` trains, and updates of each | {sweep_table.MAX_SWEEP_RUNS:,}, and {many_runs.MAX_UPDATES:,} |",
    f"| steps of a lesson | {lessons.MAX_STEPS} |",
    f"| the pass of a step, and the updates of a task (`within`) | {lessons.MAX_LESSON_UPDATES:,} |",
    f"| blanks of a task sheet | {selection.MAX_QUESTIONS:,} |",
    f"| numbers that a task sheet gives | {tables.MAX_NUMBERS:,} |",
    f"| seeds of `nn-tui worksheet --seeds` | {worksheet_options.MAX_SEEDS:,} |",
    f"| answers that `nn-tui mark` reads | {answers.MAX_ROWS:,} "
    f"| in a file of at most {text_file.MAX_BYTES >> 20} MiB |",
    f"| arrays in a file that `nn-tui mark` compares or `--weights` reads | {array_file.MAX_BYTES >> 20} MiB |",
    f"| target values: rows × classes | {data.MAX_CELLS:,} |",
    f"| inputs of a table with categories: rows × inputs | {encode.MAX_ENCODED_VALUES:,} |",
    "| different texts of an input that is one-hot encoded | "
    f"{kinds.MAX_CATEGORIES}, and {values.MAX_CLASSES:,} if it is asked for |",
    f"| states stored along the run, for going back | {caches.max_keyframes:,}, "
    f"and {caches.max_keyframe_bytes // 2**20} MiB ",
    f"| states stored around the update on screen, one per update | {caches.max_nearby}, "
    f"and {caches.max_nearby_bytes // 2**20} MiB (but never fewer than {MIN_NEARBY}) |",
    f"| passes stored with all their numbers | {caches.max_traces}, and {caches.max_trace_bytes // 2**20} MiB |",
    f"| {curves.MAX_BUCKETS:,} buckets with a minimum and a maximum each, "
    f"and the last {2 * curves.MAX_BUCKETS:,} losses; after {curves.MAX_BUCKETS**2 // 10**6} million updates, "
    f"as many last losses as a bucket holds, plus {curves.MAX_BUCKETS:,} |",
    f"| figures over the whole set (loss and accuracy) | {curves.MAX_EVALUATIONS} |",
    f"that these figures are computed from | {evaluation_sample.MAX_EVALUATED_ROWS:,}: of more rows a random sample |",
    f"an epoch of more than {curves.LONG_EPOCH} updates",
    f"| parameters that a gradient check compares | {gradcheck.MAX_CHECKS:,}, ",
}


@pytest.mark.parametrize("line", sorted(LIMITS))
def test_the_page_of_limits_has_the_limits_of_the_code(line: str) -> None:
    page = (ROOT / "docs/limits.md").read_text(encoding="utf-8")
    assert line in " ".join(page.split())
