/** What disks, copies and cuts do to files. Each changes what the file says. */
import { readFileSync, rmSync, writeFileSync } from 'node:fs';
import type { Random } from '../../lib/core/random.js';

export type Damage = (file: string, random: Random) => void;

/** Cut short at a random length. */
const truncated: Damage = (file, random) => {
  const bytes = readFileSync(file);
  writeFileSync(file, bytes.subarray(0, random.integer(Math.max(1, bytes.length - 2))));
};

/** One bit of one byte. */
const flipped: Damage = (file, random) => {
  const bytes = readFileSync(file);
  if (bytes.length === 0) return;
  const at = random.integer(bytes.length);
  bytes[at] = bytes[at]! ^ (1 << random.integer(8));
  writeFileSync(file, bytes);
};

/** The end filled with zeros, as after a power cut: the length was written, the data not. */
const zeroed: Damage = (file, random) => {
  const bytes = readFileSync(file);
  writeFileSync(file, bytes.fill(0, random.integer(Math.max(1, bytes.length - 1))));
};

const deleted: Damage = (file) => rmSync(file, { force: true });

export const DAMAGES: readonly Damage[] = [truncated, flipped, zeroed, deleted];
