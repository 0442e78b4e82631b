"""What the picker tells about a preset or a lesson."""

from __future__ import annotations

from rich.cells import cell_len
from textual.content import Content

from nn_tui.core.lesson.lesson import Lesson
from nn_tui.core.preset.schedule import schedule_text
from nn_tui.core.spec import Preset
from nn_tui.core.translation import tr, tr_plural
from nn_tui.tui.draw.text import fit, sanitize, to_display
from nn_tui.tui.session.lesson_progress import LessonProgress


def about_preset(preset: Preset) -> Content:
    """Return the summary, the notes and the settings of a preset."""
    training = preset.training
    data = preset.data
    rows = len(data.inputs or ())
    table = tr_plural("a table of {count} sample", "a table of {count} samples", rows)
    layers = ", ".join(f"{layer.units} {layer.activation}" for layer in preset.layers)
    batch = tr("all samples") if training.batch_size is None else f"{training.batch_size}"
    facts = (
        (tr("data"), data.csv or data.generator or table),
        (tr("layers"), layers),
        (tr("loss"), training.loss.replace("_", " ")),
        (tr("optimiser"), f"{training.optimizer.name}, η {training.optimizer.learning_rate:g}"),
        *([(tr("schedule"), str(schedule_text(training.schedule)))] if not training.schedule.is_constant else []),
        (tr("batch"), batch),
        (tr("seed"), str(preset.seed)),
    )
    parts = [Content.styled(sanitize(preset.title), "bold"), Content("\n\n" + sanitize(preset.summary))]
    if preset.notes:
        parts.append(Content("\n\n" + " ".join(sanitize(preset.notes).split())))
    indent = max(11, *(cell_len(name) + 1 for name, _ in facts))
    lines = "\n".join(fit(name, indent) + to_display(value, False) for name, value in facts)
    parts.append(Content(f"\n\n{lines}\n\nnn-tui {preset.id}"))
    return Content("").join(parts)


def about_lesson(lesson: Lesson, progress: LessonProgress | None) -> Content:
    """Return the summary of a lesson, and how far the person has come in it."""
    length = tr(
        "{steps} steps, {questions} of them with a question.", steps=len(lesson.steps), questions=lesson.questions
    )
    state = tr("Not begun yet.")
    if progress is not None and progress.is_done:
        state = tr(
            "Done: {score} of {questions} right at once. It begins again at the first step.",
            score=progress.score,
            questions=lesson.questions,
        )
    elif progress is not None:
        state = tr(
            "It goes on at step {step} of {steps}; {score} of {questions} right at once so far.",
            step=min(progress.next_step, len(lesson.steps) - 1) + 1,
            steps=len(lesson.steps),
            score=progress.score,
            questions=lesson.questions,
        )
    parts = (sanitize(lesson.summary), length, state, f"nn-tui learn {lesson.id}")
    return Content("").join(
        [Content.styled(sanitize(lesson.title), "bold"), *(Content(f"\n\n{part}") for part in parts)]
    )
