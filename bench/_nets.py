"""The networks that are trained to measure the screen, as preset files that the app can open."""

from __future__ import annotations

import csv
import shutil
from dataclasses import dataclass
from pathlib import Path

from nn_tui import presets

ENLARGED_ROWS = 1024  # of the digits
ENLARGED_SIDE, DIGIT_SIDE = 28, 8  # pixels


@dataclass(frozen=True)
class Net:
    """A network that is trained while the screen shows it.

    Attributes:
        name: Layer sizes and rows in the batch.
        preset: The id of a shipped preset, or the name of a file that :func:`write_presets` writes.
        min_share: The goal: the rate under the screen as a fraction of the rate without it.
    """

    name: str
    preset: str
    min_share: float


NETS = (
    Net("2-4-1 / 4", "xor", 0.8),
    Net("2-8-8-1 / 64", "circles.toml", 0.8),
    Net("4-10-3 / 150", "flowers.toml", 0.8),
    Net("64-32-10 / 128", "pixels.toml", 0.8),
    Net("784-128-10 / 128", "large.toml", 0.9),
    Net("784-512-512-10 / 128", "wide.toml", 0.9),
)
_FILE = """title = "{title}"
summary = "A network for the benchmark."
seed = 1
[data]
{data}
{layers}
[training]
loss = "{loss}"
batch_size = {batch}
[training.optimizer]
name = "adam"
learning_rate = 0.001
"""
_LAYER = '[[layers]]\nunits = {units}\nactivation = "{activation}"\n'


def write_presets(folder: Path) -> dict[str, str]:
    """Write every preset that is not shipped.

    Returns:
        For the preset of each net, the id or path that the command line takes.
    """
    data = Path(presets.__file__).parent / "data"
    for name in ("iris.csv", "digits.csv"):
        shutil.copy(data / name, folder / name)
    _enlarge_digits(folder / "digits.csv", folder / "large.csv")
    circles = 'generator = "circles"\nsamples = 64\nnoise = 0.1'
    _write_preset(folder, "circles", circles, [8, 8, 1], '"full"')
    flowers = 'csv = "iris.csv"\ntarget = "species"\nstandardize = true'
    _write_preset(folder, "flowers", flowers, [10, 3], '"full"')
    digits = 'csv = "{}.csv"\ntarget = "digit"\nclasses = true\nstandardize = true\ntest_fraction = 0.125'
    _write_preset(folder, "pixels", digits.format("digits"), [32, 10], "128")
    _write_preset(folder, "large", digits.format("large"), [128, 10], "128")
    _write_preset(folder, "wide", digits.format("large"), [512, 512, 10], "128")
    return {net.preset: str(folder / net.preset) if "." in net.preset else net.preset for net in NETS}


def _write_preset(folder: Path, name: str, data: str, units: list[int], batch: str) -> None:
    hidden, output = ("tanh", "sigmoid") if units[-1] == 1 else ("relu", "softmax")
    layers = [_LAYER.format(units=count, activation=hidden) for count in units[:-1]]
    layers.append(_LAYER.format(units=units[-1], activation=output))
    loss = "binary_cross_entropy" if units[-1] == 1 else "cross_entropy"
    text = _FILE.format(title=name.capitalize(), data=data, layers="".join(layers), loss=loss, batch=batch)
    (folder / f"{name}.toml").write_text(text, encoding="utf-8")


def _enlarge_digits(source: Path, target: Path) -> None:
    """Write the first 8 × 8 digits as images of 28 × 28 pixels by repeating pixels."""
    with source.open(encoding="utf-8", newline="") as read, target.open("w", encoding="utf-8", newline="") as written:
        rows, out = csv.reader(read), csv.writer(written)
        label = next(rows).index("digit")
        out.writerow([*(f"p{k}" for k in range(ENLARGED_SIDE**2)), "digit"])
        nearest = [k * DIGIT_SIDE // ENLARGED_SIDE for k in range(ENLARGED_SIDE)]
        for _, row in zip(range(ENLARGED_ROWS), rows, strict=False):
            image = row[:label] + row[label + 1 :]
            out.writerow([*(image[DIGIT_SIDE * y + x] for y in nearest for x in nearest), row[label]])
