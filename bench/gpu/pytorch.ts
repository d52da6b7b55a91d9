/** Runs pytorch.py where PyTorch, transformers and PEFT are installed. PYTHON names the interpreter. */
import { spawn, spawnSync } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import type { ModelConfig } from '../../lib/models/architecture.js';
import { ADAPTER } from './model.js';
import type { Throughput, ThroughputOptions } from './throughput.js';
import { sampleMicroBatches } from './workload.js';

export interface PytorchResult {
  torch: string;
  device: string;
  results: Omit<Throughput, 'padding'>[];
}

/** Null where PyTorch is not installed. @throws Error where it fails */
export async function measurePytorch(model: ModelConfig, options: ThroughputOptions): Promise<PytorchResult | null> {
  const python = process.env.PYTHON || 'python3';
  if (spawnSync(python, ['-c', 'import torch, transformers, peft']).status !== 0) return null;
  // beside the sources: Python is not compiled
  const script = fileURLToPath(new URL('../../../bench/gpu/pytorch.py', import.meta.url));
  const batches = Object.fromEntries(
    options.budgets.map((budget) => [budget, sampleMicroBatches(budget, options.groups)]),
  );
  const child = spawn(python, [script], { stdio: ['pipe', 'pipe', 'inherit'] });
  child.stdin.end(JSON.stringify({ model, adapter: ADAPTER, batches, repeats: options.repeats }));
  let output = '';
  for await (const chunk of child.stdout.setEncoding('utf8')) output += chunk;
  const code = child.exitCode ?? (await new Promise<number>((resolve) => child.once('close', resolve)));
  if (code !== 0) throw new Error(`PyTorch's part ended with code ${code}`);
  return JSON.parse(output) as PytorchResult;
}
