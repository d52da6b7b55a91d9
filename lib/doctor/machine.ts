/** What the machine itself has: Node.js, memory, disk, an NVIDIA GPU. */
import { execFile } from 'node:child_process';
import { statfs } from 'node:fs/promises';
import { freemem, totalmem } from 'node:os';
import { dirname, resolve } from 'node:path';
import { promisify } from 'node:util';
import { type Check, missing, ok, optional, reasonOf } from './check.js';

const run = promisify(execFile);
const OLDEST_NODE = [20, 11] as const;
/** Gigabytes that the default experiment takes at its peak, rounded up. */
const NEEDED_MEMORY = 1;
/** Gigabytes that caches and the run folder of the default experiment take, rounded up. */
const NEEDED_DISK = 0.2;
/** Milliseconds. */
const COMMAND_TIMEOUT = 10_000;
/** A Python program on a busy machine takes its time. */
const VERSION_TIMEOUT = 60_000;

/** @param version as `process.version` gives it */
export function checkNode(version: string): Check {
  const [major = 0, minor = 0] = version.replace(/^v/, '').split('.').map(Number);
  const [oldestMajor, oldestMinor] = OLDEST_NODE;
  const expected = OLDEST_NODE.join('.');
  if (major > oldestMajor || (major === oldestMajor && minor >= oldestMinor)) return ok('Node.js', version);
  return missing('Node.js', `${version}, expected ${expected} or later`, `install Node.js ${expected} or later`);
}

/** Total is what this process may use: a container's limit where there is one. */
export function checkMemory(): Check {
  const limit = process.constrainedMemory();
  const total = (limit > 0 ? Math.min(limit, totalmem()) : totalmem()) / 1e9;
  const free = Math.min(freemem() / 1e9, total);
  const detail = `${free.toFixed(1)} GB free of ${total.toFixed(1)} GB`;
  if (total < NEEDED_MEMORY) {
    return missing('memory', detail, `the default experiment takes up to ${NEEDED_MEMORY} GB: use a larger machine`);
  }
  if (free < NEEDED_MEMORY) {
    return optional('memory', detail, `the default experiment takes up to ${NEEDED_MEMORY} GB: end other programs`);
  }
  return ok('memory', detail);
}

/** @param folder where something is to be written; it need not exist yet */
export async function checkDisk(folder: string): Promise<Check> {
  for (let place = resolve(folder); ; place = dirname(place)) {
    try {
      const { bavail, bsize } = await statfs(place);
      const free = (bavail * bsize) / 1e9;
      const detail = `${free.toFixed(1)} GB free in ${place}`;
      if (free >= NEEDED_DISK) return ok('disk', detail);
      return missing('disk', detail, `the default experiment writes up to ${NEEDED_DISK} GB: free some space`);
    } catch (error) {
      const isAbsent = (error as NodeJS.ErrnoException).code === 'ENOENT';
      if (!isAbsent || place === dirname(place)) return optional('disk', `unknown: ${reasonOf(error)}`);
    }
  }
}

/** A GPU as the driver's own tool names it; whether it is used, the engines say. */
export async function checkGpu(): Promise<Check> {
  try {
    const query = ['--query-gpu=name,memory.total', '--format=csv,noheader'];
    const { stdout } = await run('nvidia-smi', query, { timeout: COMMAND_TIMEOUT });
    const gpus = stdout.trim().split('\n').filter(Boolean);
    if (gpus.length > 0) return ok('NVIDIA GPU', gpus.join('; '));
  } catch {
    // no driver, or one that does not answer: there is no GPU to speak of
  }
  return optional('NVIDIA GPU', 'none seen; the experiment runs on the CPU');
}

/** The program's version as it tells it itself; null where there is no such program. */
export async function programVersion(program: string): Promise<string | null> {
  try {
    const { stdout } = await run(program, ['--version'], { timeout: VERSION_TIMEOUT });
    return stdout.trim().split('\n')[0] || null;
  } catch {
    return null;
  }
}
