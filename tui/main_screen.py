"""The main screen: the layout of the views, and the clicks that are passed to the actions."""

from __future__ import annotations

from textual import on
from textual.app import ComposeResult
from textual.containers import Horizontal, Vertical

from nn_tui.core.refs import Ref
from nn_tui.tui.actions.dialogs import DialogActions
from nn_tui.tui.actions.editing import EditActions
from nn_tui.tui.actions.message_log import MessageLog
from nn_tui.tui.actions.saved_session import SavedSessionActions
from nn_tui.tui.actions.screen import ScreenActions
from nn_tui.tui.actions.selecting import SelectionActions
from nn_tui.tui.actions.stepping import StepActions
from nn_tui.tui.actions.timeline import TimelineActions
from nn_tui.tui.actions.viewing import ViewActions
from nn_tui.tui.draw.palette import Palette
from nn_tui.tui.keys.keys import bindings
from nn_tui.tui.session.session import Session, select, with_message
from nn_tui.tui.views import arithmetic, chart_panel, network, too_small
from nn_tui.tui.views import layer as layer_view
from nn_tui.tui.views.output import panel as output
from nn_tui.tui.views.status import footer, header, message_line, phases, tabs, timeline_bar
from nn_tui.tui.widgets.panel import Panel
from nn_tui.tui.widgets.panels import LayerPanel, TimelinePanel, draw_network_panel, network_hit


class MainScreen(
    SavedSessionActions,
    TimelineActions,
    ScreenActions,
    SelectionActions,
    EditActions,
    StepActions,
    ViewActions,
    DialogActions,
    MessageLog,
):
    """The views of one session. A key pauses a running training, applies a move to the session and shows the result."""

    BINDINGS = bindings()
    HORIZONTAL_BREAKPOINTS = [(0, "-tiny"), (60, "-narrow"), (100, "-normal"), (160, "-wide")]
    VERTICAL_BREAKPOINTS = [(0, "-flat"), (20, "-low"), (22, "-short"), (30, "-tall")]

    def __init__(self, session: Session, palette: Palette) -> None:
        super().__init__(session, palette)
        self._is_hangul_explained = False

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

    def on_mount(self) -> None:
        """Show the session."""
        self.update_css_classes()
        self.show(self.session)

    # Mouse, and the Korean input method

    @on(LayerPanel.Selected)
    def _select_cell(self, message: LayerPanel.Selected) -> None:
        self.change_view(lambda s: select(s, layer_view.ref_of(s, message.cell)))

    @on(Panel.Clicked, "#network")
    def _select_unit(self, message: Panel.Clicked) -> None:
        hit = network_hit(message.panel, self.session, message.x, message.y)
        if hit is not None:
            layer, unit = hit
            sample = self.session.ref.sample
            ref = Ref("a", layer - 1, unit, 0, sample) if layer else Ref("x", 0, unit, 0, sample)
            self.select_unit(ref)

    @on(Panel.Clicked, "#tabs")
    def _click_tab(self, message: Panel.Clicked) -> None:
        index = tabs.hit(self.session, self.palette, message.x)
        if index is not None:
            self.action_tab(index)

    @on(Panel.Clicked, "#footer")
    async def _click_key(self, message: Panel.Clicked) -> None:
        action = footer.hit(self.session, self.palette, message.x, message.panel.size.width)
        if action is not None:
            await self.run_action(action)

    def explain_hangul(self) -> None:
        """Show once how to leave the Korean input method."""
        if not self._is_hangul_explained:
            self._is_hangul_explained = True
            message = "한글 입력 상태입니다: 한/영 키를 누르면 영문으로 바뀝니다. Keys work in Hangul mode too."
            self.show(with_message(self.session, message))
