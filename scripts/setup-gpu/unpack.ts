/** Unpacks the wanted files of a wheel, which is a zip file. */
import { createWriteStream, mkdirSync } from 'node:fs';
import { dirname, join } from 'node:path';
import type { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { promisify } from 'node:util';
import { type Entry, type Options, open, type ZipFile } from 'yauzl';
import { SetupFailure } from './failure.js';

/** @returns how many files were written  @throws SetupFailure where the wheel has none of them */
export async function unpack(file: string, folder: string, wanted: RegExp, signal?: AbortSignal): Promise<number> {
  const zip = await promisify<string, Options, ZipFile>(open)(file, { lazyEntries: true, autoClose: false });
  const openStream = promisify<Entry, Readable>(zip.openReadStream.bind(zip));
  let count = 0;
  try {
    await new Promise<void>((resolve, reject) => {
      zip.on('error', reject);
      zip.on('end', resolve);
      // yauzl has refused absolute names and names with ".." by now
      zip.on('entry', (entry: Entry) => {
        if (!wanted.test(entry.fileName)) {
          zip.readEntry();
          return;
        }
        count++;
        const target = join(folder, entry.fileName);
        mkdirSync(dirname(target), { recursive: true });
        openStream(entry)
          .then((source) => pipeline(source, createWriteStream(target), { signal }))
          .then(() => zip.readEntry(), reject);
      });
      zip.readEntry();
    });
  } finally {
    zip.close();
  }
  if (count === 0) throw new SetupFailure(`${file} has none of the files that are needed: it is not the pinned wheel`);
  return count;
}
