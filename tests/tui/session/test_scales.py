"""Check that a number has one colour on the whole screen: it follows from its quantity, its layer and its value."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import replace
from itertools import product

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from rich.segment import Segment
from rich.style import Style

from nn_tui.core.display.number_scale import NumberScale
from nn_tui.core.display.scales import scale_kind
from nn_tui.core.engine.quantities import quantity
from nn_tui.core.refs import QUANTITIES, Quantity, QuantityKey, Ref
from nn_tui.core.run.metrics import run_forward
from nn_tui.core.run.run import Run
from nn_tui.core.spec import Array
from nn_tui.tui.draw.palette import Palette
from nn_tui.tui.registry import VIEWS
from nn_tui.tui.session import comparison, stepping
from nn_tui.tui.session.scales import input_scale, scale_of
from nn_tui.tui.session.session import Session, clamp_ref, new_session, select
from nn_tui.tui.views.output.output_views import available_views
from tests._app import DARK, AppTester, experiment, in_app
from tests._edits import small_experiment
from tests._salaries import salaries

PRESETS = ("neuron", "xor-perceptron", "xor", "mazur", "sine", "moons", "ravine-adam", "iris", "penguins-raw", "digits")
NUMBER = re.compile(r"[+−]?\d+\.\d+(?:e[+−-]?\d+)?")


def numbers_on_screen(session: Session, palette: Palette) -> Iterator[tuple[str, str, Style]]:
    """Yield the view, the text and the style of each number with a background of its own, in all views and sizes."""
    sizes = {"network": (120, 40), "layer": (90, 40), "arithmetic": (120, 20), "output": (44, 30), "loss": (60, 14)}
    for name, (width, height) in sizes.items():
        each_output = available_views(session) if name == "output" else ("",)
        for output in each_output:
            shown = replace(session, output_view=output) if output else session
            for strip in VIEWS[name].draw(shown, palette, width, height):
                for segment in strip:
                    yield from _numbers(name, segment, palette)


def _numbers(view: str, segment: Segment, palette: Palette) -> Iterator[tuple[str, str, Style]]:
    style = segment.style
    assert style is not None and style.bgcolor is not None
    if style.bgcolor.get_truecolor().hex != palette.background and style != palette.style("selected"):
        yield from ((view, text, style) for text in NUMBER.findall(segment.text))


def numbers_of_pass(session: Session) -> list[tuple[NumberScale, Array]]:
    """Return all numbers of the pass, and the predictions after it, with their scales."""
    engine, trace, data = session.engine, session.trace, session.experiment.data
    found: list[tuple[NumberScale, Array]] = []
    slots = ("", *engine.optimizer.slots)
    for name, slot, after, layer in product(QUANTITIES, slots, (False, True), range(len(engine.sizes) - 1)):
        key = QuantityKey(name, slot, after)
        if bool(slot) != key.is_optimizer_state or name == "loss":
            continue
        try:
            found.append((scale_of(session, key, layer), quantity(engine, trace, key, layer)))
        except KeyError:
            continue
    found.append((scale_of(session, "loss", 0), np.array([trace.loss])))
    for x, y in ((data.x, data.y), (data.x_test, data.y_test)):
        _, outputs, predictions = run_forward(engine, session.state, x)
        found += [(scale_of(session, "a", layer), values) for layer, values in enumerate(outputs)]
        output_scale = scale_of(session, "y", 0)
        found += [(output_scale, predictions), (output_scale, y), (output_scale.of_differences(), predictions - y)]
    given_inputs = input_scale(session)
    return found if given_inputs is None else [*found, (given_inputs, data.points)]


def has_colour_of_such_a_number(text: str, style: Style, numbers: list[tuple[NumberScale, Array]]) -> bool:
    """Return whether a number of the pass reads like the text and has the background of the style."""
    plain = text.replace("−", "-")
    value, mantissa, exponent = float(plain), *[*plain.split("e"), "0"][:2]
    precision = 0.5001 * 10.0 ** (int(exponent) - len(mantissa.partition(".")[2]))
    for scale, values in numbers:
        for number in values[np.abs(values - value) <= precision].tolist():
            if DARK.number(number, scale).bgcolor == style.bgcolor:
                return True
    return False


@settings(max_examples=40, deadline=None)
@given(
    preset=st.sampled_from(PRESETS) | st.lists(st.integers(1, 5), min_size=1, max_size=3).map(tuple),
    passes=st.integers(0, 3),
    progress=st.floats(0.0, 1.0),
    layer=st.integers(0, 3),
    unit=st.integers(0, 5),
    name=st.sampled_from([name for name in QUANTITIES if not name.startswith("state")]),
    digits=st.sampled_from([4, 6]),
)
def test_a_number_has_one_colour_on_the_whole_screen(
    preset: str | tuple[int, ...], passes: int, progress: float, layer: int, unit: int, name: Quantity, digits: int
) -> None:
    made = experiment(preset) if isinstance(preset, str) else small_experiment(hidden=preset)
    session = replace(new_session(made), digits=digits)
    for _ in range(passes):
        session = stepping.whole_pass(session)
    session = replace(session, cursor=round(progress * session.pass_steps.end))
    session = select(session, clamp_ref(session, Ref(name, layer, unit)))
    numbers = numbers_of_pass(session)
    seen = set()
    for view, text, style in numbers_on_screen(session, DARK):
        seen.add(view)
        assert has_colour_of_such_a_number(text, style, numbers), (view, text, style)
    assert {"network", "layer"} <= seen


@pytest.mark.parametrize("preset", PRESETS)
def test_the_kind_of_a_scale_depends_on_no_value(preset: str) -> None:
    session = new_session(experiment(preset))
    layers = range(len(session.engine.sizes) - 1)
    kinds = {(name, layer): scale_kind(session.engine, name, layer) for name in QUANTITIES[:-2] for layer in layers}
    for layer in layers:
        has_sign = session.engine.activations[layer].low != 0.0
        assert kinds["a", layer] == ("diverging" if has_sign else "sequential")
        assert {kinds[name, layer] for name in ("w", "b", "z", "da", "dz", "dw", "db", "step_w")} == {"diverging"}
    for _ in range(5):
        session = stepping.whole_pass(session)
        assert kinds == {(name, layer): scale_kind(session.engine, name, layer) for name, layer in kinds}


def test_targets_and_predictions_share_a_scale_as_weights_and_biases_do() -> None:
    session = stepping.whole_pass(new_session(experiment("sine")))
    last = len(session.engine.sizes) - 2
    assert scale_of(session, "y", 0) == scale_of(session, "a", last)
    pairs: tuple[tuple[Quantity, Quantity], ...] = (("w", "b"), ("dw", "db"), ("step_w", "step_b"))
    for one, other in pairs:
        assert scale_of(session, one, 0) == scale_of(session, other, 0)
    assert scale_of(session, "w", 0) == scale_of(session, QuantityKey("w", after=True), 0)


def test_a_negative_target_has_another_colour_than_0_under_a_sigmoid_output() -> None:
    made = small_experiment()
    data = made.data
    signed = replace(made, data=replace(data, y=2 * data.y - 1, y_test=2 * data.y_test - 1))
    session = new_session(signed)
    last = len(session.engine.sizes) - 2
    scale = scale_of(session, "y", 0)
    assert scale == scale_of(session, "a", last)
    assert len({DARK.number(value, scale).bgcolor for value in (-1.0, 0.0, 1.0)}) == 3
    assert (
        scale_kind(new_session(made).engine, "y", 0) == scale_kind(new_session(made).engine, "a", last) == "sequential"
    )


@pytest.mark.parametrize("name", ["ravine-sgd", "sine", "hills", "moons"])
def test_two_compared_runs_share_one_scale(name: str) -> None:
    given = experiment(name)
    slower = replace(given.training.optimizer, learning_rate=given.training.optimizer.learning_rate / 7)
    session, other = (
        stepping.whole_pass(new_session(given)),
        Run.start(replace(given, training=replace(given.training, optimizer=slower))),
    )
    session = stepping.whole_pass(session)
    other.goto(2)
    alone = replace(session, runs=(other,), trace=other.trace(2))
    compared = replace(session, runs=(session.run, other), other=other, other_trace=other.trace(2))
    swapped = comparison.other_session(compared)
    assert swapped is not None
    for key in ("y", "a", "w", "dw", "dz", "step_w"):
        layer = 0 if key == "y" else len(session.engine.sizes) - 2
        shared = scale_of(compared, key, layer)
        assert shared == scale_of(swapped, key, layer)
        assert shared.limit == max(scale_of(session, key, layer).limit, scale_of(alone, key, layer).limit), key


def test_a_compared_run_of_another_optimiser_or_shape_is_left_out_where_it_lacks_a_quantity() -> None:
    given = experiment("circles")
    smaller = replace(
        given,
        layers=given.layers[1:],
        training=replace(given.training, optimizer=experiment("sine").training.optimizer),
    )
    session, other = stepping.whole_pass(new_session(given)), Run.start(smaller)
    other.goto(1)
    compared = replace(session, runs=(session.run, other), other=other, other_trace=other.trace(1))
    for name, slot, layer in product(QUANTITIES, ("", *session.engine.optimizer.slots), range(2)):
        key = QuantityKey(name, slot)
        if bool(slot) == key.is_optimizer_state and (name != "slope" or layer == 0):
            assert scale_of(compared, key, layer).limit >= scale_of(session, key, layer).limit


@in_app("ravine-sgd", (120, 40))
async def test_the_legends_of_two_compared_surfaces_are_equal(tester: AppTester) -> None:
    await tester.press("n", "n", "c", *"eta = 0.01".replace(" ", ""), "enter")
    await tester.wait_until(lambda: tester.session.other_trace is not None)
    await tester.press("4", "m")
    await tester.wait_until(lambda: tester.text("output").count("target y") == 2, "two surfaces with legends")
    scales = re.findall(r"ŷ (−[\d.]+) +(\+[\d.]+)", tester.text("output"))
    assert len(scales) == 2 and len(set(scales)) == 1


def test_a_run_whose_targets_have_other_units_does_not_change_the_colours() -> None:
    session = stepping.whole_pass(new_session(salaries()))
    raw = stepping.whole_pass(new_session(salaries(standardize_target=False)))
    both = replace(session, runs=(session.run, raw.run), other=raw.run, other_trace=raw.trace)
    keys: tuple[tuple[Quantity, int], ...] = (("y", 0), ("a", 1), ("term", 0), ("dw", 0))
    for key, layer in keys:
        assert scale_of(both, key, layer) == scale_of(session, key, layer), key
        assert scale_of(raw, key, layer).limit > scale_of(session, key, layer).limit, key
