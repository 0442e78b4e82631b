"""A cache of the findings of one run."""

from __future__ import annotations

from nn_tui.core.diagnosis.diagnose import diagnose
from nn_tui.core.diagnosis.facts import Facts, ReplayNeeded
from nn_tui.core.diagnosis.finding import Finding
from nn_tui.core.engine.trace import Trace
from nn_tui.core.run.run import Run

Findings = tuple[Finding, ...]


class FindingCache:
    """The findings of the passes of a run that were diagnosed last.

    Args:
        max_passes: The largest number of passes in the cache; the oldest entry is evicted first.

    Attributes:
        last_effort: How many passes over the training set the last diagnosis has computed to explain a standstill.
    """

    def __init__(self, max_passes: int = 256) -> None:
        self._max_passes = max_passes
        self._run: Run | None = None
        self._findings: dict[tuple[int, int], Findings] = {}  # by pass and updates done
        self._facts: Facts | None = None
        self._replay: ReplayNeeded | None = None
        self._newest: Findings | None = None
        self.last_effort = 0

    def __len__(self) -> int:
        """Return the number of passes in the cache."""
        return len(self._findings)

    def get(self, run: Run, trace: Trace, updates_done: int) -> Findings | None:
        """Return the findings of a pass; None if they are not in the cache."""
        return self._findings.get((trace.update, updates_done)) if run is self._run else None

    def newest(self, run: Run) -> Findings | None:
        """Return the findings of the run that were asked for last; None if none were."""
        return self._newest if run is self._run else None

    def diagnose(self, run: Run, trace: Trace, updates_done: int) -> Findings:
        """Return the findings of a pass, from the cache or computed. Another run empties the cache first."""
        if run is not self._run:
            self._run, self._findings, self._newest, self.last_effort = run, {}, None, 0
        key = trace.update, updates_done
        if key not in self._findings:
            if len(self._findings) >= self._max_passes:
                del self._findings[next(iter(self._findings))]
            facts = self._facts_of(run, trace)
            before = facts.full_batch.passes
            self._findings[key] = diagnose(run, trace, updates_done, facts)
            self.last_effort = facts.full_batch.passes - before
        self._newest = self._findings[key]
        return self._newest

    def diagnose_quickly(self, run: Run, trace: Trace, updates_done: int) -> Findings | None:
        """Return the findings of a pass; None if they need a replay of the first updates, which takes longer."""
        facts = self._facts_of(run, trace)
        with facts.without_replays():
            try:
                return self.diagnose(run, trace, updates_done)
            except ReplayNeeded as needed:
                self._replay = needed
        return None

    def diagnose_in_parts(self, run: Run, trace: Trace, updates_done: int) -> Findings | None:
        """Return the findings of a pass, or run a few of the updates that they need, and return None."""
        facts, needed = self._facts_of(run, trace), self._replay
        if needed is None:
            return self.diagnose_quickly(run, trace, updates_done)
        if facts.replay_part(needed.rate, needed.count):
            self._replay = None
        return None

    def _facts_of(self, run: Run, trace: Trace) -> Facts:
        segment = run.segment(trace.update - 1)
        if self._facts is None or self._facts.engine is not segment.engine:
            self._facts, self._replay = Facts(segment), None
        return self._facts
