"""Record R² and RMSE as scikit-learn computes them, for ``test_metrics.py``.

    python -m pip install scikit-learn==1.9.1
    python -m tests.core.run.record_metrics

Each case of ``regression_metrics.json`` has inputs, targets, and a linear model; only the figures are written anew.
"""

from __future__ import annotations

import json
from pathlib import Path

import numpy as np
import sklearn
from sklearn.metrics import r2_score, root_mean_squared_error

from nn_tui.core.spec import Array

RECORDED = Path(__file__).parent / "regression_metrics.json"


def figures(y: Array, prediction: Array) -> dict[str, float | None]:
    """Return both figures of one part of the rows; R² needs two rows."""
    r2 = float(r2_score(y, prediction)) if len(y) > 1 else None
    return {"r2": r2, "rmse": float(root_mean_squared_error(y, prediction))}


if __name__ == "__main__":
    cases = json.loads(RECORDED.read_text(encoding="utf-8"))["cases"]
    for case in cases:
        x, y, weights = (np.array(case[key]) for key in ("inputs", "targets", "weights"))
        prediction, rows = x @ weights.T + np.array(case["bias"]), case["train_rows"]
        case["train"], case["test"] = figures(y[:rows], prediction[:rows]), figures(y[rows:], prediction[rows:])
    content = {
        "made_by": f"tests/core/run/record_metrics.py with scikit-learn {sklearn.__version__}",
        "cases": cases,
    }
    RECORDED.write_text(json.dumps(content, indent=1, ensure_ascii=False) + "\n", encoding="utf-8")
