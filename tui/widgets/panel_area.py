"""The area of the views: it gives each panel its place."""

from __future__ import annotations

from collections.abc import Hashable, Mapping
from dataclasses import replace

from textual.geometry import NULL_OFFSET, NULL_SPACING, Region, Size
from textual.layout import ArrangeResult, Layout, WidgetPlacement
from textual.widget import Widget

from nn_tui.tui.draw.glyphs import Glyphs
from nn_tui.tui.session.blanked import is_blanked
from nn_tui.tui.session.session import Session
from nn_tui.tui.views.arrangement import PanelNeeds, arrange_panels, leave_notes, show_code
from nn_tui.tui.views.lesson import count_lines as count_lesson_lines
from nn_tui.tui.views.lesson_arrangement import LessonNeeds, arrange_lesson
from nn_tui.tui.views.lesson_paragraphs import paragraphs
from nn_tui.tui.views.notes import count_lines, note_texts
from nn_tui.tui.views.panel_needs import needs_key, panel_needs

LESSON = "lesson"
"""The id of the panel with the text of a lesson."""
_BORDER = 2  # cells and lines of the two borders of a panel
_LESSON_PADDING = 2  # cells at both sides of the text of a lesson
_LESSON_EDGE = 3  # cells beside that text where it has only a border at the left
_MAIN_SHARE = 2 / 3  # of the height, for the view above the arithmetic in a narrow terminal
_PRESENTED_SHARE = 1 / 2  # of the height, for the view above a large number


class PanelLayout(Layout):
    """Places the panels of a session; a narrow terminal shows one or two of them, below each other.

    Args:
        needs: The needs of the panels.
        notes: The paragraphs of the notes that the arithmetic shows; none without notes.
        lesson: The needs of the lesson on screen; None outside of lessons.
        tab: The name of the chosen view.
        is_presented: Whether the arithmetic shows a large number.
    """

    name = "panels"

    def __init__(
        self,
        needs: PanelNeeds,
        notes: tuple[str, ...],
        lesson: LessonNeeds | None = None,
        tab: str = "",
        *,
        is_presented: bool = False,
    ) -> None:
        self._needs = needs
        self._notes = notes
        self._lesson = lesson
        self._tab = tab
        self._main_share = _PRESENTED_SHARE if is_presented else _MAIN_SHARE

    def arrange(self, parent: Widget, children: list[Widget], size: Size, greedy: bool = True) -> ArrangeResult:
        """Return the place of each child that is displayed; its id is the name of a view."""
        regions = self._regions([child.id or "" for child in children], size)
        return [
            WidgetPlacement(regions[child.id or ""], NULL_OFFSET, NULL_SPACING, child)
            for child in children
            if child.id in regions
        ]

    def _regions(self, names: list[str], size: Size) -> Mapping[str, Region]:
        width, height = size
        if self._lesson is not None:
            views = [name for name in names if name != LESSON]
            return arrange_lesson(self._lesson, self._needs, self._tab, views, width, height)
        if len(names) == 1:
            return {names[0]: size.region}
        if len(names) == 2:  # a view and the arithmetic
            name = next(name for name in names if name != "arithmetic")
            lines = leave_notes(int(height * self._main_share), height, self._note_lines(width))
            return {name: Region(0, 0, width, lines), "arithmetic": Region(0, lines, width, height - lines)}
        regions = arrange_panels(self._needs, width, height)
        notes = self._note_lines(regions["arithmetic"].width)
        if notes:
            regions = arrange_panels(replace(self._needs, notes=notes), width, height)
        return show_code(regions) if "code" in names else regions

    def _note_lines(self, width: int) -> int:
        """Return the lines of a panel of that width, with its border, that shows the notes; 0 without notes."""
        return count_lines(self._notes, width - _BORDER) + _BORDER if self._notes else 0


class PanelArea(Widget):
    """The container of the panels.

    Args:
        *panels: The panels, whose ids are the names of the views, and that of the lesson.
        session: The first session.
        glyphs: The characters of the panels.
        id: The widget's id.
    """

    def __init__(self, *panels: Widget, session: Session, glyphs: Glyphs, id: str) -> None:
        super().__init__(*panels, id=id)
        self._glyphs = glyphs
        self._key, self._needs = needs_key(session), panel_needs(session, glyphs)
        self._notes = note_texts(session, glyphs)
        self._lesson_key = _lesson_key(session, glyphs)
        self._panel_layout = self._layout_for(session)

    @property
    def layout(self) -> Layout:
        """The layout of the panels."""
        return self._panel_layout

    def show(self, session: Session) -> None:
        """Arrange the panels again if the session has another network, other data, other notes or another lesson."""
        key, notes, lesson_key = (
            needs_key(session),
            note_texts(session, self._glyphs),
            _lesson_key(session, self._glyphs),
        )
        if (key, notes, lesson_key) == (self._key, self._notes, self._lesson_key):
            return
        if key != self._key:
            self._key, self._needs = key, panel_needs(session, self._glyphs)
        self._notes, self._lesson_key = notes, lesson_key
        self._panel_layout = self._layout_for(session)
        self.children[0].refresh(layout=True)  # Textual arranges again what the parents of this child contain

    def _layout_for(self, session: Session) -> PanelLayout:
        lesson = None if session.lesson is None else _lesson_needs(session, self._glyphs)
        return PanelLayout(self._needs, self._notes, lesson, session.tab, is_presented=session.is_presented)


def _lesson_key(session: Session, glyphs: Glyphs) -> Hashable:
    """Return the values that the place of a lesson depends on; None outside of lessons."""
    if session.lesson is None:
        return None
    return session.lesson.lesson.title, tuple(paragraphs(session, glyphs)), session.tab, is_blanked(session)


def _lesson_needs(session: Session, glyphs: Glyphs) -> LessonNeeds:
    return LessonNeeds(
        lines=lambda width: count_lesson_lines(session, glyphs, width - _LESSON_EDGE),
        bordered_lines=lambda width: count_lesson_lines(session, glyphs, width - _BORDER - _LESSON_PADDING) + _BORDER,
        is_asking=is_blanked(session),
    )
