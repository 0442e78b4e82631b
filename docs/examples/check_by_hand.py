"""Check one backward pass by hand: recompute the gradients of the Mazur example from the numbers of its trace.

Run it with ``python docs/examples/check_by_hand.py`` in an environment in which nn-tui is installed.
"""

import numpy as np

from nn_tui.core.explain.explain import explain
from nn_tui.core.explain.render_text import line_text
from nn_tui.core.preset.loader import open_experiment
from nn_tui.core.refs import Ref
from nn_tui.core.run.run import Run

run = Run.start(open_experiment("mazur"))
trace = run.trace(1)  # the first pass: from the initial parameters to those after one update
weights = trace.before.weights

print("output:", trace.a[1][0])
print(f"loss:   {trace.loss:.9f}")

# The gradients, layer by layer, as a text book writes them. Arrays have the shape (batch, units).
delta2 = (trace.a[1] - trace.y) * trace.a[1] * (1 - trace.a[1])
delta1 = delta2 @ weights[1] * trace.a[0] * (1 - trace.a[0])
for layer, (delta, inputs) in enumerate([(delta1, trace.x), (delta2, trace.a[0])]):
    assert np.allclose(delta.T @ inputs, trace.dw[layer], rtol=1e-12)
    print(f"dW of layer {layer + 1}:", trace.dw[layer].round(8).tolist())

# The same number as the app explains it.
for line in explain(run.engine, trace, Ref("dw", layer=1, unit=0, input=0)).lines:
    print(line_text(line))
