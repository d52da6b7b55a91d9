/**
 * A sentence-transformers folder here and in sentence-transformers, in float32 on the same texts: encoding abstracts and titles, and a
 * few steps that train all weights. The sides take turns.
 *
 *     node dist/bench/sentence-transformers.js --model DIR --python PATH --data SNAPSHOT
 *                                              [--texts 600] [--pairs 128] [--batch 64] [--turns 3] [--threads N]
 *
 * sentence-transformers encodes in batches of 32, its default, and trains with MultipleNegativesRankingLoss and with its
 * cached form. Ratios are medians over the turns; processor time is of all threads.
 */
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { availableParallelism, tmpdir } from 'node:os';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { UserError } from '../lib/core/errors.js';
import { nodeContender, pythonContender } from './contender.js';
import type { EncodingContenderOptions } from './contenders/encoding.js';
import type { EpochContenderOptions } from './contenders/epoch.js';
import { type Measurement, measure, speedRatio } from './measure.js';
import { realPairs, smallestCosine } from './real-pairs.js';

const { values } = parseArgs({
  options: {
    model: { type: 'string' },
    python: { type: 'string' },
    data: { type: 'string', default: 'sample' },
    texts: { type: 'string', default: '600' },
    pairs: { type: 'string', default: '128' },
    batch: { type: 'string', default: '64' },
    turns: { type: 'string', default: '3' },
    threads: { type: 'string', default: String(availableParallelism()) },
  },
});
const MAX_LENGTH = 512;
const onTurn = (note: string): boolean => process.stderr.write(`\r\u001b[K${note}`);

function print(title: string, measurements: Measurement[]): void {
  onTurn('');
  console.log(`${title}\n${'side'.padStart(34)} seconds processor s peak GB  times`);
  const own = measurements[0] as Measurement;
  for (const each of measurements) {
    const cells = [
      each.median.toFixed(2).padStart(7),
      each.processorSeconds.toFixed(2).padStart(11),
      (each.peakBytes / 1e9).toFixed(2).padStart(7),
      speedRatio(own, each).toFixed(2).padStart(6),
    ];
    console.log(`${each.name.padStart(34)} ${cells.join(' ')}  ${each.description}`);
  }
}

/** @param kind abstracts, where products take nearly all of the time, or titles, where what lies between them counts */
async function encoding(kind: 'abstracts' | 'titles', folder: string, model: string, python: string): Promise<void> {
  // an abstract has about eight times the tokens of a title
  const count = Number(values.texts) * (kind === 'titles' ? 8 : 1);
  // the first turn warms up, and what it encodes is compared too
  const turns = Number(values.turns) + 1;
  const texts = join(folder, 'texts.json');
  const pairs = await realPairs(values.data, count);
  writeFileSync(texts, JSON.stringify(pairs.map(([title, abstract]) => (kind === 'titles' ? title : abstract))));
  const outputs = ['own', 'other'].map((name) => join(folder, `${kind}-${name}.f32`)) as [string, string];
  const options = (out: string): EncodingContenderOptions => {
    return { model, plan: 'auto', texts, turns, maxLength: MAX_LENGTH, threads: Number(values.threads), out };
  };
  const measurements = await measure(
    [
      nodeContender('this project', 'encoding', options(outputs[0])),
      pythonContender('sentence-transformers', python, 'sentence_transformers_encoding', options(outputs[1])),
    ],
    { turns: turns - 1, onTurn },
  );
  print(`encoding ${count} ${kind} in ${turns} turns, tokenizing included`, measurements);
  const [own, other] = outputs.map((path) => new Float32Array(readFileSync(path).buffer)) as [
    Float32Array,
    Float32Array,
  ];
  console.log(`smallest cosine: ${smallestCosine(own, other, count).toFixed(7)}\n`);
}

async function training(folder: string, model: string, python: string): Promise<void> {
  const [pairs, batch] = [Number(values.pairs), Number(values.batch)];
  const path = join(folder, 'pairs.json');
  writeFileSync(path, JSON.stringify(await realPairs(values.data, pairs)));
  const options: EpochContenderOptions = {
    model,
    adapter: null,
    pairs: path,
    batch,
    // as its folder says where that is less
    maxLength: 256,
    threads: Number(values.threads),
  };
  const other = (name: string, miniBatch: number | null) =>
    pythonContender(name, python, 'sentence_transformers_epoch', { ...options, miniBatch });
  const measurements = await measure(
    [
      nodeContender('this project', 'epoch', options),
      other('MultipleNegativesRankingLoss', null),
      other('CachedMNRL, mini-batch 32', 32),
    ],
    { turns: Number(values.turns), warmUp: false, onTurn },
  );
  print(`training all weights on ${pairs} pairs in batches of ${batch}, whole abstracts`, measurements);
  for (const { name, result } of measurements)
    console.log(`${name}: losses ${result.map((x) => x.toFixed(5)).join(' ')}`);
}

async function main(): Promise<void> {
  const { model, python } = values;
  if (!model || !python) {
    throw new UserError(
      '--model and --python are needed: a sentence-transformers folder, and a Python that has sentence-transformers',
    );
  }
  const folder = mkdtempSync(join(tmpdir(), 'llm-embedding-bench-'));
  try {
    await encoding('abstracts', folder, model, python);
    await encoding('titles', folder, model, python);
    await training(folder, model, python);
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

await main().catch((error: unknown) => {
  console.error(error instanceof UserError ? error.message : error);
  process.exitCode = 1;
});
