"""Limits of lessons: how long they and their texts may be."""

from __future__ import annotations

MAX_STEPS = 60
MAX_LESSON_UPDATES = 20_000  # a step is computed from the start of its run whenever it is entered
MAX_STEP_EFFORT = 2_000_000_000  # rows of a batch × parameters × updates of a step: some seconds
MIN_QUESTIONS = 2
MAX_SENTENCES = 3  # in one text
TEXT_WIDTH = 76  # cells of a line on a terminal of 80 × 24
TEXT_LINES = 6  # of the text and its question there
FEEDBACK_LINES = 3  # of a hint, a reason, or what is shown after the question
MIN_ANSWERS, MAX_ANSWERS = 2, 4
DEFAULT_TEXT_DIGITS = 4  # significant digits of a number in a text
MAX_TEXT_DIGITS = 12
