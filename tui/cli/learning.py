"""The command ``learn --list``: the lessons of the course, and which are done."""

from __future__ import annotations

import argparse

from nn_tui.core.lesson.loader import shipped_lessons
from nn_tui.core.text import one_line
from nn_tui.core.translation import tr
from nn_tui.tui.cli.output import print_json, print_line, row_lines
from nn_tui.tui.config.settings import Settings, UsageError


def learn(args: argparse.Namespace, settings: Settings) -> int:
    """Run ``nn-tui learn --list``: the lessons by chapter, in the order of the course."""
    if not args.list:
        raise UsageError(tr("write nn-tui learn --list to list the lessons"))
    lessons, done = shipped_lessons(), frozenset[str]()
    if args.json:
        names = ("id", "title", "summary", "questions", "done")
        values = [(lesson.id, lesson.title, lesson.summary, lesson.questions, lesson.id in done) for lesson in lessons]
        print_json({"lessons": [dict(zip(names, row, strict=True)) for row in values]})
        return 0
    mark = "x" if settings.ascii else "✓"
    rows = [
        (f"  {mark if lesson.id in done else ' '} {lesson.id}", one_line(lesson.title), one_line(lesson.summary))
        for lesson in lessons
    ]
    chapter = ""
    for lesson, line in zip(lessons, row_lines(rows, settings), strict=True):
        if lesson.chapter != chapter:
            chapter = lesson.chapter
            print_line(chapter, settings)
        print_line(line, settings)
    return 0
