"""The loss landscape: a thread computes it while the screen shows the progress; escape cancels and closes."""

from __future__ import annotations

from textual import on, work
from textual.app import ComposeResult
from textual.containers import Vertical
from textual.message import Message
from textual.strip import Strip
from textual.timer import Timer
from textual.widget import Widget
from textual.worker import get_current_worker

from nn_tui.core.analysis.landscape import GridPlan, Landscape, evaluate_grid, plan_grid
from nn_tui.core.analysis.landscape_axes import trained_parameters
from nn_tui.core.errors import InputError
from nn_tui.core.refs import BY_UNIT, Ref
from nn_tui.core.translation import tr
from nn_tui.tui.draw.canvas import draw_message
from nn_tui.tui.draw.landscape import draw_landscape
from nn_tui.tui.draw.palette import Palette
from nn_tui.tui.draw.progress import draw_progress
from nn_tui.tui.screens.dialog import Dialog
from nn_tui.tui.session.session import Session

_PROGRESS_UPDATES_PER_SECOND = 10


class LandscapeWidget(Widget):
    """A landscape, the progress of its computation, or a message."""

    DEFAULT_CSS = "LandscapeWidget { width: 1fr; height: 1fr; }"

    def __init__(self, palette: Palette) -> None:
        super().__init__()
        self._palette = palette
        self._content: Landscape | float | str = 0.0
        self._lines: list[Strip] = []

    def show(self, content: Landscape | float | str) -> None:
        """Show a landscape, the part that is done (0 to 1), or a message."""
        self._content = content
        self._draw()

    def on_resize(self) -> None:
        """Draw for the new size."""
        self._draw()

    def _draw(self) -> None:
        width, height, palette = self.size.width, self.size.height, self._palette
        if not width or not height:
            return
        if isinstance(self._content, Landscape):
            self._lines = draw_landscape(self._content, palette, width, height)
        elif isinstance(self._content, str):
            self._lines = draw_message(self._content, palette, width, height)
        else:
            text = tr("Computing the loss around here: {done:.0%}, esc cancels", done=self._content)
            self._lines = draw_progress(text, self._content, palette, width, height)
        self.refresh()

    def render_line(self, y: int) -> Strip:
        """Return one line of the drawing."""
        return self._lines[y] if y < len(self._lines) else Strip.blank(self.size.width, self.rich_style)


class LandscapeScreen(Dialog[None]):
    """The loss along two random directions around the parameters, or along the selected weight and its neighbour.

    A network that trains at most two parameters, or fewer than two weights, has no random directions.
    """

    BINDINGS = [
        ("escape,q", "dismiss", "Close"),
        ("w", "axes", "Random directions, or two weights"),
        ("r", "redraw", "Other directions"),
    ]
    DEFAULT_CSS = """
    LandscapeScreen { align: center middle; }
    LandscapeScreen #landscape { border: round $primary; background: $background; width: 100%; height: 100%; }
    .-ascii LandscapeScreen #landscape, LandscapeScreen.-ascii #landscape { border: ascii $primary; }
    """

    class Computed(Message):
        """The landscape of ``plan`` has been computed."""

        def __init__(self, plan: GridPlan, landscape: Landscape) -> None:
            super().__init__()
            self.plan, self.landscape = plan, landscape

    def __init__(self, session: Session, palette: Palette) -> None:
        super().__init__()
        self._session = session
        self._palette = palette
        self._is_along_weights = False
        self._draws = 0
        self._plan: GridPlan | None = None
        self._part = 0.0
        self._timer: Timer | None = None

    def compose(self) -> ComposeResult:
        """Compose the frame and the landscape."""
        with Vertical(id="landscape"):
            yield LandscapeWidget(self._palette)

    def on_mount(self) -> None:
        """Start with random directions."""
        self._timer = self.set_interval(1 / _PROGRESS_UPDATES_PER_SECOND, self._show_progress)
        self._start()

    def action_axes(self) -> None:
        """Switch between random directions and the selected weight with its neighbour."""
        if self._has_random_directions:
            self._is_along_weights = not self._is_along_weights
            self._start()

    def action_redraw(self) -> None:
        """Take other random directions."""
        if self._has_random_directions and not self._is_along_weights:
            self._draws += 1
            self._start()

    @property
    def _has_random_directions(self) -> bool:
        """Whether the network trains enough weights for random directions; False if there is no plan."""
        return self._plan is not None and (self._is_along_weights or not self._plan.axes)

    def _start(self) -> None:
        """Plan the grid here, because that reads the run; a thread evaluates it."""
        session = self._session
        axes = _axes(session) if self._is_along_weights else None
        seed = session.experiment.seed + self._draws
        self._part, self._plan = 0.0, None
        self.workers.cancel_group(self, "landscape")
        try:
            self._plan = plan_grid(session.run, session.updates_done, axes=axes, seed=seed)
        except InputError as error:
            self._set_titles()
            self.query_one(LandscapeWidget).show(self.shown(error))
            return
        self._set_titles()
        self.query_one(LandscapeWidget).show(0.0)
        self._evaluate(self._plan)

    def _set_titles(self) -> None:
        """Name the axes of the plan, and the keys that change them."""
        frame = self.query_one("#landscape")
        runs = self._session.runs
        title = [tr("Loss landscape")]
        if len(runs) > 1:
            title.append(tr("run {number} of {count}", number=self._session.active + 1, count=len(runs)))
        title.append(tr("after update {update:,}", update=self._session.updates_done))
        keys = [tr("w two random directions")] if self._has_random_directions else []
        axes = self._plan.axes if self._plan else ()
        if len(axes) == 1:
            title.append(axes[0].symbol)
        elif axes:
            title.append(tr("{first} and {second}", first=axes[0].symbol, second=axes[1].symbol))
        elif self._plan:
            title.append(tr("two random directions"))
            keys = [tr("w the selected weight and its neighbour"), tr("r other directions")]
        dot = f" {self._palette.glyphs.dot} "
        frame.border_title = self.shown(dot.join(title))
        frame.border_subtitle = self.shown(dot.join([*keys, tr("esc closes")]))

    @work(thread=True, exclusive=True, group="landscape", description="survey the loss")
    def _evaluate(self, plan: GridPlan) -> None:
        worker = get_current_worker()

        def progress(part: float) -> None:
            if self._plan is plan:
                self._part = part

        landscape = evaluate_grid(plan, progress, lambda: worker.is_cancelled)
        if landscape is not None and not worker.is_cancelled:
            self.post_message(self.Computed(plan, landscape))

    def _show_progress(self) -> None:
        """Show the progress of the computation."""
        if self._plan is not None and self._part < 1.0:
            self.query_one(LandscapeWidget).show(self._part)

    @on(Computed)
    def _show(self, message: Computed) -> None:
        if message.plan is self._plan:
            self._part = 1.0
            self.query_one(LandscapeWidget).show(message.landscape)


def _axes(session: Session) -> tuple[Ref, Ref]:
    """Return two parameters that are trained: the selected weight or bias if possible, and one beside it."""
    ref, layers = session.ref, session.experiment.layers
    last = len(session.engine.sizes) - 2
    layer = last if ref.quantity in ("y", "term", "loss") else ref.layer
    unit = 0 if ref.quantity in ("x", "dx", "loss") else min(ref.unit, session.engine.sizes[layer + 1] - 1)
    column = min(ref.input, session.engine.sizes[layer] - 1)
    weights, bias = [Ref("w", layer, unit, each) for each in range(session.engine.sizes[layer])], Ref("b", layer, unit)
    beside = [*weights[column + 1 :], *reversed(weights[:column])]
    wished = [bias, *weights] if ref.quantity in BY_UNIT else [weights[column], *beside, bias]
    is_trained = {"w": layers[layer].train_weights, "b": layers[layer].train_bias}
    found = [each for each in wished if is_trained[each.quantity]][:2]
    if len(found) < 2:
        found += [each for each in trained_parameters(session.experiment) if each not in found]
    return found[0], found[1]
