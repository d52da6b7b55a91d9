/** The wheels in the folder of downloads: what is there is verified, what is missing is fetched, one after the other. */
import { createHash } from 'node:crypto';
import { createReadStream, existsSync, mkdirSync, rmSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { pipeline } from 'node:stream/promises';
import { SetupFailure } from './failure.js';
import { gigabytes } from './machine.js';
import { type Command, fetchWheel } from './pip.js';
import { fileName, type Wheel } from './wheels.js';

/** Wheels that are not in the folder yet; a file of another size is no finished download. */
export function missingWheels(wheels: Wheel[], folder: string): Wheel[] {
  return wheels.filter((wheel) => {
    const path = join(folder, fileName(wheel));
    return !existsSync(path) || statSync(path).size !== wheel.size;
  });
}

/** Afterwards every wheel is in the folder, its hash verified. Files of earlier, broken downloads are replaced. */
export async function downloadWheels(
  wheels: Wheel[],
  folder: string,
  pip: () => Command,
  say: (line: string) => void,
  signal?: AbortSignal,
): Promise<void> {
  mkdirSync(folder, { recursive: true });
  for (const wheel of missingWheels(wheels, folder)) {
    const path = join(folder, fileName(wheel));
    rmSync(path, { force: true });
    say(`fetching ${wheel.project} ${wheel.version} (${gigabytes(wheel.size)})`);
    await fetchWheel(pip(), wheel, folder, signal);
    if (!existsSync(path)) {
      throw new SetupFailure(`pip left no ${fileName(wheel)} in ${folder}: update pip (python3 -m pip install -U pip)`);
    }
  }
  for (const wheel of wheels) {
    signal?.throwIfAborted();
    const path = join(folder, fileName(wheel));
    const hash = createHash('sha256');
    await pipeline(createReadStream(path, { highWaterMark: 2 ** 20 }), hash);
    const got = hash.digest('hex');
    if (got === wheel.sha256) continue;
    rmSync(path, { force: true });
    throw new SetupFailure(
      `${fileName(wheel)} has the hash ${got}, expected ${wheel.sha256}: it was damaged, and is removed; run it again to fetch it anew`,
    );
  }
}
