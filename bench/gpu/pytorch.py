"""The same work in PyTorch: LoRA by PEFT on a Qwen2 encoder of the same shape, in bfloat16.

Reads {"model": {...}, "adapter": {...}, "batches": {budget: [[lengths]]}, "repeats": n} from standard input and writes one
JSON object to standard output: tokens a second by work and budget, padding left out.
"""

import json
import sys
import time

import torch
from peft import LoraConfig, get_peft_model
from transformers import Qwen2Config, Qwen2Model


def build(model, adapter, device):
    config = Qwen2Config(
        vocab_size=model["vocabularySize"],
        hidden_size=model["hiddenSize"],
        intermediate_size=model["intermediateSize"],
        num_hidden_layers=model["layers"],
        num_attention_heads=model["attentionHeads"],
        num_key_value_heads=model["keyValueHeads"],
        max_position_embeddings=model["maxPositions"],
        use_cache=False,
    )
    encoder = Qwen2Model(config).to(device=device, dtype=torch.bfloat16)
    lora = LoraConfig(
        r=adapter["rank"], lora_alpha=adapter["alpha"], target_modules=adapter["targetModules"], lora_dropout=0.0
    )
    return get_peft_model(encoder, lora)


def pad(lengths, vocabulary, device):
    longest = max(lengths)
    ids = torch.randint(vocabulary, (len(lengths), longest), device=device)
    mask = (torch.arange(longest, device=device)[None] < torch.tensor(lengths, device=device)[:, None]).long()
    return ids, mask


def embed(encoder, ids, mask):
    hidden = encoder(input_ids=ids, attention_mask=mask).last_hidden_state
    weights = mask.unsqueeze(-1).to(hidden.dtype)
    return (hidden * weights).sum(1) / weights.sum(1)


def run_once(encoder, batch, training):
    if not training:
        with torch.inference_mode():
            embed(encoder, *batch).float().cpu()
        return
    # as GradCache does it: embeddings first, then forward and backward again
    with torch.no_grad():
        embed(encoder, *batch)
    rows = embed(encoder, *batch)
    rows.backward(torch.full_like(rows, 1e-3))
    encoder.zero_grad(set_to_none=True)


def measure(encoder, batches, tokens, training, repeats, synchronize):
    best = 0.0
    for turn in range(repeats + 1):
        synchronize()
        start = time.perf_counter()
        for batch in batches:
            run_once(encoder, batch, training)
        synchronize()
        if turn > 0:
            best = max(best, tokens / (time.perf_counter() - start))
    return best


def main():
    job = json.load(sys.stdin)
    device = "cuda" if torch.cuda.is_available() else "cpu"
    synchronize = torch.cuda.synchronize if device == "cuda" else lambda: None
    encoder = build(job["model"], job["adapter"], device)
    results = []
    for budget, groups in job["batches"].items():
        tokens = sum(map(sum, groups))
        batches = [pad(lengths, job["model"]["vocabularySize"], device) for lengths in groups]
        for work in ("encoding", "training"):
            try:
                speed = measure(encoder, batches, tokens, work == "training", job["repeats"], synchronize)
            except torch.OutOfMemoryError:
                speed = None
            results.append({"work": work, "budget": int(budget), "tokensPerSecond": speed})
            print(f"PyTorch, {work}, micro-batches of {budget}: {speed} tokens/s", file=sys.stderr)
    print(json.dumps({"torch": torch.__version__, "device": device, "results": results}))


if __name__ == "__main__":
    main()
