"""The main screen: the layout of the views, the actions of the keys, and the mouse."""

from __future__ import annotations

from textual import events, on
from textual.app import ComposeResult
from textual.containers import Horizontal, Vertical

from nn_tui.core.refs import Ref
from nn_tui.tui.actions.commands import COMMANDS, DIALOGS
from nn_tui.tui.actions.viewing import select_unit
from nn_tui.tui.draw.palette import Palette
from nn_tui.tui.keys.keys import MOVES, VIEW_MOVES, bindings
from nn_tui.tui.pipeline import SessionScreen
from nn_tui.tui.session import display, stepping
from nn_tui.tui.session.session import select, with_message
from nn_tui.tui.views import arithmetic, chart_panel, network, selection, too_small
from nn_tui.tui.views import layer as layer_view
from nn_tui.tui.views.output import moves as output_moves
from nn_tui.tui.views.output import panel as output
from nn_tui.tui.views.output.predictions import SampleHit
from nn_tui.tui.views.status import footer, header, message_line, phases, tabs, timeline_bar
from nn_tui.tui.widgets.panel import Panel
from nn_tui.tui.widgets.panels import LayerPanel, TimelinePanel, draw_network_panel, network_hit
from nn_tui.tui.widgets.tooltips import PointerTarget, show_tooltip


class MainScreen(SessionScreen):
    """The views of one session."""

    BINDINGS = bindings()
    HORIZONTAL_BREAKPOINTS = [(0, "-tiny"), (60, "-narrow"), (100, "-normal"), (160, "-wide")]
    VERTICAL_BREAKPOINTS = [(0, "-flat"), (20, "-low"), (22, "-short"), (30, "-tall")]

    _is_hangul_explained = False

    async def action_do(self, action: str) -> None:
        """Do what the action of a key says: apply its move, call its command or open its dialog."""
        if action in MOVES:
            await self.apply(MOVES[action])
        elif action in VIEW_MOVES:
            self.change_view(VIEW_MOVES[action])
        elif action in COMMANDS:
            await COMMANDS[action](self)
        else:
            self.run_worker(DIALOGS[action](self))

    def compose(self) -> ComposeResult:
        """Compose the same panels for every size; the style sheet decides which are visible and where."""
        p = self.palette
        yield Panel(p, header.draw, id="header")
        yield Panel(p, phases.draw, id="phases")
        yield Panel(p, tabs.draw, id="tabs", low_priority=True)
        with Vertical(id="main"):
            with Horizontal(id="top"):
                yield Panel(p, draw_network_panel, network.title, id="network", low_priority=True)
                yield LayerPanel(p, id="layer", low_priority=True)
                yield Panel(p, output.draw, output.title, id="output", cache_key=output.cache_key, low_priority=True)
            with Horizontal(id="bottom"):
                yield Panel(p, arithmetic.draw, arithmetic.title, id="arithmetic", low_priority=True)
                yield Panel(
                    p,
                    chart_panel.draw,
                    chart_panel.title,
                    id="loss",
                    cache_key=chart_panel.cache_key,
                    low_priority=True,
                )
        yield TimelinePanel(p, timeline_bar.draw, id="timeline")
        yield Panel(p, message_line.draw, id="message", low_priority=True)
        yield Panel(p, footer.draw, id="footer", low_priority=True)
        yield Panel(p, too_small.draw, id="too-small")

    def recolor(self, palette: Palette) -> None:
        """Draw everything with another palette."""
        self.palette = palette
        for panel in self.query(Panel):
            panel.recolor(palette)
        self.change_view(lambda session: with_message(session, f"Colours: {palette.name}. `T` takes the next."))

    # Keys that Textual or the terminal handles in another way

    async def key_escape(self) -> None:
        """Pause, unless the user has given escape to an action."""
        # Textual calls this before that action, which might start the run again.
        if self.session.running and "escape" not in self.active_bindings:
            await self.pause()

    def explain_hangul(self) -> None:
        """Show once how to leave the Korean input method."""
        if not self._is_hangul_explained:
            self._is_hangul_explained = True
            message = "한글 입력 상태입니다: 한/영 키를 누르면 영문으로 바뀝니다. Keys work in Hangul mode too."
            self.show(with_message(self.session, message))

    # The mouse

    def on_mouse_move(self, event: events.MouseMove) -> None:
        """Prepare the tooltip for the number or key under the pointer."""
        panel = event.widget
        if not isinstance(panel, Panel):
            self._pointer_target = None
            return
        offset = event.get_content_offset(panel)
        self._pointer_target = PointerTarget(panel, None if offset is None else (offset.x, offset.y))
        show_tooltip(self._pointer_target, self.session)

    @on(LayerPanel.Selected)
    def _select_cell(self, message: LayerPanel.Selected) -> None:
        self.change_view(lambda s: select(s, layer_view.ref_of(s, message.cell)))

    @on(Panel.Clicked, "#network")
    def _select_in_network(self, message: Panel.Clicked) -> None:
        session, size = self.session, message.panel.size
        hit = network_hit(message.panel, session, message.x, message.y)
        if hit is not None:
            layer, unit = hit
            sample = session.ref.sample
            select_unit(self, Ref("a", layer - 1, unit, 0, sample) if layer else Ref("x", 0, unit, 0, sample))
            return
        edge = network.edge_hit(session, self.palette, size.width, size.height, message.x, message.y)
        if edge is not None:
            self.change_view(lambda s: select(s, edge))

    @on(Panel.Clicked, "#arithmetic")
    def _follow_number(self, message: Panel.Clicked) -> None:
        size = message.panel.size
        number = arithmetic.hit(self.session, self.palette, size.width, size.height, message.x, message.y)
        if number is not None:
            self.change_view(lambda s: selection.follow(s, number))

    @on(Panel.Clicked, "#output")
    def _select_in_output(self, message: Panel.Clicked) -> None:
        size = message.panel.size
        hit = output.hit(self.session, self.palette, size.width, size.height, message.x, message.y)
        if isinstance(hit, SampleHit):
            self.change_view(lambda s: output_moves.show_sample(s, hit))
        elif hit is not None:
            self.change_view(lambda s: select(s, hit))

    @on(Panel.Clicked, "#tabs")
    def _click_tab(self, message: Panel.Clicked) -> None:
        index = tabs.hit(self.session, self.palette, message.x)
        if index is not None:
            self.change_view(lambda s: display.show_tab(s, index))

    @on(Panel.Clicked, "#footer")
    async def _click_key(self, message: Panel.Clicked) -> None:
        action = footer.hit(self.session, self.palette, message.x, message.panel.size.width)
        if action is not None:
            await self.action_do(action)

    @on(TimelinePanel.Scrubbed)
    async def _scrub(self, message: TimelinePanel.Scrubbed) -> None:
        target = timeline_bar.hit(self.session, message.x, message.panel.size.width)
        await self.apply(lambda session: stepping.goto(session, target))
