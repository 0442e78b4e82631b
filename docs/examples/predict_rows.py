"""Train on the irises and predict rows of one's own.

Run it with ``python docs/examples/predict_rows.py`` in an environment in which nn-tui is installed.
"""

from nn_tui.core import Network

net = Network.open("iris").train(500)  # also the path of a file with a table, or a data frame

flowers = [[5.1, 3.5, 1.4, 0.2], [6.3, 2.8, 5.0, 1.6]]
for flower, species, probabilities in zip(flowers, net.predict(flowers), net.predict_proba(flowers), strict=True):
    print(*(f"{number:5}" for number in flower), f"{species:>12}  {probabilities.max():.4f}")
print(f"right in the test part: {net.evaluate('test').accuracy:.1%}")
