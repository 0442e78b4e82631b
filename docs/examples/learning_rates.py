"""Train XOR with three learning rates and print how the loss falls.

Run it with ``python docs/examples/learning_rates.py`` in an environment in which nn-tui is installed.
"""

from dataclasses import replace

from nn_tui.core.preset.loader import open_experiment
from nn_tui.core.run.run import Run

UPDATES = (0, 10, 50, 200)

experiment = open_experiment("xor")
print("learning rate", *(f"{f'loss after {updates}':>15}" for updates in UPDATES))
for learning_rate in (0.1, 1.0, 4.0):
    optimizer = replace(experiment.training.optimizer, learning_rate=learning_rate)
    run = Run.start(replace(experiment, training=replace(experiment.training, optimizer=optimizer)))
    losses = []
    for updates in UPDATES:
        run.goto(updates)
        trace = run.trace(updates + 1)  # this pass starts from the parameters after so many updates
        losses.append(trace.loss)
        run.release(trace)
    print(f"{learning_rate:<13}", *(f"{loss:15.6f}" for loss in losses))
