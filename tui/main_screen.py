"""The one main screen: it lays out the views, and hands keys and clicks to the actions."""

from __future__ import annotations

from textual import on
from textual.app import ComposeResult
from textual.containers import Horizontal, Vertical

from nn_tui.core.refs import Ref
from nn_tui.tui.actions.dialogs import Dialogs
from nn_tui.tui.actions.editing import Editing
from nn_tui.tui.actions.message_log import Noting
from nn_tui.tui.actions.saved_session import Resuming
from nn_tui.tui.actions.selecting import Selecting
from nn_tui.tui.actions.stepping import Stepping
from nn_tui.tui.actions.timeline import Comfort
from nn_tui.tui.actions.viewing import Viewing
from nn_tui.tui.draw.palette import Palette
from nn_tui.tui.keys.keys import bindings
from nn_tui.tui.session.session import Session, select, with_message
from nn_tui.tui.views import arithmetic, chart_panel, network, output, too_small
from nn_tui.tui.views import layer as layer_view
from nn_tui.tui.views.status import footer, header, message_line, phases, tabs, timeline_bar
from nn_tui.tui.widgets.panel import Panel
from nn_tui.tui.widgets.panels import LayerPanel, TimelinePanel, draw_network_panel, network_hit


class MainScreen(Resuming, Comfort, Selecting, Editing, Stepping, Viewing, Dialogs, Noting):
    """Seven views of one session. Every key is one move: pause if running, move, show."""

    BINDINGS = bindings()
    HORIZONTAL_BREAKPOINTS = [(0, "-tiny"), (60, "-narrow"), (100, "-normal"), (160, "-wide")]
    VERTICAL_BREAKPOINTS = [(0, "-flat"), (20, "-low"), (22, "-short"), (30, "-tall")]

    def __init__(self, session: Session, palette: Palette) -> None:
        super().__init__(session, palette)
        self._told_hangul = False

    def compose(self) -> ComposeResult:
        """One tree for every size; the style sheet decides what is shown where."""
        p = self.palette
        yield Panel(p, header.draw, id="header")
        yield Panel(p, phases.draw, id="phases")
        yield Panel(p, tabs.draw, id="tabs", waits=True)
        with Vertical(id="main"):
            with Horizontal(id="top"):
                yield Panel(p, draw_network_panel, network.title, id="network", waits=True)
                yield LayerPanel(p, id="layer", waits=True)
                yield Panel(p, output.draw, output.title, id="output", depends=output.depends, waits=True)
            with Horizontal(id="bottom"):
                yield Panel(p, arithmetic.draw, arithmetic.title, id="arithmetic", waits=True)
                yield Panel(p, chart_panel.draw, chart_panel.title, id="loss", depends=chart_panel.depends, waits=True)
        yield TimelinePanel(p, timeline_bar.draw, id="timeline")
        yield Panel(p, message_line.draw, id="message", waits=True)
        yield Panel(p, footer.draw, id="footer", waits=True)
        yield Panel(p, too_small.draw, id="too-small")

    def on_mount(self) -> None:
        """Show the first moment."""
        self.set_classes_of_session()
        self.show(self.session)

    # Mouse, and the Korean input method

    @on(LayerPanel.Selected)
    def _select_cell(self, message: LayerPanel.Selected) -> None:
        self.look(lambda s: select(s, layer_view.ref_of(s, message.cell)))

    @on(Panel.Clicked, "#network")
    def _select_unit(self, message: Panel.Clicked) -> None:
        found = network_hit(message.panel, self.session, message.x, message.y)
        if found is not None:
            layer, unit = found
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

    def tell_of_hangul(self) -> None:
        """Say once how to leave the Korean input method."""
        if not self._told_hangul:
            self._told_hangul = True
            words = "한글 입력 상태입니다: 한/영 키를 누르면 영문으로 바뀝니다. Keys work in Hangul mode too."
            self.show(with_message(self.session, words))
