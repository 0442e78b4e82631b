"""The sections of every program that predict raw rows, and that read its command line."""

from __future__ import annotations

from nn_tui.core.data.input_rows import raw_cells, raw_names
from nn_tui.core.data.units import has_standardized_targets, target_coding
from nn_tui.core.program.arrays import ArrayGroup
from nn_tui.core.program.data import has_labels, inputs_source, raw_rows_source, takes_labels
from nn_tui.core.program.encoding import encoding_of
from nn_tui.core.program.source import (
    INDENT,
    WIDTH,
    Lines,
    blocks,
    code,
    comment,
    docstring,
    file_text,
    function,
    value_source,
)
from nn_tui.core.program.values import CodeSection, Framework
from nn_tui.core.spec import Dataset, Experiment
from nn_tui.core.table.encode import input_blocks
from nn_tui.core.translation import message, tr, tr_plural

_MAX_INPUTS = 20  # of a row that is printed, and whose names stand in a docstring
EXAMPLES = 5  # rows of the data that a program predicts


def predict_section(
    experiment: Experiment, group: ArrayGroup, framework: Framework, outputs: str, network: Lines = ()
) -> CodeSection:
    """Return the section with the function ``predict``, which takes raw rows, and ``report``.

    Args:
        experiment: The experiment.
        group: The arrays of its data, from :func:`~nn_tui.core.program.data.data_group`.
        framework: What the program computes with.
        outputs: The outputs (rows, outputs) of the network for the inputs ``{x}``: an array of NumPy.
        network: A function that it calls.
    """
    data = experiment.data
    rows = inputs_source(data, "rows")
    inputs = f"torch.tensor({rows})" if framework == "pytorch" else rows
    returned = outputs.format(x="x")
    text = tr("Return the outputs of the network for raw rows.")
    if has_standardized_targets(data):
        returned = f"{returned} * y_scale + y_mean"
        text = tr("Return the predictions for raw rows, in the units of the data.")
    elif experiment.layers[-1].activation in ("sigmoid", "softmax") and data.classes:
        text = tr("Return the probability of each class for raw rows.")
        if data.y.shape[1] == 1:
            text = tr("Return the probability of the second class for raw rows.")
    body = code(f"{INDENT}x = {inputs}\n{INDENT}return {returned}")
    about = _about_rows(data)
    if data.classes:
        classes = (
            *code("def predict(rows):"),
            *docstring(tr("Return the class of each raw row."), *about),
            *code(f"{INDENT}return {_predicted_classes(data)}"),
        )
        functions = blocks((*code("def predict_outputs(rows):"), *docstring(text), *body), classes)
    else:
        functions = (*code("def predict(rows):"), *docstring(text, *about), *body)
    parts = (network, functions, _score(experiment, framework, outputs), _examples(data, group, framework))
    return CodeSection("predict", message("Predictions"), blocks(*parts, _report(data)))


def _about_rows(data: Dataset) -> list[str]:
    """Return the sentences that say what a raw row is."""
    names = raw_names(data)
    found = [
        tr_plural("A row has the value of {names}.", "A row has, in this order: {names}.", len(names),
                  names=", ".join(map(file_text, names)))
        if len(names) <= _MAX_INPUTS
        else tr("A row has {count:,} numbers.", count=len(names))
    ]  # fmt: skip
    row = f"[{', '.join(map(value_source, raw_cells(data, data.points[:1])[0]))}]"
    if len(row) <= 2 * WIDTH:
        found.append(tr("For example: {row}", row=row))
    if data.table is not None and data.table.plan.missing == "mean":
        found.append(tr("None is a missing value."))
    elif data.table is not None and any(block.has_gaps for block in input_blocks(data.table)):
        found.append(tr("None is a missing text."))
    return found


def _predicted_classes(data: Dataset) -> str:
    if data.y.shape[1] > 1:
        return "[classes[k] for k in predict_outputs(rows).argmax(axis=1)]"
    return f"[classes[int(row[0] >= {_middle(data)})] for row in predict_outputs(rows)]"


def _middle(data: Dataset) -> str:
    """Return the number between the targets of two classes."""
    return "0" if target_coding(data) == "plus_minus" else "0.5"


def _score(experiment: Experiment, framework: Framework, outputs: str) -> Lines:
    """Return the function that says how good the predictions are, with the inputs and the targets of the network."""
    data = experiment.data
    y = "y.numpy()" if framework == "pytorch" else "y"
    outputs = outputs.format(x="x")
    coding = target_coding(data)
    if coding == "numbers":
        text = tr("Return the root of the mean squared error.")
        error = f"{outputs} - {y}"
        if has_standardized_targets(data):
            text = tr("Return the root of the mean squared error, in the units of the data.")
            error = f"({error}) * y_scale"
        body = f"    error = {error}\n    return np.sqrt((error**2).mean(axis=0)).mean()"
        return function("rmse(x, y)", text, body)
    text = tr("Return the part of the rows that the network predicts correctly.")
    if coding == "one_hot":
        labels = y if takes_labels(experiment, framework) else f"{y}.argmax(axis=1)"
        body = f"    outputs = {outputs}\n    return (outputs.argmax(axis=1) == {labels}).mean()"
    else:
        middle = _middle(data)
        right = f"(outputs >= {middle}) == ({y} >= {middle})"
        body = f"    outputs = {outputs}\n    return ({right}).all(axis=1).mean()"
    return function("accuracy(x, y)", text, body)


def _examples(data: Dataset, group: ArrayGroup, framework: Framework) -> Lines:
    """Return the assignment of some raw rows and their targets."""
    step = max(1, len(data.x) // EXAMPLES)
    some = f"[::{step}][:{EXAMPLES}]" if step > 1 else f"[:{EXAMPLES}]"
    if has_labels(data):
        targets = f"[classes[k] for k in labels{some}]"
    elif data.classes and data.y.shape[1] > 1:
        targets = f"[classes[target.argmax()] for target in y_train{some}]"
    elif data.classes:
        targets = f"[classes[int(target[0] >= {_middle(data)})] for target in y_train{some}]"
    elif has_standardized_targets(data):
        targets = f"targets{some}"
    else:
        targets = f"y_train{some}.numpy()" if framework == "pytorch" else f"y_train{some}"
    if encoding_of(data) == "columns" and "rows" not in group.lines:
        rows = raw_rows_source(data, data.points[::step][:EXAMPLES], "examples")
    else:
        rows = code(f"examples = {'rows' if 'rows' in group.lines else 'x_train'}{some}")
    text = comment(tr("Some rows of the training data, and what the network should predict for them"))
    return (*text, *rows, *code(f"expected = {targets}"))


def _report(data: Dataset) -> Lines:
    """Return the function that prints some predictions, and how good the predictions of all rows are."""
    loop = "row, prediction, target in zip(examples, predict(examples), expected)"
    row = "{row}"
    if len(raw_names(data)) > _MAX_INPUTS:  # such as an image
        step = max(1, len(data.x) // EXAMPLES)
        loop = "k, (prediction, target) in enumerate(zip(predict(examples), expected))"
        row = f"row {{{f'{step} * k' if step > 1 else 'k'} + 1}}"
    body = [f"    for {loop}:", f'        print(f"{row} prediction {{prediction}} target {{target}}")']
    for part, count in (("train", len(data.x)), ("test", len(data.x_test))):
        score = f"accuracy {{accuracy(x_{part}, y_{part}):.1%}}"
        if target_coding(data) == "numbers":
            score = f"RMSE {{rmse(x_{part}, y_{part}):.4g}}"
        name = "training" if part == "train" else "test"
        if count:
            body.append(f'    print(f"{score} of {{len(x_{part})}} {name} rows")')
    text = tr("Print some predictions, and how good those of all rows are.")
    return function("report()", text, "\n".join(body))


def main_section() -> CodeSection:
    """Return the section with the command line: ``--updates K`` calls ``train(K)``."""
    about = tr("Predict rows of the data, or go on with the training.")
    option = tr("go on for K updates, and print the loss of each")
    refused = tr("--updates needs a number that is not negative")
    lines = f"""\
if __name__ == "__main__":
    parser = argparse.ArgumentParser(
        description={value_source(about)},
    )
    parser.add_argument(
        "--updates",
        type=int,
        default=0,
        metavar="K",
        help={value_source(option)},
    )
    updates = parser.parse_args().updates
    if updates < 0:
        parser.error({value_source(refused)})
    if updates:
        train(updates)
    else:
        report()
"""
    return CodeSection("main", message("The command line"), code(lines))
