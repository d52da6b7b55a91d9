/** What has to hold before figures mean anything: agreement with the fixtures, and a whole experiment. */
import { spawn } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import type { Report } from '../../lib/index.js';

const ROOT = fileURLToPath(new URL('../../../', import.meta.url));
/** The engine's own tests, and those of encoder and gradients against PyTorch's recorded values. */
const TESTS = ['test/engine/tensorflow', 'test/encoder/encoder.test.ts', 'test/training/grad-cache.test.ts'];

/** Runs the agreement tests on the engine; their output goes to standard error. @returns whether all passed */
export async function agreementTests(): Promise<boolean> {
  const program = join(ROOT, 'node_modules/vitest/vitest.mjs');
  const { code } = await run(process.execPath, [program, 'run', ...TESTS, '--maxWorkers', '1'], {
    LLM_EMBEDDING_TENSORFLOW_TESTS: '1',
  });
  return code === 0;
}

export interface Experiment {
  engine: string;
  precision: string;
  seconds: number;
  /** MRR@10 of the tuned encoder. */
  mrr: number;
}

/** The sample experiment, from the shell as a user runs it. */
export async function experiment(engine: string, precision: string): Promise<Experiment> {
  const folder = mkdtempSync(join(tmpdir(), 'bench-gpu-'));
  try {
    const start = performance.now();
    const { code, output } = await run(process.execPath, [
      ...[join(ROOT, 'bin/llm-embedding.mjs'), 'run', '--data', 'sample', '--model', 'sample', '--json'],
      ...[
        '--engine',
        engine,
        '--set',
        `precision=${precision}`,
        '--set',
        `cache=${JSON.stringify(join(folder, 'cache'))}`,
      ],
      ...['--set', 'evaluation.systems=["untuned","tuned"]', '--out', join(folder, 'run')],
    ]);
    if (code !== 0) throw new Error(`the experiment on engine ${engine} ended with code ${code}`);
    const report = JSON.parse(output) as Report;
    const mrr = report.systems.find(({ name }) => name === 'tuned')?.metrics['mrr@10']?.value;
    return { engine, precision, seconds: (performance.now() - start) / 1000, mrr: mrr ?? Number.NaN };
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

async function run(
  program: string,
  args: string[],
  environment: Record<string, string> = {},
): Promise<{ code: number; output: string }> {
  const child = spawn(program, args, {
    cwd: ROOT,
    env: { ...process.env, ...environment },
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  let output = '';
  for await (const chunk of child.stdout.setEncoding('utf8')) output += chunk;
  const code = child.exitCode ?? (await new Promise<number>((resolve) => child.once('close', resolve)));
  return { code, output };
}
