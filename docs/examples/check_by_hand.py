"""Check one backward pass by hand: recompute the gradients of the Mazur example from the numbers of its first pass.

Run it with ``python docs/examples/check_by_hand.py`` in an environment in which nn-tui is installed.
"""

import numpy as np

from nn_tui.core import Network

seen = Network.open("mazur").trace(1)  # the first pass: from the initial parameters to those after one update

print("output:", seen.a[1][0])
print(f"loss:   {seen.loss:.9f}")

# The gradients, layer by layer, as a text book writes them. Arrays have the shape (batch, units).
delta2 = (seen.a[1] - seen.y) * seen.a[1] * (1 - seen.a[1])
delta1 = delta2 @ seen.w[1] * seen.a[0] * (1 - seen.a[0])
for layer, (delta, inputs) in enumerate([(delta1, seen.x), (delta2, seen.a[0])]):
    assert np.allclose(delta.T @ inputs, seen.dw[layer], rtol=1e-12)
    print(f"dW of layer {layer + 1}:", seen.dw[layer].round(8).tolist())

# The same number as the app explains it.
print(seen.explain("dw2[1,1]"))
