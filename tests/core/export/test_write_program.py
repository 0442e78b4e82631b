"""Tests of exported programs: a script with its data file, and a notebook whose cells run in order."""

from __future__ import annotations

import io
import json
import re
from contextlib import redirect_stdout
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from nn_tui.core.errors import InputError
from nn_tui.core.export.writers import WRITERS, export_files
from nn_tui.core.preset.loader import open_experiment
from nn_tui.core.program.program import program
from nn_tui.core.program.values import FRAMEWORKS, Framework
from nn_tui.core.run.checkpoint import next_loss
from nn_tui.core.run.run import Run
from tests.core.export.test_write_arrays import trained


@pytest.mark.parametrize("framework", FRAMEWORKS)
def test_the_script_is_the_text_of_the_program(framework: Framework) -> None:
    checkpoint = trained("xor", 3)
    (file,) = export_files(checkpoint, Path("mine.py"), framework)
    loss = next_loss(checkpoint)
    assert file.content.decode() == program(checkpoint, "mine", framework, next_loss=loss).text
    (found,) = re.findall(r"nn-tui has the loss (\S+) in pass 4\.", file.content.decode())
    run = Run.start(open_experiment("xor"))
    run.goto(4)
    assert float(found) == run.trace(4).loss


def test_large_data_are_a_file_beside_the_script() -> None:
    script, data = export_files(trained("digits", 1), Path("mine.py"), "numpy")
    assert (script.name, data.name) == ("mine.py", "mine-data.npz")
    with np.load(io.BytesIO(data.content)) as arrays:
        assert len(arrays.files) > 0
    assert b'"mine-data.npz"' in script.content


@pytest.mark.parametrize("name", ["numpy.py", "torch.py", "math.py"])
def test_a_script_may_not_hide_a_module(name: str) -> None:
    with pytest.raises(InputError, match="would be imported instead of the module"):
        export_files(trained("xor", 0), Path(name))


def notebook(preset: str, updates: int, framework: Framework = "numpy") -> dict[str, Any]:
    file = export_files(trained(preset, updates), Path("mine.ipynb"), framework)[0]
    read: dict[str, Any] = json.loads(file.content)
    return read


@pytest.mark.parametrize("framework", FRAMEWORKS)
def test_the_form_of_a_notebook(framework: Framework) -> None:
    read = notebook("iris", 3, framework)
    assert (read["nbformat"], read["nbformat_minor"]) == (4, 5)
    ids = [cell["id"] for cell in read["cells"]]
    assert len(set(ids)) == len(ids) and all(re.fullmatch(r"[a-zA-Z0-9_-]{1,64}", id) for id in ids)
    texts = ["".join(cell["source"]) for cell in read["cells"] if cell["cell_type"] == "markdown"]
    assert texts[0].startswith("# Iris\n\nA network 4–10–3 after 3 updates")
    assert any("$$" in text for text in texts) and all(text.count("$") % 2 == 0 for text in texts)
    for text, words in ((texts[2], "$X$ has a row"), (texts[3], "$W_{1}$ has the shape (10, 4)"), (texts[4], "$Z_l$")):
        assert words in text
    assert r"X = \frac{R - \mu}{\sigma}" in texts[2]
    assert any("nn-tui has the loss " in text for text in texts)
    if framework == "pytorch":
        assert any("autograd applies the chain rule" in text for text in texts)
        (cell,) = (cell for cell in read["cells"] if cell["id"] == "network")
        assert cell["source"][-1] == "model"
    assert "__main__" not in str(read) and "__file__" not in str(read)


def test_a_notebook_goes_on_with_the_training(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    for file in export_files(trained("digits", 3), Path("mine.ipynb"), "numpy"):
        (tmp_path / file.name).write_bytes(file.content)
    monkeypatch.chdir(tmp_path)
    variables: dict[str, Any] = {}
    with redirect_stdout(io.StringIO()) as printed:
        for cell in json.loads((tmp_path / "mine.ipynb").read_bytes())["cells"]:
            if cell["cell_type"] == "code":
                exec("".join(cell["source"]), variables)
    losses = [float(line.split()[3]) for line in printed.getvalue().splitlines() if line.startswith("update")]
    run = Run.start(open_experiment("digits"))
    run.goto(13)
    expected = [run.trace(update).loss for update in range(4, 14)]
    assert np.allclose(losses, expected, rtol=1e-9, atol=0)
    assert len(variables["predict"](variables["examples"])) == len(variables["expected"]) == 5


def test_the_usage_of_a_script_names_the_loss_of_its_first_update() -> None:
    checkpoint = trained("xor", 3)
    usage = str(WRITERS[".py"].usage("mine.py", checkpoint))
    assert usage.endswith(f"(its first line is update 4 with the loss {next_loss(checkpoint):.4g})")
