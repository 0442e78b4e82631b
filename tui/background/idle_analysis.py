"""Health findings and the history of the selected number.

They are computed at once if that is quick, else when no key has been pressed for 50 ms. Then the lessons are read, too.
"""

from __future__ import annotations

from dataclasses import replace
from threading import Lock
from time import perf_counter

from nn_tui.core.diagnosis.finding_cache import FindingCache, Findings
from nn_tui.core.explain.history import History, HistoryCache, compute_history, estimate_seconds
from nn_tui.core.lesson.loader import lesson_ids, load_lesson
from nn_tui.core.run.run import Run
from nn_tui.tui.session.session import Session
from nn_tui.tui.session.timeline import SCRUB_UPDATES

MAX_LIGHT_PASS = 2_000_000  # multiply-adds of a pass that is computed with every key press
MAX_EFFORT = 20  # passes over the training set of the last diagnosis; after more, the next one waits for a pause
MAX_HISTORY_SECONDS = 0.006  # a history that takes longer is computed after the key press
IDLE_DELAY = 0.05  # seconds without a key after which the rest is computed
PART_DELAY = 0.005  # seconds between two parts of it, for a key to arrive
READING_SECONDS = 0.003  # after which no other lesson is read before a key may arrive


class IdleAnalysis:
    """Adds the findings and the history to a session.

    Args:
        other_run_lock: Held by the thread that trains the run compared with. A replay at that time would change the
            number of BLAS threads that it uses.
    """

    def __init__(self, other_run_lock: Lock) -> None:
        self.other_run_lock = other_run_lock
        self._finding_cache = FindingCache()
        self._history_owner: tuple[Run, int] | None = None  # the run and its last edit
        self._history_cache = HistoryCache()
        self._unread_lessons = list(reversed(lesson_ids()))  # which `?`, `i` and `o` offer

    def add_findings(self, session: Session) -> Session:
        """Return the session with the findings of its pass; none while it runs.

        If they take too long, they are for a moment those of the pass that was diagnosed last; none after a change.
        """
        if session.running:
            return replace(session, findings=()) if session.findings else session
        findings = None
        if self._is_quick(session) or self._has_findings(session):
            findings = self._finding_cache.diagnose_quickly(session.run, session.trace, session.updates_done)
        if findings is None:
            findings = self._finding_cache.newest(session.run)
        return _with_findings(session, findings or ())

    def add_history(self, session: Session) -> Session:
        """Return the session with the history of the selected number; none while it runs, or if it takes too long."""
        if session.running:
            return replace(session, history=None) if session.history else session
        if _is_current(session.history, session):
            return session
        duration = estimate_seconds(session.run, session.trace, session.ref, self._cache_for(session))
        is_fast = duration < MAX_HISTORY_SECONDS and not self.is_blocked
        return replace(session, history=self._history(session) if is_fast else None)

    def is_complete(self, session: Session) -> bool:
        """Return whether nothing is left to compute, or nothing may be, because the session runs."""
        is_computed = _is_light(session) and self._has_findings(session) and session.history is not None
        return session.running or (is_computed and not self._unread_lessons)

    @property
    def is_blocked(self) -> bool:
        """Whether nothing may be computed now, because a thread trains the run compared with."""
        return self.other_run_lock.locked()

    def add_missing(self, session: Session) -> Session | None:
        """Compute a part of what is missing: the history, the findings, or a pass that a key may show next.

        When nothing of these is left, read some of the lessons.

        Returns:
            The session with that part; None when nothing is left.
        """
        if session.running:
            return None
        if session.history is None:
            return replace(session, history=self._history(session))
        if not self._has_findings(session):
            findings = self._finding_cache.diagnose_in_parts(session.run, session.trace, session.updates_done)
            return session if findings is None else _with_findings(session, findings)
        if not _prepare_passes(session):
            return session
        return session if self._read_lessons() else None

    def _read_lessons(self) -> bool:
        """Read some of the shipped lessons, so that no key waits for them; return whether there was one to read."""
        if not self._unread_lessons:
            return False
        end = perf_counter() + READING_SECONDS
        while self._unread_lessons and perf_counter() < end:
            load_lesson(self._unread_lessons.pop())
        return True

    def _is_quick(self, session: Session) -> bool:
        """Return whether the findings can be computed with every key press; those of a standstill take longer."""
        return _is_light(session) and self._finding_cache.last_effort <= MAX_EFFORT

    def _has_findings(self, session: Session) -> bool:
        return self._finding_cache.get(session.run, session.trace, session.updates_done) is not None

    def _history(self, session: Session) -> History:
        return compute_history(session.run, session.trace, session.ref, self._cache_for(session))

    def _cache_for(self, session: Session) -> HistoryCache:
        owner = (session.run, session.run.segment(session.trace.update - 1).start)
        if owner != self._history_owner:
            self._history_owner, self._history_cache = owner, HistoryCache()
        return self._history_cache


def _with_findings(session: Session, findings: Findings) -> Session:
    return session if session.findings == findings else replace(session, findings=findings)


def _is_light(session: Session) -> bool:
    """Return whether a pass with its findings can be computed with every key press."""
    return bool(session.engine.batch * session.engine.parameters < MAX_LIGHT_PASS)


def _prepare_passes(session: Session) -> bool:
    """Compute a part of the passes that a key may show next. Return True when nothing is left to prepare."""
    if _is_light(session) or session.other is not None or session.run.divergence:
        return True
    updates = session.trace.update + 1, session.updates_done - SCRUB_UPDATES
    return not any(map(session.run.prepare, updates))


def _is_current(past: History | None, session: Session) -> bool:
    """Return whether a history is that of the selection, up to the pass on screen."""
    return (
        past is not None
        and past.ref == session.ref
        and past.run is session.run
        and past.updates[-1:] == (session.trace.update,)
    )
