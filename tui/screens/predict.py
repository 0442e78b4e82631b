"""The dialog in which a row is typed and predicted at once."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

from textual import events, on
from textual.app import ComposeResult
from textual.containers import Container, Horizontal, Vertical
from textual.strip import Strip
from textual.widget import Widget
from textual.widgets import Input, Label
from textual.widgets.input import Selection

from nn_tui.core.data.input_rows import typed_rows
from nn_tui.core.data.typed_cells import typed_cells
from nn_tui.core.errors import InputError
from nn_tui.core.translation import tr
from nn_tui.tui.draw.palette import Palette
from nn_tui.tui.screens.dialog import Dialog
from nn_tui.tui.screens.suggestion import with_tab_hint
from nn_tui.tui.session.session import Session
from nn_tui.tui.views.prediction import (
    TypedPrediction,
    draw_inputs,
    draw_prediction,
    input_height,
    predict_typed,
    prediction_height,
    row_form,
    sample_text,
    value_column,
    visible_inputs,
)
from nn_tui.tui.views.prediction_plane import draw_typed_point, plane_view_of

_OTHER_LINES = 9  # of the screen: the frame, the sentences, and what stays free
_PAGE = 10  # inputs
_MIN_ROW = 3  # values of a pasted text that is taken for a row, unless a row has fewer; 1,5 is a number
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


class ValueInput(Input):
    """The field of the value that is being typed; it stands in the list of the inputs.

    Args:
        take_row: Takes a pasted text if it is a whole row, and returns whether it was one.
    """

    def __init__(self, take_row: Callable[[str], bool]) -> None:
        super().__init__(id="answer", select_on_focus=False, placeholder=tr("missing"))
        self._take_row = take_row

    def on_paste(self, event: events.Paste) -> None:
        """Give a whole row to the dialog; any other text goes into the field."""
        if event.text and self._take_row(event.text.splitlines()[0]):
            event.prevent_default()
            event.stop()


class PredictScreen(Dialog[None]):
    """Predicts a row while it is typed, with the parameters on screen; it changes nothing.

    Args:
        session: The session. Its selected sample is the row at first.
        palette: The colours.
    """

    BINDINGS = [
        ("escape", "dismiss", "Close"),
        ("tab", "take", "Next input"),
        ("down", "move(1)", "Next input"),
        ("up,shift+tab", "move(-1)", "Input before"),
        ("pagedown", f"page({_PAGE})", "Next inputs"),
        ("pageup", f"page(-{_PAGE})", "Inputs before"),
    ]

    def __init__(self, session: Session, palette: Palette) -> None:
        super().__init__()
        self._session = session
        self._palette = palette
        self._form = row_form(session)
        self._typed = predict_typed(session, self._form, self._form.cells, 0)

    def compose(self) -> ComposeResult:
        """Compose a frame with the inputs, the field for a value, the problem and the prediction."""
        session = self._session
        with Vertical(id="predict") as frame:
            title = tr("Predict a row after update {update:,}", update=session.updates_done)
            frame.border_title = self.shown(title)
            frame.border_subtitle = self.shown(tr("tab ↑ ↓: another input, esc closes"))
            yield Label(self.shown(sample_text(session)), id="about", markup=False)
            with Horizontal(id="predict-parts"):
                with Vertical(id="predict-row"):
                    with Container(id="predict-list"):
                        yield DrawnPart(draw_inputs, session, self._palette, "predict-inputs")
                        yield ValueInput(self._take_row)
                    yield Label("", id="problem", markup=False)
                    yield DrawnPart(draw_prediction, session, self._palette, "predict-outputs")
                if plane_view_of(session) is not None:
                    yield DrawnPart(draw_typed_point, session, self._palette, "predict-plane")

    def on_mount(self) -> None:
        """Select the first value, so that it can be typed over at once."""
        self._select(0)

    def on_resize(self, event: events.Resize) -> None:
        """Divide the lines of the screen between the inputs and the prediction."""
        room = max(3, event.size.height - _OTHER_LINES)
        outputs = min(prediction_height(self._session), max(1, room // 2))
        inputs = max(2, min(input_height(self._form), room - outputs))
        plane = min(room, _MAX_PLANE)
        for id, height in (("#predict-list", inputs), ("#predict-outputs", outputs), ("#predict-plane", plane)):
            for part in self.query(id):
                part.styles.height = height
        for part in self.query("#predict-plane"):
            part.display = event.size.width >= _MIN_WIDTH_FOR_PLANE
        self.call_after_refresh(self._place_field)

    def on_click(self, event: events.Click) -> None:
        """Select the value on the line that is clicked."""
        for part in self.query("#predict-inputs"):
            shown = visible_inputs(self._typed, part.size.height)
            line = event.screen_y - part.region.y - 1
            if event.widget is part and 0 <= line < len(shown):
                self._commit()
                self._select(shown[line])

    @on(Input.Changed)
    def _typed_text(self) -> None:
        self._commit()

    @on(Input.Submitted)
    def _entered(self) -> None:
        self.action_move(1)

    def _commit(self) -> None:
        """Predict the row with the value that is in the field."""
        for line in self.query(ValueInput):
            cells, current = list(self._typed.cells), self._typed.current
            if cells[current] != line.value:
                cells[current] = line.value
                self._show(predict_typed(self._session, self._form, cells, current))

    def _show(self, typed: TypedPrediction) -> None:
        self._typed = typed
        for part in self.query(DrawnPart):
            part.show(typed)
        text = typed.warning
        if typed.problem is not None:
            error = typed.problem[1]
            text = with_tab_hint(str(error), self._suggestion())
        for label in self.query("#problem").results(Label):
            label.update(self.shown(text))

    def _suggestion(self) -> str:
        """Return the value that the error suggests; "" if there is none."""
        problem = self._typed.problem
        return problem[1].suggestions[0] if problem is not None and problem[0] >= 0 and problem[1].suggestions else ""

    def _take_row(self, text: str) -> bool:
        """Type all values of a pasted row, or say how many it needs; return False for a text that is no row."""
        count, current = len(self._form.labels), self._typed.current
        cells = [cell.text for cell in typed_cells(text, count)]
        if count == 1 or len(cells) < min(count, _MIN_ROW) or text.strip() in self._categories(current):
            return False
        if len(cells) == count:
            self._typed = predict_typed(self._session, self._form, cells, current)
            self._select(current)
            return True
        try:
            typed_rows(self._session.experiment.data, [cells], self._form.blocks)
        except InputError as error:
            self._show(replace(self._typed, problems={-1: error}, predictions=None))
        return True

    def _categories(self, index: int) -> tuple[str, ...]:
        return self._form.blocks[index].column.categories if self._form.blocks else ()

    def action_take(self) -> None:
        """Type the value that the error suggests for its input; without one, go to the next input."""
        self._commit()
        suggested, problem = self._suggestion(), self._typed.problem
        if problem is None or not suggested:
            self.action_move(1)
            return
        cells = list(self._typed.cells)
        cells[problem[0]] = suggested
        self._typed = predict_typed(self._session, self._form, cells, problem[0])
        self._select(problem[0])

    def action_move(self, step: int) -> None:
        """Select the value of the next input (``step`` 1) or the one before (−1)."""
        self._commit()
        self._select((self._typed.current + step) % len(self._typed.cells))

    def action_page(self, step: int) -> None:
        """Select a value ``step`` inputs further, or the last or first one."""
        self._commit()
        self._select(max(0, min(len(self._typed.cells) - 1, self._typed.current + step)))

    def _select(self, index: int) -> None:
        """Put the field on an input and select its value, so that the next letter replaces it."""
        for line in self.query(ValueInput):  # none if the dialog was closed while it opened
            self._show(self._typed.at(index))
            line.value = self._typed.cells[index]
            line.selection = Selection(0, len(line.value))
            line.focus()
            self._place_field()

    def _place_field(self) -> None:
        """Put the field over the value that it changes."""
        for line, part in zip(self.query(ValueInput), self.query("#predict-inputs"), strict=True):
            left, width = value_column(self._form, part.size.width)
            shown = visible_inputs(self._typed, part.size.height)
            line.styles.width = width
            line.styles.offset = (left, 1 + self._typed.current - shown.start)
