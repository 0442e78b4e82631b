"""Preset problems, one TOML file each, the data sets they read, and lessons in the folder ``lessons``."""

from __future__ import annotations

from collections.abc import Mapping

TOPICS: Mapping[str, tuple[str, ...]] = {
    "One unit": ("neuron", "and", "or", "nand", "xor-perceptron"),
    "A hidden layer": ("xor", "xor-221", "xor-221-stuck", "xor-zeros", "xor-relu-exact", "mazur"),
    "The learning rate": ("plane", "too-fast", "too-slow", "schedule"),
    "Curves and heights": ("sine", "overfitting", "hills"),
    "Classes in the plane": ("gaussians", "circles", "features", "moons", "spiral", "blobs"),
    "Gradients that vanish or explode": ("vanishing", "vanishing-relu", "exploding", "dying-relu"),
    "Optimisers in a ravine": ("ravine-sgd", "ravine-momentum", "ravine-rmsprop", "ravine-adam"),
    "Local minima": ("local-minimum-full", "local-minimum-single"),
    "Codes and real data": ("autoencoder", "iris", "penguins", "penguins-raw", "digits"),
}
"""The ids of the shipped presets by topic, in the order of the course; a file's name is its id."""

COURSE: tuple[str, ...] = tuple(preset for presets in TOPICS.values() for preset in presets)
"""The ids of the shipped presets, in the order of the course."""

LESSONS: Mapping[str, tuple[str, ...]] = {
    "A neuron": ("weighted-sum", "activation"),
    "The perceptron": ("line", "perceptron-rule", "xor-one-line"),
    "Hidden layers": ("hidden-layer", "forward-by-hand"),
    "Loss": ("squared-error", "cross-entropy"),
    "Backpropagation": ("chain-rule", "backpropagation", "backward-by-hand", "gradient-check"),
    "Update and learning rate": ("learning-rate", "batches", "schedules"),
    "When learning fails": ("local-minimum", "vanishing-gradient", "dead-relu", "symmetry"),
    "Optimisers": ("momentum", "adam"),
    "Several classes": ("softmax", "iris", "pytorch"),
}
"""The ids of the shipped lessons by chapter, in the order of the course; a file's name is its id."""
