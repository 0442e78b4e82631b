"""What the picker tells about a preset, a lesson or a file."""

from __future__ import annotations

from rich.cells import cell_len
from textual.content import Content

from nn_tui.core.lesson.lesson import Lesson
from nn_tui.core.preset.schedule import schedule_text
from nn_tui.core.spec import Preset
from nn_tui.core.translation import tr, tr_plural
from nn_tui.tui.draw.text import fit, sanitize, to_display
from nn_tui.tui.saved.local_files import LocalFile, first_lines
from nn_tui.tui.session.lesson_progress import LessonProgress

_FIRST_LINES = 8  # of a table
_MAX_LINE = 28  # cells of such a line, so that none is wrapped


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
    # A table that was opened by itself has the title of its file; the name of its network opens nothing.
    name = sanitize(preset.title) if preset.data.csv and preset.title == preset.data.csv else preset.id
    parts.append(Content(f"\n\n{lines}\n\nnn-tui {name}"))
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


def about_file(file: LocalFile, *, is_ascii: bool) -> Content:
    """Return what a file is, and the first lines of a table."""
    size = tr("{size:,.0f} kB", size=max(1, file.size / 1000))
    about = {
        "table": tr("A table, {size}. Enter shows what its columns are before a network is made.", size=size),
        "preset": tr("A preset."),
        "lesson": tr("A lesson."),
        "document": tr("A session that was saved as a document."),
        "folder": tr("A folder. Enter or tab lists the files in it."),
    }[file.kind]
    lines = (
        [fit(sanitize(line), _MAX_LINE).rstrip() for line in first_lines(file, _FIRST_LINES)]
        if file.kind == "table"
        else []
    )
    text = "\n".join(to_display(line, is_ascii) for line in lines)
    parts = [Content.styled(to_display(file.title, is_ascii), "bold"), Content(to_display(about, is_ascii))]
    return Content("\n\n").join([*parts, *([Content(text)] if text else [])])
