"""The views of the output: each by name, with the data that it suits."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from functools import partial
from typing import Literal

from nn_tui.core.data.classes import has_classes
from nn_tui.core.refs import Ref
from nn_tui.core.translation import Message, message
from nn_tui.tui.draw.palette import Palette
from nn_tui.tui.session.session import Session
from nn_tui.tui.views.output.classes import draw_matrices, draw_sample, matrices_sample_at, sample_view_at
from nn_tui.tui.views.output.composed import (
    Draw,
    curve_at,
    draw_curve,
    draw_plane,
    plane_at,
    shows_response_on_curve,
    shows_response_on_plane,
)
from nn_tui.tui.views.output.hidden import draw_hidden, hidden_at
from nn_tui.tui.views.output.hidden_space import HIDDEN_VIEWS
from nn_tui.tui.views.output.images import (
    draw_sample_image,
    draw_unit_image,
    draw_weights,
    sample_image_at,
    unit_weight_at,
    weight_at,
)
from nn_tui.tui.views.output.mistakes import draw_errors, draw_mistakes, error_at, mistake_at
from nn_tui.tui.views.output.plane import REGIONS, SURFACE
from nn_tui.tui.views.output.predictions import SampleHit
from nn_tui.tui.views.output.response import draw_unit_response
from nn_tui.tui.views.output.table import MAX_TABLE_ROWS, draw_table, table_sample_at

Condition = Callable[["OutputFacts"], bool]
Fills = Literal["all", "picture", "curve", "bars", "table"]
Hit = Callable[[Session, Palette, int, int, int, int], SampleHit | Ref | None]


@dataclass(frozen=True, slots=True)
class OutputFacts:
    """The properties of the data and the network on which the choice of views depends.

    Attributes:
        inputs: The number of inputs.
        has_one_output: Whether there is one output.
        has_classes: Whether the targets are classes.
        has_image: Whether a sample is an image.
        has_test: Whether there is a test part.
        hidden_units: The units of the last hidden layer; 0 without one.
        has_few_samples: Whether there are only one or two samples in the training part.
        fits_table: Whether samples and inputs are few enough for a table.
        is_plane: Whether the samples are points of a plane.
    """

    inputs: int
    has_one_output: bool
    has_classes: bool
    has_image: bool
    has_test: bool
    hidden_units: int
    has_few_samples: bool
    fits_table: bool
    is_plane: bool


def _facts_of(session: Session) -> OutputFacts:
    data = session.experiment.data
    inputs = data.points.shape[1]
    return OutputFacts(
        inputs=inputs,
        has_one_output=data.y.shape[1] == 1,
        has_classes=has_classes(data),
        has_image=bool(data.image_shape),
        has_test=bool(len(data.x_test)),
        hidden_units=session.engine.sizes[-2] if len(session.engine.sizes) > 2 else 0,
        has_few_samples=len(data.x) <= 2,
        fits_table=len(data.x) <= MAX_TABLE_ROWS and inputs <= MAX_TABLE_ROWS,
        is_plane=inputs == 2 and len(data.x) >= 4 and not data.image_shape,
    )


def _never(facts: OutputFacts) -> bool:
    return False


def _has_partner(distance: int, facts: OutputFacts) -> bool:
    """Return whether the hidden units have another partner at a distance, for an axis of the hidden space."""
    return facts.hidden_units > distance and facts.is_plane


def _shows_no_response(session: Session, palette: Palette, width: int, height: int) -> bool:
    return False


@dataclass(frozen=True, slots=True)
class OutputView:
    """A way to show the network's output.

    Attributes:
        name: Its name in files.
        label: Its name in the title.
        sentence: A sentence that describes it.
        draw: Draws it.
        suits: Returns whether it suits the data and the network. At most one view of a name suits.
        hit: Returns the sample or the number at a cell (x, y) of it; None if a click selects nothing.
        is_best: Returns whether it may come first; the first such view in the registry does.
        shows_response: Returns whether it also shows the selected hidden unit's response.
        fills: The room that it can fill: ``all`` of a panel, that of a ``picture`` of the plane with a table of the
            samples, of a ``curve``, of ``bars`` of the classes, or of a ``table`` of the samples.
    """

    name: str
    label: Message
    sentence: Message
    draw: Draw
    suits: Condition
    hit: Hit | None = None
    is_best: Condition = _never
    shows_response: Callable[[Session, Palette, int, int], bool] = _shows_no_response
    fills: Fills = "all"


def available_views(session: Session) -> dict[str, OutputView]:
    """Return the views that suit this data and network, by name; the first one suits them best."""
    facts = _facts_of(session)
    suitable = [view for view in OUTPUT_VIEWS if view.suits(facts)]
    first = next((view for view in suitable if view.is_best(facts)), suitable[0])
    return {view.name: view for view in (first, *suitable)}


def current_name(session: Session) -> str:
    """Return the name of the view on screen: the chosen one, or the first one if that does not suit the data."""
    available = available_views(session)
    return session.output_view if session.output_view in available else next(iter(available))


def current_view(session: Session) -> OutputView:
    """Return the view on screen."""
    return available_views(session)[current_name(session)]


def shows_unit_response(session: Session, palette: Palette, width: int, height: int) -> bool:
    """Return whether a panel of that size shows the selected hidden unit's response together with the view."""
    return current_view(session).shows_response(session, palette, width, height)


OUTPUT_VIEWS: tuple[OutputView, ...] = (
    OutputView(
        "sample",
        message("sample"),
        message("This sample as an image, with its outputs; ◂ marks the true class."),
        draw_sample_image,
        suits=lambda facts: facts.has_image and facts.has_classes,
        hit=sample_image_at,
        is_best=lambda facts: True,
    ),
    OutputView(
        "regions",
        message("regions"),
        message("The network's decision at every point. Test points are outlined; ✕ is wrong."),
        partial(draw_plane, REGIONS),
        suits=lambda facts: facts.is_plane and facts.has_classes,
        hit=partial(plane_at, REGIONS),
        is_best=lambda facts: True,
        shows_response=partial(shows_response_on_plane, REGIONS),
        fills="picture",
    ),
    OutputView(
        "surface",
        message("surface"),
        message("The output over the plane; each point has the colour of its target."),
        partial(draw_plane, SURFACE),
        suits=lambda facts: facts.is_plane and facts.has_one_output and not facts.has_classes,
        hit=partial(plane_at, SURFACE),
        is_best=lambda facts: True,
        shows_response=partial(shows_response_on_plane, SURFACE),
        fills="picture",
    ),
    OutputView(
        HIDDEN_VIEWS[0],
        message("hidden"),
        message("Each hidden unit's activation, and the samples by those of two units."),
        draw_hidden,
        suits=lambda facts: facts.hidden_units > 0 and facts.is_plane,
        hit=hidden_at,
    ),
    *(
        OutputView(
            name,
            message("hidden"),
            message("The samples by another pair of units. Select or click a unit for its pairs."),
            draw_hidden,
            suits=partial(_has_partner, distance),
            hit=hidden_at,
        )
        for distance, name in enumerate(HIDDEN_VIEWS[1:], 2)
    ),
    OutputView(
        "curve",
        message("curve"),
        message("The fitted curve, the points, and their residuals as vertical lines."),
        draw_curve,
        suits=lambda facts: facts.inputs == 1 and facts.has_one_output,
        hit=curve_at,
        is_best=lambda facts: not facts.has_few_samples,
        shows_response=shows_response_on_curve,
        fills="curve",
    ),
    OutputView(
        "sample",
        message("sample"),
        message("This sample's outputs; ◂ marks the true class."),
        draw_sample,
        suits=lambda facts: facts.has_classes and not facts.has_one_output and not facts.has_image,
        hit=sample_view_at,
        fills="bars",
    ),
    OutputView(
        "confusion, test",
        message("confusion, test"),
        message("Confusion matrix, test part. Rows: true class. Columns: predicted class."),
        partial(draw_matrices, part="test"),
        suits=lambda facts: facts.has_classes and facts.has_test,
        hit=partial(matrices_sample_at, part="test"),
    ),
    OutputView(
        "confusion",
        message("confusion"),
        message("Confusion matrix, training part. Rows: true class. Columns: predicted class."),
        partial(draw_matrices, part="train"),
        suits=lambda facts: facts.has_classes,
        hit=partial(matrices_sample_at, part="train"),
    ),
    OutputView(
        "mistakes",
        message("mistakes"),
        message("The samples that are classified wrongly, the most confident mistakes first."),
        draw_mistakes,
        suits=lambda facts: facts.has_classes,
        hit=mistake_at,
    ),
    OutputView(
        "errors",
        message("errors"),
        message("The samples whose prediction is farthest from the target, the worst first."),
        draw_errors,
        suits=lambda facts: not facts.has_classes,
        hit=error_at,
    ),
    OutputView(
        "table",
        message("table"),
        message("Every sample: inputs, target y, prediction ŷ and error ŷ − y."),
        draw_table,
        suits=lambda facts: facts.fits_table or facts.inputs <= 2,
        hit=table_sample_at,
        is_best=lambda facts: facts.fits_table and (facts.has_one_output or not facts.has_classes),
        fills="table",
    ),
    OutputView(
        "weights",
        message("weights"),
        message("The first layer's weights as images: the input that each unit responds to."),
        draw_weights,
        suits=lambda facts: facts.has_image,
        hit=weight_at,
    ),
    OutputView(
        "unit",
        message("unit"),
        message("The selected unit's weights as an image."),
        draw_unit_image,
        suits=lambda facts: facts.has_image,
        hit=unit_weight_at,
    ),
    OutputView(
        "unit",
        message("unit"),
        message("The activation of the selected unit for every input."),
        draw_unit_response,
        suits=lambda facts: facts.hidden_units > 0 and facts.inputs <= 2 and not facts.has_image,
    ),
)
"""The views in the order in which the key goes through them, after the one that suits the data best."""
