"""FAISS as Python uses it, on the index that `index build` makes: see ../vector-index.ts.

Takes its options as JSON, and prints one line of JSON: what the index took to build, how well it finds, and how fast. The
effort is the least of some cells and candidates that reaches the recall, or the best there is.
"""

import json
import resource
import sys
import time

import faiss
import numpy as np

ROWS_AT_ONCE = 4096


def exact_neighbours(x, own, depth):
    """Rows nearest to some rows, without themselves, by a pass over all."""
    queries = np.array(x[own])
    scores = np.full((len(own), depth + 1), -9, np.float32)
    rows = np.zeros((len(own), depth + 1), np.int64)
    for start in range(0, len(x), 50_000):
        block = queries @ np.array(x[start : start + 50_000]).T
        best = np.argpartition(-block, depth, axis=1)[:, : depth + 1]
        all_scores = np.concatenate([scores, np.take_along_axis(block, best, 1)], 1)
        all_rows = np.concatenate([rows, best + start], 1)
        order = np.argsort(-all_scores, axis=1)[:, : depth + 1]
        scores, rows = np.take_along_axis(all_scores, order, 1), np.take_along_axis(all_rows, order, 1)
    return [[row for row in found if row != self][:depth] for found, self in zip(rows, own)]


def search(index, x, query, cells, candidates, depth, self=-1):
    """The nearest rows among those that the index proposes, scored again with their vectors."""
    index.nprobe = cells
    _, proposed = index.search(query[None], candidates)
    proposed = proposed[0][(proposed[0] >= 0) & (proposed[0] != self)]
    scores = np.array(x[proposed]) @ query
    return proposed[np.argsort(-scores)[:depth]]


def main():
    options = json.loads(sys.argv[1])
    depth = options["depth"]
    faiss.omp_set_num_threads(1)
    x = np.load(options["path"], mmap_mode="r")
    own = np.sort(np.random.default_rng(1).choice(len(x), options["queries"], replace=False))

    start = time.perf_counter()
    index = faiss.index_factory(x.shape[1], options["description"])
    sample = np.arange(options["trainingRows"]) * len(x) // options["trainingRows"]
    index.train(np.array(x[sample]))
    for first in range(0, len(x), ROWS_AT_ONCE):
        index.add(np.array(x[first : first + ROWS_AT_ONCE]))
    build_seconds = time.perf_counter() - start
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1000

    truth = exact_neighbours(x, own, depth)
    best = None
    for cells in (4, 8, 16, 32, 64, 128, 256):
        for candidates in (50, 100, 200, 400, 800):
            found = [search(index, x, np.array(x[row]), cells, candidates, depth, row) for row in own]
            recall = np.mean([len(set(a) & set(b)) / depth for a, b in zip(found, truth)])
            if best is None or recall > best[0]:
                best = (float(recall), cells, candidates)
            if recall >= options["recall"]:
                break
        if best[0] >= options["recall"]:
            break

    recall, cells, candidates = best
    queries = np.array(x[np.arange(2 * options["queries"]) * len(x) // (2 * options["queries"]) + 1])
    milliseconds = []
    for query in queries:
        start = time.perf_counter()
        search(index, x, query, cells, candidates, depth)
        milliseconds.append(1000 * (time.perf_counter() - start))
    print(
        json.dumps(
            {
                "name": f"{options['description']}, Python",
                "buildSeconds": build_seconds,
                "megabytes": faiss.serialize_index(index).nbytes / 1e6,
                "peakMegabytes": peak,
                "recall": recall,
                "effort": f"{cells} cells, {candidates} candidates",
                "queryMilliseconds": float(np.median(milliseconds)),
            }
        )
    )


main()
