/**
 * Makes the sample encoder from a metadata snapshot: tokenizer, embeddings from co-occurrence, a layer that passes its
 * input through. Seeded: one snapshot and one seed give the same bytes.
 *
 *   node dist/scripts/sample-encoder/make.js --data SNAPSHOT --out data/sample-encoder --seed 42
 */
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { Tokenizer } from '@huggingface/tokenizers';
import writeFileAtomic from 'write-file-atomic';
import { UserError } from '../../lib/errors.js';
import type { ProgressEvent } from '../../lib/events.js';
import { tokenizeCorpus } from '../../lib/pretraining/corpus.js';
import { identityLayers } from '../../lib/pretraining/identity-layers.js';
import { contentVectors, withSinkDimension } from '../../lib/pretraining/initial-embeddings.js';
import { type Qwen2Shape, type Weight, writeModelFolder } from '../../lib/pretraining/model-folder.js';
import { readPapersBySide } from '../../lib/pretraining/papers.js';
import { countTokens } from '../../lib/pretraining/sparse-matrix.js';
import { END_OF_TEXT, tokenizerConfig, tokenizerJson } from '../../lib/pretraining/tokenizer-files.js';
import { Random } from '../../lib/random.js';
import { modelCard } from './model-card.js';
import { measureRetrieval, type RetrievalQuality } from './retrieval.js';

const SHAPE: Qwen2Shape = {
  vocabularySize: 8192,
  hiddenSize: 384,
  intermediateSize: 256,
  layers: 1,
  attentionHeads: 6,
  keyValueHeads: 2,
  ropeTheta: 10000,
  maxPositions: 1024,
};
/** All dimensions but the sink. */
const CONTENT_WIDTH = SHAPE.hiddenSize - 1;
/** Found best among shares of 0.3 to 2 and exponents of 0.6 to 1.2, before any training. */
const CONTENT = { width: CONTENT_WIDTH, cooccurrence: 1, random: 0.8, idfExponent: 0.8 };
const MEASURED_PAPERS = 2000;

async function main(): Promise<void> {
  const { values } = parseArgs({
    options: { data: { type: 'string' }, out: { type: 'string' }, seed: { type: 'string', default: '42' } },
  });
  const seed = Number(values.seed);
  if (!values.data || !values.out || !Number.isInteger(seed)) {
    throw new UserError('expected --data SNAPSHOT (.jsonl or .jsonl.gz) --out FOLDER [--seed INTEGER]');
  }
  const reporting = { onProgress: progressLine() };
  const { onProgress } = reporting;

  const papers = await readPapersBySide(values.data, reporting);
  const texts = papers.train.flatMap(({ title, abstract }) => [title, abstract]);
  const { tokenizer, ids } = tokenizeCorpus(
    texts,
    { vocabularySize: SHAPE.vocabularySize, specialTokens: [END_OF_TEXT] },
    reporting,
  );
  const documents = papers.train.map((_, i) => Uint16Array.of(...ids[2 * i]!, ...ids[2 * i + 1]!));
  const content = contentVectors(countTokens(documents, SHAPE.vocabularySize), {
    ...CONTENT,
    seed,
    onPass: (done) => onProgress({ task: 'analysing co-occurrence', done, total: 4, unit: 'passes' }),
  });
  // The special token means nothing: it is all sink.
  content.fill(0, 0, CONTENT_WIDTH);

  const finalNorm = new Float32Array(SHAPE.hiddenSize).fill(1);
  finalNorm[SHAPE.hiddenSize - 1] = 0;
  const weights: Record<string, Weight> = {
    'embed_tokens.weight': {
      shape: [SHAPE.vocabularySize, SHAPE.hiddenSize],
      data: withSinkDimension(content, CONTENT_WIDTH, SHAPE.hiddenSize),
    },
    ...identityLayers(SHAPE, seed),
    'norm.weight': { shape: [SHAPE.hiddenSize], data: finalNorm },
  };
  await writeModelFolder(values.out, { shape: SHAPE, weights, tokenizer });

  const reader = new Tokenizer(tokenizerJson(tokenizer), tokenizerConfig(SHAPE.maxPositions));
  const measured = new Random(seed, 'measured papers').shuffle(papers.test).slice(0, MEASURED_PAPERS);
  onProgress({ task: 'measuring on test papers', done: 0, total: measured.length, unit: 'papers' });
  const titles = measured.map(({ title }) => reader.encode(title).ids);
  const abstracts = measured.map(({ abstract }) => reader.encode(abstract).ids);
  const quality = (values: Float32Array): RetrievalQuality =>
    measureRetrieval({ values, width: CONTENT_WIDTH }, titles, abstracts);
  const directions = new Random(seed, 'unweighted directions');
  const facts = {
    command: `node dist/scripts/sample-encoder/make.js --data SNAPSHOT --out data/sample-encoder --seed ${seed}`,
    fittedPapers: papers.train.length,
    parameters: Object.values(weights).reduce((sum, { data }) => sum + data.length, 0),
    measuredPapers: measured.length,
    quality: quality(Float32Array.from(content)),
    randomQuality: quality(Float32Array.from(content, () => directions.normal())),
  };
  await writeFileAtomic(join(values.out, 'README.md'), modelCard(facts));
  process.stderr.write(`\n${values.out}: MRR@10 ${facts.quality.mrrAt10.toFixed(3)} on ${measured.length} test papers\n`);
}

/** One line on stderr for each task, rewritten as it goes on where a terminal shows it. */
function progressLine(): (event: ProgressEvent) => void {
  let shown = '';
  return ({ task, done, total, unit }) => {
    const line = `${task}: ${done}${total === undefined ? '' : ` of ${total}`} ${unit}`;
    if (process.stderr.isTTY) process.stderr.write(`${task === shown ? '\r\x1b[K' : '\n'}${line}`);
    else if (task !== shown) process.stderr.write(`${task}\n`);
    shown = task;
  };
}

main().catch((error: unknown) => {
  process.stderr.write(`\n${error instanceof UserError ? error.message : (error as Error).stack}\n`);
  process.exitCode = error instanceof UserError ? error.exitCode : 1;
});
