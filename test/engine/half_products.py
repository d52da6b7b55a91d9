"""Runs recorded programs in numpy, float16 sums included, beside what ONNX Runtime gave in float32.

    python half_products.py FOLDER    (needs onnx and numpy)

Prints the cosine of each output, the least over the rows where it is a matrix of embeddings.
"""
import base64
import json
import sys
from pathlib import Path

import numpy as np
import onnx
from onnx.reference import ReferenceEvaluator

TYPES = {"float32": np.float32, "int32": np.int32, "bool": np.bool_}


def array(tensor):
    return np.frombuffer(base64.b64decode(tensor["data"]), TYPES[tensor["dtype"]]).reshape(tensor["shape"])


def cosine(a, b):
    a, b = a.astype(np.float64), b.astype(np.float64)
    return float(((a * b).sum(-1) / np.linalg.norm(a, axis=-1) / np.linalg.norm(b, axis=-1)).min())


results = []
for path in sorted(Path(sys.argv[1]).glob("*.onnx")):
    model = onnx.load(path)
    onnx.checker.check_model(model)
    run = json.loads(path.with_suffix(".json").read_text())
    names = [output.name for output in model.graph.output]
    rounded = ReferenceEvaluator(model).run(names, {name: array(feed) for name, feed in run["feeds"].items()})
    for name, value in zip(names, rounded):
        expected = array(run["outputs"][name])
        rows = name == "embeddings"
        same = cosine(value if rows else value.ravel(), expected if rows else expected.ravel())
        results.append({"program": run["name"], "output": name, "cosine": same})
print(json.dumps(results))
