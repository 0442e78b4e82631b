"""The entries of the picker: files here, presets by topic and lessons by chapter, and finding them by words."""

from __future__ import annotations

from collections.abc import Mapping

from nn_tui.core.lesson.lesson import Lesson
from nn_tui.core.lesson.loader import PREFIX, shipped_lessons
from nn_tui.core.preset.loader import shipped_presets, user_presets
from nn_tui.core.spec import Preset
from nn_tui.core.translation import tr
from nn_tui.presets import LESSONS, TOPICS
from nn_tui.tui.saved.local_files import LocalFile, files_in, is_path, matching_files, split_path

ON_SCREEN = "/"
"""The option of the preset on screen if it is none of the others; no id contains a slash."""

Entry = Preset | Lesson | LocalFile
Topics = Mapping[str, Mapping[str, Entry]]
"""The presets of each topic by their id, the lessons of each chapter by their id with ``lesson:`` before it, and the
files of a folder by their path."""

_MAX_FOLDER = 26  # characters of a path in a heading, whose end matters


def matching_entries(topics: Topics, text: str) -> Topics:
    """Return the presets and lessons that have every word of ``text``, by topic; topics without any are left out.

    The words are looked for in title, id and topic; if no entry has them there, in everything that is written about it.
    """
    words = text.casefold().split()

    def names(topic: str, entry: Entry) -> str:
        return f"{topic} {entry.title} {entry.id}"

    def everything(topic: str, entry: Entry) -> str:
        if isinstance(entry, LocalFile):
            return names(topic, entry)
        about = _lesson_text(entry) if isinstance(entry, Lesson) else _preset_text(entry)
        return f"{names(topic, entry)} {about}".replace("_", " ")

    for text_of in (names, everything):
        found = {
            topic: {
                name: entry
                for name, entry in entries.items()
                if all(word in text_of(topic, entry).casefold() for word in words)
            }
            for topic, entries in topics.items()
        }
        if any(found.values()):
            return {topic: entries for topic, entries in found.items() if entries}
    return {}


def _preset_text(preset: Preset) -> str:
    training = preset.training
    activations = " ".join(layer.activation for layer in preset.layers)
    source = preset.data.generator or preset.data.csv or ""
    return f"{preset.summary} {preset.notes} {activations} {source} {training.loss} {training.optimizer.name}"


def _lesson_text(lesson: Lesson) -> str:
    words = " ".join(word for step in lesson.steps for word in step.teaches)
    return f"{lesson.summary} {words}"


def files_here() -> dict[str, dict[str, Entry]]:
    """Return the files of the current folder that the app opens, below their heading; nothing if there are none."""
    files = files_in()
    return {tr("Files here"): {file.path: file for file in files}} if files else {}


def files_at(text: str) -> dict[str, dict[str, Entry]]:
    """Return the files and folders whose path begins with ``text``; nothing if it is not the path of another folder."""
    files = matching_files(text) if is_path(text) else ()
    if not files:
        return {}
    folder = split_path(files[0].path.rstrip("/"))[0]
    if len(folder) > _MAX_FOLDER:
        folder = f"…{folder[1 - _MAX_FOLDER :]}"
    return {tr("Files in {folder}", folder=folder): {file.path: file for file in files}}


def presets_by_topic(current: Preset | None = None) -> dict[str, dict[str, Entry]]:
    """Return the shipped presets by topic, then the user's own, with the one on screen if it is none of them."""
    shipped = {preset.id: preset for preset in shipped_presets()}
    own: dict[str, Entry] = {preset.id: preset for preset in user_presets()[0]}
    if current is not None and current not in (*shipped.values(), *own.values()):
        own[ON_SCREEN] = current
    topics: dict[str, dict[str, Entry]] = {
        topic: {name: shipped[name] for name in names} for topic, names in TOPICS.items()
    }
    return topics | ({tr("Your own"): own} if own else {})


def lessons_by_chapter() -> dict[str, dict[str, Entry]]:
    """Return the shipped lessons by the heading of their chapter."""
    lessons = {lesson.id: lesson for lesson in shipped_lessons()}
    return {
        tr("Lessons {number}: {chapter}", number=number, chapter=chapter): {f"{PREFIX}{id}": lessons[id] for id in ids}
        for number, (chapter, ids) in enumerate(LESSONS.items(), 1)
    }
