/** The model card of a pre-trained encoder: data, recipe, numbers of the run that made it, limits, licence. */

import type { Config } from '../config/config.js';
import { quantity } from '../core/quantity.js';
import type { MetricValue } from '../evaluation/report.js';
import type { PretrainResult } from './pretraining-record.js';

const METRICS = ['success@1', 'mrr@10', 'recall@10'];
const NAMES: Record<string, string> = {
  untuned: 'this encoder',
  bm25: 'BM25, stemmed',
  hybrid: 'BM25 and this encoder',
};

/** What the hub reads of a card: the head that the cards of all encoders of this package share. */
export const CARD_METADATA = `---
license: apache-2.0
language: en
library_name: transformers
pipeline_tag: sentence-similarity
tags: [sentence-similarity, feature-extraction, arxiv]
---
`;

export function modelCard(result: Omit<PretrainResult, 'out' | 'cpuSeconds'>, config: Config): string {
  const { parameters, papers, quality } = result;
  const { pretraining, datasets, seed } = config;
  const excluded = pretraining.excludedTopics;
  const option = excluded.length > 0 ? ` --exclude-topics ${excluded.join(',')}` : '';
  const seen =
    excluded.length > 0
      ? `It has seen **no paper of ${excluded.join(', ')}** (by primary category): neither tokenizer nor vectors were made from one. That is what fine-tuning on this topic can add.`
      : 'It has seen papers of all categories.';
  return `${CARD_METADATA}
# A small encoder for scientific titles and abstracts

${(parameters / 1e6).toFixed(1)} M parameters in 8 bits (E5M2), Qwen2 architecture with one layer, trained from scratch by llm-embedding. ${seen}

\`\`\`
llm-embedding pretrain --data SNAPSHOT --out DIR --seed ${seed}${option}
\`\`\`

makes this folder again.

## Data

Titles and abstracts of ${count(papers.train)} arXiv papers (metadata under CC0 1.0). Kept out of everything: the test split (${share(datasets.testShare)}) and the validation split
(${share(datasets.validationShare)}) of the split that the experiment uses. A paper's side follows from the SHA-256 of its normalized title (first 48 bits as a
fraction: below ${datasets.testShare} test, below ${Number((datasets.testShare + datasets.validationShare).toFixed(6))} validation); a group of near duplicates is on the strictest side of its members.
Validation papers chose the recipe; the numbers below are of test papers.

## Recipe

1. Byte-level BPE of ${count(pretraining.vocabularySize)} tokens, lower case, words without punctuation and cut before their endings, trained on these texts.
2. Token vectors of ${quantity(pretraining.contentSize, 'dimensions')}: latent semantic analysis mixed with random directions, lengths by inverse document frequency.
3. Contrastive training (InfoNCE, temperature ${pretraining.temperature}) of these vectors as bags of tokens in which repetitions saturate as in BM25, with
   token dropout (${pretraining.titleDropout} of a title, ${pretraining.abstractDropout} of an abstract) and the inverse cloze task; weights averaged. Phases:
${pretraining.phases.map(phaseLine).join('\n')}
4. One attention layer, set by hand, that computes the saturation: a token attends to its copies and subtracts their share.
   A token that occurs tf times counts tf K / (tf + K) times, K = ${pretraining.layerSaturation.base} + ${pretraining.layerSaturation.perToken} per token of the text.
   Words that make a question ("what", "anyone") are shortened, since titles hardly teach what they are worth.

## Numbers

Titles of ${count(quality.papers)} test papers against their abstracts, 95 % bootstrap intervals:

${table(quality.systems.map(({ name, metrics }) => [NAMES[name] ?? name, metrics]))}

${topicSection(result)}${quality.comparisons
  .filter(({ metric }) => metric === 'mrr@10')
  .map(
    ({ a, b, difference, low, high }) =>
      `- MRR@10 of ${NAMES[a] ?? a} minus ${NAMES[b] ?? b}: ${signed(difference)} [${signed(low)}, ${signed(high)}]`,
  )
  .join('\n')}

## Use

Mean over the last hidden state with padding left out, then cosine. Attention is bidirectional (\`is_causal: false\` in config.json)
and the tokenizer puts \`<|endoftext|>\` before every text; both are needed. Up to 1,024 tokens. In transformers (5.23 or later), load the
tokenizer with \`PreTrainedTokenizerFast\`: \`AutoTokenizer\` takes Qwen2's own class for this architecture, which drops the lower case.

## Limits

English scientific prose; made for finding an abstract by its title. Word order does not matter to it. It knows what words
occur together in ${count(papers.train)} papers and nothing else of the world: for questions in other words than the text's, a larger model is better.

## Licence

Apache-2.0. The texts it was trained on are arXiv metadata, CC0 1.0.
`;
}

function phaseLine({ epochs, pairs, hardNegatives, learningRate }: Config['pretraining']['phases'][number]): string {
  const negatives = hardNegatives > 0 ? `, ${quantity(hardNegatives, 'hard negatives')} a title mined by BM25` : '';
  return `   - ${quantity(epochs, 'epochs')} of ${count(pairs)} pairs a batch, learning rate ${learningRate}${negatives}`;
}

function topicSection({ quality }: Pick<PretrainResult, 'quality'>): string {
  const main = quality.topics.filter(({ topic }) => topic === 'gr-qc');
  const queries = main[0]?.queries;
  if (!queries) return '';
  const rows = main.map(({ system, metrics }): [string, Record<string, MetricValue>] => [
    NAMES[system] ?? system,
    metrics,
  ]);
  return `The ${count(queries)} titles of gr-qc among them:\n\n${table(rows)}\n\n`;
}

function table(rows: [string, Record<string, MetricValue>][]): string {
  const cell = (value: MetricValue | undefined): string =>
    value ? `${value.value.toFixed(3)} [${value.low.toFixed(3)}, ${value.high.toFixed(3)}]` : '';
  return [
    '| | hit@1 | MRR@10 | recall@10 |',
    '|---|---|---|---|',
    ...rows.map(([name, metrics]) => `| ${name} | ${METRICS.map((metric) => cell(metrics[metric])).join(' | ')} |`),
  ].join('\n');
}

function count(value: number): string {
  return value.toLocaleString('en');
}

function share(value: number): string {
  return `${Math.round(100 * value)} %`;
}

function signed(value: number): string {
  return `${value < 0 ? '−' : '+'}${Math.abs(value).toFixed(3)}`;
}
