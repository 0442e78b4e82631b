"""The main screen: its panels, and the mouse."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from textual import events, on
from textual.app import ComposeResult

from nn_tui.core.translation import message
from nn_tui.tui.draw.palette import Palette
from nn_tui.tui.keys.keys import bindings
from nn_tui.tui.keys.lesson_keys import acts_in_lesson, limit_message
from nn_tui.tui.pipeline import Action, SessionScreen
from nn_tui.tui.registry import VIEWS
from nn_tui.tui.session import stepping
from nn_tui.tui.session.lesson_answers import choose_answer, return_to_line
from nn_tui.tui.session.session import select, with_message
from nn_tui.tui.status import footer, header, message_line, phases, practice_bar, tabs, timeline_bar
from nn_tui.tui.view import Click
from nn_tui.tui.views import code_moves, lesson, too_small
from nn_tui.tui.views import layer as layer_view
from nn_tui.tui.widgets.answer_line import AnswerLine
from nn_tui.tui.widgets.choice_line import ChoiceLine
from nn_tui.tui.widgets.code_panel import CodePanel
from nn_tui.tui.widgets.panel import Panel
from nn_tui.tui.widgets.panel_area import LESSON, PanelArea
from nn_tui.tui.widgets.panels import LayerPanel, TimelinePanel
from nn_tui.tui.widgets.tooltips import PointerTarget, show_tooltip

_PANELS: dict[str, type[Panel]] = {"layer": LayerPanel, "code": CodePanel}  # the others are plain panels


class MainScreen(SessionScreen):
    """The views of one session."""

    AUTO_FOCUS = ""  # a dialog that closes gives the keys back to the screen, not to the answer line
    BINDINGS = bindings()
    HORIZONTAL_BREAKPOINTS = [(0, "-tiny"), (60, "-narrow"), (100, "-normal"), (160, "-wide")]
    VERTICAL_BREAKPOINTS = [(0, "-flat"), (20, "-low"), (22, "-short"), (30, "-tall")]

    _is_hangul_explained = False

    def compose(self) -> ComposeResult:
        """Compose the same panels for every size: the style sheet says which are visible, and their area where."""
        p = self.palette
        yield Panel(p, header.draw, id="header")
        yield Panel(p, phases.draw, id="phases")
        yield Panel(p, tabs.draw, id="tabs", low_priority=True)
        text = Panel(p, lesson.draw, id=LESSON)
        yield PanelArea(text, *self._view_panels(), session=self.session, glyphs=p.glyphs, id="main")
        yield TimelinePanel(p, timeline_bar.draw, id="timeline")
        yield Panel(p, practice_bar.draw, id="question")
        yield AnswerLine(id="answer-line")
        yield ChoiceLine(id="choice-line")
        yield Panel(p, message_line.draw, id="message", low_priority=True)
        yield Panel(p, footer.draw, id="footer", low_priority=True)
        yield Panel(p, too_small.draw, id="too-small")

    def _view_panels(self) -> Iterator[Panel]:
        """Return the panel of each view."""
        for name, view in VIEWS.items():
            panel = _PANELS.get(name, Panel)
            classes = "view -chosen" if name == self.session.tab else "view"  # before any style is computed
            yield panel(
                self.palette,
                view.draw,
                view.title,
                id=name,
                classes=classes,
                cache_key=view.cache_key,
                low_priority=True,
            )

    def recolor(self, palette: Palette) -> None:
        """Draw everything with another palette."""
        self.palette = palette
        for panel in self.query(Panel):
            panel.recolor(palette)
        text = message("Colours: {palette}. `T` shows the next ones.", palette=palette.name)
        self.apply_view_move(lambda session: with_message(session, text))

    # The actions, which are imported after the first frame

    def on_mount(self) -> None:
        """Import the actions when the first frame is on the screen."""
        self.call_after_refresh(self.actions)

    def actions(self) -> tuple[Mapping[str, Action], frozenset[str]]:
        """Return what each key does, by the name of its action, and the commands that act while a question is open."""
        from nn_tui.tui.actions.actions import ACTIONS, COMMANDS_WHILE_ASKING

        return ACTIONS, COMMANDS_WHILE_ASKING

    # Keys that Textual or the terminal handles in another way

    async def key_escape(self) -> None:
        """Pause or leave the practice mode, unless the user has given escape to an action."""
        # Textual calls this before that action, which might start the run again.
        if "escape" in self.active_bindings:
            return
        if self.session.running:
            await self.pause()
        elif self.session.lesson is not None:
            await self.action_do("leave_lesson")
        elif self.session.practice is not None and not self.session.is_presented:
            await self.action_do("leave_practice")

    def on_key(self, event: events.Key) -> None:
        """Say that a character has no action."""
        if event.is_printable and not self.session.running and event.key not in self.active_bindings:
            text = message("{key} has no action; `?` lists the keys.", key=f'"{event.character}"')
            self.show(with_message(self.session, text))

    def explain_hangul(self) -> None:
        """Show once how to leave the Korean input method."""
        if not self._is_hangul_explained:
            self._is_hangul_explained = True
            text = message("한글 입력 상태입니다: 한/영 키를 누르면 영문으로 바뀝니다. Keys work in Hangul mode too.")
            self.show(with_message(self.session, text))

    @on(AnswerLine.Submitted, "#answer-line")
    async def _mark_answer(self, event: AnswerLine.Submitted) -> None:
        from nn_tui.tui.actions.practice import answer

        await answer(self, event.value)
        event.input.action_select_all()  # so that the next answer replaces a wrong one

    @on(ChoiceLine.Submitted, "#choice-line")
    async def _choose_answer(self, event: ChoiceLine.Submitted) -> None:
        text = event.value
        await self.apply_move(lambda session: choose_answer(session, text))
        event.input.action_select_all()

    @on(events.DescendantFocus)
    def _type_in_answer_line(self) -> None:
        """Let the session know that a click has given the keys to the line for an answer."""
        state = self.session.lesson
        if isinstance(self.focused, ChoiceLine) and state is not None and not state.is_typing:
            self.show(return_to_line(self.session))
        practice = self.session.practice
        if isinstance(self.focused, AnswerLine) and practice is not None and not practice.is_typing:
            self.show(return_to_line(self.session))

    # The mouse

    def on_mouse_move(self, event: events.MouseMove) -> None:
        """Prepare the tooltip for the number or key under the pointer."""
        panel = event.widget
        if not isinstance(panel, Panel):
            self.drawing.pointer_target = None
            return
        offset = event.get_content_offset(panel)
        self.drawing.pointer_target = PointerTarget(panel, None if offset is None else (offset.x, offset.y))
        show_tooltip(self.drawing.pointer_target, self.session)

    @on(LayerPanel.Selected)
    def _select_cell(self, event: LayerPanel.Selected) -> None:
        self.apply_view_move(lambda s: select(s, layer_view.ref_of(s, event.cell)))

    @on(CodePanel.Selected)
    def _select_line(self, event: CodePanel.Selected) -> None:
        self.apply_view_move(lambda s: code_moves.click_line(s, event.line))

    @on(Panel.Clicked, f"#{LESSON}")
    async def _click_lesson(self, event: Panel.Clicked) -> None:
        action = lesson.hit(self.session, self.palette.glyphs, event.panel.size.width, event.x, event.y)
        if action is not None:
            await self.action_do(action)

    @on(Panel.Clicked, "#main .view")
    def _click_view(self, event: Panel.Clicked) -> None:
        click = VIEWS[event.panel.id or ""].click
        if click is None:
            return
        place = self._click_at(event)
        if click(self.session, place) is not self.session:
            self.apply_view_move(lambda s: click(s, place))

    def _click_at(self, event: Panel.Clicked) -> Click:
        size = event.panel.size
        sizes = {name: self.query_one(f"#{name}").size for name in VIEWS}
        all_sizes = {name: (each.width, each.height) for name, each in sizes.items()}
        return Click(self.palette, size.width, size.height, event.x, event.y, all_sizes)

    @on(Panel.Clicked, "#tabs")
    async def _click_tab(self, event: Panel.Clicked) -> None:
        name = tabs.hit(self.session, self.palette, event.x, event.panel.size.width)
        if name is not None:
            await self.action_do(name)

    @on(Panel.Clicked, "#footer")
    async def _click_key(self, event: Panel.Clicked) -> None:
        action = footer.hit(self.session, self.palette, event.x, event.panel.size.width)
        if action is not None:
            await self.action_do(action)

    @on(TimelinePanel.Scrubbed)
    async def _scrub(self, event: TimelinePanel.Scrubbed) -> None:
        x, width = event.x, event.panel.size.width
        if not acts_in_lesson(self.session, "goto"):
            self.show(with_message(self.session, limit_message(self.session)))
            return
        await self.apply_move(lambda session: stepping.goto(session, timeline_bar.hit(session, x, width)))
