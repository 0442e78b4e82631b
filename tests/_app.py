"""Helpers for the tests of the screen: open the app, press keys, wait, and read the screen as text and numbers."""

from __future__ import annotations

import asyncio
import contextlib
import functools
import inspect
import itertools
import re
import time
import unicodedata
from collections.abc import Awaitable, Callable, Coroutine, Sequence
from dataclasses import dataclass
from typing import Any, Concatenate, ParamSpec

from rich.style import Style
from textual.errors import NoWidget
from textual.events import Key
from textual.geometry import Region, Size
from textual.keys import KEY_NAME_REPLACEMENTS, REPLACED_KEYS, key_to_character
from textual.map_geometry import MapGeometry
from textual.message_pump import MessagePump
from textual.pilot import Pilot
from textual.screen import ModalScreen
from textual.strip import Strip
from textual.widget import Widget

from nn_tui.core.explain.explain import value_of
from nn_tui.core.preset.loader import find_preset, load_experiment
from nn_tui.core.refs import QuantityKey
from nn_tui.core.run.run import Run
from nn_tui.core.spec import Experiment
from nn_tui.tui.app import NNTui
from nn_tui.tui.draw.matrix import draw_matrix
from nn_tui.tui.draw.matrix_layout import Cell
from nn_tui.tui.draw.palette import get_palette
from nn_tui.tui.main_screen import MainScreen
from nn_tui.tui.registry import VIEWS
from nn_tui.tui.session.session import Session
from nn_tui.tui.start import StartOptions
from nn_tui.tui.views import layer as layer_view
from nn_tui.tui.views.block_properties import shown_layer
from tests.tui.draw._matrix import locate_cell

P = ParamSpec("P")
DARK = get_palette("dark")
PERMANENT_VIEWS = [name for name, view in VIEWS.items() if not view.is_on_demand]  # in a wide terminal
WIDE = 10_000  # cells: enough for every matrix of a small network
TIMEOUT = 60.0  # seconds: reached only if the app hangs or the machine stalls


@functools.cache
def experiment(name: str) -> Experiment:
    """Load a shipped preset, once for all tests: its arrays are read-only."""
    return load_experiment(find_preset(name))


def key_event(key: str) -> Key:
    """Return the event of a key, given by Textual's name (``"question_mark"``) or as a character (``"?"``)."""
    if len(key) == 1:
        name = key if key.isalnum() else unicodedata.name(key).lower().replace("-", "_").replace(" ", "_")
        return Key(KEY_NAME_REPLACEMENTS.get(name, name), key)
    return Key(key, key_to_character(REPLACED_KEYS.get(key, key)))


def _add(nodes: set[MessagePump], node: MessagePump) -> None:
    """Add a node to a set of nodes."""
    nodes.add(node)


# Textual inspects the signature of each callback, which takes longer than the call.
_add.__signature__ = inspect.signature(_add)  # type: ignore[attr-defined]


@dataclass(frozen=True)
class AppTester:
    """A running app, with methods to press keys, to wait, and to read its screen."""

    app: NNTui
    pilot: Pilot[int]

    @property
    def main(self) -> MainScreen:
        """The main screen, also if a modal screen covers it."""
        return next(screen for screen in self.app.screen_stack if isinstance(screen, MainScreen))

    @property
    def session(self) -> Session:
        """The session that the main screen shows."""
        return self.main.session

    async def press(self, *keys: str) -> None:
        """Press keys, and wait after each until the app has handled it; background work may continue."""
        for key in keys:
            self.send(key)
            await self.settle()

    def send(self, key: str) -> None:
        """Press a key, which may be any character, and do not wait."""
        self.app.post_message(key_event(key))

    async def settle(self) -> None:
        """Wait until the app has handled all keys and messages, and has drawn the screen."""
        await self._handled([self.app])
        await self.wait_until(lambda: not self.app.is_running or self.app.is_idle())
        await self.drain()
        while self.app.is_running and self.app.screen_stack:
            if await self._is_drawn():
                break

    async def _is_drawn(self) -> bool:
        """Wait until the top screen has been drawn; False if another screen opens or closes meanwhile."""
        # Textual may never answer a screen below a dialog that has opened since it was asked.
        stack, drawn = self.app.screen_stack, asyncio.Event()
        stack[-1].call_after_refresh(drawn.set)
        await self.wait_until(
            lambda: drawn.is_set() or not self.app.is_running or self.app.screen_stack != stack, busy_checks=100
        )
        return drawn.is_set()

    async def drain(self) -> None:
        """Wait until the app, its screen and each widget have handled their pending messages."""
        for _ in range(4):  # messages that a widget sends on are handled in the next round
            screens = [self.app.screen] if self.app.screen_stack else []
            nodes = [self.app, *(node for screen in screens for node in screen.walk_children(with_self=True))]
            await self._handled(nodes)
            if not any(node.message_queue_size for node in nodes):
                break

    async def _handled(self, nodes: Sequence[MessagePump]) -> None:
        """Wait until each node has handled the messages that it has now."""
        done = set[MessagePump]()
        asked = {node for node in nodes if node.is_running and node.call_later(_add, done, node)}
        await self.wait_until(lambda: not self.app.is_running or done == asked, busy_checks=100)

    async def wait_until(self, condition: Callable[[], object], message: object = "", busy_checks: int = 0) -> None:
        """Let the app run until a condition holds; fail at the deadline, or if the app ends first.

        Args:
            condition: The condition, which is checked every 5 ms.
            message: A text for the failure.
            busy_checks: How often to check without a pause first, for a cheap condition that holds soon.
        """
        deadline, pauses = (
            time.monotonic() + TIMEOUT,
            itertools.chain(itertools.repeat(0.0, busy_checks), itertools.repeat(0.005)),
        )
        while not condition():
            if not self.app.is_running:
                assert condition(), f"the app has ended before {inspect.getsource(condition).strip()}"
            if time.monotonic() > deadline:
                source = inspect.getsource(condition).strip()
                raise AssertionError(f"{message} not within {TIMEOUT} s: {source}\n{screen_text(self.app)}")
            await asyncio.sleep(next(pauses))

    async def resize(self, width: int, height: int) -> None:
        """Change the terminal's size and wait until every screen has it; training may run."""
        await self.pilot.resize_terminal(width, height)
        await self.wait_until(lambda: self.main.size == self.app.screen.size == Size(width, height))

    def widget(self, id: str) -> Widget:
        """Return a panel of the main screen."""
        return self.main.query_one(f"#{id}", Widget)

    def text(self, id: str) -> str:
        """Return the lines of a panel, joined by line feeds."""
        widget = self.widget(id)
        return "\n".join(widget.render_line(y).text.rstrip() for y in range(widget.size.height))

    def title(self, id: str) -> str:
        """Return the title in a panel's border."""
        return str(self.widget(id).border_title)

    def visible(self, id: str) -> bool:
        """Return whether a panel occupies any cell of the screen."""
        widget = self.widget(id)
        return widget.is_on_screen and widget.size.area > 0

    def all_text(self) -> str:
        """Return the text of the whole screen, with modal screens and borders."""
        return screen_text(self.app)


def screen_lines(app: NNTui) -> list[Strip]:
    """Return the lines of the whole screen as a terminal would show them, with modal screens on top."""
    width, height = app.size
    lines = [Strip.blank(width, Style.null()) for _ in range(height)]
    for screen in app.screen_stack:
        widgets = list(screen.walk_children(Widget, with_self=True))
        widgets += [widget.vertical_scrollbar for widget in widgets if widget.show_vertical_scrollbar]
        widgets += [widget.horizontal_scrollbar for widget in widgets if widget.show_horizontal_scrollbar]
        placed: list[tuple[MapGeometry, Widget]] = []
        for widget in widgets:
            with contextlib.suppress(NoWidget):  # hidden, or not laid out yet
                placed.append((screen.find_widget(widget), widget))
        for geometry, widget in sorted(placed, key=lambda found: found[0].order):
            shown = geometry.visible_region.intersection(Region(0, 0, width, height))
            if not shown.area or (isinstance(widget, ModalScreen)):
                continue
            strips = widget.render_lines(shown.translate(-geometry.region.offset))
            for y, strip in enumerate(strips, shown.y):
                lines[y] = Strip.join([lines[y].crop(0, shown.x), strip, lines[y].crop(shown.right, width)])
    return lines


def screen_text(app: NNTui) -> str:
    """Return the text of :func:`screen_lines`."""
    return "\n".join(line.text for line in screen_lines(app))


def in_app(
    preset: str | Experiment = "xor", size: tuple[int, int] = (120, 40), *, ascii: bool = False
) -> Callable[[Callable[Concatenate[AppTester, P], Coroutine[Any, Any, None]]], Callable[P, None]]:
    """Run a coroutine test with an app on a preset or an experiment; the test gets an :class:`AppTester` first."""

    def decorate(test: Callable[Concatenate[AppTester, P], Coroutine[Any, Any, None]]) -> Callable[P, None]:
        async def opened(*args: P.args, **kwargs: P.kwargs) -> None:
            shown = experiment(preset) if isinstance(preset, str) else preset
            app = NNTui(shown, get_palette("dark", ascii=ascii))
            async with app.run_test(size=size) as pilot:
                await test(AppTester(app, pilot), *args, **kwargs)

        @functools.wraps(test)
        def run(*args: P.args, **kwargs: P.kwargs) -> None:
            asyncio.run(opened(*args, **kwargs))

        signature = inspect.signature(test)
        run.__signature__ = signature.replace(parameters=list(signature.parameters.values())[1:])  # type: ignore[attr-defined]
        return run

    return decorate


def run_with_start(
    test: Callable[[AppTester], Awaitable[None]], start: StartOptions | None = None, size: tuple[int, int] = (120, 40)
) -> None:
    """Run a coroutine test with an app that is started with ``start`` and shows tooltips."""

    async def run() -> None:
        app = NNTui(experiment("xor"), DARK, start)
        async with app.run_test(size=size, tooltips=True) as pilot:
            await test(AppTester(app, pilot))

    asyncio.run(run())


# Reading numbers off the screen


def number(text: str) -> float:
    """Parse a number from the screen: it has a true minus, and a frame if it is selected."""
    return float(text.strip("▐▌ ").replace("−", "-").replace("∞", "inf"))


def close_to(shown: str, value: float) -> bool:
    """Return whether a printed number is ``value``, rounded to the printed digits."""
    if value != value:
        return number(shown) != number(shown)
    if value in (float("inf"), float("-inf")):
        return number(shown) == value
    mantissa, _, exponent = shown.strip("▐▌ ").partition("e")
    decimals = len(mantissa.partition(".")[2])
    unit = 10.0 ** (int(exponent or 0) - decimals)
    return abs(number(shown) - value) <= unit * 0.5000001 + 1e-15 * abs(value)


@dataclass(frozen=True)
class DrawnCell:
    """One cell of the layer view and its text."""

    cell: Cell
    text: str

    @property
    def array(self) -> QuantityKey:
        """The key of the array that contains the number."""
        return self.cell.key.array


def layer_cells(
    session: Session, lines: Sequence[str] | None = None, width: int = WIDE, height: int = 0
) -> list[DrawnCell]:
    """Return the drawn cells of the selected layer.

    Args:
        session: The session that is drawn.
        lines: The lines of a panel of size ``width`` × ``height``; None draws the layer with room for every cell.
    """
    plan = layer_view.layout_layer(session, DARK.glyphs, width, height)
    if lines is None:
        strips = draw_matrix(plan, DARK, 0, 0, plan.width + 2, plan.height, layer_view.cell_of(session))
        lines = [strip.text for strip in strips]
    found = []
    for band in plan.bands:
        for placed in band.blocks:
            key = placed.block.key
            if key.layer + key.is_input != shown_layer(session):
                continue
            rows, cols = placed.block.shape
            for row in range(rows):
                for col in range(cols):
                    place = locate_cell(plan, Cell(key, row, col))
                    assert place is not None
                    x, y, size = place
                    text = lines[y].ljust(x + size + 1)[x : x + size + 1] if y < len(lines) else ""
                    # The column after a cell holds the end of a selection's frame, or the next cell's sign.
                    found.append(DrawnCell(Cell(key, row, col), text[:-1].strip("▐▌▸ ")))
    return found


def check_layer_view(session: Session) -> None:
    """Check that every computed number is drawn with its value, and that no other cell has a digit."""
    for drawn in layer_cells(session):
        ref = layer_view.ref_of(session, drawn.cell)
        if session.is_known(ref):
            assert close_to(drawn.text, value_of(session.engine, session.trace, ref)), (drawn, session.cursor)
        else:
            assert not re.search(r"\d|nan|inf", drawn.text), (drawn, session.cursor)


def check_counters(session: Session, header: str) -> None:
    """Check that the header has the epoch, update and sample of the pass on screen."""
    done = session.trace.update - (session.cursor < session.pass_steps.end)
    per_epoch = session.engine.batches_per_epoch
    epoch = 1 + (session.trace.update - 1) // per_epoch
    assert f"epoch {epoch} " in header, header
    is_wide = len(header) >= 100
    assert re.search("no update yet" if is_wide and not done else rf"update {done}\b", header), (done, header)
    assert f"sample {session.ref.sample + 1} of {session.trace.n}" in header, header


def check_replay(session: Session) -> None:
    """Check that a fresh run of the same experiment reaches the same pass bit for bit."""
    number = session.trace.update
    fresh = Run.start(session.run.segments[0].experiment)
    fresh.goto(number - 1)
    trace = fresh.trace(number)
    shown = session.trace
    assert trace.before.array.tobytes() == shown.before.array.tobytes()
    assert trace.after.array.tobytes() == shown.after.array.tobytes()
    assert trace.gradient.tobytes() == shown.gradient.tobytes()
    assert trace.loss == shown.loss or (trace.loss != trace.loss and shown.loss != shown.loss)
    fresh.release(trace)
