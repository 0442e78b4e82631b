"""The charts, and their series: the recorded figures of a run up to the cursor.

A loss or an accuracy has as its x the number of updates that the parameters had when it was measured: pass N starts
from the parameters after N − 1 updates. A gradient, a step or η has the number of its pass.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace

import numpy as np

from nn_tui.core.display.number_text import fmt, fmt_quantity
from nn_tui.core.run.curves import Evaluation
from nn_tui.core.run.evaluation_sample import evaluated_rows
from nn_tui.core.run.metrics import batch_mistakes
from nn_tui.core.translation import Message, message, tr
from nn_tui.tui.draw.glyphs import Glyphs
from nn_tui.tui.draw.series import Series, legend_number, point_arrays
from nn_tui.tui.session.evaluations import known_evaluations
from nn_tui.tui.session.session import Session
from nn_tui.tui.views.layer_series import delta_sizes, gradient_norms, learning_rates, update_ratios

_MIN_R2 = -1.0  # of the points of a chart

Names = tuple[str, str]  # the name of a series, and its short name, "" if that is the same
Look = tuple[str, int]  # the style and the shape of a series, the same in every chart
_BATCH, _TRAIN, _TEST, _PENALTY = ("train", 0), ("class2", 1), ("test", 2), ("class3", 3)


SeriesFunction = Callable[[Session, Glyphs], list[Series]]


@dataclass(frozen=True, slots=True)
class Chart:
    """A chart.

    Attributes:
        title: Its title.
        sentence: A sentence that describes it.
        is_log: Whether its scale is logarithmic unless the user switches it.
        series: A function that returns its series.
        has_log: Whether it can have a logarithmic scale.
        by_pass: Whether x is the number of the pass, rather than of updates done.
        guide: The y of a dashed line; None for no line.
        unit: The unit of y.
        empty: A sentence that it shows while it has no points; it marks keys.
    """

    title: Message
    sentence: Message
    is_log: bool
    series: SeriesFunction
    has_log: bool = True
    by_pass: bool = False
    guide: float | None = None
    unit: str = ""
    empty: Message = message("Nothing measured yet: run a whole pass (`n`).")


def _losses(session: Session, glyphs: Glyphs) -> list[Series]:
    data = session.experiment.data
    evaluations = known_evaluations(session)
    is_full_batch = _is_full_batch(session)
    has_penalty = any(each.penalty for each in evaluations)
    has_test = any(each.test_loss is not None for each in evaluations)
    is_sum = session.experiment.training.reduction == "sum" and (has_test or not is_full_batch)

    def named(names: Names, rows: int) -> Names:
        """Return the names with the number of rows if losses are sums, which grow with it."""
        if not is_sum:
            return names
        long, short = (tr("{name}, sum of {rows:,}", name=name, rows=rows) for name in names)
        return long, short

    def named_part(names: Names, rows: int) -> Names:
        return named(names, evaluated_rows(rows)) if is_sum else _with_sample(names, rows)

    def evaluated(names: Names, value: Callable[[Evaluation], float | None], look: Look) -> Series:
        return _evaluation_series(session, evaluations, glyphs, names, value, look)

    def counted(series: Series, rows: int, accuracy: Callable[[Evaluation], float | None]) -> Series:
        """Return the series with the number of mistakes beside its value, for a loss that does not show them."""
        current = [share for each in evaluations if each.update == session.updates_done and (share := accuracy(each))
                   is not None]  # fmt: skip
        if not (session.engine.loss.is_mistake_driven and current):
            return series
        wrong = round((1 - current[0]) * evaluated_rows(rows))
        return _with_mistakes(series, wrong, evaluated_rows(rows))

    batch = _batch_losses(session, glyphs, named(_batch_names(is_full_batch, has_penalty), session.trace.n))
    train_names = named_part(_train_names() if has_test else _whole_names(), len(data.x))
    train = evaluated(train_names, lambda entry: entry.train_loss, _TRAIN)
    train = counted(train, len(data.x), lambda entry: entry.train_accuracy)
    train = _with_fit(session, train, evaluations, glyphs, lambda entry: (entry.train_r2, entry.train_rmse))
    series = [_joined(batch, train, evaluations)] if _has_one_curve(session, evaluations) else [batch, train]
    if has_test:
        test = evaluated(named_part(_test_names(), len(data.x_test)), lambda entry: entry.test_loss, _TEST)
        test = counted(test, len(data.x_test), lambda entry: entry.test_accuracy)
        series.append(_with_fit(session, test, evaluations, glyphs, lambda entry: (entry.test_r2, entry.test_rmse)))
    if has_penalty and session.other is None:  # the curves of two runs need the room
        series.append(evaluated((tr("penalty"), ""), lambda entry: entry.penalty, _PENALTY))
    return series


def _is_full_batch(session: Session) -> bool:
    return all(segment.engine.batches_per_epoch == 1 for segment in session.run.segments)


def _has_one_curve(session: Session, evaluations: Sequence[Evaluation]) -> bool:
    """Return whether every batch is the training part, and so is what is evaluated: both losses are one curve."""
    has_penalty = any(each.penalty for each in evaluations)
    rows = len(session.experiment.data.x)
    return _is_full_batch(session) and not has_penalty and evaluated_rows(rows) == rows


def _batch_names(is_full_batch: bool, has_penalty: bool) -> Names:
    if is_full_batch:
        return (tr("loss with penalty"), "") if has_penalty else (tr("loss"), "")
    if has_penalty:
        return tr("this batch with penalty"), tr("batch with penalty")
    return tr("this batch"), tr("batch")


def _train_names() -> Names:
    return tr("train set"), tr("train")


def _test_names() -> Names:
    return tr("test set"), tr("test")


def _whole_names() -> Names:
    return tr("whole set"), tr("whole")


def _with_sample(names: Names, rows: int) -> Names:
    """Return the names of a part with ``rows`` rows, and that only a sample of them is evaluated if it is large."""
    count = evaluated_rows(rows)
    if count == rows:
        return names
    long = tr("{name}, {count:,} of {rows:,} rows", name=names[0], count=count, rows=rows)
    return long, tr("{name} sample", name=names[1])


def _batch_losses(session: Session, glyphs: Glyphs, names: Names) -> Series:
    """Return the loss of every pass's batch, as far as it is known."""
    trace = session.trace
    passes, losses = session.run.losses.points()
    is_known = session.cursor >= session.pass_steps.after("loss")
    if not is_known and trace.update == session.run.reached:
        passes, losses = passes[:-1], losses[:-1]
    value, short_value = legend_number(trace.loss, glyphs) if is_known else "", ""
    is_older = session.updates_done == trace.update  # it is the loss of the parameters before the update
    if is_known and is_older:
        short_value = tr("{value} before {update}", value=value, update=trace.update)
        value = tr("{value} before update {update}", value=value, update=trace.update)
    series = Series(
        names[0], passes - 1.0, losses, _BATCH[0], value=value, short_name=names[1], short_value=short_value,
        shape=_BATCH[1],
    )  # fmt: skip
    if not (is_known and session.engine.loss.is_mistake_driven):
        return series
    counted = _with_mistakes(series, batch_mistakes(session.engine, trace), trace.n)
    return replace(counted, short_value=short_value) if is_older else counted


def _with_mistakes(series: Series, wrong: int, rows: int) -> Series:
    """Return the series with a number of mistakes beside its value."""
    long = tr("{value}, {wrong:,} of {total:,} wrong", value=series.value, wrong=wrong, total=rows)
    short = tr("{value}, {wrong:,}/{total:,} wrong", value=series.value, wrong=wrong, total=rows)
    return replace(series, value=long, short_value=short)


def _with_fit(
    session: Session,
    series: Series,
    evaluations: Sequence[Evaluation],
    glyphs: Glyphs,
    fit: Callable[[Evaluation], tuple[float | None, float | None]],
) -> Series:
    """Return the series of a loss with R² and RMSE beside its value, where R² is defined.

    Args:
        session: The session.
        series: The series.
        evaluations: The evaluations.
        glyphs: The characters.
        fit: Returns R² and RMSE of an evaluation.
    """
    reached = [each for each in evaluations if each.update <= session.updates_done]
    r2, rmse = fit(reached[-1]) if reached else (None, None)
    if r2 is None or rmse is None:
        return series
    share, error = fmt(r2, 3, sign=False, glyphs=glyphs), fmt_quantity(rmse, 3, glyphs=glyphs)
    long = tr("{value}, R² {r2}, RMSE {rmse}", value=series.value, r2=share, rmse=error)
    return replace(series, value=long, short_value=tr("{value}, R² {r2}", value=series.value, r2=share))


def _joined(batch: Series, train: Series, evaluations: Sequence[Evaluation]) -> Series:
    """Return both curves as one: the losses of the batches, and after the last pass those of the evaluations."""
    x, y = batch.arrays()
    newer = [each for each in evaluations if x.size and each.update > x[-1]]
    return replace(
        train,
        x=np.concatenate([x, np.array([float(each.update) for each in newer])]),
        y=np.concatenate([y, np.array([each.train_loss for each in newer])]),
        style_key=_BATCH[0],
        shape=_BATCH[1],
    )


def _accuracies(session: Session, glyphs: Glyphs) -> list[Series]:
    return _of_both_parts(
        session, glyphs, lambda entry: entry.train_accuracy, lambda entry: entry.test_accuracy, is_share=True
    )


def _r_squared(session: Session, glyphs: Glyphs) -> list[Series]:
    """Return R² of both parts; a network that is much worse than the mean would take all room, so it is left out."""
    series = _of_both_parts(session, glyphs, lambda entry: entry.train_r2, lambda entry: entry.test_r2)
    if not any((each.arrays()[1] >= _MIN_R2).any() for each in series):
        return series
    return [replace(each, y=np.where(each.arrays()[1] >= _MIN_R2, each.arrays()[1], np.nan)) for each in series]


def _of_both_parts(
    session: Session,
    glyphs: Glyphs,
    train: Callable[[Evaluation], float | None],
    test: Callable[[Evaluation], float | None],
    *,
    is_share: bool = False,
) -> list[Series]:
    """Return a figure of the evaluations of the training part and of the test part, if there is one."""
    data, evaluations = session.experiment.data, known_evaluations(session)

    def evaluated(names: Names, rows: int, value: Callable[[Evaluation], float | None], look: Look) -> Series:
        part = _with_sample(names, rows)
        return _evaluation_series(session, evaluations, glyphs, part, value, look, is_share=is_share)

    look = _BATCH if _has_one_curve(session, evaluations) else _TRAIN  # as in the chart of the loss

    rows = len(data.x)
    if any(test(each) is not None for each in evaluations):
        return [
            evaluated(_train_names(), rows, train, look),
            evaluated(_test_names(), len(data.x_test), test, _TEST),
        ]
    return [evaluated(_whole_names(), rows, train, look)]


def _evaluation_series(
    session: Session,
    evaluations: Sequence[Evaluation],
    glyphs: Glyphs,
    names: Names,
    value: Callable[[Evaluation], float | None],
    look: Look,
    *,
    is_share: bool = False,
) -> Series:
    """Return one value of every evaluation; the legend has the newest one up to the cursor."""
    done = session.updates_done
    factor = 100.0 if is_share else 1.0
    points = [(each.update, factor * number) for each in evaluations if (number := value(each)) is not None]
    reached = [(update, number) for update, number in points if update <= done]
    text = ""
    if reached:
        update, number = reached[-1]
        text = f"{number:.1f}%" if is_share else legend_number(number, glyphs)
        text = text if update == done else tr("{value} at {update}", value=text, update=update)
    x, y = point_arrays(points)
    return Series(names[0], x, y, look[0], value=text, short_name=names[1], shape=look[1])


CHARTS: dict[str, Chart] = {
    "loss": Chart(
        message("Loss"),
        message("The loss after every update: of the batch, and of the whole set or both parts."),
        False,
        _losses,
        empty=message("No loss yet: run a forward pass (`f`)."),
    ),
    "accuracy": Chart(
        message("Accuracy"),
        message("The share of samples classified correctly, of the training and the test part."),
        False,
        _accuracies,
        has_log=False,
        unit="%",
    ),
    "r2": Chart(
        message("R²"),
        message("The explained part of the variance: 1 is perfect, 0 is the mean of that part."),
        False,
        _r_squared,
        has_log=False,
        guide=0.0,
    ),
    "gradient": Chart(
        message("Gradient norm"),
        message("The norm of ∂L/∂W of each layer; the gradients of the samples may cancel."),
        True,
        gradient_norms,
        by_pass=True,
    ),
    "delta": Chart(
        message("Size of δ"),
        message("How large δ is in each layer: the mean of |δ| over its units and the samples."),
        True,
        delta_sizes,
        by_pass=True,
    ),
    "ratio": Chart(
        message("Update/weight"),
        message("How far each update moves a layer: ‖ΔW‖ / ‖W‖; about 0.001 (dashed) is usual."),
        True,
        update_ratios,
        by_pass=True,
        guide=1e-3,
    ),
    "eta": Chart(
        message("Learning rate"), message("The learning rate η of every pass."), False, learning_rates, by_pass=True
    ),
}
"""The charts by name, in the order in which the key goes through them."""
