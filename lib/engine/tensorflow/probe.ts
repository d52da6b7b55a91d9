/**
 * Whether a build of TensorFlow works here: tried in a process of its own, since a broken driver or a library for
 * another processor ends the process it is loaded into.
 */
import { execFile } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import type { Installation } from './installation.js';

export interface ProbeResult {
  /** Of libtensorflow. */
  version: string;
  /** Whether it computes on a GPU. */
  gpu: boolean;
}

/** A first start of CUDA compiles kernels for a GPU newer than the build. */
const TIMEOUT = 300_000;

/** @throws Error with what the process said last */
export function probe({ kind, folder, binding }: Installation): Promise<ProbeResult> {
  const program = fileURLToPath(new URL('./probe-process.js', import.meta.url));
  return new Promise((resolve, reject) => {
    execFile(
      process.execPath,
      [program, kind, folder, binding],
      { timeout: TIMEOUT, maxBuffer: 2 ** 26 },
      (error, stdout, stderr) => {
        if (!error) {
          resolve(JSON.parse(stdout.trim().split('\n').at(-1) as string) as ProbeResult);
          return;
        }
        const said = stderr.split('\n').filter((line) => /error|cannot|failed|not found|expected/i.test(line));
        const ended = error.signal ? `it was ended by ${error.signal}` : `it ended with code ${error.code}`;
        reject(new Error(said.at(-1)?.trim() || ended));
      },
    );
  });
}
