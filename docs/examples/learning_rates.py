"""Train XOR with three learning rates and print how the loss falls.

Run it with ``python docs/examples/learning_rates.py`` in an environment in which nn-tui is installed.
"""

from nn_tui.core import Network

UPDATES = (0, 10, 50, 200)

print("learning rate", *(f"{f'loss after {updates}':>15}" for updates in UPDATES))
for learning_rate in (0.1, 1.0, 4.0):
    net = Network.open("xor").edit(learning_rate=learning_rate)
    losses = [net.goto(updates).trace().loss for updates in UPDATES]  # of the pass that starts there
    print(f"{learning_rate:<13}", *(f"{loss:15.6f}" for loss in losses))
