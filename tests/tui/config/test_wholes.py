"""Whole numbers that people write: however long, they are taken for what they are or refused in one sentence."""

from __future__ import annotations

from pathlib import Path

import pytest

from nn_tui.core.limits import MAX_SEED
from nn_tui.core.preset.loader import find_preset, load_experiment
from nn_tui.core.run.run import Run
from nn_tui.core.text import parse_int
from nn_tui.tui.__main__ import main
from nn_tui.tui.config.config import read_config
from nn_tui.tui.session import stepping
from nn_tui.tui.session.session import begin
from tests._kept import again


@pytest.mark.parametrize(
    ("text", "number"),
    [
        ("0", 0), ("000", 0), ("007", 7), (" 5 ", 5), ("+5", 5), ("1_000", 1000), ("0_0_7", 7), ("1000", 1000),
        ("0" * 5000 + "5", 5), ("0" * 5000, 0), ("0" * 16 + "999", 999),
        ("", None), ("-1", None), ("1001", None), ("1.5", None), ("1_", None), ("_1", None), ("٣", None),
        ("9" * 5000, None), ("0" * 12 + "2999999", None),
    ],
    ids=lambda value: str(value)[:20],
)  # fmt: skip
def test_a_number_is_what_its_digits_say(text: str, number: int | None) -> None:
    assert parse_int(text, 0, 1000) == number
    assert parse_int(text, 8, 1000) == (number if number is None or number >= 8 else None)


def printed(capsys: pytest.CaptureFixture[str], *argv: str) -> tuple[int, str, str]:
    """Exit code, stdout and stderr of a command line."""
    code = main(argv)
    said = capsys.readouterr()
    return code, said.out, said.err


@pytest.mark.parametrize("zeros", [1, 3, 5000])
def test_zeros_before_the_number_of_digits_change_nothing(capsys: pytest.CaptureFixture[str], zeros: int) -> None:
    plain = printed(capsys, "trace", "xor", "--digits", "17")
    assert printed(capsys, "trace", "xor", "--digits", "0" * zeros + "17") == plain
    assert printed(capsys, "trace", "xor", "--digits", "0" * zeros + "18")[0] == 2


def test_too_many_digits_to_print_are_refused(capsys: pytest.CaptureFixture[str]) -> None:
    for text in ("0", "18", "9" * 5000):
        code, out, err = printed(capsys, "trace", "xor", "--digits", text)
        assert (code, out) == (2, "") and err.count("\n") == 1 and len(err) < 500
        assert "neither a whole number from 1 to 17 nor all" in err


# Updates


@pytest.mark.parametrize("given", ["1" + 400 * "0", 5000 * "9", "1000000001"], ids=lambda text: f"{len(text)} digits")
def test_more_updates_than_anybody_waits_for_are_refused(capsys: pytest.CaptureFixture[str], given: str) -> None:
    for argv, range_ in (
        (("train", "iris", "--updates"), "0 up to 1,000,000,000"),
        (("train", "iris", "--epochs"), "0 up to 1,000,000,000"),
        (("trace", "iris", "--updates"), "1 up to 100,000,000"),
    ):
        code, out, err = printed(capsys, *argv, given)
        assert (code, out) == (2, "") and err.count("\n") == 1 and len(err) < 500
        assert f"argument {argv[-1]}: '{given[:40]}' is not a whole number from {range_}" in err


def test_epochs_are_as_many_as_their_updates_allow(capsys: pytest.CaptureFixture[str]) -> None:
    batches = Run.start(load_experiment(find_preset("penguins"))).engine.batches_per_epoch
    assert batches > 1
    most = 1_000_000_000 // batches
    code, out, err = printed(capsys, "train", "penguins", "--epochs", str(most + 1))
    assert (code, out) == (1, "")
    assert err == (
        f"nn-tui: --epochs {most + 1:,} means {batches * (most + 1):,} updates, more than the limit of "
        f"1,000,000,000: use at most {most:,} epochs\n"
    )


# Seeds


def test_every_way_to_a_seed_has_the_same_bound(
    capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    assert MAX_SEED == MAX_SEED
    file = tmp_path / "config.toml"
    for given, good in ((str(MAX_SEED), True), (str(MAX_SEED + 1), False), ("9" * 4000, False), ("-1", False)):
        file.write_text(f"seed = {given}\n", encoding="utf-8")
        config = read_config(file)
        code, _, flag = printed(capsys, "trace", "xor", "--seed", given)
        monkeypatch.setenv("NN_TUI_SEED", given)
        _, _, variable = printed(capsys, "trace", "xor")
        monkeypatch.delenv("NN_TUI_SEED")
        assert code == (0 if good else 2)
        for said in (flag, variable, " ".join(config.notices)):
            assert (said == "") == good, said
            assert good or ("is not a whole number from 0 up to 9223372036854775807" in said and len(said) < 500)
        assert dict(config.values) == ({"seed": MAX_SEED} if good else {})


def test_new_weights_after_the_last_seed_are_of_the_first_that_is_free_and_can_be_resumed() -> None:
    session = begin(load_experiment(find_preset("xor"), MAX_SEED - 1))
    seeds = []
    for _ in range(4):
        session = stepping.new_seed(session)
        seeds.append(session.experiment.init_seed)
        assert f"(seed {seeds[-1]})" in session.message
        session = stepping.whole_pass(session)
        kept = again(session)
        assert kept.experiment.init_seed == seeds[-1]
        assert kept.trace.before.array.tobytes() == session.trace.before.array.tobytes()
    assert seeds == [MAX_SEED, 0, 1, 2]
