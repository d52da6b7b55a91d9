/**
 * `npm run bench`: speed and memory as ratios, measured side by side in one run.
 *
 *     npm run bench -- [--shapes a,b,c,d] [--python PATH] [--parts shapes,growth,epoch] [--turns 3] [--threads N]
 *
 * Shapes compare one forward and backward pass with other engines (shape-benchmark.ts), growth tells how the cost of the
 * traced engine grows (growth-benchmark.ts), epoch trains on real pairs beside sentence-transformers
 * (epoch-benchmark.ts). Results go to standard output and to bench/results/, where `npm run bench:compare` finds them.
 */
import { mkdirSync, writeFileSync } from 'node:fs';
import { availableParallelism, tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';
import { UserError } from '../lib/core/errors.js';
import { describeEnvironment } from '../lib/evaluation/environment.js';
import { benchmarkEpoch } from './epoch-benchmark.js';
import { benchmarkGrowth, GROWTH_AXES } from './growth-benchmark.js';
import type { BenchmarkResults } from './results.js';
import { benchmarkShape } from './shape-benchmark.js';
import { SHAPES, type ShapeName } from './shapes.js';
import { epochTable, growthTable, shapeTable } from './tables.js';

const PARTS = ['shapes', 'growth', 'epoch'];
const PLANS = ['whole-graph', 'layerwise'] as const;

const { values } = parseArgs({
  options: {
    parts: { type: 'string', default: 'shapes,growth' },
    shapes: { type: 'string', default: 'a,b,c,d' },
    /** A Python that has torch, transformers and peft (and sentence-transformers for the epoch). */
    python: { type: 'string' },
    /** Plans of the shapes; by default the fastest that (c) has the memory for. */
    plans: { type: 'string' },
    /** What grows. */
    axes: { type: 'string', default: GROWTH_AXES.join(',') },
    /** A metadata snapshot with the pairs of the epoch; the sample corpus without it. */
    data: { type: 'string', default: 'sample' },
    /** A folder with the tokenizer of Qwen2.5 for the epoch; the sample encoder's without it. */
    tokenizer: { type: 'string' },
    /** Texts of a pass of sentence-transformers' cached loss in the epoch: its default, and few to save memory. */
    'mini-batches': { type: 'string', default: '32,8' },
    turns: { type: 'string', default: '3' },
    threads: { type: 'string', default: String(availableParallelism()) },
    /** Where random models are kept between runs: 1 GB for (c) and (d). */
    models: { type: 'string', default: join(tmpdir(), 'llm-embedding-bench-models') },
    /** Whether weights in 8 bits, and torch in bfloat16, take part. */
    'fewer-bits': { type: 'boolean', default: true },
    wasm: { type: 'boolean', default: true },
    tensorflow: { type: 'boolean', default: false },
    out: { type: 'string' },
  },
  allowNegative: true,
});

function list<T extends string>(option: string, text: string, allowed: readonly T[]): T[] {
  const items = text.split(',').filter((item) => item !== '');
  const unknown = items.find((item) => !allowed.includes(item as T));
  if (unknown !== undefined) throw new UserError(`--${option} ${unknown}: expected some of ${allowed.join(', ')}`);
  return items as T[];
}

function count(option: string, text: string): number {
  const value = Number(text);
  if (!Number.isInteger(value) || value < 1) throw new UserError(`--${option} ${text}: expected a whole number from 1`);
  return value;
}

async function main(): Promise<void> {
  const parts = list('parts', values.parts, PARTS);
  const shapes = list('shapes', values.shapes, Object.keys(SHAPES) as ShapeName[]);
  const turns = count('turns', values.turns);
  const threads = count('threads', values.threads);
  const note = (text: string): boolean => process.stderr.write(`\r\u001b[K${text}`);
  const common = { models: values.models, threads, turns, python: values.python, onTurn: note };
  mkdirSync(values.models, { recursive: true });
  const results: BenchmarkResults = {
    schemaVersion: 1,
    started: new Date().toISOString(),
    environment: describeEnvironment(`${threads} threads`),
    shapes: [],
  };
  const { processor, cores, memoryGigabytes, node, onnxruntime } = results.environment;
  console.log(`${processor}, ${cores} cores, ${memoryGigabytes} GB; Node ${node}, onnxruntime-node ${onnxruntime}\n`);
  const tell = (text: string): void => {
    note('');
    console.log(`${text}\n`);
  };

  for (const name of parts.includes('shapes') ? shapes : []) {
    const large = name === 'c' || name === 'd';
    const byDefault = name === 'c' ? 'layerwise' : 'whole-graph';
    const result = await benchmarkShape(SHAPES[name], {
      ...common,
      plans: list('plans', values.plans ?? byDefault, PLANS),
      mediumPrecision: name === 'b',
      fewerBits: values['fewer-bits'],
      // half a billion parameters do not fit into the memory of WebAssembly
      wasm: values.wasm && !large,
      tensorflow: values.tensorflow,
    });
    results.shapes.push(result);
    tell(shapeTable(result));
  }
  if (parts.includes('growth')) {
    results.growth = await benchmarkGrowth({ ...common, axes: list('axes', values.axes, GROWTH_AXES) });
    tell(growthTable(results.growth));
  }
  if (parts.includes('epoch')) {
    const miniBatches = values['mini-batches'].split(',').map((text) => count('mini-batches', text));
    const { data, tokenizer } = values;
    results.epoch = await benchmarkEpoch({ ...common, data, tokenizer, miniBatches });
    tell(epochTable(results.epoch));
  }

  const folder = fileURLToPath(new URL('../../bench/results/', import.meta.url));
  mkdirSync(folder, { recursive: true });
  const path = values.out ?? join(folder, `${results.started.replace(/[:.]/g, '-')}.json`);
  writeFileSync(path, `${JSON.stringify(results, null, 1)}\n`);
  tell(`results: ${path}`);
}

main().catch((error: unknown) => {
  console.error(error instanceof UserError ? error.message : error);
  process.exitCode = error instanceof UserError ? error.exitCode : 1;
});
