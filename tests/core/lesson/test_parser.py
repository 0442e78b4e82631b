"""Tests of the lesson parser: what a file says, and one sentence with its place for whatever is wrong."""

from __future__ import annotations

from pathlib import Path

import pytest

from nn_tui.core.engine.moments import Moment
from nn_tui.core.errors import InputError
from nn_tui.core.lesson.lesson import Ask, Choose, Do, LessonAnswer, Reach, Separates, Until
from nn_tui.core.lesson.parser import parse_lesson
from tests.core.lesson._lessons import HEAD, lesson_of, step_of

ANSWERS = '{ answer = "Yes.", right = true }, { answer = "No.", why = "It does." }'


def test_every_key_is_read() -> None:
    lesson = lesson_of(
        'say = "A {loss}."\nat = "1.z.1.1"\nselect = "z1[1]"\nview = "network"\nset = ["b1[1] = 2"]\n'
        'teaches = ["z"]\nkeys = ["f"]\nhint = "H {x1:2}."\nclaims = ["x1 > 0"]\nask = "a1[1]"\nsolved = "S."',
        head=HEAD.replace('"T"', '"  A\\n title "') + 'set = ["eta = 0.5"]\n',
    )
    step = lesson.steps[0]
    assert (lesson.id, lesson.title, lesson.summary, lesson.file) == ("t", "A title", "S.", "t.toml")
    assert (lesson.preset.id, lesson.changes, lesson.questions) == ("neuron", ("eta = 0.5",), 1)
    assert (step.say, step.hint, step.solved) == ("A {loss}.", "H {x1:2}.", "S.")
    assert (step.moment, step.select, step.view) == (Moment(1, "z", 0, 0), "z1[1]", "network")
    assert (step.changes, step.teaches, step.keys) == (("b1[1] = 2",), ("z",), ("f",))
    assert [claim.text for claim in step.claims] == ["x1 > 0"]
    assert step.question == Ask("a1[1]", "formula", 4)


def test_only_the_text_of_a_step_is_required() -> None:
    step = step_of("").steps[0]
    assert (step.moment, step.select, step.view, step.keys, step.question) == (Moment(0), "", "", (), None)


def test_the_kinds_of_questions() -> None:
    def question(text: str) -> object:
        return step_of(text).steps[0].question

    assert question('ask = { quantity = "z1[1]", level = "sign", digits = 3 }') == Ask("z1[1]", "sign", 3)
    choose = question(f"choose = [{ANSWERS}]")
    assert choose == Choose((LessonAnswer("Yes.", True), LessonAnswer("No.", False, "It does.")))
    assert isinstance(choose, Choose) and choose.right == 0
    do = question('do = { until = "loss < 0.1", within = 5 }\nsolution = ["eta = 2"]')
    assert isinstance(do, Do) and isinstance(do.goal, Until)
    assert (do.goal.condition.text, do.goal.within, do.solution) == ("loss < 0.1", 5, ("eta = 2",))
    assert question('do = { separates = "XOR", within = 9 }') == Do(Separates("XOR", 9))
    assert question('do = { reach = "3.update" }') == Do(Reach(Moment(3, "update")))


def test_a_preset_may_stand_in_the_lesson() -> None:
    head = HEAD.replace('preset = "neuron"\n', "") + (
        "[preset.data]\ninputs = [[1, 2]]\ntargets = [[1]]\n[[preset.layers]]\nunits = 1\n"
        '[preset.training]\nloss = "half_squared_error"\n'
    )
    preset = step_of("", head).preset
    assert (preset.id, preset.title, preset.layers[0].units) == ("t", "T", 1)
    with pytest.raises(InputError) as error:
        step_of("", head.replace("units = 1", "units = 0"))
    assert str(error.value).startswith("t.toml: preset.layers[0].units: ")


def test_a_preset_beside_the_lesson(tmp_path: Path) -> None:
    source = HEAD.replace('"neuron"', '"own.toml"') + '[[steps]]\nsay = "A."\n'
    with pytest.raises(InputError, match=r"own\.toml: it cannot be read"):
        parse_lesson(source, id="t", file="t.toml", folder=tmp_path)
    preset = '[data]\ninputs = [[1]]\ntargets = [[1]]\n[[layers]]\nunits = 1\n[training]\nloss = "half_squared_error"\n'
    (tmp_path / "own.toml").write_text(preset)
    assert parse_lesson(source, id="t", file="t.toml", folder=tmp_path).preset.id == "own"
    (tmp_path / "heights.data").write_text("age height\n1 0.75\n2 0.87\n3.5 1.01\n5 1.1\n")
    lesson = parse_lesson(source.replace("own.toml", "heights.data"), id="t", file="t.toml", folder=tmp_path)
    assert (lesson.preset.id, lesson.preset.data.target) == ("heights", "height")


@pytest.mark.parametrize(
    ("step", "problem"),
    [
        ('sai = "A."', 'steps[0].sai: there is no such key. Did you mean "say"?'),
        ("", "steps[0].say: it is missing; write the text between quotes."),
        ('say = "A {loss."', 'steps[0].say: "A {loss." has a brace without its partner; braces are only for numbers, '
         "as in {loss}."),
        ('say = "A {loss:0}."', 'steps[0].say: "loss:0" is not a number of the state; write its name, as in {z1[2]}, '
         "or {z1[2]:3} for three digits."),
        ('say = "A."\nat = "1.sideways"', 'steps[0].at: "sideways" is neither a phase nor an operation; the names are: '
         "forward, loss, backward, update, z, a, da, dz, dw, db."),
        ('say = "A."\nat = 20001', "steps[0].at: 20001 is not between 0 and 20000."),
        ('say = "A."\nat = "20001.loss"', "steps[0].at: a lesson may go to pass 20,000 at most."),
        ('say = "A."\nview = "layers"', 'steps[0].view: "layers" is not a view. Did you mean "layer"?'),
        ('say = "A."\nset = "eta = 1"', 'steps[0].set: "eta = 1" is not a list; write ["eta = 1"].'),
        ('say = "A."\nkeys = ["f", ""]', "steps[0].keys[1]: it is empty; leave it out."),
        ('say = "A."\nclaims = ["loss is small"]', 'steps[0].claims[0]: "loss is small" is not a comparison; write for '
         "example loss < 0.05, or accuracy >= 0.9 and updates <= 100."),
        ('say = "A."\nsolution = ["eta = 1"]', "steps[0].solution: only a task (do) has a solution."),
        (f'say = "A."\nask = "loss"\nchoose = [{ANSWERS}]', "steps[0]: a step has one question at most, but this one "
         "has ask and choose."),
        ('say = "A."\nask = { level = "sign" }', 'steps[0].ask.quantity: it is missing; it names a number, such as '
         '"z1[2]".'),
        ('say = "A."\nask = { quantity = "loss", digits = 1 }', "steps[0].ask.digits: 1 is not between 2 and 12."),
        ('say = "A."\nchoose = [{ answer = "Yes.", right = true }]', "steps[0].choose: write 2 to 4 answers; there are "
         "1."),
        (f'say = "A."\nchoose = [{ANSWERS}, {{ answer = "B.", right = true }}]', "steps[0].choose: exactly one answer "
         "has right = true; here 2 have it."),
        ('say = "A."\nchoose = [{ answer = "B.", right = true }, { answer = "C." }]', "steps[0].choose[1].why: it is "
         "missing; a wrong answer says why it is wrong."),
        ('say = "A."\ndo = "loss < 0.1"', 'steps[0].do: "loss < 0.1" is not a table; write for example do = { until = '
         '"loss < 0.05", within = 50 }.'),
        ('say = "A."\ndo = { until = "loss < 1", reach = "1" }', "steps[0].do: write exactly one of until, separates "
         'and reach, for example do = { until = "loss < 0.05", within = 50 }.'),
        ('say = "A."\ndo = { reach = "1", within = 3 }', "steps[0].do.within: a moment to reach has no limit of "
         "updates; leave it out."),
        ('say = "A."\ndo = { reach = "0" }', "steps[0].do.reach: the start cannot be reached; write a later moment."),
        ('say = "A."\ndo = { separates = "NOR" }', 'steps[0].do.separates: "NOR" is not a gate. Did you mean "OR"?'),
    ],
)  # fmt: skip
def test_errors_name_the_place_and_what_would_be_right(step: str, problem: str) -> None:
    with pytest.raises(InputError) as error:
        lesson_of(step)
    assert str(error.value) == f"t.toml: {problem}"


@pytest.mark.parametrize(
    ("source", "problem"),
    [
        ("", "kind: it is missing; it must be one of: lesson."),
        (HEAD, "steps: write one [[steps]] table for each step of the lesson."),
        (HEAD + "steps = 3", "steps: write one [[steps]] table for each step of the lesson."),
        (HEAD.replace("title", "titel"), 'titel: there is no such key. Did you mean "title"?'),
        (HEAD.replace('summary = "S."\n', "") + '[[steps]]\nsay = "A."', "summary: it is missing; a lesson has a title "
         "and a summary."),
        (HEAD.replace('"neuron"', '"neurn"') + '[[steps]]\nsay = "A."', 'preset: there is no preset "neurn". Did you '
         'mean "neuron"?'),
        (HEAD.replace('preset = "neuron"\n', "") + '[[steps]]\nsay = "A."', "preset: it is missing; write the name of "
         'a preset, as in preset = "xor", or a table [preset].'),
        (HEAD + '[[steps]]\nsay = "A."\n' * 61, "steps: 61 steps are too many; a lesson may have 60."),
    ],
)  # fmt: skip
def test_errors_about_the_whole_file(source: str, problem: str) -> None:
    with pytest.raises(InputError) as error:
        parse_lesson(source, id="t", file="t.toml")
    assert str(error.value) == f"t.toml: {problem}"
