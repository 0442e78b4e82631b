"""Train on the irises and predict rows of one's own, and rows of the data.

Run it with ``python docs/examples/predict_rows.py`` in an environment in which nn-tui is installed.
"""

from nn_tui.core.data.input_rows import own_rows, typed_rows
from nn_tui.core.preset.loader import open_experiment
from nn_tui.core.run.predict import predict_rows
from nn_tui.core.run.run import Run

experiment = open_experiment("iris")  # also the path of a file with a table
run = Run.start(experiment)
run.train(500)

flowers = typed_rows(experiment.data, [["5.1", "3.5", "1.4", "0.2"], ["6.3", "2.8", "5.0", "1.6"]])
for rows in (flowers, own_rows(experiment, [1, 51, 101])):
    found = predict_rows(run.engine, run.state, rows)
    for cells, index, probability in zip(rows.cells, found.predicted, found.confidence(), strict=True):
        print(*(f"{cell:5}" for cell in cells), f"{found.classes[index]:>12}  {probability:.4f}")
