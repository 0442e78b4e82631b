"""Tests of the settings of the command line: numbers of any length, and the range of the seed from every source."""

from __future__ import annotations

from pathlib import Path

import pytest

from nn_tui.core.limits import MAX_SEED
from nn_tui.core.preset.loader import find_preset, load_experiment
from nn_tui.core.run.run import Run
from nn_tui.tui.__main__ import main
from nn_tui.tui.config.config import read_config


def printed(capsys: pytest.CaptureFixture[str], *argv: str) -> tuple[int, str, str]:
    """Exit code, stdout and stderr of a command line."""
    code = main(argv)
    captured = capsys.readouterr()
    return code, captured.out, captured.err


@pytest.mark.parametrize("zeros", [1, 3, 5000])
def test_leading_zeros_change_nothing(capsys: pytest.CaptureFixture[str], zeros: int) -> None:
    plain = printed(capsys, "trace", "xor", "--digits", "17")
    assert printed(capsys, "trace", "xor", "--digits", "0" * zeros + "17") == plain
    assert printed(capsys, "trace", "xor", "--digits", "0" * zeros + "18")[0] == 2


def test_digits_out_of_range_are_rejected(capsys: pytest.CaptureFixture[str]) -> None:
    for text in ("0", "18", "9" * 5000):
        code, out, err = printed(capsys, "trace", "xor", "--digits", text)
        assert (code, out) == (2, "") and err.count("\n") == 1 and len(err) < 500
        assert "neither a whole number from 1 to 17 nor all" in err


@pytest.mark.parametrize("text", ["1" + 400 * "0", 5000 * "9", "1000000001"], ids=lambda text: f"{len(text)} digits")
def test_too_many_updates_are_rejected(capsys: pytest.CaptureFixture[str], text: str) -> None:
    for argv, range_ in (
        (("train", "iris", "--updates"), "0 up to 1,000,000,000"),
        (("train", "iris", "--epochs"), "0 up to 1,000,000,000"),
        (("trace", "iris", "--updates"), "1 up to 100,000,000"),
    ):
        code, out, err = printed(capsys, *argv, text)
        assert (code, out) == (2, "") and err.count("\n") == 1 and len(err) < 500
        assert f"argument {argv[-1]}: '{text[:40]}' is not a whole number from {range_}" in err


def test_too_many_epochs_are_rejected_by_their_updates(capsys: pytest.CaptureFixture[str]) -> None:
    batches = Run.start(load_experiment(find_preset("penguins"))).engine.batches_per_epoch
    assert batches > 1
    max_epochs = 1_000_000_000 // batches
    code, out, err = printed(capsys, "train", "penguins", "--epochs", str(max_epochs + 1))
    assert (code, out) == (1, "")
    assert err == (
        f"nn-tui: --epochs: {max_epochs + 1:,} epochs are {batches * (max_epochs + 1):,} updates, more than the limit "
        f"of 1,000,000,000; use at most {max_epochs:,} epochs.\n"
    )


def test_a_seed_has_the_same_range_from_every_source(
    capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    file = tmp_path / "config.toml"
    for text, is_valid in ((str(MAX_SEED), True), (str(MAX_SEED + 1), False), ("9" * 4000, False), ("-1", False)):
        file.write_text(f"seed = {text}\n", encoding="utf-8")
        config = read_config(file)
        code, _, flag = printed(capsys, "trace", "xor", "--seed", text)
        monkeypatch.setenv("NN_TUI_SEED", text)
        _, _, variable = printed(capsys, "trace", "xor")
        monkeypatch.delenv("NN_TUI_SEED")
        assert code == (0 if is_valid else 2)
        for message, expected in (
            (flag, "is not a whole number from 0 up to 9223372036854775807"),
            (variable, "is not a whole number from 0 up to 9223372036854775807"),
            (" ".join(map(str, config.errors)), "is not between 0 and 9223372036854775807"),
        ):
            assert (message == "") == is_valid, message
            assert is_valid or (expected in message and len(message) < 500)
        assert dict(config.values) == ({"seed": MAX_SEED} if is_valid else {})
