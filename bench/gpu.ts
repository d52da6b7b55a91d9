/**
 * `npm run bench:gpu`: all that is to be known of the engine tensorflow on this machine, as a table in bench/results/.
 *
 *   npm run bench:gpu                               set up, agree, train, and measure at the full size on a GPU
 *   npm run bench:gpu -- --device cpu --layers 2 --micro-batches 512,1024 --skip-checks
 *
 * The set-up, agreement tests and experiments come first: figures of an engine that computes something else are worth
 * nothing. Everything is measured in one run on one machine, PyTorch included where it is installed.
 */
import { execFile, spawnSync } from 'node:child_process';
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { cpus } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { parseArgs, promisify } from 'node:util';
import { createOnnxEngine } from '../lib/engine/onnx/engine.js';
import { createTensorflowEngine } from '../lib/engine/tensorflow/engine.js';
import { visibleGpu } from '../lib/engine/tensorflow/gpu.js';
import type { Engine } from '../lib/engine/types.js';
import { peakOperations } from './gpu/arithmetic.js';
import { agreementTests, type Experiment, experiment } from './gpu/checks.js';
import { QWEN, randomEncoder } from './gpu/model.js';
import { measuredPeak } from './gpu/peak.js';
import { type Profile, profileTraining } from './gpu/profile.js';
import { measurePytorch } from './gpu/pytorch.js';
import { type Figures, markdown } from './gpu/table.js';
import { measureThroughput } from './gpu/throughput.js';

const ROOT = fileURLToPath(new URL('../../', import.meta.url));
const say = (line: string): void => console.error(`bench:gpu: ${line}`);

const { values } = parseArgs({
  options: {
    device: { type: 'string', default: 'gpu' },
    engine: { type: 'string', default: 'tensorflow' },
    precision: { type: 'string', default: 'bfloat16' },
    layers: { type: 'string', default: String(QWEN.layers) },
    'micro-batches': { type: 'string', default: '1024,2048,4096,8192,16384,32768,65536' },
    groups: { type: 'string', default: '3' },
    repeats: { type: 'string', default: '3' },
    'skip-checks': { type: 'boolean', default: false },
    'skip-pytorch': { type: 'boolean', default: false },
  },
});

const wholeNumbers = (text: string, option: string): number[] => {
  const numbers = text.split(',').map(Number);
  if (numbers.every((n) => Number.isInteger(n) && n > 0)) return numbers;
  throw new Error(`--${option} ${text}: expected positive whole numbers`);
};

async function main(): Promise<void> {
  const onCpu = values.device === 'cpu';
  const gpu = await visibleGpu();
  if (!onCpu && !gpu) {
    throw new Error('no NVIDIA GPU is seen (nvidia-smi lists none); --device cpu measures the CPU build');
  }
  if (onCpu) process.env.CUDA_VISIBLE_DEVICES = '';
  const model = { ...QWEN, layers: wholeNumbers(values.layers, 'layers')[0] as number };
  const options = {
    budgets: wholeNumbers(values['micro-batches'], 'micro-batches'),
    groups: wholeNumbers(values.groups, 'groups')[0] as number,
    repeats: wholeNumbers(values.repeats, 'repeats')[0] as number,
  };

  let agreement: boolean | null = null;
  const experiments: Experiment[] = [];
  if (!values['skip-checks']) {
    setUp(onCpu);
    say('agreement tests');
    agreement = await agreementTests();
    for (const [engine, precision] of [
      ['onnx', 'float32'],
      ['tensorflow', 'float32'],
      ['tensorflow', 'bfloat16'],
    ] as const) {
      say(`sample experiment on ${engine} in ${precision}`);
      experiments.push(await experiment(engine, precision));
    }
  }

  const engine = await startEngine();
  say(engine.description);
  const peakHere = await measuredPeak(engine, onCpu ? 1024 : 8192);
  const encoder = await randomEncoder(engine, model);
  const throughput = await measureThroughput(encoder, options, say);
  let profile: Profile | null = null;
  // ops can be timed where they run one by one
  if (engine.eager) {
    const fits = throughput.filter(({ work, tokensPerSecond }) => work === 'training' && tokensPerSecond !== null);
    say('profile');
    if (fits.length > 0) profile = await profileTraining(encoder, Math.min(16_384, fits.at(-1)!.budget));
  }
  const memory = await memoryTaken(onCpu);
  const description = engine.description;
  await engine.close();
  const pytorch = values['skip-pytorch'] ? null : await measurePytorch(model, options);

  const device = onCpu ? (cpus()[0]?.model.trim() ?? 'CPU') : `${gpu?.name}, driver ${gpu?.driver}`;
  const figures: Figures = {
    date: new Date().toISOString().slice(0, 10),
    device,
    engine: description,
    model,
    peak: onCpu ? undefined : peakOperations(device),
    measuredPeak: peakHere,
    throughput,
    pytorch,
    profile,
    memory,
    agreement,
    experiments,
  };
  const folder = join(ROOT, 'bench/results');
  mkdirSync(folder, { recursive: true });
  const file = join(folder, `gpu-${device.replace(/[^A-Za-z0-9]+/g, '-').toLowerCase()}-${figures.date}`);
  writeFileSync(`${file}.json`, `${JSON.stringify(figures, null, 2)}\n`);
  writeFileSync(`${file}.md`, markdown(figures));
  console.log(markdown(figures));
  say(`kept in ${file}.md and .json`);
  if (agreement === false) process.exitCode = 1;
}

function setUp(onCpu: boolean): void {
  const program = fileURLToPath(new URL('../scripts/setup-gpu/index.js', import.meta.url));
  const { status } = spawnSync(process.execPath, [program, ...(onCpu ? ['--cpu'] : ['--yes'])], {
    stdio: ['ignore', 'inherit', 'inherit'],
  });
  if (status !== 0) throw new Error('TensorFlow could not be set up, see above');
}

async function startEngine(): Promise<Engine> {
  const { engine, precision } = values;
  if (engine === 'onnx') return createOnnxEngine();
  if (engine !== 'tensorflow') throw new Error(`--engine ${engine}: expected tensorflow or onnx`);
  if (precision !== 'float32' && precision !== 'bfloat16') {
    throw new Error(`--precision ${precision}: expected float32 or bfloat16`);
  }
  return createTensorflowEngine({ precision });
}

/** The pool of TensorFlow on a GPU never shrinks, nor does the mark of a process: both are peaks. */
async function memoryTaken(onCpu: boolean): Promise<number> {
  if (onCpu) {
    const mark = /VmHWM:\s+(\d+)/.exec(readFileSync('/proc/self/status', 'utf8'));
    return Number(mark?.[1] ?? 0) * 1024;
  }
  const { stdout } = await promisify(execFile)('nvidia-smi', [
    '--query-compute-apps=pid,used_memory',
    '--format=csv,noheader,nounits',
  ]);
  const own = stdout.split('\n').find((line) => Number(line.split(',')[0]) === process.pid);
  if (own) return Number(own.split(',')[1]) * 2 ** 20;
  // in a container, the numbers of processes are others: what the GPU as a whole has in use
  const gpu = await visibleGpu();
  return gpu ? gpu.memory - gpu.freeMemory : 0;
}

try {
  await main();
} catch (error) {
  say(error instanceof Error ? error.message : String(error));
  process.exitCode = 1;
}
