/** Kills a training again and again at random moments. */
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { fileURLToPath } from 'node:url';
import type { Random } from '../../lib/core/random.js';
import type { FaultyTraining } from './faulty-training.js';

const PROCESS = fileURLToPath(new URL('./training-process.js', import.meta.url));

/**
 * Lets it take up to `steps` steps of its own, and kills it some time after (SIGKILL: nothing of it runs any more).
 *
 * @returns whether it was killed; false where it came to its end before
 */
export async function killTraining(training: FaultyTraining, random: Random, steps: number): Promise<boolean> {
  const child = spawn(process.execPath, [PROCESS, JSON.stringify(training)], { stdio: ['ignore', 'pipe', 'inherit'] });
  const closed = once(child, 'close') as Promise<[number | null, NodeJS.Signals | null]>;
  let left = random.integer(steps + 1);
  const kill = (): void => {
    setTimeout(() => child.kill('SIGKILL'), 40 * random.uniform());
  };
  // before the first step too: while it starts, loads its state, or opens its files
  if (left === 0) setTimeout(() => child.kill('SIGKILL'), 1500 * random.uniform());
  child.stdout.on('data', () => {
    if (left-- === 1) kill();
  });
  const [code, signal] = await closed;
  if (signal === null && code !== 0) throw new Error(`the training ended with ${code}`);
  return signal === 'SIGKILL';
}
