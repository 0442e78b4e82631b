"""The config file: every good line holds, every bad one is named and left out, and keys cannot collide."""

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
from nn_tui.tui.config.files import config_file, free_name, state_file, write_whole
from nn_tui.tui.config.settings import UsageError, read_settings
from nn_tui.tui.keys.keymap import make_keymap
from nn_tui.tui.keys.keys import KEYS, key_name
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
    found = read(tmp_path, GOOD)
    assert found.notices == ()
    assert found.values == {
        "palette": "light", "ascii": True, "digits": None, "zoom": "unit", "speed": "flat out",
        "log_scale": True, "seed": 3, "welcome": False, "resume": False, "log": "/tmp/log",
    }  # fmt: skip
    assert found.keys == {"forward": ("x",), "update": ("y1", "U")}
    chosen = read_settings(argparse.Namespace(), {}, found.values)
    assert chosen.view == {"digits": None, "zoom": "unit", "speed": "flat out", "log_scale": True}
    assert (chosen.seed, chosen.palette, chosen.ascii, chosen.welcome) == (3, "light", True, False)
    assert not chosen.resume
    assert read_settings(argparse.Namespace(), {"NN_TUI_RESUME": "1"}, found.values).resume
    assert not read_settings(argparse.Namespace(resume=False), {"NN_TUI_RESUME": "1"}, {}).resume


def test_no_file_is_no_setting(tmp_path: Path) -> None:
    assert read_config(tmp_path / "none.toml") == Config()
    assert read_config(tmp_path / "config.toml" / "under" / "none.toml") == Config()
    assert read(tmp_path, "") == Config()


@pytest.mark.parametrize(
    ("line", "said"),
    [
        ('palette = "pink"', 'palette: "pink" is not one of "dark"'),
        ("palette = 3", "palette: 3 is not one of"),
        ("ascii = 1", "ascii: 1 is neither true nor false"),
        ("digits = 3", "digits: 3 is not one of 2, 4, 6"),
        ("digits = true", "digits: true is not one of"),
        ("digits = 4.0", "digits: 4"),
        ('zoom = "units"', 'zoom: "units" is not one of'),
        ('speed = "fast"', 'speed: "fast" is not one of'),
        ("seed = -1", "seed: -1 is not a whole number from 0 up"),
        ("seed = true", "seed: true is not a whole number"),
        ('seed = "7"', "seed: "),
        ("pallete = 1", 'there is no such setting; did you mean "palette"?'),
        ("keys = 5", "keys: 5 is not a table"),
        ("[keys]\nforward = 5", "keys.forward: 5 is neither a key nor a list of keys"),
        ("[keys]\nforward = []", "keys.forward: "),
        ('[keys]\nforward = ["x", 5]', "keys.forward: "),
        ('"\\u001b[31m" = 1', "\\x1b[31m: there is no such setting"),
    ],
)
def test_a_bad_value_is_named_and_the_rest_holds(tmp_path: Path, line: str, said: str) -> None:
    found = read(tmp_path, f"welcome = false\n{line}\n")
    assert len(found.notices) == 1, found
    assert said in found.notices[0] and str(tmp_path / "config.toml") in found.notices[0]
    assert found.notices[0].isprintable()
    assert found.values == {"welcome": False} and found.keys == {}


@pytest.mark.parametrize(
    "line", ["this is no TOML", "digits 6", "zoom = unit", "= 3", "seed = 0x", 'palette = "unclosed', "welcome = false"]
)
def test_a_line_that_is_no_toml_is_left_out_by_number(tmp_path: Path, line: str) -> None:
    found = read(tmp_path, f'welcome = false\n{line}\n[keys]\nforward = "x"\n')
    assert len(found.notices) == 1 and "line 2: " in found.notices[0]
    assert found.values == {"welcome": False} and found.keys == {"forward": ("x",)}


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ('a = """\nnever closed\n', "is not TOML"),
        (b"welcome = false\n\xff\xfe\n", "line 2: is not UTF-8"),
        ("# long\n" * 100_000, "larger than 256 KiB"),
        ("bad\n" * 100, "is not TOML"),
        ("a = " + "[" * 5000, "config.toml"),
    ],
    ids=["unclosed", "bytes", "large", "hopeless", "deep"],
)
def test_a_file_beyond_help_is_left_out_whole(tmp_path: Path, text: str | bytes, said: str) -> None:
    found = read(tmp_path, text)
    assert said in found.notices[-1] and found.values == {} and found.keys == {}


def test_a_folder_in_its_place_is_named(tmp_path: Path) -> None:
    (tmp_path / "config.toml").mkdir()
    assert "cannot be read" in read_config(tmp_path / "config.toml").notices[0]


@pytest.mark.skipif(not hasattr(os, "mkfifo"), reason="named pipes are Unix's")
@pytest.mark.parametrize(
    "make", [lambda path: os.mkfifo(path), lambda path: path.symlink_to("/dev/zero")], ids=["pipe", "endless"]
)
def test_what_is_no_regular_file_is_not_waited_for(tmp_path: Path, make: Callable[[Path], None]) -> None:
    folder = tmp_path / "nn-tui"
    folder.mkdir()
    make(folder / "config.toml")
    environ = {**os.environ, "XDG_CONFIG_HOME": str(tmp_path)}
    command = [sys.executable, "-m", "nn_tui.tui", "list"]
    done = subprocess.run(command, env=environ, capture_output=True, text=True, timeout=60, check=True)
    said = f"nn-tui: {folder / 'config.toml'}: is not a regular file, so it is ignored\n"
    assert done.stderr == said and "xor" in done.stdout


@given(st.one_of(st.binary(max_size=200), st.text(max_size=200).map(lambda text: text.encode("utf-8", "replace"))))
def test_no_file_stops_the_start(tmp_path_factory: pytest.TempPathFactory, raw: bytes) -> None:
    path = tmp_path_factory.mktemp("fuzz") / "config.toml"
    path.write_bytes(raw)
    found = read_config(path)
    assert all("config.toml" in notice and notice.isprintable() for notice in found.notices)
    make_keymap(found.keys)


# Where it is, and what wins


def test_the_places_follow_the_base_directory_specification() -> None:
    home = {"HOME": "/home/me"}
    assert config_file(home) == Path("/home/me/.config/nn-tui/config.toml")
    assert state_file(home) == Path("/home/me/.local/state/nn-tui/state.toml")
    named = {**home, "XDG_CONFIG_HOME": "/c", "XDG_STATE_HOME": "/s"}
    assert (config_file(named), state_file(named)) == (Path("/c/nn-tui/config.toml"), Path("/s/nn-tui/state.toml"))
    assert config_file({**home, "XDG_CONFIG_HOME": "relative"}) == config_file(home)


def test_the_environment_wins_over_the_file_for_the_view() -> None:
    config = {"digits": 6, "zoom": "unit", "speed": "flat out", "log_scale": True, "welcome": True}
    environ = {"NN_TUI_DIGITS": "all", "NN_TUI_ZOOM": "pass", "NN_TUI_LOG_SCALE": "0", "NN_TUI_WELCOME": "no"}
    chosen = read_settings(argparse.Namespace(digits=3), environ, config)
    assert chosen.view == {"digits": None, "zoom": "pass", "speed": "flat out", "log_scale": False}
    assert not chosen.welcome
    assert read_settings(argparse.Namespace(), {}, {}).view == {}
    for name, value in (("DIGITS", "3"), ("ZOOM", "x"), ("SPEED", "x"), ("LOG_SCALE", "x")):
        with pytest.raises(UsageError, match=f"NN_TUI_{name}"):
            read_settings(argparse.Namespace(), {f"NN_TUI_{name}": value}, {})


def test_a_command_says_on_stderr_what_it_left_out(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    (tmp_path / "nn-tui").mkdir()
    (tmp_path / "nn-tui" / "config.toml").write_text("seed = 5\nzom = 3\n")
    monkeypatch.setenv("XDG_CONFIG_HOME", str(tmp_path))
    assert main(["list"]) == 0
    captured = capsys.readouterr()
    assert captured.err.count("\n") == 1 and 'zom: there is no such setting; did you mean "zoom"?' in captured.err
    assert "xor" in captured.out


def test_the_files_seed_holds_for_every_command(
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


def test_every_action_has_a_name_of_its_own() -> None:
    names = [key_name(key) for key in KEYS]
    assert len(set(names)) == len(names)
    assert all(name.replace("_", "").isalnum() and name.isascii() for name in names), "bare TOML keys"


@pytest.mark.parametrize(
    ("written", "named", "shown"),
    [
        ("x", "x", "x"), ("X", "X", "X"), ("shift+x", "X", "X"), ("~", "tilde", "~"), ("%", "percent_sign", "%"),
        ("F5", "f5", "f5"), ("ctrl+Down", "ctrl+down", "ctrl ↓"), ("ctrl+/", "ctrl+slash", "ctrl /"),
        ("pgup", "pageup", "pageup"), ("insert", "insert", "insert"), ("alt+x", "alt+x", "alt x"),
    ],
)  # fmt: skip
def test_keys_are_named_as_people_write_them(written: str, named: str, shown: str) -> None:
    found = make_keymap({"bookmark": (written,)})
    assert found.notices == ()
    assert found.bindings == {"nn.bookmark": named} and found.labels == {"*": shown}


@pytest.mark.parametrize(
    ("keys", "said"),
    [
        ({"frward": ("x",)}, 'keys.frward: there is no such action; did you mean "forward"?'),
        ({"forward": ("xy",)}, 'keys.forward: "xy" is not a key'),
        ({"forward": ("ctrl+c",)}, "belongs to the terminal"),
        ({"forward": ("ctrl+q",)}, "always leaves"),
        ({"forward": ("ctrl+z",)}, "stops the app until the shell goes on with it"),
        ({"forward": ("ctrl+m",)}, "arrives as enter"),
        ({"forward": ("<any>",)}, "is not a key"),
        ({"forward": ("b",)}, 'keys.forward: "b" is the key of backward already'),
        ({"forward": ("%",), "update": ("%",)}, 'keys.update: "%" is the key of forward already'),
    ],
)
def test_a_key_that_cannot_be_is_left_out(keys: dict[str, tuple[str, ...]], said: str) -> None:
    found = make_keymap(keys, "FILE: ")
    assert len(found.notices) == 1 and said in found.notices[0] and found.notices[0].startswith("FILE: ")
    assert set(found.bindings) <= {"nn.forward"} and ("update" in keys) == bool(found.bindings)


def test_keys_may_be_swapped() -> None:
    found = make_keymap({"forward": ("b",), "backward": ("f",)})
    assert found.notices == () and found.actions["b"] == "forward" and found.actions["f"] == "backward"


NAMES = st.sampled_from([key_name(key) for key in KEYS] + ["none"])
WRITTEN = st.sampled_from([name for key in KEYS for name in key.keys.split(",")] + list("xyfb%;") + ["f9", "no key"])


@given(st.dictionaries(NAMES, st.lists(WRITTEN, min_size=1, max_size=3).map(tuple), max_size=8))
def test_whatever_is_moved_no_key_does_two_things(wanted: dict[str, tuple[str, ...]]) -> None:
    found = make_keymap(wanted)
    taken = [
        name
        for key in KEYS
        for name in found.bindings.get(f"nn.{key_name(key)}", key.keys).split(",")
    ]  # fmt: skip
    assert len(taken) == len(set(taken))
    assert len(found.bindings) + len(found.notices) == len(wanted)


# Files


def test_a_file_is_written_whole_or_not_at_all(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    path = tmp_path / "new" / "file.txt"
    write_whole(path, "one\n")
    assert path.read_text() == "one\n"

    def fail(*names: object) -> None:
        raise OSError("full")

    monkeypatch.setattr("os.replace", fail)
    with pytest.raises(OSError, match="full"):
        write_whole(path, "two\n")
    assert path.read_text() == "one\n" and [entry.name for entry in path.parent.iterdir()] == ["file.txt"]


def test_a_free_name_is_counted_on(tmp_path: Path) -> None:
    for name in ("a.svg", "a-2.svg", "a-3.svg"):
        assert free_name(tmp_path, "a", ".svg").name == name
        (tmp_path / name).touch()


# The page about it


def test_the_page_lists_every_setting_and_action() -> None:
    page = (Path(__file__).parents[3] / "docs" / "configuration.md").read_text(encoding="utf-8")
    for name in ("palette", "ascii", "digits", "zoom", "speed", "log_scale", "seed", "welcome", "resume", "log"):
        assert f"| `{name}` |" in page and f"`NN_TUI_{name.upper()}`" in page
    for name in (*(speed.label for speed in SPEEDS), *ZOOMS):
        assert f'`"{name}"`' in page
    for key in KEYS:
        keys = " ".join(f"`{name}`" for name in key.keys.split(","))
        row = f"| `{key_name(key)}` | {keys} | {key.help.replace('`', '')} |"
        assert row in page, f"docs/configuration.md lacks the line {row}"


def test_the_pages_example_is_a_good_file(tmp_path: Path) -> None:
    page = (Path(__file__).parents[3] / "docs" / "configuration.md").read_text(encoding="utf-8")
    found = read(tmp_path, page.split("```toml\n")[1].split("```")[0])
    assert found.notices == () and make_keymap(found.keys).notices == () and len(found.keys) == 4


@pytest.mark.parametrize("text", ["seed = " + "9" * 6000, ".".join("a" * 5000) + " = 1"])
def test_a_file_that_only_costs_memory_is_left_out(tmp_path: Path, text: str) -> None:
    path = tmp_path / "config.toml"
    path.write_text(text + "\ndigits = 6\n")
    found = read_config(path)
    assert found.values == {}
    assert len(found.notices) == 1 and "is ignored" in found.notices[0] and len(found.notices[0]) < 500
