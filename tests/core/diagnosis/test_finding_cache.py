"""Tests of the cache of findings: it returns the result of diagnose(), and its size is limited."""

from __future__ import annotations

from nn_tui.core.diagnosis.diagnose import diagnose
from nn_tui.core.diagnosis.finding_cache import FindingCache
from nn_tui.core.engine.trace import Trace
from nn_tui.core.preset.loader import open_experiment
from nn_tui.core.run.run import Run


def passes(run: Run, count: int) -> list[Trace]:
    """Return the first passes of a run; the run holds their traces."""
    return [run.trace(update) for update in range(1, count + 1)]


def test_the_findings_are_those_of_the_pass() -> None:
    run, cache = Run.start(open_experiment("dying-relu")), FindingCache()
    for trace in passes(run, 8) * 2:
        for updates_done in (trace.update - 1, trace.update):
            assert cache.diagnose(run, trace, updates_done) == diagnose(run, trace, updates_done)
    assert len(cache) == 16


def test_a_pass_is_diagnosed_once() -> None:
    run, cache = Run.start(open_experiment("dying-relu")), FindingCache()
    (trace,) = passes(run, 1)
    assert cache.get(run, trace, 0) is None and cache.newest(run) is None
    findings = cache.diagnose(run, trace, 0)
    assert cache.diagnose(run, trace, 0) is findings is cache.get(run, trace, 0) is cache.newest(run)


def test_the_oldest_passes_are_dropped() -> None:
    run, cache = Run.start(open_experiment("xor")), FindingCache(max_passes=3)
    traces = passes(run, 5)
    for trace in traces:
        cache.diagnose(run, trace, trace.update)
    assert [cache.get(run, trace, trace.update) is not None for trace in traces] == [False, False, True, True, True]
    assert len(cache) == 3


def test_another_run_has_findings_of_its_own() -> None:
    one, other, cache = Run.start(open_experiment("xor-zeros")), Run.start(open_experiment("xor")), FindingCache()
    (mine,), (theirs,) = passes(one, 1), passes(other, 1)
    findings = cache.diagnose(one, mine, 1)
    assert cache.get(other, theirs, 1) is None and cache.newest(other) is None
    assert cache.diagnose(other, theirs, 1) != findings
    assert cache.get(one, mine, 1) is None


def test_the_effort_is_large_where_a_standstill_has_to_be_explained() -> None:
    run, cache = Run.start(open_experiment("xor-221-stuck")), FindingCache()
    run.goto(2000)
    for update, is_large in ((3, False), (2000, True)):
        trace = run.trace(update)
        cache.diagnose(run, trace, update)
        assert (cache.last_effort > 50) == is_large
        run.release(trace)


def test_a_replay_of_the_first_updates_runs_in_parts() -> None:
    run, cache = Run.start(open_experiment("too-fast")), FindingCache()
    run.goto(201)
    trace = run.trace(201)
    findings = diagnose(run, trace, 201)
    assert findings[0].kind == "learning_rate_high"
    assert cache.diagnose_quickly(run, trace, 201) is None and cache.get(run, trace, 201) is None
    parts = [cache.diagnose_in_parts(run, trace, 201) for _ in range(100)]
    count = parts.count(None)
    assert 20 < count < 100 and parts[count:] == [findings] * (100 - count)
    assert cache.diagnose_quickly(run, trace, 201) is cache.newest(run) is parts[-1]


def test_a_run_that_needs_a_replay_does_not_show_the_findings_of_another() -> None:
    one, other, cache = Run.start(open_experiment("xor-zeros")), Run.start(open_experiment("too-fast")), FindingCache()
    assert cache.diagnose(one, one.trace(1), 1)
    other.goto(201)
    assert cache.diagnose_quickly(other, other.trace(201), 201) is None
    assert cache.newest(other) is None
