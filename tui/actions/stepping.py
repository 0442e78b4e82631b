"""Stepping through passes and changing the view: each action is one move of the session."""

from __future__ import annotations

from dataclasses import replace

from nn_tui.tui.actions.running import RunActions
from nn_tui.tui.draw.matrix_navigation import adjacent_cell, first_cell
from nn_tui.tui.session import display, stepping
from nn_tui.tui.session.session import TABS, select
from nn_tui.tui.views import layer as layer_view
from nn_tui.tui.widgets.panels import LayerPanel


class StepActions(RunActions):
    """The actions that step through passes and change the view."""

    async def action_forward(self) -> None:
        """Run the forward pass."""
        await self.move(stepping.forward)

    async def action_backward(self) -> None:
        """Run the backward pass."""
        await self.move(stepping.backward)

    async def action_update(self) -> None:
        """Update the parameters."""
        await self.move(stepping.update)

    async def action_next_stop(self) -> None:
        """Go to the next stop."""
        await self.move(stepping.next_stop)

    async def action_previous_stop(self) -> None:
        """Go to the stop before."""
        await self.move(stepping.previous_stop)

    async def action_whole_pass(self) -> None:
        """Finish this pass, or run all of the next one."""
        await self.move(stepping.whole_pass)

    async def action_whole_pass_back(self) -> None:
        """Go back one pass."""
        await self.move(stepping.whole_pass_back)

    async def action_restart(self) -> None:
        """Go to the start."""
        await self.move(stepping.restart)

    async def action_new_seed(self) -> None:
        """Draw new initial weights."""
        await self.move(stepping.new_seed)

    def action_zoom(self) -> None:
        """Change the zoom."""
        self.change_view(display.next_zoom)

    def action_digits(self) -> None:
        """Change the digits shown."""
        self.change_view(display.next_digits)

    def action_layer_back(self) -> None:
        """Show the layer before."""
        self.change_view(lambda s: display.change_layer(s, -1))

    def action_layer_on(self) -> None:
        """Show the layer after."""
        self.change_view(lambda s: display.change_layer(s, 1))

    def action_sample_back(self) -> None:
        """Show the sample before."""
        self.change_view(lambda s: display.change_sample(s, -1))

    def action_sample_on(self) -> None:
        """Show the next sample."""
        self.change_view(lambda s: display.change_sample(s, 1))

    def action_tab(self, index: int) -> None:
        """Choose a view."""
        self.change_view(lambda s: replace(s, tab=TABS[index], message=""))

    def action_next_tab(self) -> None:
        """Choose the next view."""
        self.action_tab((TABS.index(self.session.tab) + 1) % len(TABS))

    def action_maximise(self) -> None:
        """Let the chosen view fill the screen, or show all views again."""
        self.change_view(lambda s: replace(s, maximised=not s.maximised, message=""))

    def action_move(self, down: int, right: int) -> None:
        """Move the selection within the layer's matrices."""
        session = self.session
        size = self.query_one(LayerPanel).size
        plan = layer_view.layout_layer(session, self.palette.glyphs, size.width, size.height)
        cell = layer_view.cell_of(session)
        target = first_cell(plan) if cell is None else adjacent_cell(plan, cell, down, right)
        if target is not None:
            self.change_view(lambda s: select(s, layer_view.ref_of(s, target)))
