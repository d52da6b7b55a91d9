/**
 * Digests of the files of a folder in a file SHA256SUMS, as the command of that name writes it (`sha256sum --check` reads
 * it): whatever a disk, a copy or a cut has changed since is found before it is used.
 */
import { createHash } from 'node:crypto';
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { writeFileAtomic } from '../files/atomic-file.js';
import { hashFile } from '../files/hash-file.js';

export const CHECKSUM_FILE = 'SHA256SUMS';

/** Writes the digests of files of a folder, from what is read back of them. */
export async function writeChecksums(folder: string, files: readonly string[]): Promise<void> {
  const lines = await Promise.all(files.map(async (file) => `${await digestOf(join(folder, file))}  ${file}\n`));
  await writeFileAtomic(join(folder, CHECKSUM_FILE), lines.join(''));
}

/**
 * @param files those to check, which must all be listed
 * @returns what is wrong with the first that is not as it was written; null where all are
 */
export async function damageOf(folder: string, files: readonly string[]): Promise<string | null> {
  const listed = await readFile(join(folder, CHECKSUM_FILE), 'utf8').catch(() => null);
  if (listed === null) return `${CHECKSUM_FILE} is missing`;
  const digests = new Map(
    listed.split('\n').flatMap((line) => {
      const found = /^([0-9a-f]{64}) {2}(.+)$/.exec(line);
      return found ? [[found[2] as string, found[1] as string]] : [];
    }),
  );
  for (const file of files) {
    const digest = digests.get(file);
    if (!digest) return `${CHECKSUM_FILE} is damaged`;
    const actual = await digestOf(join(folder, file)).catch(() => null);
    if (actual === null) return `${file} cannot be read`;
    if (actual !== digest) return `${file} is not as it was written`;
  }
  return null;
}

/** Digest of tensors by name, whatever file they come from. */
export function digestOfTensors(tensors: ReadonlyMap<string, { data: Float32Array }>): string {
  const hash = createHash('sha256');
  for (const name of [...tensors.keys()].sort()) {
    const { data } = tensors.get(name)!;
    hash.update(`${name} ${data.length} `).update(new Uint8Array(data.buffer, data.byteOffset, data.byteLength));
  }
  return hash.digest('hex');
}

async function digestOf(path: string): Promise<string> {
  const hash = createHash('sha256');
  await hashFile(hash, path);
  return hash.digest('hex');
}
