/**
 * `npm run setup:gpu`: makes the engine `tensorflow` work, with CUDA where there is an NVIDIA GPU.
 *
 *   npm run setup:gpu                  the build with CUDA; needs a driver, but no CUDA on the machine
 *   npm run setup:gpu -- --cpu         the same library without CUDA
 *   npm run setup:gpu -- --yes         do not ask before fetching more than 2 GB
 *   npm run setup:gpu -- --stock       what the package tfjs-node-gpu itself downloads: 2.9.1, CUDA 11.2
 *   npm run setup:gpu -- --without-gpu the build with CUDA on a machine without a GPU, such as one that builds an image
 *
 * Environment: LLM_EMBEDDING_TENSORFLOW (folder for the builds), PIP (another pip), CXX (another compiler), and whatever
 * pip itself takes (PIP_INDEX_URL, HTTPS_PROXY).
 */
import { createInterface } from 'node:readline/promises';
import { parseArgs } from 'node:util';
import { visibleGpu } from '../../lib/engine/tensorflow/gpu.js';
import { type BuildKind, tensorflowFolder } from '../../lib/engine/tensorflow/installation.js';
import { SetupFailure } from './failure.js';
import { checkGpu, checkMachine, gigabytes, thisMachine } from './machine.js';
import { setUp } from './setup.js';
import { CPU_WHEELS, CUDA_WHEELS } from './wheels.js';

const say = (line: string): void => console.error(`setup:gpu: ${line}`);

async function main(signal: AbortSignal): Promise<void> {
  const flag = { type: 'boolean', default: false } as const;
  const { values } = parseArgs({ options: { cpu: flag, yes: flag, stock: flag, 'without-gpu': flag } });
  const kind: BuildKind = values.stock ? 'stock' : values.cpu ? 'cpu' : 'cuda';
  checkMachine(thisMachine());
  const gpu = kind === 'cpu' || values['without-gpu'] ? null : await visibleGpu();
  if (gpu) checkGpu(gpu);
  else if (kind !== 'cpu' && !values['without-gpu']) {
    throw new SetupFailure(
      'no NVIDIA GPU is seen (nvidia-smi lists none): install the driver, start the container with --gpus all, or take the build without CUDA with npm run setup:gpu -- --cpu',
    );
  }
  const confirm = async (question: string): Promise<boolean> => {
    if (values.yes) return true;
    if (!process.stdin.isTTY) return false;
    const terminal = createInterface({ input: process.stdin, output: process.stderr });
    try {
      return /^y(es)?$/i.test((await terminal.question(`${question} [y/N] `, { signal })).trim());
    } finally {
      terminal.close();
    }
  };
  const wheels = kind === 'cpu' ? CPU_WHEELS : kind === 'cuda' ? CUDA_WHEELS : [];
  const result = await setUp({ kind, wheels, root: tensorflowFolder(), gpu, say, confirm, signal });
  const device =
    result.gpu && gpu
      ? `on ${gpu.name} (${gigabytes(gpu.memory)}, ${gigabytes(gpu.freeMemory)} free, compute capability ${gpu.computeCapability}), driver ${gpu.driver}`
      : 'on the CPU';
  say(
    `TensorFlow ${result.version} ${result.built ? 'is ready' : 'was ready'} ${device}, in ${result.installation.folder}`,
  );
  say('use it with --engine tensorflow; --engine auto takes it where a GPU is live');
}

const stop = new AbortController();
for (const name of ['SIGINT', 'SIGTERM'] as const) process.on(name, () => stop.abort());
try {
  await main(stop.signal);
} catch (error) {
  if (stop.signal.aborted) {
    say('interrupted; finished downloads are kept, and what was set up before is as it was');
    process.exitCode = 130;
  } else {
    say(error instanceof SetupFailure ? error.message : `failed: ${(error as Error).stack}`);
    process.exitCode = 1;
  }
}
