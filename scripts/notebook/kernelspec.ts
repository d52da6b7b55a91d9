/**
 * The Jupyter kernel of this project: tslab, with the project's Node.js and the heap that the experiment needs.
 * https://jupyter-client.readthedocs.io/en/stable/kernels.html#kernel-specs
 */
import { mkdirSync, writeFileSync } from 'node:fs';
import { totalmem } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';

export const KERNEL_NAME = 'llm-embedding';

const START = fileURLToPath(new URL('./kernel/start.js', import.meta.url));

export interface Kernelspec {
  argv: string[];
  display_name: string;
  language: string;
  interrupt_mode: 'signal';
  env: Record<string, string>;
}

/** What kernel.json says. Paths are absolute: a Jupyter server starts it from anywhere. */
export function kernelspec(): Kernelspec {
  return {
    argv: [process.execPath, START, '{connection_file}'],
    display_name: 'TypeScript (llm-embedding)',
    language: 'typescript',
    interrupt_mode: 'signal',
    env: { NODE_OPTIONS: `--max-old-space-size=${heapMegabytes()}` },
  };
}

/** Node.js stops at 4 GB unless told otherwise; three quarters of the machine leave room for the engine. */
function heapMegabytes(): number {
  const limit = process.constrainedMemory();
  const total = limit > 0 ? Math.min(limit, totalmem()) : totalmem();
  return Math.max(2048, Math.min(8192, Math.floor((0.75 * total) / 2 ** 20)));
}

/** Writes kernels/llm-embedding/kernel.json into a Jupyter data folder, and returns its folder. */
export function installKernelspec(dataFolder: string): string {
  const folder = join(dataFolder, 'kernels', KERNEL_NAME);
  mkdirSync(folder, { recursive: true });
  writeFileSync(join(folder, 'kernel.json'), `${JSON.stringify(kernelspec(), null, 2)}\n`);
  return folder;
}
