import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { deflateRawSync, gzipSync } from 'node:zlib';
import crc from 'crc-32';
import fc from 'fast-check';
import { afterAll, describe, expect, it } from 'vitest';
import { UserError } from '../../lib/core/errors.js';
import { emptyCounts } from '../../lib/datasets/json-lines.js';
import type { SourceRecord } from '../../lib/datasets/record.js';
import { isoDate } from '../../lib/datasets/record.js';
import { CategoryFilter } from '../../lib/datasets/snapshot/category-filter.js';
import { readSnapshot } from '../../lib/datasets/snapshot/read.js';
import { recordOfLine } from '../../lib/datasets/snapshot/record-of-line.js';
import { LineSplitter } from '../../lib/files/line-splitter.js';
import { makePapers, snapshotLine } from './helpers/corpus.js';

const folder = mkdtempSync(join(tmpdir(), 'llm-embedding-test-'));
afterAll(() => rmSync(folder, { recursive: true }));

function write(name: string, content: string | Buffer): string {
  const path = join(folder, name);
  writeFileSync(path, content);
  return path;
}

async function read(
  path: string,
  wanted: string[],
  strict = false,
): Promise<{ records: SourceRecord[]; counts: ReturnType<typeof emptyCounts> }> {
  const counts = emptyCounts();
  const records: SourceRecord[] = [];
  const isWanted = (category: string): boolean => wanted.includes(category);
  for await (const record of readSnapshot(path, { isWanted, strict }, counts)) records.push(record);
  return { records, counts };
}

/** A zip archive of one deflated file, by the specification (APPNOTE.TXT), for lack of a zip writer. */
function zip(name: string, content: Buffer): Buffer {
  const data = deflateRawSync(content);
  const header = (signature: number, extra: number): Buffer => {
    const fields = Buffer.alloc(signature === 0x04034b50 ? 30 : 46);
    fields.writeUInt32LE(signature, 0);
    const at = signature === 0x04034b50 ? 4 : 6;
    fields.writeUInt16LE(20, at);
    fields.writeUInt16LE(8, at + 4);
    fields.writeInt32LE(crc.buf(content), at + 10);
    fields.writeUInt32LE(data.length, at + 14);
    fields.writeUInt32LE(content.length, at + 18);
    fields.writeUInt16LE(name.length, at + 22);
    if (extra) fields.writeUInt16LE(20, 4);
    return fields;
  };
  const local = Buffer.concat([header(0x04034b50, 0), Buffer.from(name), data]);
  const central = Buffer.concat([header(0x02014b50, 1), Buffer.from(name)]);
  const end = Buffer.alloc(22);
  end.writeUInt32LE(0x06054b50, 0);
  end.writeUInt16LE(1, 8);
  end.writeUInt16LE(1, 10);
  end.writeUInt32LE(central.length, 12);
  end.writeUInt32LE(local.length, 16);
  return Buffer.concat([local, central, end]);
}

const papers = makePapers(60, ['gr-qc', 'cs.CV', 'hep-th']);
const text = `${papers.map(snapshotLine).join('\n')}\n`;
const expected = papers.filter((paper) => paper.categories[0] === 'gr-qc');

describe('reading a snapshot', () => {
  it.each([
    ['plain', Buffer.from(text)],
    ['gzip', gzipSync(text)],
    ['zip', zip('arxiv-metadata-oai-snapshot.json', Buffer.from(text))],
    [
      'with a byte order mark, Windows line breaks and blank lines',
      Buffer.from(`\uFEFF${text.replaceAll('\n', '\r\n\r\n')}`),
    ],
    ['without the last line break', Buffer.from(text.trimEnd())],
  ])('%s: the papers of the primary category, in order', async (name, bytes) => {
    const { records, counts } = await read(write(name, bytes), ['gr-qc']);
    expect(records).toEqual(
      expected.map((paper) => ({
        id: paper.id,
        version: paper.version,
        title: paper.title,
        abstract: paper.abstract,
        categories: paper.categories,
        published: paper.published.slice(0, 10),
        comments: '',
      })),
    );
    expect(records.length + counts.skipped).toBe(60);
    expect(counts.malformed).toBe(0);
    expect([...counts.unwanted]).toEqual([
      ['cs.CV', 20],
      ['hep-th', 20],
    ]);
  });

  it('counts and skips lines that are not records, and names the first', async () => {
    const lines = text.split('\n');
    lines.splice(3, 0, '{"id": "1", "title": cut off');
    lines.splice(7, 0, '[1, 2]', JSON.stringify({ id: 7.5, title: 'T', abstract: 'A', categories: 'gr-qc' }));
    const path = write('malformed.jsonl', lines.join('\n'));
    const { records, counts } = await read(path, ['gr-qc']);
    expect(records.map((record) => record.id)).toEqual(expected.map((paper) => paper.id));
    expect(counts.malformed).toBe(3);
    expect(counts.firstMalformed).toEqual({ line: 4, reason: 'not JSON' });
    await expect(read(path, ['gr-qc'], true)).rejects.toThrow(/malformed.jsonl" line 4: not JSON; mend the line/);
  });

  it.each([
    ['no title', { title: undefined }, 'no "title"'],
    ['an empty abstract', { abstract: ' \n ' }, '"abstract" is empty'],
    ['an id that was made a number', { id: 704.0001 }, '"id" must be a string, got 704.0001'],
    ['no categories', { categories: '' }, '"categories" is empty'],
    ['categories of another kind', { categories: { main: 'gr-qc' } }, '"categories" must be a string'],
  ])('%s is malformed', async (name, change, reason) => {
    const record = { ...JSON.parse(snapshotLine(papers[0]!)), ...change };
    const { records, counts } = await read(write(`field ${name}`, JSON.stringify(record)), ['gr-qc']);
    expect(records).toEqual([]);
    expect(counts.firstMalformed?.reason).toContain(reason);
  });

  it('refuses bytes that are not UTF-8 instead of changing them', async () => {
    const line = Buffer.from(snapshotLine(papers[0]!).replace('We study', 'We st\u00fcdy'), 'latin1');
    const { records, counts } = await read(write('latin1.jsonl', line), ['gr-qc']);
    expect(records).toEqual([]);
    expect(counts.firstMalformed).toEqual({ line: 1, reason: 'not UTF-8' });
  });

  it('takes a line of more than 16 MiB for malformed without keeping it', async () => {
    const { records, counts } = await read(write('long.jsonl', `${'x'.repeat(17 * 2 ** 20)}\n${text}`), ['gr-qc']);
    expect(records.length).toBe(expected.length);
    expect(counts.firstMalformed).toEqual({ line: 1, reason: 'longer than 16 MiB' });
  });

  it.each([
    ['missing.jsonl', null, 'no such file'],
    ['empty.jsonl', Buffer.alloc(0), 'is empty'],
    ['cut.jsonl.gz', gzipSync(text).subarray(0, 900), 'is damaged or cut off'],
    ['cut.zip', zip('a.json', Buffer.from(text)).subarray(0, 900), 'is damaged or cut off'],
    [
      'changed.zip',
      (() => {
        const bytes = zip('a.json', Buffer.from(text));
        const central = bytes.lastIndexOf(Buffer.from('PK\x01\x02', 'latin1'));
        bytes.writeUInt8(bytes.readUInt8(central + 16) ^ 1, central + 16);
        return bytes;
      })(),
      'checksum',
    ],
  ])('%s: one line that says what to do', async (name, bytes, reason) => {
    const path = bytes === null ? join(folder, name) : write(name, bytes);
    const failure = await read(path, ['gr-qc']).then(
      () => null,
      (error: unknown) => error,
    );
    expect(failure).toBeInstanceOf(UserError);
    expect((failure as Error).message).toContain(reason);
    expect((failure as Error).message).not.toContain('\n');
  });

  it('ends when the signal fires', async () => {
    const isWanted = (): boolean => true;
    const records = readSnapshot(write('signal.jsonl', text), { isWanted, strict: false }, emptyCounts(), {
      signal: AbortSignal.abort(),
    });
    await expect(records.next()).rejects.toMatchObject({ name: 'Interrupted', exitCode: 130 });
  });

  it('reads the dates of the first version, of the id, or of the last update', () => {
    const line = (fields: object): string =>
      JSON.stringify({ title: 'T', abstract: 'A', categories: 'gr-qc', ...fields });
    const versions = [
      { version: 'v1', created: 'Mon, 2 Apr 2007 19:18:42 GMT' },
      { version: 'v2', created: 'Tue, 24 Jul 2007 20:10:27 GMT' },
    ];
    expect(recordOfLine(line({ id: '0704.0001', versions }))).toMatchObject({ published: '2007-04-02', version: 2 });
    expect(recordOfLine(line({ id: 'hep-th/9901001', update_date: '2020-01-01' })).published).toBe('1999-01-01');
    expect(recordOfLine(line({ id: 'own-1', update_date: '2020-01-02' })).published).toBe('2020-01-02');
    expect(recordOfLine(line({ id: 'own-1', update_date: null })).published).toBeNull();
  });

  it('keeps TeX and accents and folds whitespace', () => {
    const record = recordOfLine(
      JSON.stringify({
        id: 'a',
        title: " Poincar\\'e\n  and  Schrödinger ",
        abstract: 'a\u00a0$\\alpha$\t\nb',
        categories: 'gr-qc',
      }),
    );
    expect(record.title).toBe("Poincar\\'e and Schrödinger");
    expect(record.abstract).toBe('a $\\alpha$ b');
  });
});

describe('cutting lines', () => {
  it('gives the same lines however the bytes are cut', () => {
    fc.assert(
      fc.property(
        fc.array(fc.string({ unit: fc.constantFrom('a', 'é', '\n', '\r', ' ') })),
        fc.array(fc.nat(7)),
        (parts, cuts) => {
          const bytes = Buffer.from(parts.join(''));
          const lines: string[] = [];
          const numbers: number[] = [];
          const splitter = new LineSplitter(
            (buffer, start, end, line) => {
              lines.push(buffer.toString('utf8', start, end));
              numbers.push(line);
            },
            () => {},
          );
          let at = 0;
          for (const cut of cuts) {
            splitter.push(bytes.subarray(at, at + cut));
            at += cut;
          }
          splitter.push(bytes.subarray(at));
          splitter.finish();
          const reference = bytes
            .toString()
            .split('\n')
            .map((line) => line.replace(/\r$/, ''));
          if (reference.at(-1) === '' && !/\r$/.test(bytes.toString())) reference.pop();
          expect(lines).toEqual(reference);
          expect(numbers).toEqual(reference.map((_, index) => index + 1));
        },
      ),
      { numRuns: 500 },
    );
  });
});

describe('skipping lines before they are parsed', () => {
  const category = fc.constantFrom(
    'gr-qc',
    'cs.CV',
    'hep-th gr-qc',
    'gr-qc hep-th',
    ' gr-qc',
    'cs.CV gr-qc',
    '',
    'gr"qc',
    'gr-qc\u00a0hep-th',
    '\u2003gr-qc',
    '\\u0067r-qc',
  );
  const value = fc.oneof(category, fc.array(category, { maxLength: 2 }), fc.constant(null), fc.integer());
  const tricky = fc.constantFrom(
    '"categories":"gr-qc"',
    '\\"categories\\":\\"cs.CV\\"',
    '{"categories": "gr-qc"}',
    'plain',
  );
  const object = fc.record(
    {
      abstract: tricky,
      categories: value,
      nested: fc.record({ categories: value }),
      title: tricky,
    },
    { requiredKeys: [] },
  );

  it('never skips a line that parsing would keep', () => {
    fc.assert(
      fc.property(fc.array(fc.tuple(object, fc.boolean())), (lines) => {
        const texts = lines.map(([one, spaced]) =>
          spaced ? JSON.stringify(one).replaceAll(/":/g, '": ') : JSON.stringify(one),
        );
        const buffer = Buffer.from(texts.join('\n'));
        const filter = new CategoryFilter((name) => name === 'gr-qc');
        let start = 0;
        for (const line of texts) {
          const end = start + Buffer.byteLength(line);
          const skipped = filter.unwanted(buffer, start, end);
          const categories = (JSON.parse(line) as { categories?: unknown }).categories;
          const primary = (Array.isArray(categories) ? String(categories[0] ?? '') : String(categories))
            .trim()
            .split(/\s+/)[0];
          if (primary === 'gr-qc') expect(skipped).toBeNull();
          if (skipped !== null) expect(skipped).not.toBe('gr-qc');
          start = end + 1;
        }
      }),
      { numRuns: 1000 },
    );
  });

  it('skips the ordinary line of another category', () => {
    const buffer = Buffer.from(snapshotLine(papers[1]!));
    expect(new CategoryFilter((name) => name === 'gr-qc').unwanted(buffer, 0, buffer.length)).toBe('cs.CV');
  });

  it('leaves a line that is cut off to the parser', () => {
    const buffer = Buffer.from(snapshotLine(papers[1]!).slice(0, -1));
    expect(new CategoryFilter((name) => name === 'gr-qc').unwanted(buffer, 0, buffer.length)).toBeNull();
  });
});

it.each([
  ['2021-02-28', '2021-02-28'],
  ['2021-02-28T10:00:00Z', '2021-02-28'],
  ['2021-02-30', null],
  ['9999-99-99', null],
  ['05/01/2021', null],
  [20210105, null],
])('the day of %j is %j', (value, day) => {
  expect(isoDate(value)).toBe(day);
});
