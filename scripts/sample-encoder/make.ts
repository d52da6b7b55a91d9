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
import { type Qwen2Shape, writeModelFolder } from '../../lib/pretraining/model-folder.js';
import { readPapersBySide } from '../../lib/pretraining/papers.js';
import { tokenizerConfig, tokenizerJson } from '../../lib/pretraining/tokenizer-files.js';
import { type ContentMixture, untrainedEncoder } from '../../lib/pretraining/untrained-encoder.js';
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
/** Found best on validation papers, among random shares of 0.3 to 2 and exponents of 0.6 to 1.2, before any training. */
const MIXTURE: ContentMixture = { cooccurrence: 1, random: 0.6, idfExponent: 0.7 };
const MEASURED_PAPERS = 2000;

async function main(): Promise<void> {
  const { data, out, seed } = readArguments();
  const onProgress = progressLine();
  const reporting = { onProgress };

  const papers = await readPapersBySide(data, reporting);
  const encoder = untrainedEncoder(papers.train, { shape: SHAPE, mixture: MIXTURE, seed }, reporting);
  await writeModelFolder(out, encoder);

  const reader = new Tokenizer(tokenizerJson(encoder.tokenizer), tokenizerConfig(SHAPE.maxPositions));
  const measured = new Random(seed, 'measured papers').shuffle(papers.test).slice(0, MEASURED_PAPERS);
  onProgress({ task: 'measuring on test papers', done: 0, total: measured.length, unit: 'papers' });
  const titles = measured.map(({ title }) => reader.encode(title).ids);
  const abstracts = measured.map(({ abstract }) => reader.encode(abstract).ids);
  const quality = (values: Float64Array): RetrievalQuality =>
    measureRetrieval({ values, width: SHAPE.hiddenSize - 1 }, titles, abstracts);
  const directions = new Random(seed, 'unweighted directions');
  const facts = {
    command: `node dist/scripts/sample-encoder/make.js --data SNAPSHOT --out data/sample-encoder --seed ${seed}`,
    fittedPapers: papers.train.length,
    parameters: Object.values(encoder.weights).reduce((sum, { data }) => sum + data.length, 0),
    measuredPapers: measured.length,
    quality: quality(encoder.content),
    randomQuality: quality(encoder.content.map(() => directions.normal())),
  };
  await writeFileAtomic(join(out, 'README.md'), modelCard(facts));
  process.stderr.write(`\n${out}: MRR@10 ${facts.quality.mrrAt10.toFixed(3)} on ${measured.length} test papers\n`);
}

function readArguments(): { data: string; out: string; seed: number } {
  const usage = 'expected --data SNAPSHOT (.jsonl or .jsonl.gz) --out FOLDER [--seed INTEGER]';
  const string = { type: 'string' } as const;
  let values: { data?: string; out?: string; seed?: string };
  try {
    values = parseArgs({ options: { data: string, out: string, seed: string } }).values;
  } catch (error) {
    throw new UserError(`${(error as Error).message}; ${usage}`);
  }
  const { data, out, seed = '42' } = values;
  if (!data || !out || !/^\d+$/.test(seed)) throw new UserError(usage);
  return { data, out, seed: Number(seed) };
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
