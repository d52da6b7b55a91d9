import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import * as zlib from 'node:zlib';
import { afterAll, describe, expect, it } from 'vitest';
import { UserError } from '../../lib/core/errors.js';
import { isParquet, openParquet } from '../../lib/files/parquet.js';

const fixtures = fileURLToPath(new URL('../fixtures/pairs/', import.meta.url));
const { rows } = JSON.parse(readFileSync(join(fixtures, 'rows.json'), 'utf8')) as { rows: Record<string, unknown>[] };
const folder = mkdtempSync(join(tmpdir(), 'parquet-'));
afterAll(() => rmSync(folder, { recursive: true, force: true }));

async function read(path: string): Promise<Record<string, unknown>[]> {
  const found: Record<string, unknown>[] = [];
  for await (const row of (await openParquet(path)).rows()) found.push(row);
  return found;
}

describe('a Parquet file', () => {
  const readable = readdirSync(fixtures).filter((name) => name.endsWith('.parquet') && !name.includes('zstd'));

  it.each(readable)('%s gives the rows that pyarrow wrote, whole numbers with all their digits', async (name) => {
    const path = join(fixtures, name);
    expect(await isParquet(path)).toBe(true);
    expect((await openParquet(path)).columns).toEqual(['anchor', 'positive', 'negatives', 'score', 'weight']);
    const found = (await read(path)).map((row) => ({ ...row, score: String(row.score) }));
    expect(found).toEqual(rows);
  });

  it('in Zstandard is read where Node.js can, else refused by name', async () => {
    const result = read(join(fixtures, 'triplets-zstd.parquet'));
    if ('zstdDecompressSync' in zlib) expect(await result).toHaveLength(rows.length);
    else await expect(result).rejects.toThrow(/Zstandard.*compression="snappy"/);
  });

  it('that is damaged or cut off is an error that says so', async () => {
    const bytes = readFileSync(join(fixtures, 'triplets-snappy.parquet'));
    for (const [name, damaged] of [
      ['cut', bytes.subarray(0, bytes.length - 40)],
      ['zeros', Buffer.from(bytes).fill(0, 4, bytes.length - 8)],
      ['short', bytes.subarray(0, 6)],
    ] as const) {
      const path = join(folder, `${name}.parquet`);
      writeFileSync(path, damaged);
      await expect(read(path), name).rejects.toThrow(UserError);
    }
    expect(await isParquet(join(folder, 'none.parquet'))).toBe(false);
    writeFileSync(join(folder, 'text.parquet'), 'no');
    expect(await isParquet(join(folder, 'text.parquet'))).toBe(false);
  });
});
