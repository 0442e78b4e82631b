"""Record how good linear models of scikit-learn are on the tables of the tests, for ``test_default_network.py``.

    python -m pip install scikit-learn==1.9.1
    python -m tests.core.preset.record_linear

The models get the training part as the first network gets it: encoded and standardised. ``LinearRegression`` gives R²,
``LogisticRegression`` the accuracy.
"""

from __future__ import annotations

import json

import sklearn
from sklearn.linear_model import LinearRegression, LogisticRegression

from nn_tui.core.spec import Dataset
from tests.core.preset._first_networks import CASES, RECORDED, SEEDS


def linear_score(data: Dataset) -> float:
    """Return R² or the accuracy of a linear model on the data that it was fitted to."""
    if not data.classes:
        return float(LinearRegression().fit(data.x, data.y).score(data.x, data.y))
    labels = data.y.argmax(axis=1) if data.y.shape[1] > 1 else data.y[:, 0]
    return float(LogisticRegression(max_iter=10_000).fit(data.x, labels).score(data.x, labels))


if __name__ == "__main__":
    scores = {str(case): [round(linear_score(case.open(seed).data), 6) for seed in SEEDS] for case in CASES}
    content = {
        "made_by": f"tests/core/preset/record_linear.py with scikit-learn {sklearn.__version__}",
        "scores": scores,
    }
    RECORDED.write_text(json.dumps(content, indent=1, ensure_ascii=False) + "\n", encoding="utf-8")
