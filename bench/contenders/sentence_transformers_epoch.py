"""One epoch of sentence-transformers in float32: of a LoRA adapter of PEFT, or of all weights where there is none.

The loss is CachedMultipleNegativesRankingLoss, or MultipleNegativesRankingLoss where there is no mini-batch.

Needs torch, sentence-transformers and peft. Started by contender.ts with its options as JSON; the steps are those of
contenders/epoch.ts: AdamW at a constant rate, the gradient's norm clipped at 1, no warm-up.
"""
import json
import sys
import time

start = time.perf_counter()
options = json.loads(sys.argv[1])

import sentence_transformers  # noqa: E402
import torch  # noqa: E402
import transformers  # noqa: E402
from answer_runs import answer_runs  # noqa: E402
from sentence_transformers import SentenceTransformer  # noqa: E402
from sentence_transformers.sentence_transformer import modules  # noqa: E402
from sentence_transformers.sentence_transformer.losses import (  # noqa: E402
    CachedMultipleNegativesRankingLoss,
    MultipleNegativesRankingLoss,
)

transformers.logging.set_verbosity_error()
torch.set_num_threads(options["threads"])


with open(options["pairs"], encoding="utf8") as file:
    pairs = json.load(file)
if options["adapter"] is None:
    encoder = SentenceTransformer(options["model"], device="cpu", model_kwargs={"dtype": torch.float32})
    encoder.max_seq_length = options["maxLength"]
    what = "all weights"
else:
    import peft

    word_embeddings = modules.Transformer(
        options["model"], max_seq_length=options["maxLength"], model_kwargs={"dtype": torch.float32}
    )
    width = word_embeddings.auto_model.config.hidden_size
    encoder = SentenceTransformer(
        modules=[word_embeddings, modules.Pooling(width, pooling_mode="mean"), modules.Normalize()], device="cpu"
    )
    word_embeddings.auto_model.load_adapter(options["adapter"], adapter_kwargs={}, is_trainable=True)
    for name, parameter in encoder.named_parameters():
        parameter.requires_grad = "lora_" in name
    what = f"adapter of peft {peft.__version__}"
trained = [parameter for parameter in encoder.parameters() if parameter.requires_grad]
if options["miniBatch"] is None:
    loss_function = MultipleNegativesRankingLoss(encoder)
else:
    loss_function = CachedMultipleNegativesRankingLoss(encoder, mini_batch_size=options["miniBatch"])


def epoch():
    optimizer = torch.optim.AdamW(trained, lr=1e-4, weight_decay=0.01)
    encoder.train()
    losses = []
    size = options["batch"]
    for begin in range(0, len(pairs) - size + 1, size):
        batch = pairs[begin : begin + size]
        features = [encoder.preprocess([pair[side] for pair in batch]) for side in (0, 1)]
        optimizer.zero_grad()
        loss = loss_function(features, None)
        loss.backward()
        torch.nn.utils.clip_grad_norm_(trained, 1.0)
        optimizer.step()
        losses.append(loss.item())
    return losses


answer_runs(
    f"sentence-transformers {sentence_transformers.__version__}, torch {torch.__version__}, "
    f"{torch.get_num_threads()} threads, {what}: {len(trained)} trained tensors",
    start,
    epoch,
)
