"""The networks that the screen is measured on, as preset files that the app can open."""

from __future__ import annotations

import csv
import shutil
from dataclasses import dataclass
from pathlib import Path

from nn_tui import presets

WIDE_ROWS, SIDE, PIXELS = 1024, 28, 8


@dataclass(frozen=True)
class Net:
    """Layer sizes, rows in the batch, and the part of the rate alone that is left under the screen, at least."""

    name: str
    preset: str  # a shipped one's id, or a file's name
    share: float


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


def write(folder: Path) -> dict[str, str]:
    """Write every preset that is not shipped; what the command line takes for each net, by its preset."""
    data = Path(presets.__file__).parent / "data"
    for name in ("iris.csv", "digits.csv"):
        shutil.copy(data / name, folder / name)
    _enlarge(folder / "digits.csv", folder / "large.csv")
    circles = 'generator = "circles"\nsamples = 64\nnoise = 0.1'
    _preset(folder, "circles", circles, [8, 8, 1], '"full"')
    flowers = 'csv = "iris.csv"\ntarget = "species"\nstandardize = true'
    _preset(folder, "flowers", flowers, [10, 3], '"full"')
    digits = 'csv = "{}.csv"\ntarget = "digit"\nclasses = true\nstandardize = true\ntest_fraction = 0.125'
    _preset(folder, "pixels", digits.format("digits"), [32, 10], "128")
    _preset(folder, "large", digits.format("large"), [128, 10], "128")
    _preset(folder, "wide", digits.format("large"), [512, 512, 10], "128")
    return {net.preset: str(folder / net.preset) if "." in net.preset else net.preset for net in NETS}


def _preset(folder: Path, name: str, data: str, units: list[int], batch: str) -> None:
    hidden, last = ("tanh", "sigmoid") if units[-1] == 1 else ("relu", "softmax")
    layers = [_LAYER.format(units=count, activation=hidden) for count in units[:-1]]
    layers.append(_LAYER.format(units=units[-1], activation=last))
    loss = "binary_cross_entropy" if units[-1] == 1 else "cross_entropy"
    text = _FILE.format(title=name.capitalize(), data=data, layers="".join(layers), loss=loss, batch=batch)
    (folder / f"{name}.toml").write_text(text, encoding="utf-8")


def _enlarge(source: Path, target: Path) -> None:
    """The first rows of the 8 × 8 digits as images of 28 × 28 pixels, each pixel repeated."""
    with source.open(encoding="utf-8", newline="") as read, target.open("w", encoding="utf-8", newline="") as written:
        rows, out = csv.reader(read), csv.writer(written)
        label = next(rows).index("digit")
        out.writerow([*(f"p{k}" for k in range(SIDE * SIDE)), "digit"])
        nearest = [k * PIXELS // SIDE for k in range(SIDE)]
        for _, row in zip(range(WIDE_ROWS), rows, strict=False):
            image = row[:label] + row[label + 1 :]
            out.writerow([*(image[PIXELS * y + x] for y in nearest for x in nearest), row[label]])
