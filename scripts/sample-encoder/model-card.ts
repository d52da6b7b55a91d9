/** The model card of the sample encoder, with the numbers of the run that made it. */
import type { RetrievalQuality } from './retrieval.js';

export interface CardFacts {
  /** The command that makes the folder again. */
  command: string;
  fittedPapers: number;
  parameters: number;
  measuredPapers: number;
  quality: RetrievalQuality;
  /** The same with tokenizer and vectors of equal length in random directions. */
  randomQuality: RetrievalQuality;
}

export function modelCard(facts: CardFacts): string {
  const score = (value: number): string => value.toFixed(3);
  const row = (name: string, quality: RetrievalQuality): string =>
    `| ${name} | ${score(quality.hitAt1)} | ${score(quality.mrrAt10)} |`;
  return `---
license: apache-2.0
language: en
library_name: transformers
pipeline_tag: sentence-similarity
tags: [sentence-similarity, feature-extraction, arxiv]
---

# Sample encoder

A small text encoder of Qwen2 architecture for English scientific text (${(facts.parameters / 1e6).toFixed(1)} M parameters, bf16): the default
base model of llm-embedding's experiment, small enough to come with the package. It has seen **no title-abstract pair**:
nothing in it is trained by gradients. Fine-tuning it is what the experiment shows.

## How it is made

\`\`\`
${facts.command}
\`\`\`

- **Data**: titles and abstracts of ${facts.fittedPapers.toLocaleString('en')} arXiv papers (metadata under CC0), all categories. They are the training side
  of the split that the experiment uses (by hash of the title, near duplicates together); validation and test papers were
  left out of everything below.
- **Tokenizer**: byte-level BPE of 8,192 tokens, trained on these texts in lower case, with Qwen2's split into words. Texts
  are lower-cased and given a leading space by the tokenizer itself. \`<|endoftext|>\` (id 0) pads.
- **Embeddings**: directions from latent semantic analysis (right singular vectors of the TF-IDF matrix, divided by the
  square root of the singular values) mixed with random ones; lengths from the inverse document frequency. The last
  dimension is a sink that gives all rows the same length, so that RMSNorm does not level the lengths; the final norm
  sets it to 0.
- **Layer**: one, which passes its input through: o_proj and down_proj are zero, the other matrices random. They give
  LoRA adapters features to start from.

## Use

Mean over the last hidden state, padding left out, then cosine. Up to 1,024 tokens. In transformers, load the tokenizer with
\`PreTrainedTokenizerFast\`: \`AutoTokenizer\` takes Qwen2's own class for this architecture, which would drop the lower-casing.

## Quality

Titles of ${facts.measuredPapers.toLocaleString('en')} test papers against their abstracts:

| | hit@1 | MRR@10 |
|---|---|---|
${row('this encoder', facts.quality)}
${row('same tokenizer, random vectors', facts.randomQuality)}

## Limits

English scientific prose only. Word order does not matter to it before it is fine-tuned. Repeated words count in
proportion, which BM25 avoids: stemmed BM25 is well ahead of it on this task.
`;
}
