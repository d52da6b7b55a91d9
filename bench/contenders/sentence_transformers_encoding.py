"""Encodes the next texts of a list at every turn with sentence-transformers in float32, as `encode` does by default.

Needs torch and sentence-transformers. Started by contender.ts with its options as JSON; see contenders/encoding.ts.
"""
import json
import sys
import time

start = time.perf_counter()
options = json.loads(sys.argv[1])

import sentence_transformers  # noqa: E402
import torch  # noqa: E402
from answer_runs import answer_runs  # noqa: E402

torch.set_num_threads(options["threads"])
with open(options["texts"], encoding="utf8") as file:
    texts = json.load(file)
encoder = sentence_transformers.SentenceTransformer(
    options["model"], device="cpu", model_kwargs={"dtype": torch.float32}
)
encoder.max_seq_length = min(options["maxLength"], encoder.max_seq_length)
each = -(-len(texts) // options["turns"])
turn = 0


def encode():
    global turn
    part = texts[turn * each : (turn + 1) * each]
    turn += 1
    rows = encoder.encode(part, normalize_embeddings=True, show_progress_bar=False)
    with open(options["out"], "ab") as file:
        file.write(rows.tobytes())
    return []


answer_runs(
    f"sentence-transformers {sentence_transformers.__version__}, torch {torch.__version__}, "
    f"{torch.get_num_threads()} threads, {encoder.max_seq_length} tokens",
    start,
    encode,
)
