"""The command that trains many runs: from many initial weights, or with all combinations of some settings."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from typing import TYPE_CHECKING

import numpy as np

from nn_tui.core.edits.network import require_random_weights
from nn_tui.core.engine.engine import Engine
from nn_tui.core.errors import InputError
from nn_tui.core.nn.initializers import has_random_weights
from nn_tui.core.preset.from_network import restarted_experiment
from nn_tui.core.spec import Experiment
from nn_tui.core.translation import tr
from nn_tui.tui.pipeline import SessionScreen
from nn_tui.tui.screens.text import TextScreen
from nn_tui.tui.session.overlay import open_runs
from nn_tui.tui.session.session import Session

if TYPE_CHECKING:
    from nn_tui.core.sweep.grid import Combination
    from nn_tui.tui.screens.many_runs import ManyRuns
    from nn_tui.tui.screens.sweep import SweepAnswer
    from nn_tui.tui.session.sweep_table import SweepTable

DEFAULT_UPDATES = 1000


async def many_runs(screen: SessionScreen) -> None:
    """Show the table of the last sweep of this network, or ask what to train, and train it."""
    await screen.pause()
    # Imported here, because the start of the app waits for every import and these screens are seldom opened.
    from nn_tui.tui.screens.sweep import NEW_SWEEP

    table = _last_table(screen)
    answer: SweepAnswer | None = NEW_SWEEP
    if table is not None:
        answer = await _show_table(screen, table, ())
    while answer == NEW_SWEEP:
        request = await _ask(screen)
        if request is None:
            return
        if not request.combinations:
            await _train_starts(screen, request)
            return
        answer = await _show_table(screen, _new_table(screen.session, request), request.combinations)
    if screen.sweep is not None and isinstance(answer, tuple):
        await _open_rows(screen, screen.sweep, answer)


def _last_table(screen: SessionScreen) -> SweepTable | None:
    """Return the table of the last sweep if a run of the session has its preset; another network has no table yet."""
    table = screen.sweep
    presets = (segment.experiment.preset for run in screen.session.runs for segment in run.segments)
    return table if table is not None and any(preset is table.experiment.preset for preset in presets) else None


async def _ask(screen: SessionScreen) -> ManyRuns | None:
    """Ask what to train; the fields begin with what was typed for its last sweep."""
    from nn_tui.tui.screens.many_runs import DEFAULT_STARTS, ManyRuns, ManyRunsPrompt

    experiment, last = screen.session.experiment, _last_table(screen)
    has_random = has_random_weights(experiment.layers)
    expect = experiment.preset.expect
    form = ManyRuns(DEFAULT_STARTS if has_random else 1, expect.updates if expect else DEFAULT_UPDATES)
    if last is not None:
        form = ManyRuns(last.starts, last.updates, last.text)

    def check(request: ManyRuns) -> None:
        if request.starts > 1:
            require_random_weights(experiment)
        _check_combinations(_start(screen.session, request), request.combinations)

    return await screen.ask(ManyRunsPrompt(form, check, has_random=has_random))


def _check_combinations(experiment: Experiment, combinations: Sequence[Combination]) -> None:
    """Raise the error of the first combination if none of them is valid; a table says why single ones are not."""
    from nn_tui.core.sweep.row import start_of

    first: InputError | None = None
    for combination in combinations:
        try:
            start_of(experiment, combination)
        except InputError as error:
            first = first or error
        else:
            return
    if first is not None:
        raise first


async def _train_starts(screen: SessionScreen, request: ManyRuns) -> None:
    """Train the network on screen from many initial weights, and show how many of the runs got stuck."""
    from nn_tui.tui.screens.seeds import SeedsProgress
    from nn_tui.tui.screens.seeds_results import results_page

    progress = SeedsProgress(screen.session.experiment, request.starts, request.updates, screen.palette)
    result = await screen.app.push_screen_wait(progress)
    keys = screen.session.key_labels
    screen.app.push_screen(
        TextScreen(tr("Many starts"), lambda width: results_page(result, screen.palette, width, keys))
    )


def _start(session: Session, request: ManyRuns) -> Experiment:
    """Return the experiment that a sweep trains: that of the pass on screen from the start of its run.

    Weights that were changed at the start stay if there is one start; other starts draw the weights again.
    """
    experiment, state = session.experiment, session.run.segment(0).state
    if request.starts > 1:
        return experiment
    drawn = Engine(experiment).initial_state()
    is_same = drawn.array.shape != state.array.shape or np.array_equal(drawn.array[0], state.array[0])
    return experiment if is_same else restarted_experiment(experiment, state)


def _new_table(session: Session, request: ManyRuns) -> SweepTable:
    from nn_tui.tui.session.sweep_table import SweepTable

    count = len(request.combinations)
    return SweepTable(_start(session, request), request.text, request.starts, request.updates, count)


async def _show_table(
    screen: SessionScreen, table: SweepTable, combinations: Sequence[Combination]
) -> SweepAnswer | None:
    """Train combinations, show the table, and return what was chosen; the table stays for the next time."""
    from nn_tui.tui.screens.sweep import SweepScreen

    shown = SweepScreen(table, combinations, screen.palette)
    answer: SweepAnswer | None = await screen.ask(shown)
    if shown.table.rows:
        screen.sweep = replace(shown.table, note="")
    return answer


async def _open_rows(screen: SessionScreen, table: SweepTable, chosen: Sequence[int]) -> None:
    """Add the runs of some rows to the session and show them; those that were opened before are not trained again."""
    from nn_tui.tui.screens.sweep import RunsProgress
    from nn_tui.tui.session.sweep_table import current_row

    opened = {index: run for index, run in table.opened.items() if run in screen.session.runs}
    missing = [index for index in chosen if index not in opened]
    if missing:
        trained = await screen.ask(RunsProgress(table, missing, screen.palette))
        if trained is None:
            return
        opened |= dict(zip(missing, trained, strict=True))
    screen.sweep = replace(table, opened=opened)
    current = current_row(table)
    shown = opened[chosen[0] if current is None or current not in chosen else current]
    await screen.pause()
    screen.show(open_runs(screen.session, [opened[index] for index in chosen], shown))
