"""Tests of the arrangement of a lesson: its text is always whole, and no panel overlaps another one."""

from __future__ import annotations

from itertools import combinations

from hypothesis import given, settings
from hypothesis import strategies as st
from textual.geometry import Region

from nn_tui.tui.registry import TABS, VIEWS
from nn_tui.tui.session.session import new_session
from nn_tui.tui.views.arrangement import PanelNeeds
from nn_tui.tui.views.lesson_arrangement import MIN_BESIDE_WIDTH, LessonNeeds, arrange_lesson
from nn_tui.tui.views.panel_needs import panel_needs
from tests._app import DARK, experiment
from tests.tui._lessons import session_at, small_lesson

NEEDS = [panel_needs(session, DARK.glyphs) for session in (session_at(small_lesson()), new_session(experiment("xor")))]


def names_shown(tab: str, width: int, *, is_low: bool, is_maximised: bool) -> list[str]:
    """Return the views that the style sheet shows."""
    if is_maximised:
        return [tab]
    if width < MIN_BESIDE_WIDTH:
        return [tab] if is_low or VIEWS[tab].is_alone else [*dict.fromkeys((tab, "arithmetic"))]
    if width < 160:
        return list(dict.fromkeys(("network", tab, "output", "arithmetic")))
    return [name for name, view in VIEWS.items() if name == tab or not view.is_on_demand]


@settings(max_examples=300)
@given(
    needs=st.sampled_from(NEEDS),
    tab=st.sampled_from(TABS),
    width=st.integers(60, 260),
    height=st.integers(10, 90),
    cells=st.integers(50, 700),
    is_asking=st.booleans(),
    is_maximised=st.booleans(),
)
def test_the_text_is_whole_and_the_views_fill_the_rest(
    needs: PanelNeeds, tab: str, width: int, height: int, cells: int, is_asking: bool, is_maximised: bool
) -> None:
    lesson = LessonNeeds(
        lines=lambda room: 1 + cells // (room - 3),
        bordered_lines=lambda room: 3 + cells // (room - 4),
        is_asking=is_asking,
    )
    names = names_shown(tab, width, is_low=height < 14, is_maximised=is_maximised)
    places = arrange_lesson(lesson, needs, tab, names, width, height)
    assert set(places) <= {"lesson", *names}
    assert sum(place.area for place in places.values()) == width * height
    assert Region.from_union(list(places.values())) == Region(0, 0, width, height)
    assert not any(one.overlaps(other) for one, other in combinations(places.values(), 2))
    text = places["lesson"]
    is_beside = width >= MIN_BESIDE_WIDTH
    needed = lesson.bordered_lines(text.width) if is_beside else lesson.lines(text.width)
    assert text.height >= min(needed, height)
    if is_beside:
        assert len(names) == 1 or tab in places or "arithmetic" in places
    if not is_beside and height - needed >= 5:
        assert len(places) > 1
    assert is_asking or tab in places or len(places) == 1, "the chosen view is shown"
    assert all(place.height >= 3 for name, place in places.items() if name != "lesson")
