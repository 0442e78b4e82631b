"""The picker: files, presets by topic and lessons by chapter, a line that finds them, and a description of one."""

from __future__ import annotations

import os
from collections.abc import Collection, Mapping
from pathlib import Path
from types import MappingProxyType

from textual import on
from textual.app import ComposeResult
from textual.containers import Container, Vertical, VerticalScroll
from textual.content import Content
from textual.widgets import Input, OptionList, Static
from textual.widgets.option_list import Option

from nn_tui.core.lesson.lesson import Lesson
from nn_tui.core.lesson.loader import PREFIX, lesson_ids
from nn_tui.core.preset.loader import shipped_presets
from nn_tui.core.spec import Preset
from nn_tui.core.translation import tr
from nn_tui.tui.draw.palette import Palette
from nn_tui.tui.draw.text import fit, sanitize, to_display
from nn_tui.tui.saved.local_files import LocalFile, complete_path
from nn_tui.tui.saved.readers import is_openable
from nn_tui.tui.screens.dialog import Dialog, SafeOptionList
from nn_tui.tui.screens.picker_about import about_file, about_lesson, about_preset
from nn_tui.tui.screens.picker_entries import (
    ON_SCREEN,
    Entry,
    Topics,
    files_at,
    files_here,
    lessons_by_chapter,
    matching_entries,
    presets_by_topic,
)
from nn_tui.tui.session.lesson_progress import LessonProgress, first_undone

_TITLE_WIDTH = 37  # cells of a title in the list, so that each takes one line
NEW_NETWORK = "*"  # the result if a new network is wanted; no id contains an asterisk
EXERCISES = "+"  # the result if exercises are wanted; no id contains a plus
NO_PROGRESS: Mapping[str, LessonProgress] = MappingProxyType({})
COLUMNS = ":"  # the result if the columns of the table on screen are wanted; no id contains a colon alone
LESSONS = "#"  # the result if the list of lessons is wanted; no id contains this sign


class FindInput(Input):
    """A line whose arrows and page keys move the highlight of the list below it, and whose tab completes a path."""

    BINDINGS = [
        ("up", "screen.move('cursor_up')", "Preset above"),
        ("down", "screen.move('cursor_down')", "Preset below"),
        ("pageup", "screen.move('page_up')", "Page up"),
        ("pagedown", "screen.move('page_down')", "Page down"),
        ("home", "screen.move('first')", "First preset"),
        ("end", "screen.move('last')", "Last preset"),
        ("tab", "screen.complete", "Complete the path"),
    ]


class Picker(Dialog[str | None]):
    """A dialog whose result is the id of the chosen preset or lesson, the path of a file, ``NEW_NETWORK``, or None.

    Args:
        current: The preset or the lesson on screen, which is highlighted first.
        opened: The ids of the presets that have been opened before.
        palette: The colours.
        progress: The progress in lessons by their id.
        is_course: Whether the lessons are listed alone.
    """

    BINDINGS = [("escape", "cancel", "Cancel")]
    HORIZONTAL_BREAKPOINTS = [(0, "-below"), (74, "-beside"), (110, "-roomy")]

    def __init__(
        self,
        current: Preset | Lesson,
        opened: Collection[str],
        palette: Palette,
        progress: Mapping[str, LessonProgress] = NO_PROGRESS,
        *,
        is_course: bool = False,
    ) -> None:
        super().__init__()
        self._opened = opened
        self._palette = palette
        self._progress = progress
        self._is_course = is_course
        presets = {} if is_course else presets_by_topic(None if isinstance(current, Lesson) else current)
        files = {} if is_course else files_here()
        self._topics: Topics = {**files, **presets, **lessons_by_chapter()}
        self._entries: dict[str, Entry] = {
            name: entry for entries in self._topics.values() for name, entry in entries.items()
        }
        table = current.data.csv if isinstance(current, Preset) else None
        self._specials = {} if is_course else _special_options(self._count_done(), table)
        self._current = next(
            (name for name, entry in self._entries.items() if entry == current), f"{PREFIX}{first_undone(progress)}"
        )
        if table and self._current == ON_SCREEN:  # to open again what is open does nothing
            self._current = COLUMNS

    def _count_done(self) -> int:
        return sum(self._is_marked(f"{PREFIX}{name}") for name in lesson_ids())

    def _is_marked(self, name: str) -> bool:
        """Return whether a preset has been opened before, or a lesson is done."""
        progress = self._progress.get(name.removeprefix(PREFIX))
        return name in self._opened or (name.startswith(PREFIX) and progress is not None and progress.is_done)

    def compose(self) -> ComposeResult:
        """Compose the line, the list and the preview."""
        with Vertical(id="picker") as frame:
            frame.border_title = self.shown(self._title())
            frame.border_subtitle = self.shown(self._subtitle())
            placeholder = tr("Find a preset, such as xor or momentum, or type a file: mine.csv")
            if self._is_course:
                placeholder = tr("Find a lesson, such as chain rule, or type a file: mine.toml")
            yield FindInput(id="find", placeholder=self.shown(placeholder))
            with Container(id="choice"):
                options = SafeOptionList(*self._options(self._topics, self._specials), id="presets", markup=False)
                options.can_focus = False
                yield options
                with VerticalScroll(id="preview"):
                    yield Static(id="about", markup=False)

    def _title(self) -> str:
        if self._is_course:
            return tr("Lessons: {done} of {count} done", done=self._count_done(), count=len(lesson_ids()))
        return tr("Presets: a course of {count}", count=len(shipped_presets()))

    def _subtitle(self) -> str:
        mark = self._palette.glyphs.check
        if not any(map(self._is_marked, self._entries)):
            return tr("enter opens, esc closes")
        if self._is_course:
            return tr("{mark} done, enter opens, esc closes", mark=mark)
        return tr("{mark} opened before, enter opens, esc closes", mark=mark)

    def on_mount(self) -> None:
        """Highlight the preset on screen."""
        self._highlight(self._current)

    def on_resize(self) -> None:
        """Keep the highlighted preset in view."""
        self.call_after_refresh(self._highlight, None)

    def _options(self, topics: Topics, specials: Mapping[str, str]) -> list[Option]:
        """Return the special options, a heading for each topic and an option for each preset or lesson."""
        ascii_only, mark = self._palette.glyphs.is_ascii, self._palette.glyphs.check
        options = [Option(Content(to_display(text, ascii_only)), id=name) for name, text in specials.items()]
        for topic, entries in topics.items():
            options.append(Option(Content.styled(to_display(topic, ascii_only), "bold"), disabled=True))
            for name, entry in entries.items():
                text = tr("{title} (on screen)", title=entry.title) if name == ON_SCREEN else entry.title
                title = fit(to_display(text, ascii_only), _TITLE_WIDTH, ellipsis=self._palette.glyphs.cut)
                options.append(Option(Content(f"{mark if self._is_marked(name) else ' '} {title}".rstrip()), id=name))
        return options

    @on(Input.Changed)
    def _find(self, message: Input.Changed) -> None:
        files = files_at(message.value.strip())
        topics = {**files, **matching_entries(self._topics, message.value)}
        self._entries |= {name: entry for entries in files.values() for name, entry in entries.items()}
        words = message.value.casefold().split()
        specials = {
            name: text for name, text in self._specials.items() if all(word in text.casefold() for word in words)
        }
        options, file = self._options(topics, specials), file_named(message.value)
        names = [name for entries in topics.values() for name in entries]
        if file and file not in names:
            options.insert(0, Option(Content(self.shown(tr("Open {file}", file=sanitize(file)))), id=file))
        elif not options:
            none = tr("No lesson matches.") if self._is_course else tr("Nothing matches.")
            options = [Option(Content(self.shown(none)), disabled=True)]
        first = file or next(iter(specials), names[0] if names else "")
        if (exact := message.value.strip().casefold()) in names:
            first = exact
        for presets in self.query(OptionList):  # none if the picker is closing
            presets.clear_options()
            presets.add_options(options)
            if first:
                self._highlight(first if words else self._current)

    def _highlight(self, name: str | None) -> None:
        """Highlight a preset, None for the highlighted one, and scroll to it."""
        for options in self.query(OptionList):  # none if the picker was closed while it opened
            if name is not None:
                options.highlighted = options.get_option_index(name)
            options.scroll_to_highlight()

    def action_move(self, direction: str) -> None:
        """Move the highlight of the list."""
        presets = self.query_one(OptionList)
        {
            "cursor_up": presets.action_cursor_up, "cursor_down": presets.action_cursor_down,
            "page_up": presets.action_page_up, "page_down": presets.action_page_down,
            "first": presets.action_first, "last": presets.action_last,
        }[direction]()  # fmt: skip
        if presets.highlighted is None:  # there is only a heading a page up
            presets.action_first()
        if presets.highlighted == 1:  # show its heading too
            presets.scroll_home(animate=False)

    @on(OptionList.OptionHighlighted)
    def _preview(self, message: OptionList.OptionHighlighted) -> None:
        name = message.option.id
        if name in self._entries:
            self.query_one("#about", Static).update(self._about(name))
            self.query_one("#preview").scroll_home(animate=False)
        elif name:
            about = {
                COLUMNS: tr("What each column of this table is used for, with keys that change it."),
                LESSONS: tr("Short lessons with questions and tasks: the course, chapter by chapter."),
                NEW_NETWORK: tr("Type a network of your own: sizes, weights, data, loss and optimiser."),
                EXERCISES: tr("Endless exercises: small networks with numbers for work by hand, from easy to hard."),
            }.get(name, tr("Open this file."))
            self.query_one("#about", Static).update(self.shown(about))

    def _about(self, name: str) -> Content:
        entry = self._entries[name]
        if isinstance(entry, LocalFile):
            return about_file(entry, is_ascii=self._palette.glyphs.is_ascii)
        progress = self._progress.get(name.removeprefix(PREFIX))
        content = about_lesson(entry, progress) if isinstance(entry, Lesson) else about_preset(entry)
        if not self._palette.glyphs.is_ascii:
            return content
        return Content("\n".join(to_display(line, True) for line in content.plain.split("\n")))

    @on(Input.Submitted)
    def _choose_highlighted(self) -> None:
        option = self.query_one(OptionList).highlighted_option
        if option is not None:
            self._open(option.id)

    @on(OptionList.OptionSelected)
    def _choose(self, message: OptionList.OptionSelected) -> None:
        self._open(message.option.id)

    def _open(self, name: str | None) -> None:
        entry = self._entries.get(name or "")
        if isinstance(entry, LocalFile) and entry.kind == "folder":
            self._type(entry.path)
            return
        is_file = name is not None and (isinstance(entry, LocalFile) or name == file_named(name))
        self.dismiss(None if name == ON_SCREEN else os.path.expanduser(name) if is_file and name else name)

    def action_complete(self) -> None:
        """Complete the path that is being typed; without one, move the focus."""
        text = self.query_one(Input).value.strip()
        if text:
            self._type(complete_path(text))
        else:
            self.focus_next()

    def _type(self, text: str) -> None:
        line = self.query_one(Input)
        line.value = text
        line.cursor_position = len(text)

    def action_cancel(self) -> None:
        """Close without a choice."""
        self.dismiss(None)


def file_named(text: str) -> str:
    """Return the path in a text, as it is typed, if the app can open a file there; else an empty string."""
    try:
        path = Path(text.strip()).expanduser()
        return text.strip() if is_openable(path) else ""
    except (OSError, RuntimeError, ValueError):  # too long, no home folder, NUL
        return ""


def _special_options(lessons_done: int, table: str | None) -> dict[str, str]:
    """Return the text of each option that is no preset and no lesson; ``table`` is the file of that on screen."""
    lessons = tr("Lessons… ({done} of {count} done)", done=lessons_done, count=len(lesson_ids()))
    columns = {COLUMNS: tr("Columns of {file}…", file=Path(table).name)} if table else {}
    return columns | {LESSONS: lessons, NEW_NETWORK: tr("New network…"), EXERCISES: tr("Practice exercises…")}
