"""Tests of the words that say to which parameters the numbers of a view belong."""

from __future__ import annotations

from nn_tui.tui.session import stepping
from nn_tui.tui.session.session import new_session
from nn_tui.tui.status import header, phases
from nn_tui.tui.views import chart_panel, network
from nn_tui.tui.views.output import panel as output
from tests._app import DARK, experiment


def test_all_views_count_updates_and_say_before_or_after() -> None:
    session = stepping.whole_pass(new_session(experiment("iris")))
    for move, of_pass in (
        (stepping.forward, "after update 1"),
        (stepping.backward, "after update 1"),
        (stepping.update, "before update 2"),
    ):
        session = move(session)
        now = f"after update {session.updates_done}"
        titles = [view.title(session, DARK) for view in (output, chart_panel)]
        assert all(title.endswith(f" · {now}") for title in titles)
        assert f" · {now} · " in header.draw(session, DARK, 120, 1)[0].text
        assert network.title(session, DARK) == f"Network · {of_pass}"
        assert ("before" in phases.draw(session, DARK, 120, 1)[0].text) == ("before" in of_pass)


def test_the_loss_of_a_batch_is_of_the_update_that_it_leads_to() -> None:
    session = stepping.whole_pass(stepping.whole_pass(new_session(experiment("digits"))))
    assert "before update 2" in phases.draw(session, DARK, 120, 1)[0].text
    text = "\n".join(line.text for line in chart_panel.draw(session, DARK, 118, 33))
    assert f"this batch {session.trace.loss:.4f} before update 2" in text
    gradient = chart_panel.title(chart_panel.next_chart(chart_panel.next_chart(session)), DARK)
    assert gradient.startswith("Gradient norm") and gradient.endswith("for update 2")
