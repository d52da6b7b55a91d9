/** The model card of the base encoder, with the numbers of the run that made it. */
import type { PretrainingQuality } from '../../lib/pretraining/measure-encoder.js';
import { CARD_METADATA } from '../../lib/pretraining/model-card.js';

export interface CardFacts {
  /** The command that makes the folder again. */
  command: string;
  fittedPapers: number;
  parameters: number;
  quality: PretrainingQuality;
}

export function modelCard({ command, fittedPapers, parameters, quality }: CardFacts): string {
  const rows = quality.systems.map(({ name, metrics }) => {
    const label = name === 'untuned' ? 'this encoder' : name === 'bm25' ? 'BM25, stemmed' : 'both, fused';
    const value = (metric: string): string => (metrics[metric]?.value ?? Number.NaN).toFixed(3);
    return `| ${label} | ${value('success@1')} | ${value('mrr@10')} |`;
  });
  return `${CARD_METADATA}
# Base encoder

A small text encoder of Qwen2 architecture for English scientific text (${(parameters / 1e6).toFixed(1)} M parameters, bf16): what the default
experiment of llm-embedding fine-tunes. It stands where a language model stands before it learns to retrieve: it knows which
tokens keep company, but not which of them matter, so that in a mean over tokens "the" counts as much as "quasinormal". It has
seen **no pair of a title and its abstract**, of the main topic or any other; nothing in it is trained by gradients. For
retrieval itself take \`data/sample-encoder\`.

## How it is made

\`\`\`
${command}
\`\`\`

- **Data**: titles and abstracts of ${fittedPapers.toLocaleString('en')} arXiv papers (metadata under CC0), all categories. They are the training side
  of the split that the experiment uses (by hash of the title, near duplicates together); validation and test papers were
  left out of everything below.
- **Tokenizer**: byte-level BPE of 8,192 tokens, trained on the words of these texts in lower case, without punctuation and
  cut before their endings ("rotat" and "ing"). The tokenizer itself brings a text into this form. \`<|endoftext|>\` (id 0) pads.
- **Embeddings**: directions from latent semantic analysis (right singular vectors of the TF-IDF matrix, divided by the
  square root of the singular values) mixed with random ones, all of one length. The last dimension is a sink that fills every
  row up to a common length; the final norm sets it to 0. A layer that shrinks a token's content so lessens its weight.
- **Layer**: one, which passes its input through: o_proj and down_proj are zero, the other matrices random. They give
  LoRA adapters features to start from.

## Use

Mean over the last hidden state, padding left out, then cosine. Up to 1,024 tokens. In transformers, load the tokenizer with
\`PreTrainedTokenizerFast\`: \`AutoTokenizer\` takes Qwen2's own class for this architecture, which would drop the lower-casing.

## Quality

Titles of ${quality.papers.toLocaleString('en')} test papers against their abstracts, before any fine-tuning:

| | hit@1 | MRR@10 |
|---|---|---|
${rows.join('\n')}

## Limits

English scientific prose only. Word order does not matter to it before it is fine-tuned, and every word counts the same.
`;
}
