"""Tests of the config file: valid entries, notices for invalid ones, and conflicts of keys."""

from __future__ import annotations

import argparse
import os
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from nn_tui.core.engine.steps import ZOOMS
from nn_tui.tui.__main__ import main
from nn_tui.tui.config.config import Config, read_config
from nn_tui.tui.config.files import config_file, state_file, unused_path
from nn_tui.tui.config.settings import UsageError, read_settings
from nn_tui.tui.keys.keymap import make_keymap
from nn_tui.tui.keys.keys import KEYS
from nn_tui.tui.session.choices import SPEEDS

GOOD = """
palette = "light"
ascii = true
digits = "all"
zoom = "unit"
speed = "flat out"
log_scale = true
seed = 3
welcome = false
resume = false
log = "/tmp/log"
[keys]
forward = "x"
update = ["y1", "U"]
"""


def read(tmp_path: Path, text: str | bytes) -> Config:
    path = tmp_path / "config.toml"
    path.write_bytes(text.encode() if isinstance(text, str) else text)
    return read_config(path)


def test_every_setting_can_be_set(tmp_path: Path) -> None:
    config = read(tmp_path, GOOD)
    assert config.errors == ()
    assert config.values == {
        "palette": "light", "ascii": True, "digits": None, "zoom": "unit", "speed": "flat out",
        "log_scale": True, "seed": 3, "welcome": False, "resume": False, "log": "/tmp/log",
    }  # fmt: skip
    assert config.keys == {"forward": ("x",), "update": ("y1", "U")}
    settings = read_settings(argparse.Namespace(), {}, config.values)
    assert settings.view == {"digits": None, "zoom": "unit", "speed": "flat out", "log_scale": True}
    assert (settings.seed, settings.palette, settings.ascii, settings.welcome) == (3, "light", True, False)
    assert not settings.resume
    assert read_settings(argparse.Namespace(), {"NN_TUI_RESUME": "1"}, config.values).resume
    assert not read_settings(argparse.Namespace(resume=False), {"NN_TUI_RESUME": "1"}, {}).resume


def test_a_missing_file_has_no_settings(tmp_path: Path) -> None:
    assert read_config(tmp_path / "none.toml") == Config()
    assert read_config(tmp_path / "config.toml" / "under" / "none.toml") == Config()
    assert read(tmp_path, "") == Config()


@pytest.mark.parametrize(
    ("line", "expected"),
    [
        ('palette = "pink"', 'palette: "pink" is not one of "dark"'),
        ("palette = 3", "palette: 3 is not one of"),
        ("ascii = 1", "ascii: 1 is not true or false"),
        ("digits = 3", "digits: 3 is not one of 2, 4, 6"),
        ("digits = true", "digits: true is not one of"),
        ("digits = 4.0", "digits: 4"),
        ('zoom = "units"', 'zoom: "units" is not one of'),
        ('speed = "fast"', 'speed: "fast" is not one of'),
        ("seed = -1", "seed: -1 is not between 0 and"),
        ("seed = true", "seed: true is not a whole number"),
        ('seed = "7"', "seed: "),
        ("pallete = 1", 'there is no such key. Did you mean "palette"?'),
        ("keys = 5", "keys: 5 is not a table"),
        ("[keys]\nforward = 5", "keys.forward: 5 is neither a key nor a list of keys"),
        ("[keys]\nforward = []", "keys.forward: "),
        ('[keys]\nforward = ["x", 5]', "keys.forward: "),
        ('"\\u001b[31m" = 1', "\\x1b[31m: there is no such key"),
    ],
)
def test_an_invalid_value_is_reported_and_the_rest_is_used(tmp_path: Path, line: str, expected: str) -> None:
    config = read(tmp_path, f"welcome = false\n{line}\n")
    assert len(config.errors) == 1, config
    assert expected in str(config.errors[0]) and str(tmp_path / "config.toml") in str(config.errors[0])
    assert str(config.errors[0]).isprintable()
    assert config.values == {"welcome": False} and config.keys == {}


@pytest.mark.parametrize(
    "line", ["this is no TOML", "digits 6", "zoom = unit", "= 3", "seed = 0x", 'palette = "unclosed', "welcome = false"]
)
def test_a_line_that_is_not_toml_is_ignored_with_its_number(tmp_path: Path, line: str) -> None:
    config = read(tmp_path, f'welcome = false\n{line}\n[keys]\nforward = "x"\n')
    assert len(config.errors) == 1 and config.errors[0].line == 2
    assert config.values == {"welcome": False} and config.keys == {"forward": ("x",)}


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ('a = """\nnever closed\n', "not valid TOML"),
        (b"welcome = false\n\xff\xfe\n", "line 2: this is not UTF-8"),
        ("# long\n" * 100_000, "larger than 256 KiB"),
        ("bad\n" * 100, "not valid TOML"),
        ("a = " + "[" * 5000, "config.toml"),
    ],
    ids=["unclosed", "bytes", "large", "hopeless", "deep"],
)
def test_a_hopeless_file_is_ignored(tmp_path: Path, text: str | bytes, expected: str) -> None:
    config = read(tmp_path, text)
    assert expected in str(config.errors[-1]) and config.values == {} and config.keys == {}


def test_a_folder_instead_of_the_file_is_reported(tmp_path: Path) -> None:
    (tmp_path / "config.toml").mkdir()
    assert "cannot be read" in str(read_config(tmp_path / "config.toml").errors[0])


@pytest.mark.skipif(not hasattr(os, "mkfifo"), reason="named pipes are Unix's")
@pytest.mark.parametrize(
    "make", [lambda path: os.mkfifo(path), lambda path: path.symlink_to("/dev/zero")], ids=["pipe", "endless"]
)
def test_a_special_file_is_ignored_without_blocking(tmp_path: Path, make: Callable[[Path], None]) -> None:
    folder = tmp_path / "nn-tui"
    folder.mkdir()
    make(folder / "config.toml")
    environ = {**os.environ, "XDG_CONFIG_HOME": str(tmp_path)}
    command = [sys.executable, "-m", "nn_tui.tui", "list"]
    done = subprocess.run(command, env=environ, capture_output=True, text=True, timeout=60, check=True)
    expected = f"nn-tui: {folder / 'config.toml'}: it is not a regular file, so it is ignored.\n"
    assert done.stderr == expected and "xor" in done.stdout


@given(st.one_of(st.binary(max_size=200), st.text(max_size=200).map(lambda text: text.encode("utf-8", "replace"))))
def test_any_file_can_be_read(tmp_path_factory: pytest.TempPathFactory, raw: bytes) -> None:
    path = tmp_path_factory.mktemp("fuzz") / "config.toml"
    path.write_bytes(raw)
    config = read_config(path)
    assert all("config.toml" in str(error) and str(error).isprintable() for error in config.errors)
    make_keymap(config.keys)


# Paths and precedence


def test_the_paths_follow_the_base_directory_specification() -> None:
    home = {"HOME": "/home/me"}
    assert config_file(home) == Path("/home/me/.config/nn-tui/config.toml")
    assert state_file(home) == Path("/home/me/.local/state/nn-tui/state.toml")
    named = {**home, "XDG_CONFIG_HOME": "/c", "XDG_STATE_HOME": "/s"}
    assert (config_file(named), state_file(named)) == (Path("/c/nn-tui/config.toml"), Path("/s/nn-tui/state.toml"))
    assert config_file({**home, "XDG_CONFIG_HOME": "relative"}) == config_file(home)


def test_the_environment_overrides_the_view_of_the_file() -> None:
    config = {"digits": 6, "zoom": "unit", "speed": "flat out", "log_scale": True, "welcome": True}
    environ = {"NN_TUI_DIGITS": "all", "NN_TUI_ZOOM": "pass", "NN_TUI_LOG_SCALE": "0", "NN_TUI_WELCOME": "no"}
    settings = read_settings(argparse.Namespace(digits=3), environ, config)
    assert settings.view == {"digits": None, "zoom": "pass", "speed": "flat out", "log_scale": False}
    assert not settings.welcome
    assert read_settings(argparse.Namespace(), {}, {}).view == {}
    for name, value in (("DIGITS", "3"), ("ZOOM", "x"), ("SPEED", "x"), ("LOG_SCALE", "x")):
        with pytest.raises(UsageError, match=f"NN_TUI_{name}"):
            read_settings(argparse.Namespace(), {f"NN_TUI_{name}": value}, {})


def test_a_command_prints_the_notices_on_stderr(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    (tmp_path / "nn-tui").mkdir()
    (tmp_path / "nn-tui" / "config.toml").write_text("seed = 5\nzom = 3\n")
    monkeypatch.setenv("XDG_CONFIG_HOME", str(tmp_path))
    assert main(["list"]) == 0
    captured = capsys.readouterr()
    assert captured.err.count("\n") == 1 and 'zom: there is no such key. Did you mean "zoom"?' in captured.err
    assert "xor" in captured.out


def test_the_seed_of_the_file_applies_to_every_command(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    (tmp_path / "nn-tui").mkdir()
    (tmp_path / "nn-tui" / "config.toml").write_text("seed = 5\n")
    outputs = []
    for folder, flags in ((tmp_path, ()), (tmp_path / "none", ("--seed", "5")), (tmp_path / "none", ())):
        monkeypatch.setenv("XDG_CONFIG_HOME", str(folder))
        assert main(["trace", "xor", *flags]) == 0
        outputs.append(capsys.readouterr().out)
    assert outputs[0] == outputs[1] != outputs[2]


# Keys


def test_every_action_has_a_unique_name() -> None:
    names = [key.action for key in KEYS]
    assert len(set(names)) == len(names)
    assert all(name.replace("_", "").isalnum() and name.isascii() for name in names), "bare TOML keys"


@pytest.mark.parametrize(
    ("written", "named", "shown"),
    [
        ("X", "X", "X"), ("shift+x", "X", "X"), ("~", "tilde", "~"), ("%", "percent_sign", "%"),
        ("F5", "f5", "f5"), ("ctrl+Down", "ctrl+down", "ctrl ↓"), ("ctrl+/", "ctrl+slash", "ctrl /"),
        ("insert", "insert", "insert"), ("alt+x", "alt+x", "alt x"),
    ],
)  # fmt: skip
def test_the_usual_spellings_of_keys_are_accepted(written: str, named: str, shown: str) -> None:
    keymap = make_keymap({"bookmark": (written,)})
    assert keymap.errors == ()
    assert keymap.bindings == {"nn.bookmark": named} and keymap.labels == {"*": shown}


def test_short_names_of_keys_are_accepted() -> None:
    keymap = make_keymap({"lesson_next": ("pgup",), "lesson_back": ("pgdn",)})
    assert keymap.bindings == {"nn.lesson_next": "pageup", "nn.lesson_back": "pagedown"}


@pytest.mark.parametrize(
    ("keys", "expected"),
    [
        ({"frward": ("x",)}, 'keys.frward: there is no such action. Did you mean "forward"?'),
        ({"forward": ("xy",)}, 'keys.forward: "xy" is not a key'),
        ({"forward": ("ctrl+c",)}, "belongs to the terminal"),
        ({"forward": ("ctrl+q",)}, "always quits"),
        ({"forward": ("ctrl+z",)}, "suspends the app until the shell continues it"),
        ({"forward": ("ctrl+m",)}, "arrives as enter"),
        ({"forward": ("<any>",)}, "is not a key"),
        ({"forward": ("b",)}, 'keys.forward: "b" is the key of backward already'),
        ({"forward": ("%",), "update": ("%",)}, 'keys.update: "%" is the key of forward already'),
    ],
)
def test_an_invalid_key_is_ignored(keys: dict[str, tuple[str, ...]], expected: str) -> None:
    keymap = make_keymap(keys, "FILE")
    (error,) = keymap.errors
    assert expected in str(error) and error.file == "FILE" and error.path == ("keys", list(keys)[-1])
    assert set(keymap.bindings) <= {"nn.forward"} and ("update" in keys) == bool(keymap.bindings)


def test_keys_may_be_swapped() -> None:
    keymap = make_keymap({"forward": ("b",), "backward": ("f",)})
    assert keymap.errors == () and keymap.actions["b"] == "forward" and keymap.actions["f"] == "backward"


NAMES = st.sampled_from([key.action for key in KEYS] + ["none"])
WRITTEN = st.sampled_from([name for key in KEYS for name in key.keys.split(",")] + list("xyfb%;") + ["f9", "no key"])


@given(st.dictionaries(NAMES, st.lists(WRITTEN, min_size=1, max_size=3).map(tuple), max_size=8))
def test_no_key_has_two_actions(keys: dict[str, tuple[str, ...]]) -> None:
    keymap = make_keymap(keys)
    names = [
        name
        for key in KEYS
        for name in keymap.bindings.get(f"nn.{key.action}", key.keys).split(",")
    ]  # fmt: skip
    assert len(names) == len(set(names))
    assert len(keymap.bindings) + len(keymap.errors) == len(keys)


# Files


def test_the_next_free_name_has_the_next_number(tmp_path: Path) -> None:
    for name in ("a.svg", "a-2.svg", "a-3.svg"):
        assert unused_path(tmp_path, "a", ".svg").name == name
        (tmp_path / name).touch()


# The documentation


def test_the_page_lists_every_setting_and_action() -> None:
    page = (Path(__file__).parents[3] / "docs" / "configuration.md").read_text(encoding="utf-8")
    for name in ("palette", "ascii", "digits", "zoom", "speed", "log_scale", "seed", "welcome", "resume", "log"):
        assert f"| `{name}` |" in page and f"`NN_TUI_{name.upper()}`" in page
    for name in (*(speed.name for speed in SPEEDS), *ZOOMS):
        assert f'`"{name}"`' in page
    for key in KEYS:
        keys = " ".join(f"`{name}`" for name in key.keys.split(","))
        row = f"| `{key.action}` | {keys} | {str(key.help).replace('`', '')} |"
        assert row in page, f"docs/configuration.md lacks the line {row}"


def test_the_example_in_the_documentation_is_valid(tmp_path: Path) -> None:
    page = (Path(__file__).parents[3] / "docs" / "configuration.md").read_text(encoding="utf-8")
    config = read(tmp_path, page.split("```toml\n")[1].split("```")[0])
    assert config.errors == () and make_keymap(config.keys).errors == () and len(config.keys) == 4


@pytest.mark.parametrize("text", ["seed = " + "9" * 6000, ".".join("a" * 5000) + " = 1"])
def test_a_file_that_needs_much_memory_is_ignored(tmp_path: Path, text: str) -> None:
    path = tmp_path / "config.toml"
    path.write_text(text + "\ndigits = 6\n")
    config = read_config(path)
    assert config.values == {}
    assert len(config.errors) == 1 and "is ignored" in str(config.errors[0]) and len(str(config.errors[0])) < 500
