"""Tests of text with two cells per character, in every part of the screen."""

from __future__ import annotations

from pathlib import Path

import pytest
from rich.cells import cell_len

from nn_tui.tui.actions.saved_session import open_preset
from nn_tui.tui.widgets.panel import Panel
from tests._app import AppTester, run_with_start

KOREAN = """title = "한글 제목이 있는 문제: 붓꽃 세 가지를 가려내기"
summary = "넓은 글자가 줄을 밀지 않는다."
notes = "꽃잎의 길이와 너비로 품종을 맞힌다. 全角文字もある。"
seed = 1
[data]
csv = "꽃.csv"
target = "품종"
test_fraction = 0.25
[[layers]]
units = 3
activation = "tanh"
[[layers]]
units = 3
activation = "softmax"
[training]
loss = "cross_entropy"
"""


def korean_preset(folder: Path, features: int) -> Path:
    """Return a preset whose title, columns and classes are in Korean."""
    names = ("꽃잎길이가아주긴이름", "너비", "높이x", "무게")[:features]
    rows = [",".join((*names, "품종"))]
    for place in range(24):
        values = [f"{(place * (k + 3)) % 7 / 2 + place // 8}" for k in range(features)]
        rows.append(",".join((*values, ("장미", "해바라기처럼큰꽃", "Ａ級")[place // 8])))
    (folder / "꽃.csv").write_text("\n".join(rows) + "\n", encoding="utf-8")
    path = folder / "한글.toml"
    path.write_text(KOREAN, encoding="utf-8")
    return path


@pytest.mark.parametrize("features", [2, 4])
@pytest.mark.parametrize("size", [(80, 24), (120, 40), (60, 20)], ids=str)
def test_wide_text_never_shifts_a_column(size: tuple[int, int], features: int, tmp_path: Path) -> None:
    async def check(tester: AppTester) -> None:
        await open_preset(tester.main, str(korean_preset(tmp_path, features)))
        await tester.wait_until(lambda: "한글" in tester.text("header") or size[0] < 80)
        seen = set()
        for keys in (
            "1",
            "2",
            "3",
            "4",
            "5",
            "f",
            "1",
            "y",
            "4",
            "b",
            "2",
            "u",
            "y",
            "3",
            "m",
            "1",
            "2",
            "4",
            "y",
            "5",
        ):
            await tester.press(keys)
            await tester.settle()
            for panel in tester.main.query(Panel):
                if not tester.visible(panel.id or ""):
                    continue
                for y in range(panel.size.height):
                    line = panel.render_line(y)
                    assert cell_len(line.text) == line.cell_length == panel.size.width, (panel.id, y, line.text)
                seen.add(panel.id)
            for row in tester.all_text().split("\n"):
                assert cell_len(row) == size[0], row
        assert {"network", "layer", "output", "arithmetic", "loss"} <= seen
        await tester.press("enter")
        await tester.wait_until(lambda: all(cell_len(line) == size[0] for line in tester.all_text().split("\n")))

    run_with_start(check, size=size)
