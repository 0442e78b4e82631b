"""What can be plotted of a run: each chart as series of the session, up to what the cursor has reached.

The losses and accuracies lie at the number of updates that the parameters had when they were measured: pass N
starts from the parameters after N − 1 updates. Gradients, steps and η lie at the number of their pass.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from operator import itemgetter

import numpy as np

from nn_tui.core.run.curves import Evaluation
from nn_tui.tui.draw.glyphs import Glyphs
from nn_tui.tui.draw.numbers import fmt
from nn_tui.tui.draw.series import Series
from nn_tui.tui.session.session import Session
from nn_tui.tui.views import compare

_FAR_APART = 10.0  # times the smaller of two losses
RECENT = 200  # passes, or a tenth of the run where that is more
SHOWN_DIGITS = 4
LAYERS = 8  # curves that can still be told apart; of more layers the first and the last ones are drawn
# The colours of run B of two that are compared; every curve has a mark of its own besides.
_OTHER_STYLES = {
    "train": "class1", "test": "class5", "class2": "class3", "accent": "class1",
    **{f"class{k}": f"class{(k + 5) % 10}" for k in range(10) if k != 2},
}  # fmt: skip


@dataclass(frozen=True, slots=True)
class Chart:
    """One chart: its title and what it says in a sentence, whether ``L`` begins from a log scale, and its series."""

    title: str
    sentence: str
    log: bool
    series: Callable[[Session, Glyphs], list[Series]]
    by_pass: bool = False
    guide: float | None = None
    empty: str = "Nothing measured yet: run a whole pass (`n`)."


def name_of(session: Session) -> str:
    """The name of the chart on screen; the loss where the chosen one has nothing to show for this data."""
    return session.chart if session.chart in names(session) else "loss"


def chart_of(session: Session) -> Chart:
    """The chart on screen."""
    return CHARTS[name_of(session)]


def names(session: Session) -> list[str]:
    """The charts that say something about this run, in the order in which they follow one another."""
    judged = any(sample.train_accuracy is not None for sample in session.run.evaluations.items[:1])
    return [name for name in CHARTS if name != "accuracy" or judged]


def is_log(session: Session) -> bool:
    """Whether the chart on screen is drawn on a log scale; shares of right answers never are."""
    name = name_of(session)
    if name == "loss":
        return "loss" not in session.swapped if is_far_apart(session) else session.log
    return name != "accuracy" and (name in session.swapped) != CHARTS[name].log


def is_far_apart(session: Session) -> bool:
    """Whether two compared runs have losses that a linear scale cannot tell from 0: it begins as a log scale then."""
    if session.other is None:
        return False
    newest = [one.evaluations.items[-1:] for one in (session.run, session.other)]
    losses = [samples[0].train_loss for samples in newest if samples]
    return len(losses) == 2 and 0 < min(losses) * _FAR_APART < max(losses) < np.inf


def cursor(session: Session) -> float:
    """Where the session stands on the chart's x axis."""
    return float(session.trace.update if chart_of(session).by_pass else session.updates_done)


def window(session: Session) -> tuple[float, float]:
    """The stretch of x that is drawn."""
    if not session.recent:
        return -np.inf, np.inf
    reached = session.run.reached
    span = max(RECENT, reached // 10)
    end = min(reached, session.updates_done + span // 2)
    return float(end - span), float(end)


def shown_series(session: Session, glyphs: Glyphs) -> list[Series]:
    """The series of the chart on screen within its window, of both runs where two are compared.

    Without values while they run away.
    """
    low, high = window(session)
    out = []
    for one in _of_both(session, glyphs):
        x, y = np.asarray(one.x, dtype=np.float64), np.asarray(one.y, dtype=np.float64)
        inside = (x >= low) & (x <= high)
        out.append(replace(one, x=x[inside], y=y[inside], value="" if session.running else one.value))
    return out


def _of_both(session: Session, glyphs: Glyphs) -> list[Series]:
    """The chart's series of the run on screen; with those of the run compared with each is named by its run."""
    make = chart_of(session).series
    other = compare.other_session(session)
    if other is None:
        return make(session, glyphs)
    own, others = ([one for one in make(each, glyphs) if one.name != "penalty"] for each in (session, other))
    if session.other_trace is None:  # what stands in for its pass has no values of its own
        others = [replace(one, value="") for one in others]
    out = []
    # A first, in its own colours and with its own marks, whichever run is on screen.
    for letter, series in sorted(zip(compare.letters(session), (own, others), strict=True), key=itemgetter(0)):
        for one in series:
            key = one.style_key if letter == "A" else _OTHER_STYLES.get(one.style_key, one.style_key)
            out.append(replace(one, name=f"{letter} {one.name}", style_key=key, group=letter))
    return out


def known_samples(session: Session) -> list[Evaluation]:
    """The whole-set figures up to the cursor: the update of a pass that is still being walked is not known yet."""
    taken = list(session.run.evaluations.items)
    ahead = session.updates_done < session.trace.update == session.run.reached
    return [one for one in taken if one.update < session.trace.update] if ahead else taken


def _losses(session: Session, glyphs: Glyphs) -> list[Series]:
    trace = session.trace
    x, y = session.run.losses.points()
    knows = session.cursor >= session.pass_steps.after("loss")
    if not knows and trace.update == session.run.reached:
        x, y = x[:-1], y[:-1]
    samples = known_samples(session)
    at = session.updates_done
    whole = all(segment.engine.batches_per_epoch == 1 for segment in session.run.segments)
    penalised = any(one.penalty for one in samples)
    tested = any(one.test_loss is not None for one in samples)
    value = _number(trace.loss, glyphs) if knows else ""
    if knows and at == trace.update:  # the pass has had its update: its loss is that of the parameters before
        value += f" at {at - 1}"
    named = "loss" if whole else "this batch"
    named += " with penalty" if penalised else ""
    summed = session.experiment.training.reduction == "sum" and (tested or not whole)

    def of(name: str, rows: int) -> str:
        # Sums over parts of different sizes are no measure of which part is answered better.
        return f"{name}, sum of {rows:,}" if summed else name

    data = session.experiment.data
    named = of(named, trace.n)
    out = [Series(named, x - 1.0, y, "train", value=value)]
    set_name = of("train set" if tested else "whole set", len(data.x))
    trained = _sampled(set_name, samples, lambda one: one.train_loss, "class2", at, glyphs)
    if whole and not penalised:
        # The batch is the whole set: both are one curve, whose last point no pass that is known has started from.
        newest = [one for one in samples if x.size and one.update > x[-1] - 1.0]
        tail = np.array([one.train_loss for one in newest]), np.array([float(one.update) for one in newest])
        joined = np.concatenate([x - 1.0, tail[1]]), np.concatenate([y, tail[0]])
        out = [replace(trained, x=joined[0], y=joined[1], style_key="train")]
    else:
        out.append(trained)
    if tested:
        out.append(_sampled(of("test set", len(data.x_test)), samples, lambda one: one.test_loss, "test", at, glyphs))
    if penalised:
        out.append(_sampled("penalty", samples, lambda one: one.penalty, "class3", at, glyphs))
    return out


def _accuracies(session: Session, glyphs: Glyphs) -> list[Series]:
    samples, at = known_samples(session), session.updates_done
    tested = any(one.test_accuracy is not None for one in samples)
    out = [
        _sampled(
            "train set" if tested else "whole set",
            samples,
            lambda one: one.train_accuracy,
            "train",
            at,
            glyphs,
            share=True,
        )
    ]
    if tested:
        out.append(_sampled("test set", samples, lambda one: one.test_accuracy, "test", at, glyphs, share=True))
    return out


def _sampled(
    name: str,
    samples: Sequence[Evaluation],
    figure: Callable[[Evaluation], float | None],
    style_key: str,
    at: int,
    glyphs: Glyphs,
    *,
    share: bool = False,
) -> Series:
    """One figure of every sample, and its newest value up to update ``at``, which says when it is an older one."""
    pairs = [(one.update, value) for one in samples if (value := figure(one)) is not None]
    before = [(update, value) for update, value in pairs if update <= at]
    text = ""
    if before:
        update, value = before[-1]
        text = f"{value:.1%}" if share else _number(value, glyphs)
        text += "" if update == at else f" at {update}"
    x, y = np.array([float(u) for u, _ in pairs]), np.array([v for _, v in pairs], dtype=np.float64)
    return Series(name, x, y, style_key, value=text)


def _gradients(session: Session, glyphs: Glyphs) -> list[Series]:
    trace = session.trace
    exact = {
        layer: float(np.linalg.norm(dw))
        for layer, dw in enumerate(trace.dw)
        if not session.running and session.known_units("dw", layer) == len(dw)
    }
    return _by_layer(session, glyphs, lambda one: one.gradient_norms, exact)


def _ratios(session: Session, glyphs: Glyphs) -> list[Series]:
    exact = {} if session.running else dict(enumerate(_steps(session)))
    return _by_layer(session, glyphs, lambda one: one.update_ratios, exact)


def _steps(session: Session) -> list[float]:
    """‖ΔW‖ / ‖W‖ of every layer in this pass, once it has updated."""
    if session.cursor < session.pass_steps.end:
        return []
    states = zip(session.trace.before.weights, session.trace.after.weights, strict=True)
    with np.errstate(all="ignore"):
        return [float(np.linalg.norm(new - old) / np.linalg.norm(old)) for old, new in states]


def _by_layer(
    session: Session, glyphs: Glyphs, figure: Callable[[Evaluation], tuple[float, ...]], exact: dict[int, float]
) -> list[Series]:
    """One series a layer at the pass numbers; ``exact`` are the values of the pass on screen where they are known."""
    trace, count = session.trace, len(session.engine.sizes) - 1
    most = LAYERS if session.other is None else LAYERS // 2
    layers = range(count) if count <= most else [*range(most // 2), *range(count - most // 2, count)]
    samples = [one for one in list(session.run.evaluations.items) if figure(one)]
    out = []
    for layer in layers:
        ahead = trace.update == session.run.reached and not session.running and layer not in exact
        pairs = [
            (one.update, figure(one)[layer])
            for one in samples
            if layer < len(figure(one)) and not (ahead and one.update == trace.update)
        ]
        if layer in exact and not any(update == trace.update for update, _ in pairs):
            pairs = sorted([*pairs, (trace.update, exact[layer])])
        x, y = np.array([float(u) for u, _ in pairs]), np.array([v for _, v in pairs], dtype=np.float64)
        value = _number(exact[layer], glyphs) if layer in exact else ""
        out.append(Series(f"L{layer + 1}", x, y, f"class{layer % 10}", value=value))
    return out


def _etas(session: Session, glyphs: Glyphs) -> list[Series]:
    run = session.run
    end = max(run.reached, session.trace.update)
    x: list[float] = []
    y: list[float] = []
    for segment, following in zip(run.segments, [*run.segments[1:], None], strict=True):
        last = end if following is None else following.start
        if last <= segment.start:
            continue
        eta = segment.experiment.training.optimizer.learning_rate
        x += [segment.start + 1.0, float(last)]
        y += [eta, eta]
    value = f"{session.experiment.training.optimizer.learning_rate:g}"
    return [Series(glyphs.eta, np.array(x), np.array(y), "accent", value=value)]


def _number(value: float, glyphs: Glyphs) -> str:
    return fmt(value, SHOWN_DIGITS, sign=False, glyphs=glyphs)


CHARTS: dict[str, Chart] = {
    "loss": Chart(
        "Loss",
        "The loss after every update: of the batch, and of the whole set or both parts.",
        False,
        _losses,
        empty="No loss yet: run a forward pass (`f`).",
    ),
    "accuracy": Chart(
        "Accuracy", "The share of samples classified correctly, of the training and the test part.", False,
        _accuracies,
    ),
    "gradient": Chart(
        "Gradient norm", "How large each layer's gradient is: the root of the sum of its squared ∂L/∂w.", True,
        _gradients, by_pass=True,
    ),
    "ratio": Chart(
        "Update/weight", "How far each update moves a layer: ‖ΔW‖ / ‖W‖; about 0.001 (dashed) is usual.", True,
        _ratios, by_pass=True, guide=1e-3,
    ),
    "eta": Chart("Learning rate", "The learning rate η of every pass.", False, _etas, by_pass=True),
}  # fmt: skip
