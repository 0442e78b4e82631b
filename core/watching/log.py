"""The log of a watched program: a line for the first update, for each change, and for the last one."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field

from nn_tui.core.translation import Message, all_of, message
from nn_tui.core.watching.findings import MULTIPLE, NOT_FINITE, PassCheck
from nn_tui.core.watching.update import RIGHT, UpdateResult

MAX_LINES = 100
"""A program whose mistakes come and go gets no more lines than this."""
MAX_NAMES = 10
"""More arrays than this are counted, and not named."""
UNKNOWN_SO_FAR = message("One update, and no network that nn-tui knows gives its numbers; the next one may tell more.")
"""What is said after a first call that fits no network."""


@dataclass(slots=True, eq=False)
class WatchLog:
    """The lines so far.

    Attributes:
        say: Called with each new line; None to say nothing.
        lines: The lines.
        kind: What the last pass was like; None before the first one.
        since: The first update for which it was so.
        last: The last update that was checked.
        digits: To how many digits all passes since then are equal.
        update_kind: What the last update of the weights was like.
        update_since: The first update of the weights that was wrong, up to the last one.
    """

    say: Callable[[str], None] | None
    lines: list[Message] = field(default_factory=list)
    kind: tuple[object, ...] | None = None
    since: int = 0
    last: int = 0
    digits: int = 15
    update_kind: tuple[object, ...] = ()
    update_since: int = 0

    def add(self, line: Message) -> None:
        """Add a line."""
        if len(self.lines) < MAX_LINES:
            self.lines.append(line)
            if self.say is not None:
                self.say(str(line))

    def add_at(self, update: int, text: Message) -> None:
        """Add a line about an update."""
        self.add(message("update {update}: {text}", update=update, text=text))

    def say_unknown_so_far(self) -> None:
        """Say that the first call fits no network; the log begins with what the next one tells."""
        if self.say is not None:
            self.say(str(UNKNOWN_SO_FAR))

    def add_pass(self, update: int, check: PassCheck) -> None:
        """Add a line about a pass, if it is not like the one before."""
        is_new = check.kind != self.kind
        was_wrong = bool(self.kind)
        self.last = update
        if not is_new:
            self.digits = min(self.digits, check.digits)
            return
        self._close(update - 1)
        self.kind, self.since, self.digits = check.kind, update, check.digits
        if check.text is not None:
            self.add_at(update, check.text)
        elif was_wrong:
            self.add_at(update, message("equal again, to {digits} digits.", digits=check.digits))
        elif len(check.names) > MAX_NAMES:
            self.add_at(
                update,
                message(
                    "all {count} arrays are equal to {digits} digits.", count=len(check.names), digits=check.digits
                ),
            )
        elif check.names:
            self.add_at(
                update, message("equal to {digits} digits: {names}.", digits=check.digits, names=all_of(check.names))
            )

    def add_update(self, update: int, result: UpdateResult) -> None:
        """Add a line about the change of the weights, if it is not like the one before."""
        if result.kind == self.update_kind:
            return
        if result.text is not None:
            self.add_at(update, result.text)
        elif self._is_update_wrong:
            self.add_at(update, message("the weights change as they should again."))
        was_wrong = self._is_update_wrong
        self.update_kind = result.kind
        if self._is_update_wrong and not was_wrong:
            self.update_since = update

    def forget_update(self) -> None:
        """Forget what the last update of the weights was like."""
        self.update_kind = ()

    @property
    def _is_update_wrong(self) -> bool:
        return bool(self.update_kind) and self.update_kind[0] not in RIGHT

    def _close(self, last: int) -> None:
        """Add a line about the updates since the last line, if there are several."""
        line = self.state(last)
        if line is not None:
            self.add(line)

    def state(self, last: int) -> Message | None:
        """Return a line about all updates since the last line up to another one; None if there is only one."""
        if self.kind is None or last <= self.since:
            return None
        first = self.since
        if self.kind and self.kind[0] == NOT_FINITE:
            return message("updates {first} to {last}: numbers that are not finite.", first=first, last=last)
        if self.kind and self.kind[0] == MULTIPLE:
            return message(
                "updates {first} to {last}: the same factor, else equal to {digits} digits.",
                first=first,
                last=last,
                digits=self.digits,
            )
        if self.kind:
            return message("updates {first} to {last}: the same difference.", first=first, last=last)
        if self._is_update_wrong:
            return message(
                "updates {first} to {last}: the passes are equal to {digits} digits; the updates of the weights differ "
                "since update {update}.",
                first=first,
                last=last,
                digits=self.digits,
                update=self.update_since,
            )
        return message(
            "updates {first} to {last}: equal to {digits} digits.", first=self.since, last=last, digits=self.digits
        )

    @property
    def report(self) -> str:
        """All lines, and one about the updates since the last."""
        last = self.state(self.last)
        return "\n".join(map(str, [*self.lines, *([] if last is None else [last])]))
