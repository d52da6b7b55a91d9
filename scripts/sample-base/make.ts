/**
 * Makes data/sample-base, the encoder that the default experiment fine-tunes, from a metadata snapshot. Seeded: one
 * snapshot and one seed give the same bytes.
 *
 *   node dist/scripts/sample-base/make.js --data SNAPSHOT --out data/sample-base --seed 42
 */
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { Random } from '../../lib/core/random.js';
import { startEngine } from '../../lib/engine/start-engine.js';
import { writeFileAtomic } from '../../lib/files/atomic-file.js';
import { resolveConfig, terminalReporting, UserError } from '../../lib/index.js';
import { baseEncoder } from '../../lib/pretraining/base-encoder.js';
import { measureEncoder } from '../../lib/pretraining/measure-encoder.js';
import { type Qwen2Shape, writeModelFolder } from '../../lib/pretraining/model-folder.js';
import { readPapersBySplit } from '../../lib/pretraining/papers.js';
import { modelCard } from './model-card.js';

const SHAPE: Qwen2Shape = {
  vocabularySize: 8192,
  hiddenSize: 384,
  intermediateSize: 256,
  layers: 1,
  attentionHeads: 6,
  keyValueHeads: 2,
  ropeTheta: 10000,
  maxPositions: 1024,
  causal: true,
  startToken: false,
};
const MEASURED_PAPERS = 2000;
/** Validation papers by which the hybrid of the model card weighs its parts. */
const FUSION_PAPERS = 500;

async function main(): Promise<void> {
  const { data, out, seed } = readArguments();
  const reporting = terminalReporting();
  const papers = await readPapersBySplit(data, reporting);
  const encoder = baseEncoder(papers.train, { shape: SHAPE, seed }, reporting);
  await writeModelFolder(out, encoder);

  const config = resolveConfig();
  const engine = await startEngine(config, reporting);
  try {
    const sampled = <T>(side: readonly T[], count: number): T[] =>
      new Random(seed, 'measured papers').shuffle(side).slice(0, count);
    const measured = {
      test: sampled(papers.test, MEASURED_PAPERS),
      validation: sampled(papers.validation, FUSION_PAPERS),
    };
    const quality = await measureEncoder(out, measured, engine, config, reporting);
    const facts = {
      command: `node dist/scripts/sample-base/make.js --data SNAPSHOT --out data/sample-base --seed ${seed}`,
      fittedPapers: papers.train.length,
      parameters: Object.values(encoder.weights).reduce((sum, weight) => sum + weight.data.length, 0),
      quality,
    };
    await writeFileAtomic(join(out, 'README.md'), modelCard(facts));
  } finally {
    await engine.close();
    reporting.done();
  }
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

main().catch((error: unknown) => {
  process.stderr.write(`\n${error instanceof UserError ? error.message : (error as Error).stack}\n`);
  process.exitCode = error instanceof UserError ? error.exitCode : 1;
});
