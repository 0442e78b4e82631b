"""The dialogs of the practice mode: its level, the topic of exercises, and the summary at its end."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from textual import on
from textual.app import ComposeResult
from textual.containers import Vertical
from textual.content import Content
from textual.widgets import Label, OptionList
from textual.widgets.option_list import Option

from nn_tui.core.engine.steps import Operation
from nn_tui.core.practice.exercises import SPECS
from nn_tui.core.practice.names import LEVELS, TOPICS, Level, Topic
from nn_tui.core.translation import Message, tr, tr_plural
from nn_tui.tui.screens.dialog import Dialog, SafeOptionList
from nn_tui.tui.session.practice_state import LEVEL_NAMES, OUTCOMES, Result
from nn_tui.tui.status.practice_bar import NAMES


class ChoiceDialog(Dialog[str | None]):
    """A dialog with a few lines, of which one is chosen; its result is the name of that one.

    Args:
        title: The title of the frame.
        about: A sentence above the choices.
        choices: The text of each choice, by its name.
        current: The choice that is highlighted first.
    """

    BINDINGS = [("escape", "cancel", "Cancel")]

    def __init__(self, title: str, about: str, choices: Mapping[str, Message], current: str = "") -> None:
        super().__init__()
        self._title = title
        self._about = about
        self._choices = choices
        self._current = current

    def compose(self) -> ComposeResult:
        """Compose a frame with the sentence and the choices."""
        with Vertical(id="ask") as frame:
            frame.border_title = self.shown(self._title)
            frame.border_subtitle = self.shown(tr("enter chooses, esc closes"))
            yield Label(self.shown(self._about), id="about", markup=False)
            options = [Option(Content(self.shown(text)), id=name) for name, text in self._choices.items()]
            yield SafeOptionList(*options, id="practice-choices", markup=False)

    def on_mount(self) -> None:
        """Highlight the current choice."""
        options = self.query_one(OptionList)
        options.highlighted = options.get_option_index(self._current) if self._current else 0

    @on(OptionList.OptionSelected)
    def _choose(self, event: OptionList.OptionSelected) -> None:
        self.dismiss(event.option.id)

    def action_cancel(self) -> None:
        """Close without a choice."""
        self.dismiss(None)


class LevelDialog(ChoiceDialog):
    """Asks what practice should ask for."""

    def __init__(self, current: Level) -> None:
        about = tr("Each step asks for its number before the screen shows it.")
        super().__init__(tr("Practice"), about, {level: LEVEL_NAMES[level] for level in LEVELS}, current)


class TopicDialog(ChoiceDialog):
    """Asks for the topic of exercises."""

    def __init__(self) -> None:
        about = tr("Small networks with numbers for work by hand, without end, the easy ones first.")
        super().__init__(tr("Exercises"), about, {topic: SPECS[topic].title for topic in TOPICS})


class SummaryDialog(Dialog[str | None]):
    """Sums up the results by kind of step; enter practises what was weak.

    Args:
        results: The results.
        optimizer: The name of the optimiser, whose update was asked for.
    """

    BINDINGS = [("escape,q", "cancel", "Close"), ("enter", "practise", "Practise")]

    def __init__(self, results: Sequence[Result], optimizer: str) -> None:
        super().__init__()
        self._results = results
        self._weak = weakest_topic(results, optimizer)

    def compose(self) -> ComposeResult:
        """Compose a frame with a line for each kind of step."""
        with Vertical(id="ask") as frame:
            title = tr_plural("Practice: {count} question", "Practice: {count} questions", len(self._results))
            frame.border_title = self.shown(title)
            frame.border_subtitle = self.shown(tr("enter practises, esc closes") if self._weak else tr("esc closes"))
            for line in self._lines():
                yield Label(self.shown(line), classes="line", markup=False)
            if self._weak:
                offer = tr("Practise it with new numbers: {topic}", topic=SPECS[self._weak].title)
                yield Label(self.shown(offer), id="problem", markup=False)

    def _lines(self) -> list[str]:
        lines = []
        for operation, name in NAMES.items():
            counts = [
                sum(result.operation == operation and result.outcome == outcome for result in self._results)
                for outcome in OUTCOMES
            ]
            if any(counts):
                once, later, revealed = counts
                lines.append(
                    tr(
                        "{name}: right at once {once}, right later {later}, revealed {revealed}",
                        name=name, once=once, later=later, revealed=revealed,
                    )
                )  # fmt: skip
        if not self._weak:
            lines.append(tr("Everything was right at once."))
        return lines

    def action_practise(self) -> None:
        """Close, and practise what was weak."""
        self.dismiss(self._weak)

    def action_cancel(self) -> None:
        """Close."""
        self.dismiss(None)


def weakest_topic(results: Sequence[Result], optimizer: str) -> Topic | None:
    """Return the topic with the most questions that were not right at once; None if all were."""
    weak = [result.operation for result in results if result.outcome != "at once"]
    if not weak:
        return None
    topics = [_topic_of(operation, optimizer) for operation in weak]
    return max(topics, key=lambda topic: (topics.count(topic), -TOPICS.index(topic)))


def _topic_of(operation: Operation, optimizer: str) -> Topic:
    """Return the topic of an operation; that of the update is the optimiser, if it is a topic."""
    topics = [topic for topic in TOPICS if operation in SPECS[topic].operations]
    return next((topic for topic in topics if topic == optimizer), topics[0])
