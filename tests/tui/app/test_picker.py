"""Tests of the preset picker: topics, what has been opened, and finding by typing."""

from __future__ import annotations

import os
from pathlib import Path

import pytest
from textual.widgets import Input, OptionList

from nn_tui.core.lesson.loader import lesson_ids
from nn_tui.core.preset.loader import shipped_presets
from nn_tui.presets import COURSE, TOPICS
from nn_tui.tui.actions.saved_session import open_preset
from nn_tui.tui.saved.auto_saver import AutoSaver
from nn_tui.tui.saved.lesson_progress import LessonStore
from nn_tui.tui.saved.opened import opened_presets, record_opened
from nn_tui.tui.saved.session_store import SessionInfo
from nn_tui.tui.screens.picker_entries import lessons_by_chapter, matching_entries, presets_by_topic
from nn_tui.tui.session.lesson_progress import LessonProgress
from nn_tui.tui.start import StartOptions
from tests._app import AppTester, in_app, run_with_start
from tests.tui._lessons import TEXT

TITLES = {preset.id: preset.title for preset in shipped_presets()}
TOPICS_OF_SHIPPED = presets_by_topic()


def listed(tester: AppTester) -> list[str]:
    """Return the texts of the picker's list, without those that are scrolled out."""
    presets = tester.app.screen.query_one("#presets", OptionList)
    return [presets.render_line(y).text.strip() for y in range(presets.size.height)]


def found(text: str) -> list[str]:
    """Return the ids of the presets that a text finds."""
    return [name for presets in matching_entries(TOPICS_OF_SHIPPED, text).values() for name in presets]


def test_each_shipped_preset_has_one_topic() -> None:
    assert tuple(name for names in TOPICS.values() for name in names) == COURSE
    assert len(set(COURSE)) == len(COURSE)


@in_app(size=(120, 60))
async def test_presets_are_grouped_by_topic(tester: AppTester) -> None:
    await tester.press("o", "home")
    topics = [line for line in TOPICS if line in listed(tester)]
    assert topics == list(TOPICS)
    lines = listed(tester)
    assert lines.index("One unit") + 1 == lines.index(TITLES["neuron"])


@pytest.mark.parametrize("name", ["neuron", "xor-221-stuck", "local-minimum-single", "digits"])
@pytest.mark.parametrize("size", [(60, 20), (80, 24), (120, 40)], ids=str)
def test_the_preset_on_screen_is_in_view(size: tuple[int, int], name: str) -> None:
    @in_app(name, size)
    async def play(tester: AppTester) -> None:
        await tester.press("o")
        await tester.wait_until(lambda: TITLES[name] in listed(tester))

    play()


@in_app("mazur")
async def test_an_exact_name_is_highlighted(tester: AppTester) -> None:
    await tester.press("o")
    await tester.wait_until(lambda: "Presets" in tester.all_text())
    await tester.press(*"xor", "enter")
    await tester.wait_until(lambda: tester.session.experiment.preset.id == "xor")


@in_app(size=(80, 24))
async def test_typing_finds_presets(tester: AppTester) -> None:
    await tester.press("o", *"moment")
    await tester.wait_until(lambda: listed(tester)[:2] == ["Optimisers in a ravine", "A ravine: momentum"])
    await tester.wait_until(lambda: listed(tester)[2:5] == ["Lessons 8: Optimisers", "Momentum", ""])
    await tester.wait_until(lambda: "The velocity adds up" in tester.all_text())
    await tester.press("enter")
    await tester.wait_until(lambda: tester.session.experiment.preset.id == "ravine-momentum")
    await tester.press("o", *"qqqq")
    await tester.wait_until(lambda: listed(tester)[0] == "Nothing matches.")
    await tester.press("enter", *["backspace"] * 4)
    await tester.wait_until(lambda: TITLES["ravine-momentum"] in listed(tester), "the one on screen, again")


def test_words_are_looked_for_in_titles_first() -> None:
    assert found("xor") == ["xor-perceptron", "xor", "xor-221", "xor-221-stuck", "xor-zeros", "xor-relu-exact"]
    assert found("  Minimum local") == ["local-minimum-full", "local-minimum-single"]
    assert found("learning rate") == ["plane", "too-fast", "too-slow", "schedule"], "a topic"
    assert set(found("softmax")) == {"blobs", "iris", "penguins", "penguins-raw", "digits"}, "an activation"
    assert found("") == list(COURSE)
    assert found("no such thing") == []


def test_opened_presets_are_remembered_and_marked(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("XDG_STATE_HOME", str(tmp_path))

    async def play(tester: AppTester) -> None:
        await open_preset(tester.main, "moons")
        await tester.press("o")
        await tester.wait_until(lambda: f"✓ {TITLES['moons']}" in listed(tester))
        assert TITLES["circles"] in listed(tester)
        await tester.wait_until(lambda: "✓ opened before" in tester.all_text())

    run_with_start(play, StartOptions(auto_saver=AutoSaver({"XDG_STATE_HOME": str(tmp_path)})))
    assert opened_presets({"XDG_STATE_HOME": str(tmp_path)}) == {"xor", "moons"}


def test_nothing_is_remembered_without_saving(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("XDG_STATE_HOME", str(tmp_path))

    async def play(tester: AppTester) -> None:
        await open_preset(tester.main, "moons")

    run_with_start(play)
    assert not list(tmp_path.iterdir())


def test_the_record_ignores_unknown_presets_and_a_folder_that_cannot_be_written(tmp_path: Path) -> None:
    environ = {"XDG_STATE_HOME": str(tmp_path)}
    for name in ("xor", "my secret file", "xor", "and"):
        record_opened(environ, name)
    assert (tmp_path / "nn-tui" / "opened.txt").read_text() == "xor\nand\n"
    record_opened({"XDG_STATE_HOME": "/proc/none"}, "xor")
    assert opened_presets({"XDG_STATE_HOME": "/proc/none"}) == frozenset()


def test_a_preset_of_ones_own_is_listed_while_it_is_on_screen(tmp_path: Path) -> None:
    own = tmp_path / "homework.toml"
    text = (Path(__file__).parents[3] / "presets" / "and.toml").read_text(encoding="utf-8")
    own.write_text(text.replace("AND by a perceptron", "Homework 3"), encoding="utf-8")

    async def play(tester: AppTester) -> None:
        await open_preset(tester.main, str(own))
        await tester.press("n", "o")
        await tester.wait_until(lambda: "Homework 3 (on screen)" in listed(tester) and "Your own" in listed(tester))
        await tester.press("enter")
        await tester.wait_until(lambda: tester.app.screen is tester.main)
        assert tester.session.updates_done == 1, "it is on screen already"

    run_with_start(play, size=(80, 24))


def test_lessons_are_listed_by_chapter_with_what_is_done() -> None:
    first, second = lesson_ids()[:2]
    store = LessonStore(os.environ)
    store.record(first, LessonProgress(True, 0, {0: "at once"}))

    async def check(tester: AppTester) -> None:
        await tester.wait_until(lambda: f"Lessons: 1 of {len(lesson_ids())} done" in tester.all_text())
        assert listed(tester)[:3] == [
            "Lessons 1: A neuron",
            "✓ A weighted sum",
            "Activation functions and their slopes",
        ]
        await tester.wait_until(lambda: f"nn-tui learn {second}" in tester.all_text(), "the first that is not done")
        assert "Not begun yet." in tester.all_text()
        await tester.press("up")
        await tester.wait_until(lambda: "Done: 1 of 8 right at once." in tester.all_text())
        await tester.press("down", "enter")
        await tester.wait_until(lambda: tester.session.lesson is not None)
        assert tester.session.lesson is not None and tester.session.lesson.lesson.id == second
        await tester.press("o")
        await tester.wait_until(lambda: f"nn-tui learn {second}" in tester.all_text(), "the lesson on screen")
        await tester.press(*"chain rule", "enter")
        await tester.wait_until(lambda: tester.session.lesson and tester.session.lesson.lesson.id == "chain-rule")
        await tester.press("o", "home")
        await tester.wait_until(lambda: f"Lessons… (1 of {len(lesson_ids())} done)" in listed(tester))
        await tester.press("enter")
        await tester.wait_until(lambda: "Find a lesson" in tester.all_text())

    run_with_start(check, StartOptions(lessons=store, chooses_lesson=True))


def test_words_are_looked_for_in_lessons_too() -> None:
    found = matching_entries({**presets_by_topic(), **lessons_by_chapter()}, "dead relu")
    assert "lesson:dead-relu" in [name for entries in found.values() for name in entries]


def test_the_file_of_a_lesson_is_opened(tmp_path: Path) -> None:
    path = tmp_path / "mine.toml"
    path.write_text(TEXT)

    @in_app("xor")
    async def play(tester: AppTester) -> None:
        await tester.press("o", *str(path))
        await tester.wait_until(lambda: "mine.toml" in listed(tester))
        await tester.press("enter")
        await tester.wait_until(lambda: tester.session.lesson is not None)
        assert tester.session.lesson is not None and tester.session.lesson.lesson.title == "A small lesson"

    play()


@pytest.mark.parametrize("lesson", ["", "A weighted sum"])
def test_the_list_begins_at_the_lesson_that_was_kept(lesson: str) -> None:
    """A second start offers a kept lesson, and `o` highlights it."""

    async def check(tester: AppTester) -> None:
        await tester.press("o")
        await tester.wait_until(lambda: tester.app.screen is not tester.main)
        options = tester.app.screen.query_one(OptionList)
        await tester.wait_until(lambda: options.highlighted_option is not None)
        assert options.highlighted_option is not None
        assert options.highlighted_option.id == ("lesson:weighted-sum" if lesson else "xor")

    kept = SessionInfo(
        preset="xor", title="XOR", update=0, reached=0, saved_at=0, kernels="", lesson=lesson, path=Path("kept")
    )
    run_with_start(check, StartOptions(offer=kept))


def test_files_are_listed_and_found_by_a_path(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """The files of the current folder are a topic; a path lists another folder; tab completes it."""
    text = (Path(__file__).parents[3] / "presets" / "and.toml").read_text(encoding="utf-8")
    (tmp_path / "work").mkdir()
    (tmp_path / "flowers.csv").write_text("length,species\n1,setosa\n2,virginica\n", encoding="utf-8")
    (tmp_path / "work" / "homework.toml").write_text(text, encoding="utf-8")
    monkeypatch.chdir(tmp_path)

    @in_app(size=(80, 24))
    async def play(tester: AppTester) -> None:
        await tester.press("o", *"flow")
        await tester.wait_until(lambda: listed(tester)[:3] == ["Files here", "flowers.csv", ""])
        await tester.wait_until(lambda: "1,setosa" in tester.all_text(), "the first lines")
        await tester.press(*["backspace"] * 4, *"./")
        await tester.wait_until(lambda: listed(tester)[:4] == ["Files in ./", "work/", "flowers.csv", ""])
        await tester.press("enter")
        await tester.wait_until(lambda: listed(tester)[:3] == ["Files in ./work/", "homework.toml", ""])
        await tester.press(*["backspace"] * 5, *"wo", "tab", *"h", "tab")
        await tester.wait_until(lambda: tester.app.screen.query_one(Input).value == "./work/homework.toml")
        await tester.press("enter")
        await tester.wait_until(lambda: tester.session.experiment.preset.id == "homework")

    play()
