"""The sections of every program that predict raw rows, and that read its command line."""

from __future__ import annotations

from nn_tui.core.data.input_rows import raw_cells, raw_names
from nn_tui.core.data.units import has_standardized_targets, target_coding
from nn_tui.core.program.arrays import ArrayGroup
from nn_tui.core.program.data import inputs_source, raw_rows_source
from nn_tui.core.program.encoding import encoding_of
from nn_tui.core.program.source import INDENT, WIDTH, Lines, blocks, code, comment, docstring, value_source
from nn_tui.core.program.values import CodeSection
from nn_tui.core.spec import Dataset
from nn_tui.core.translation import message, tr

_MAX_INPUTS = 10  # of a row that is printed
EXAMPLES = 5  # rows of the data that a program predicts


def predict_section(data: Dataset, group: ArrayGroup, outputs: str, network: Lines = ()) -> CodeSection:
    """Return the section with the function ``predict``, which takes raw rows.

    Args:
        data: The data.
        group: Its arrays, from :func:`~nn_tui.core.program.data.data_group`.
        outputs: The outputs (rows, outputs) of the network for the inputs ``x`` as an expression: an array of NumPy.
        network: The lines of a function that come before it.
    """
    is_class = bool(data.classes)
    returned = f"{outputs} * y_scale + y_mean" if has_standardized_targets(data) else outputs
    text = tr("Return the outputs of the network for raw rows.")
    if has_standardized_targets(data):
        text = tr("Return the predictions for raw rows, in the units of the data.")
    row = f"[{', '.join(map(value_source, raw_cells(data, data.points[:1])[0]))}]"
    example = (tr("A row has the values of one sample: {row}.", row=row),) if len(row) <= WIDTH else ()
    body = (
        *code(f"{INDENT}x = {inputs_source(data, 'rows')}"),
        *network,
        *code(f"{INDENT}return {returned}"),
    )
    if not is_class:
        function: Lines = (*code("def predict(rows):"), *docstring(text, *example), *body)
        return CodeSection("predict", message("Predictions"), blocks(function, _examples(data, group)))
    function = (*code("def predict_outputs(rows):"), *docstring(text), *body)
    classes = (
        *code("def predict(rows):"),
        *docstring(tr("Return the class of each raw row."), *example),
        *code(f"{INDENT}return [{_class_of(data, 'row')} for row in predict_outputs(rows)]"),
    )
    return CodeSection("predict", message("Predictions"), blocks(function, classes, _examples(data, group)))


def _examples(data: Dataset, group: ArrayGroup) -> Lines:
    """Return the assignment of some raw rows and their targets."""
    step = max(1, len(data.x) // EXAMPLES)
    some = f"[::{step}][:{EXAMPLES}]" if step > 1 else f"[:{EXAMPLES}]"
    targets = f"{'targets' if has_standardized_targets(data) else 'y'}{some}"
    if data.classes:
        targets = f"[{_class_of(data, 'target')} for target in y{some}]"
    if encoding_of(data) == "columns" and not group.lines["rows"]:
        rows = raw_rows_source(data, data.points[::step][:EXAMPLES], "examples")
    else:
        source = next(name for name in ("points", "x", "rows") if group.lines.get(name))
        rows = code(f"examples = {source}{some}")
    text = comment(tr("Some rows of the training data, and what the network should predict for them"))
    return (*text, *rows, *code(f"expected = {targets}"))


def _class_of(data: Dataset, row: str) -> str:
    """Return the class that a row of outputs or of targets means, as an expression."""
    if data.y.shape[1] > 1:
        return f"classes[{row}.argmax()]"
    return f"classes[int({row}[0] >= {'0' if target_coding(data) == 'plus_minus' else '0.5'})]"


def main_section(data: Dataset) -> CodeSection:
    """Return the section with the command line: ``--updates K`` calls ``train(K)``."""
    about = tr("Predict some rows of the data, or go on with the training.")
    option = tr("go on for K updates, and print the loss of each")
    loop = "row, prediction, target in zip(examples, predict(examples), expected)"
    shown = "{row} prediction {prediction} target {target}"
    if len(raw_names(data)) > _MAX_INPUTS:  # such as an image
        loop = "prediction, target in zip(predict(examples), expected)"
        shown = "prediction {prediction} target {target}"
    lines = f"""\
def main():
    parser = argparse.ArgumentParser(
        description={value_source(about)},
    )
    parser.add_argument(
        "--updates",
        type=int,
        metavar="K",
        help={value_source(option)},
    )
    updates = parser.parse_args().updates
    np.seterr(all="ignore")  # {tr("numbers that overflow become inf, without a warning")}
    if updates is not None:
        train(updates)
        return
    for {loop}:
        print(f"{shown}")


if __name__ == "__main__":
    main()
"""
    return CodeSection("main", message("The command line"), code(lines))
