/** The package's own way: libtensorflow 2.9.1 for CUDA 11.2 from Google's storage, with the package's prebuilt binding. */
import { spawnSync } from 'node:child_process';
import { join } from 'node:path';
import { SetupFailure } from './failure.js';

/** @param source folder of tfjs-node-gpu, which is written to */
export function installStock(source: string): void {
  const { status } = spawnSync(process.execPath, [join('scripts', 'install.js'), 'gpu', 'download'], {
    cwd: source,
    stdio: ['ignore', process.stderr, process.stderr],
  });
  if (status === 0) return;
  throw new SetupFailure(
    "tfjs-node-gpu's own installation failed, see above (it needs storage.googleapis.com): leave out --stock for a build from PyPI",
  );
}
