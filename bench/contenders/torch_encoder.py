"""The rival: Qwen2 of transformers with a LoRA adapter of PEFT on PyTorch, float32, on the same batch.

Needs torch, transformers and peft. Started by contender.ts with its options as JSON; does the work once at every line
"go" and answers with one line of JSON. The batch is that of batch.ts.
"""
import json
import sys
import time

start = time.perf_counter()
options = json.loads(sys.argv[1])

import peft  # noqa: E402
import torch  # noqa: E402
import transformers  # noqa: E402
from answer_runs import answer_runs  # noqa: E402

transformers.logging.set_verbosity_error()
torch.set_num_threads(options["threads"])
torch.set_float32_matmul_precision(options["precision"])


model = transformers.AutoModel.from_pretrained(options["model"], dtype=torch.float32, attn_implementation="sdpa")
vocabulary = model.config.vocab_size
training = options["mode"] == "train"
if training:
    model = peft.PeftModel.from_pretrained(model, options["adapter"], is_trainable=True)
model.train(training)
trained = [parameter for parameter in model.parameters() if parameter.requires_grad]

rows = torch.arange(options["batch"])[:, None]
columns = torch.arange(options["sequence"])[None]
ids = (7919 * rows + 104729 * columns + 13) % vocabulary
mask = torch.ones_like(ids)


def embed():
    hidden = model(input_ids=ids, attention_mask=mask, use_cache=False).last_hidden_state
    return hidden.mean(1)


def run():
    if not training:
        with torch.inference_mode():
            return embed().norm().item()
    embeddings = embed()
    gradient = torch.arange(embeddings.numel(), dtype=torch.float64).cos().float().view_as(embeddings)
    gradients = torch.autograd.grad(embeddings, trained, gradient)
    return torch.stack([g.norm() for g in gradients]).norm().item()


def bare_product():
    # up projection of Qwen2.5-0.5B for 1,024 tokens; the median of five, in GFLOP/s
    x, w = torch.randn(1024, 896), torch.randn(896, 4864)
    seconds = []
    with torch.inference_mode():
        for _ in range(6):
            begin = time.perf_counter()
            x @ w
            seconds.append(time.perf_counter() - begin)
    return 2 * 1024 * 896 * 4864 / sorted(seconds[1:])[2] / 1e9


answer_runs(
    f"torch {torch.__version__}, transformers {transformers.__version__}, peft {peft.__version__}, "
    f"{torch.get_num_threads()} threads, float32 matmul precision {options['precision']}",
    start,
    lambda: [run()],
    bare_product,
)
