"""Tests of the check of lessons: every shipped lesson passes, and each check fails on a lesson made for it."""

from __future__ import annotations

from pathlib import Path

import pytest

from nn_tui.core.lesson.check import lesson_problems
from nn_tui.core.lesson.lesson import Lesson
from nn_tui.core.lesson.loader import load_lesson, shipped_lessons
from nn_tui.tui.cli.lesson_check import key_names
from tests.core.lesson._lessons import HEAD, lesson_of

KEYS = key_names()
AND_HEAD = HEAD.replace('"neuron"', '"and"')
# x = 2, w = 0.5, b = −1.5: z = −0.5, ŷ = 0.3775, L = 0.1937, ∂L/∂w = −0.2926
GOOD = """say = "The sum z is {z1[1]}. What is the output?"
at = "1.z"
select = "z1[1]"
ask = "a1[1]"
hint = "Apply the activation, σ(z)."
claims = ["z1[1] < 0"]
teaches = ["a", "step_w", "dead_units", "my words"]
keys = ["space", "f"]
solved = "It is {a1[1]}, below the target {y1}."
"""
CHOOSE = """say = "Which is it?"
at = "1.z"
choose = [
  { answer = "{a1[1]}", right = true },
  { answer = "0.61", why = "That is σ(−z)." },
]"""
DO = 'say = "Train."\ndo = { until = "loss < 0.1", within = 40 }\nsolution = []'
REACH = 'say = "Press `f`."\nkeys = ["f"]\ndo = { reach = "1.loss" }'
TOLD = "steps[1].hint: it tells the answer; leave that to the learner."
TOO_LONG = "steps[1].say: the text and its question take 8 lines of 76 characters, but there is room for 6."
BY_SPACE = "steps[1].do: pressing space does the task; ask for more, or name the keys (keys) without space."
NOT_SOLVED = "the solution does not do the task; correct it, or allow more updates (within)."


def problems(*steps: str, head: str = HEAD) -> list[str]:
    return [str(problem) for problem in lesson_problems(lesson_of(*steps, head=head), KEYS)]


@pytest.mark.parametrize("lesson", shipped_lessons(), ids=lambda lesson: lesson.id)
def test_every_shipped_lesson_passes(lesson: Lesson) -> None:
    assert [str(problem) for problem in lesson_problems(lesson, KEYS)] == []


def test_a_good_lesson_has_no_problem() -> None:
    assert problems(GOOD, CHOOSE, DO, REACH) == []
    assert problems(GOOD, 'say = "Hold on."\ndo = { reach = "3.backward" }') == []


def changed(step: str, old: str, new: str) -> str:
    assert old in step
    return step.replace(old, new)


@pytest.mark.parametrize(
    ("step", "problem"),
    [
        # states
        (changed(GOOD, '"1.z"', '"1.z.2"'), "steps[1].at: the network has only layer 1."),
        (changed(GOOD, "keys =", 'set = ["w7[1,1] = 3"]\nkeys ='), 'steps[1].set[0]: "w7[1,1]" does not exist: the '
         "network has only layer 1."),
        # the selected number
        (changed(GOOD, 'select = "z1[1]"', 'select = "loss"'), 'steps[1].select: "loss" is not computed yet at this '
         "step; choose a later moment (at), or select a number that is."),
        ('say = "A."\nselect = "z1[1]"', 'steps[1].select: "z1[1]" is not computed yet at this step; choose a later '
         "moment (at), or select a number that is."),
        # names
        (changed(GOOD, '"space", "f"', '"spcae"'), 'steps[1].keys[0]: "spcae" is not the name of a key that acts '
         'in the app. Did you mean "space"?'),
        (changed(GOOD, '"dead_units"', '"dead_unit"'), 'steps[1].teaches[2]: "dead_unit" is neither a quantity nor a '
         'kind of finding. Did you mean "dead_units"?'),
        # numbers in texts
        (changed(GOOD, "{z1[1]}.", "{a1[1]}."), 'steps[1].say: "a1[1]" is not computed yet at this moment.'),
        (changed(GOOD, "σ(z).", "σ(z) = {a1[1]}."), 'steps[1].hint: "a1[1]" is not computed yet at this moment.'),
        (changed(GOOD, "It is {a1[1]}", "It is {a1[2]}"), 'steps[1].solved: "a1[2]" does not exist: '
         "layer 1 has only unit 1."),
        (changed(CHOOSE, "σ(−z)", "{w2[1,1]}"), 'steps[1].choose[1].why: "w2[1,1]" does not exist: '
         "the network has only layer 1."),
        # claims
        (changed(GOOD, '"z1[1] < 0"', '"z1[1] < 0 and x1 > 5"'), 'steps[1].claims[0]: "z1[1] < 0 and x1 > 5" does not '
         "hold at this step: x1 is 2."),
        (changed(GOOD, '"z1[1] < 0"', '"z1[1] + 2 < w1[1,1]"'), 'steps[1].claims[0]: "z1[1] + 2 < w1[1,1]" does not '
         "hold at this step: z1[1] + 2 is 1.5, and w1[1,1] is 0.5."),
        (changed(GOOD, '"z1[1] < 0"', '"loss < 1"'), 'steps[1].claims[0]: "loss" is not computed yet at this moment.'),
        # length
        (changed(GOOD, "What is", "Look. Think. What is"), "steps[1].say: 4 sentences are too many; write at most 3."),
        (changed(GOOD, "What is", "What now " * 60 + "is"), TOO_LONG),
        (changed(CHOOSE, "Which", "Which " * 65), TOO_LONG),
        (changed(GOOD, "Apply", "Apply " * 50), "steps[1].hint: it takes 5 lines of 69 characters, but there is room "
         "for 3."),
        (changed(DO, "Train", "Train " * 60).replace("loss < 0.1", "loss < 0.1 and " * 6 + "loss < 0.1"), TOO_LONG),
        # ask
        (changed(GOOD, '"1.z"', '"1.loss"'), 'steps[1].ask: "a1[1]" is computed already at this step, so it is on the '
         "screen; choose an earlier moment (at)."),
        (changed(GOOD, 'ask = "a1[1]"', 'ask = "a1[3]"'), 'steps[1].ask: "a1[3]" does not exist: layer 1 has only '
         "unit 1."),
        (changed(GOOD, 'ask = "a1[1]"', 'set = ["x1 = 3"]\nask = { quantity = "z1[1]", level = "sign" }').replace(
            "1.z", "0").replace('select = "z1[1]"\n', "").replace("{z1[1]}", "low").replace('"z1[1] < 0"', '"x1 == 3"'),
         'steps[1].ask: "z1[1]" has no such answer: it is 0.0.'),
        # choose
        (changed(CHOOSE, "0.61", "0.377541"), 'steps[1].choose[1].answer: "0.377541" cannot be told from answer 1, '
         '"0.3775".'),
        (changed(CHOOSE, "0.61", "0.38"), 'steps[1].choose[1].answer: "0.38" cannot be told from answer 1, "0.3775".'),
        (changed(CHOOSE, '"{a1[1]}"', '"Zero."').replace("0.61", "zero"), 'steps[1].choose[1].answer: "zero" cannot be '
         'told from answer 1, "Zero.".'),
        (changed(CHOOSE, "{a1[1]}", "0.3775"), 'steps[1].choose[0].answer: "0.3775" is a number that nothing computes; '
         "write a formula in braces, as in {w1[1,1] / 2}."),
        (changed(CHOOSE, "{a1[1]}", "0.25."), 'steps[1].choose[0].answer: "0.25." is a number that nothing computes; '
         "write a formula in braces, as in {w1[1,1] / 2}."),
        # hints
        (changed(GOOD, "σ(z).", "σ(z) = 0.3775."), TOLD),
        (changed(GOOD, "σ(z).", "about 0.38."), TOLD),
        (CHOOSE + '\nhint = "Not far from 0.378."', TOLD),
        (changed(CHOOSE, "{a1[1]}", "It falls.") + '\nhint = "Clearly, it  falls."', TOLD),
        (changed(DO, "[]", '["eta = 2", "b1[1] = 0"]') + '\nhint = "Type `eta=2` and `b1[1] = 0`."', TOLD),
        # tasks
        (changed(DO, "loss < 0.1", "loss < 1") + '\nat = "1.loss"', "steps[1].do: the task is done already at the "
         "start of the step."),
        (changed(DO, "loss < 0.1", "loss < 1"), BY_SPACE),
        (changed(DO, "loss < 0.1", "loss < 0.19") + '\nat = "1"', BY_SPACE),
        (changed(REACH, 'keys = ["f"]\n', ""), "steps[1].do: pressing space reaches this moment; name the keys (keys) "
         "that the task is about, or choose a later pass."),
        (changed(DO, "within = 40", "within = 3"), f"steps[1].solution: {NOT_SOLVED}"),
        (changed(DO, "[]", '["eta = much"]'), "steps[1].solution[0]: "),
        (changed(DO, "loss < 0.1", "test_loss < 0.1"), 'steps[1].do: this data has no "test_loss".'),
        (changed(DO, 'until = "loss < 0.1"', 'separates = "OR"'), "steps[1].do: a gate needs a network with two "
         "inputs and one output."),
        (changed(REACH, '"f"', '"b"') + '\nsolution = ["eta = 1"]', "steps[1].keys: the solution changes something, so "
         'the keys must have "e".'),
        (changed(REACH, '"f"', '"enter"'), 'steps[1].keys: no key here goes on in the run; name one, such as "space".'),
        (changed(DO, "do =", 'keys = ["e"]\ndo ='), 'steps[1].keys: no key here goes on in the run; name one, such as '
         '"space".'),
        (changed(REACH, "1.loss", "1.dz.4"), "steps[1].do.reach: the network has only layer 1."),
    ],
)  # fmt: skip
def test_each_check_finds_its_problem(step: str, problem: str) -> None:
    found = problems(DO, step, DO)
    assert len(found) == 1 and found[0].startswith(f"t.toml: {problem}"), found


def test_keys_without_space_keep_a_task_open() -> None:
    assert problems(DO, changed(DO, "loss < 0.1", "loss < 1").replace("do =", 'keys = ["f"]\ndo =')) == []


def test_a_gate_that_no_line_separates_is_not_solved() -> None:
    step = 'say = "Try it."\ndo = {{ separates = "{}" }}\nsolution = ["w1 = 1 1", "b1[1] = -1.5"]'
    assert problems(step.format("AND"), step.format("AND"), head=AND_HEAD) == []
    assert problems(step.format("AND"), step.format("XOR"), head=AND_HEAD) == [
        f"t.toml: steps[1].solution: {NOT_SOLVED}"
    ]


def test_a_lesson_has_two_questions() -> None:
    assert problems(DO) == [
        "t.toml: steps: there is only 1 question; a lesson has at least 2 steps with ask, choose or do."
    ]


def test_a_title_is_used_once(tmp_path: Path) -> None:
    shipped = shipped_lessons()[0]
    assert shipped.path is not None
    copy = tmp_path / "copy.toml"
    copy.write_bytes(shipped.path.read_bytes())
    problem = f'copy.toml: title: the lesson "{shipped.id}" has this title, too; choose another one.'
    assert [str(each) for each in lesson_problems(load_lesson(str(copy)))] == [problem]
    assert lesson_problems(load_lesson(str(shipped.path))) == ()
