"""The dialog in which a row is typed and predicted at once."""

from __future__ import annotations

from collections.abc import Callable

from textual import events, on
from textual.app import ComposeResult
from textual.containers import Horizontal, Vertical
from textual.strip import Strip
from textual.widget import Widget
from textual.widgets import Input, Label
from textual.widgets.input import Selection

from nn_tui.core.data.typed_cells import typed_cells
from nn_tui.core.translation import tr
from nn_tui.tui.draw.palette import Palette
from nn_tui.tui.screens.dialog import Dialog
from nn_tui.tui.screens.suggestion import apply_suggestion, with_tab_hint
from nn_tui.tui.session.session import Session
from nn_tui.tui.views.prediction import (
    TypedPrediction,
    draw_inputs,
    draw_prediction,
    input_height,
    predict_typed,
    prediction_height,
    row_form,
)
from nn_tui.tui.views.prediction_plane import draw_typed_point, plane_view_of

SEPARATORS = (",", ";")  # between the values of a row
_OTHER_LINES = 11  # of the screen: the frame, the sentences, the line, and what stays free
_MAX_PLANE = 18  # lines of the picture of the plane
_MIN_WIDTH_FOR_PLANE = 76  # cells of the screen from which it stands beside the row
Draw = Callable[[Session, TypedPrediction, Palette, int, int], list[Strip]]


class DrawnPart(Widget):
    """A part of the dialog that a function draws.

    Args:
        draw: Draws the part for a typed row.
        session: The session.
        palette: The colours.
        id: The id of the widget.
    """

    def __init__(self, draw: Draw, session: Session, palette: Palette, id: str) -> None:
        super().__init__(id=id)
        self._draw = draw
        self._session = session
        self._palette = palette
        self._lines: list[Strip] = []
        self.typed: TypedPrediction | None = None

    def show(self, typed: TypedPrediction) -> None:
        """Draw the part for another typed row."""
        self.typed = typed
        self._lines = []
        self.refresh()

    def on_resize(self) -> None:
        """Draw the part for another size."""
        self._lines = []

    def render_line(self, y: int) -> Strip:
        """Return one line of the part."""
        if not self._lines and self.typed is not None:
            self._lines = self._draw(self._session, self.typed, self._palette, self.size.width, self.size.height)
        return self._lines[y] if y < len(self._lines) else Strip.blank(self.size.width, self.rich_style)


class RowInput(Input):
    """A line with the values of a row; a separator that stands there already is not written again.

    Args:
        value: The line at first.
        count: The number of values.
        go_on: Goes to the next value.
    """

    def __init__(self, value: str, count: int, go_on: Callable[[], None]) -> None:
        super().__init__(value, id="answer", select_on_focus=False)
        self._count = count
        self._go_on = go_on

    def replace(self, text: str, start: int, end: int) -> None:
        """Replace a part of the line; a pasted row replaces all of it."""
        rest = self.value[max(start, end) :].lstrip()
        if text in SEPARATORS and rest.startswith(text):
            self._go_on()
        elif self._count > 1 and len(typed_cells(text, self._count)) == self._count:
            super().replace(text.strip(), 0, len(self.value))
        else:
            super().replace(text, start, end)


class PredictScreen(Dialog[None]):
    """Predicts a row while it is typed, with the parameters on screen; it changes nothing.

    Args:
        session: The session. Its selected sample is the row at first.
        palette: The colours.
    """

    BINDINGS = [
        ("escape", "dismiss", "Close"),
        ("tab", "take", "Next input"),
        ("down,enter", "move(1)", "Next input"),
        ("up,shift+tab", "move(-1)", "Input before"),
    ]

    def __init__(self, session: Session, palette: Palette) -> None:
        super().__init__()
        self._session = session
        self._palette = palette
        self._form = row_form(session)
        self._typed = predict_typed(session, self._form, self._form.text, 0)
        self._suggested = ""  # the line with the name that the error suggests

    def compose(self) -> ComposeResult:
        """Compose a frame with the line, the problem, the inputs and the prediction."""
        session = self._session
        with Vertical(id="predict") as frame:
            title = tr("Predict a row after update {update:,}", update=session.updates_done)
            frame.border_title = self.shown(title)
            frame.border_subtitle = self.shown(tr("tab ↑ ↓: another input, esc closes"))
            about = tr(
                "Type a value for each input; at first they are those of sample {sample}.", sample=session.data_row + 1
            )
            yield Label(self.shown(about), id="about", markup=False)
            yield RowInput(self._form.text, len(self._form.labels), lambda: self.action_move(1))
            yield Label("", id="problem", markup=False)
            with Horizontal(id="predict-parts"):
                with Vertical(id="predict-row"):
                    yield DrawnPart(draw_inputs, session, self._palette, "predict-inputs")
                    yield DrawnPart(draw_prediction, session, self._palette, "predict-outputs")
                if plane_view_of(session) is not None:
                    yield DrawnPart(draw_typed_point, session, self._palette, "predict-plane")

    def on_mount(self) -> None:
        """Select the first value, so that it can be typed over at once."""
        for line in self.query(Input):  # none if the dialog was closed while it opened
            self.watch(line, "selection", self._follow_cursor, init=False)
            self._select(0)
            self._update()

    def on_resize(self, event: events.Resize) -> None:
        """Divide the lines of the screen between the inputs and the prediction."""
        room = max(2, event.size.height - _OTHER_LINES)
        outputs = min(prediction_height(self._session), max(1, room // 2))
        inputs = min(input_height(self._form), room - outputs)
        plane = min(room, _MAX_PLANE)
        for id, height in (("#predict-inputs", inputs), ("#predict-outputs", outputs), ("#predict-plane", plane)):
            for part in self.query(id):
                part.styles.height = height
        for part in self.query("#predict-plane"):
            part.display = event.size.width >= _MIN_WIDTH_FOR_PLANE

    @on(Input.Changed)
    def _typed_text(self) -> None:
        self._update()

    def _follow_cursor(self) -> None:
        for line in self.query(Input):
            self._show(self._typed.at(line.cursor_position))

    def _update(self) -> None:
        """Predict the row as it is typed now."""
        for line in self.query(Input):
            self._show(predict_typed(self._session, self._form, line.value, line.cursor_position))
            problem = self._typed.problem
            self._suggested = "" if problem is None else apply_suggestion(line.value, problem)
            text = "" if problem is None else with_tab_hint(str(problem), self._suggested)
            self.query_one("#problem", Label).update(self.shown(text))

    def _show(self, typed: TypedPrediction) -> None:
        self._typed = typed
        for part in self.query(DrawnPart):
            part.show(typed)

    def action_take(self) -> None:
        """Write the name that the error suggests into the line; without one, go to the next input."""
        if not self._suggested:
            self.action_move(1)
            return
        line, before = self.query_one(Input), self._typed.cells
        line.value = self._suggested
        after = typed_cells(self._suggested, len(self._form.labels))
        changed = (new.end for old, new in zip(before, after, strict=False) if old.text != new.text)
        line.cursor_position = next(changed, len(self._suggested))

    def action_move(self, step: int) -> None:
        """Select the value of the next input (``step`` 1) or the one before (−1)."""
        self._select((self._typed.current + step) % len(self._typed.cells))

    def _select(self, index: int) -> None:
        """Select the value of an input, so that the next letter replaces it."""
        line, cell = self.query_one(Input), self._typed.cells[index]
        written = line.value[cell.start : cell.end]
        start = cell.start + len(written) - len(written.lstrip())
        line.selection = Selection(start, max(start, cell.start + len(written.rstrip())))
        line.focus()
