"""The rival: Qwen2 of transformers with a LoRA adapter of PEFT on PyTorch, on the same batch: in float32, in float32 with
autocast to bfloat16, or all of it in bfloat16.

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


# float32, autocast (float32 with products in bfloat16) or bfloat16
numbers = options["numbers"]
dtype = torch.bfloat16 if numbers == "bfloat16" else torch.float32
model = transformers.AutoModel.from_pretrained(options["model"], dtype=dtype, attn_implementation="sdpa")
vocabulary = model.config.vocab_size
training = options["mode"] == "train"
if training:
    model = peft.PeftModel.from_pretrained(model, options["adapter"], is_trainable=True)
model = model.to(dtype)
model.train(training)
trained = [parameter for parameter in model.parameters() if parameter.requires_grad]

rows = torch.arange(options["batch"])[:, None]
columns = torch.arange(options["sequence"])[None]
ids = (7919 * rows + 104729 * columns + 13) % vocabulary
mask = torch.ones_like(ids)


def embed():
    with torch.autocast("cpu", torch.bfloat16, enabled=numbers == "autocast"):
        hidden = model(input_ids=ids, attention_mask=mask, use_cache=False).last_hidden_state
    return hidden.float().mean(1)


def run():
    if not training:
        with torch.inference_mode():
            return embed().norm().item()
    embeddings = embed()
    gradient = torch.arange(embeddings.numel(), dtype=torch.float64).cos().float().view_as(embeddings)
    gradients = torch.autograd.grad(embeddings, trained, gradient)
    return torch.stack([g.float().norm() for g in gradients]).norm().item()


def bare_product():
    # up projection of Qwen2.5-0.5B for 1,024 tokens; the median of five, in GFLOP/s
    kind = torch.float32 if numbers == "float32" else torch.bfloat16
    x, w = torch.randn(1024, 896, dtype=kind), torch.randn(896, 4864, dtype=kind)
    seconds = []
    with torch.inference_mode():
        for _ in range(6):
            begin = time.perf_counter()
            x @ w
            seconds.append(time.perf_counter() - begin)
    return 2 * 1024 * 896 * 4864 / sorted(seconds[1:])[2] / 1e9


answer_runs(
    f"torch {torch.__version__}, transformers {transformers.__version__}, peft {peft.__version__}, "
    f"{torch.get_num_threads()} threads, {numbers}, float32 matmul precision {options['precision']}",
    start,
    lambda: [run()],
    bare_product,
)
