"""The page of the findings, and the trial of a change that may help."""

from __future__ import annotations

from nn_tui.core.diagnosis.finding import Finding
from nn_tui.core.diagnosis.trial import trial_runs
from nn_tui.core.errors import InputError
from nn_tui.core.lesson.index import lessons_about
from nn_tui.core.translation import message
from nn_tui.tui.actions.lesson import open_place
from nn_tui.tui.pipeline import SessionScreen
from nn_tui.tui.session import branches
from nn_tui.tui.session.session import select, with_message
from nn_tui.tui.views import health, trial


async def show_health(screen: SessionScreen) -> None:
    """Show the findings: problems, causes and changes that help; try one of the changes."""
    await screen.pause()
    # Imported here, because the start of the app waits for every import and this screen is seldom opened.
    from nn_tui.tui.screens.health import HealthScreen

    session = screen.session
    findings = health.current_findings(session)
    page = HealthScreen(findings, lambda width: health.page(session, screen.palette, width), screen.palette)
    choice = await screen.ask(page)
    if choice is None:
        return
    finding = findings[choice.finding]
    if choice.is_lesson:
        await open_place(screen, lessons_about(finding.kind)[0])
    elif choice.remedy is None:
        ref = finding.refs[0]
        screen.apply_view_move(lambda s: select(s, ref))
    else:
        await _try_change(screen, finding, finding.remedies[choice.remedy])


async def _try_change(screen: SessionScreen, finding: Finding, change: str) -> None:
    """Train a run with a change beside the run on screen, and show which is better."""
    from nn_tui.tui.screens.health import TrialProgress, TrialScreen

    session = screen.session
    try:
        runs = trial_runs(session.run, finding, change, session.updates_done)
    except InputError as error:
        text = message("{change} cannot be tried: {problem}", change=change, problem=error.sentence)
        screen.show(with_message(session, text))
        return
    outcome = await screen.ask(TrialProgress(runs, screen.palette))
    if outcome is None:
        return
    if await screen.ask(TrialScreen(lambda width: trial.document(outcome, screen.palette, width))):
        await screen.pause()
        text = message("{result} `a` shows the other run, `c` ends the comparison.", result=trial.result(outcome))
        screen.show(with_message(branches.compare(screen.session, outcome.run), text))
