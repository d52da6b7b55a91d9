/**
 * Every reader with every malformation: each pair has one expected outcome, and none is silent.
 *
 *   a list   what is read, in order
 *   skips    what is read, and how many lines were counted as malformed
 *   a RegExp the one-line error, which names the file
 */
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { gzipSync } from 'node:zlib';
import { afterAll, describe, expect, it } from 'vitest';
import { resolveConfig } from '../../lib/config/config.js';
import { readConfigFile } from '../../lib/config/config-file.js';
import { UserError } from '../../lib/core/errors.js';
import { readQrels } from '../../lib/datasets/beir/qrels.js';
import { emptyCounts } from '../../lib/datasets/json-lines.js';
import { locateSource } from '../../lib/datasets/sources/registry.js';
import { ReadContext } from '../../lib/datasets/sources/source.js';
import { readBeir } from '../../lib/evaluation/formats/beir.js';
import { readRun } from '../../lib/evaluation/formats/trec.js';
import { readText } from '../../lib/files/json-file.js';
import { readTextFile } from '../../lib/files/text-file.js';
import { textLines } from '../../lib/files/text-lines.js';
import { readHardNegatives } from '../../lib/training/hard-negatives.js';

const folder = mkdtempSync(join(tmpdir(), 'readers-'));
afterAll(() => rmSync(folder, { recursive: true }));
let files = 0;
function fileOf(content: Buffer, ending: string): string {
  const path = join(folder, String(files++), `input${ending}`);
  mkdirSync(join(path, '..'));
  writeFileSync(path, content);
  return path;
}

/** What a reader made of a file: the ids or texts of its records, and the lines that it counted as none. */
interface Outcome {
  read: string[];
  skipped: number;
}

interface Reader {
  ending: string;
  /** The records of these ids as lines of the format; ids may hold any letter. */
  lines(ids: readonly string[]): string[];
  read(path: string): Promise<Outcome>;
  /** Lines that are no records are counted and skipped. */
  skips?: boolean;
  /** The header of a table. */
  header?: string;
  /** A file of the format holds one value only: JSON. */
  isWhole?: boolean;
  /** Two records of one id: refused unless told otherwise. */
  repeats?: 'all' | 'first';
}

const ABSTRACT = 'an abstract that is long enough for a paper of its own';
const plain = (read: string[]): Outcome => ({ read, skipped: 0 });

async function papers(path: string): Promise<Outcome> {
  const config = resolveConfig({ input: { datasets: { source: path } } });
  const located = await locateSource({ config, topics: [], reporting: {}, fetching: {} });
  const counts = emptyCounts();
  const context = new ReadContext(path, config.datasets, () => true, counts, {});
  const read: string[] = [];
  for await (const { id } of located.source.read(located.path, context)) read.push(id);
  return { read, skipped: counts.malformed };
}

const beirFolder = async (path: string, name: string): Promise<Outcome> => {
  const root = join(path, '..');
  mkdirSync(join(root, 'qrels'));
  const ids = ['d1', 'd2', 'dé', '297136541426397185', '297136541426397184'];
  const others: Record<string, string> = {
    'corpus.jsonl': ids.map((id) => `{"_id": "${id}", "text": "text"}\n`).join(''),
    'queries.jsonl': ids.map((id) => `{"_id": "${id}", "text": "text"}\n`).join(''),
    'qrels/test.tsv': `query-id\tcorpus-id\tscore\n${ids.map((id) => `${id}\t${id}\t1\n`).join('')}`,
  };
  for (const [other, content] of Object.entries(others)) if (other !== name) writeFileSync(join(root, other), content);
  const { readFileSync } = await import('node:fs');
  writeFileSync(join(root, name), readFileSync(path));
  const task = await readBeir(root);
  if (name === 'corpus.jsonl') return plain(task.corpus.map(({ id }) => id));
  return plain(name === 'queries.jsonl' ? task.queries.map(({ id }) => id) : [...task.qrels.keys()]);
};

const READERS: Record<string, Reader> = {
  snapshot: {
    ending: '.jsonl',
    lines: (ids) =>
      ids.map((id) => JSON.stringify({ id, title: `Title ${id}`, abstract: ABSTRACT, categories: 'gr-qc hep-th' })),
    read: papers,
    skips: true,
    repeats: 'all',
  },
  'own JSON lines': {
    ending: '.jsonl',
    lines: (ids) => ids.map((id) => JSON.stringify({ id, title: `Title ${id}`, text: ABSTRACT })),
    read: papers,
    skips: true,
    repeats: 'all',
  },
  'own CSV': {
    ending: '.csv',
    header: 'id,title,text',
    lines: (ids) => ids.map((id) => `${id},"Title, ${id}",${ABSTRACT}`),
    read: papers,
    skips: true,
    repeats: 'all',
  },
  'own CSV with semicolons': {
    ending: '.csv',
    header: 'id;title;text',
    lines: (ids) => ids.map((id) => `${id};"Title; ${id}";${ABSTRACT}`),
    read: papers,
    skips: true,
    repeats: 'all',
  },
  'own TSV': {
    ending: '.tsv',
    header: 'id\ttitle\ttext',
    lines: (ids) => ids.map((id) => `${id}\tTitle of "${id}"\t${ABSTRACT}`),
    read: papers,
    skips: true,
    repeats: 'all',
  },
  'texts a line': {
    ending: '.txt',
    lines: (ids) => ids.map((id) => `text ${id}`),
    read: async (path) => plain((await readTextFile(path)).texts.map((text) => text.replace('text ', ''))),
    repeats: 'all',
  },
  'texts as JSON lines': {
    ending: '.jsonl',
    lines: (ids) => ids.map((id) => `{"id": "${id}", "text": "text"}`),
    read: async (path) => plain((await readTextFile(path)).ids ?? []),
  },
  'texts as CSV': {
    ending: '.csv',
    header: 'id,title,text',
    lines: (ids) => ids.map((id) => `${id},"a, title",text`),
    read: async (path) => plain((await readTextFile(path)).ids ?? []),
  },
  'texts as TSV': {
    ending: '.tsv',
    header: 'id\ttext',
    lines: (ids) => ids.map((id) => `${id}\tsome "text"`),
    read: async (path) => plain((await readTextFile(path)).ids ?? []),
  },
  run: {
    ending: '.trec',
    lines: (ids) => ids.map((id, i) => `q1 Q0 ${id} ${i + 1} ${9 - i} tag`),
    read: async (path) => plain((await readRun(path)).get('q1')?.map(({ id }) => id) ?? []),
  },
  'TREC qrels': {
    ending: '.qrels',
    lines: (ids) => ids.map((id) => `q1 0 ${id} 1`),
    read: async (path) => plain([...((await readQrels(path)).get('q1')?.keys() ?? [])]),
    repeats: 'first',
  },
  'BEIR qrels': {
    ending: '.tsv',
    header: 'query-id\tcorpus-id\tscore',
    lines: (ids) => ids.map((id) => `${id}\t${id}\t1`),
    read: (path) => beirFolder(path, 'qrels/test.tsv'),
    repeats: 'first',
  },
  'BEIR corpus': {
    ending: '.jsonl',
    lines: (ids) => ids.map((id) => `{"_id": "${id}", "title": "", "text": "text"}`),
    read: (path) => beirFolder(path, 'corpus.jsonl'),
  },
  'BEIR queries': {
    ending: '.jsonl',
    lines: (ids) => ids.map((id) => `{"_id": "${id}", "text": "text"}`),
    read: (path) => beirFolder(path, 'queries.jsonl'),
  },
  'hard negatives': {
    ending: '.jsonl',
    lines: (ids) => ids.map((id) => JSON.stringify({ query: id, own: null, negatives: [] })),
    read: async (path) => plain([...(await readHardNegatives(path)).byQuery.keys()]),
  },
  'a file of settings': {
    ending: '.json',
    isWhole: true,
    lines: (ids) => [`{"ids": ${JSON.stringify(ids)}}`],
    read: async (path) => plain(((await readConfigFile(path)) as { ids: string[] }).ids),
  },
  lines: {
    ending: '.txt',
    lines: (ids) => [...ids],
    read: async (path) => {
      const read: string[] = [];
      for await (const { text } of textLines(path)) read.push(text);
      return plain(read);
    },
    repeats: 'all',
  },
  'a whole text': {
    ending: '.txt',
    lines: (ids) => [...ids],
    read: async (path) => plain((await readText(path)).split('\n').filter(Boolean)),
    repeats: 'all',
  },
};

/** The file of these ids, lines ending as told. */
const contentOf = (reader: Reader, ids: readonly string[], end = '\n'): string =>
  [...(reader.header ? [reader.header] : []), ...reader.lines(ids)].map((line) => `${line}${end}`).join('');

const IDS = ['d1', 'd2', 'dé'];
const UTF8 = (reader: Reader): string => contentOf(reader, IDS);
const utf16 = (text: string, big = false): Buffer => {
  const bytes = Buffer.from(`\uFEFF${text}`, 'utf16le');
  return big ? bytes.swap16() : bytes;
};

/** Zip of stored files, made by hand: a library would be one more to trust. */
function zipOf(...contents: Buffer[]): Buffer {
  return zipOfNamed(Object.fromEntries(contents.map((content, i) => [`input${i}`, content])));
}

function zipOfNamed(files: Record<string, Buffer>): Buffer {
  const parts: Buffer[] = [];
  const directory: Buffer[] = [];
  for (const [path, content] of Object.entries(files)) {
    const name = Buffer.from(path);
    const offset = parts.reduce((sum, part) => sum + part.length, 0);
    const local = Buffer.alloc(30);
    local.writeUInt32LE(0x04034b50, 0);
    local.writeUInt16LE(20, 4);
    local.writeUInt32LE(crc(content), 14);
    local.writeUInt32LE(content.length, 18);
    local.writeUInt32LE(content.length, 22);
    local.writeUInt16LE(name.length, 26);
    const central = Buffer.alloc(46);
    central.writeUInt32LE(0x02014b50, 0);
    central.writeUInt16LE(20, 4);
    central.writeUInt16LE(20, 6);
    local.copy(central, 16, 14, 30);
    central.writeUInt32LE(offset, 42);
    parts.push(local, name, content);
    directory.push(central, name);
  }
  const [body, list] = [Buffer.concat(parts), Buffer.concat(directory)];
  const end = Buffer.alloc(22);
  end.writeUInt32LE(0x06054b50, 0);
  end.writeUInt16LE(directory.length / 2, 8);
  end.writeUInt16LE(directory.length / 2, 10);
  end.writeUInt32LE(list.length, 12);
  end.writeUInt32LE(body.length, 16);
  return Buffer.concat([body, list, end]);
}

function crc(bytes: Buffer): number {
  let value = ~0;
  for (const byte of bytes) {
    value ^= byte;
    for (let bit = 0; bit < 8; bit++) value = (value >>> 1) ^ (value & 1 ? 0xedb88320 : 0);
  }
  return ~value >>> 0;
}

type Expected = string[] | { read: string[]; skipped: number } | RegExp;

interface Malformation {
  make(reader: Reader): Buffer | string;
  expected(reader: Reader): Expected;
  /** Readers that it means nothing to. */
  not?: (reader: Reader, name: string) => boolean;
}

const bytesOf = (reader: Reader, ids: readonly string[], replace: (bytes: Buffer) => Buffer): Buffer =>
  replace(Buffer.from(contentOf(reader, ids)));
/** The whole file is refused, or the one bad line of it where lines may be skipped. */
const lineRefused =
  (pattern: RegExp) =>
  (reader: Reader): Expected =>
    reader.skips ? { read: ['d1', 'd2'], skipped: 1 } : pattern;
const reads = (ids: string[]) => (): Expected => ids;
const isTable = (reader: Reader): boolean => reader.header !== undefined && reader.ending !== '.tsv';
const isJson = (name: string): boolean => /JSON|snapshot|BEIR (corpus|queries)|negatives|settings/.test(name);

const MALFORMATIONS: Record<string, Malformation> = {
  'UTF-8': { make: UTF8, expected: reads(IDS) },
  'UTF-8 with its mark': { make: (reader) => `\uFEFF${UTF8(reader)}`, expected: reads(IDS) },
  'two files in one, each with its mark': {
    make: (reader) => {
      const lines = contentOf(reader, IDS).trimEnd().split('\n');
      return lines.map((line, i) => `${i === lines.length - 1 ? '\uFEFF' : ''}${line}\n`).join('');
    },
    expected: reads(IDS),
    not: (reader, name) => reader.isWhole === true || name === 'a whole text',
  },
  'UTF-16, little end first': { make: (reader) => utf16(UTF8(reader)), expected: reads(IDS) },
  'UTF-16, big end first': { make: (reader) => utf16(UTF8(reader), true), expected: reads(IDS) },
  'UTF-16 without its mark': { make: (reader) => utf16(UTF8(reader)).subarray(2), expected: () => /UTF-16/ },
  'UTF-16 cut within a character': { make: (reader) => utf16(UTF8(reader)).subarray(0, -1), expected: () => /UTF-16/ },
  'UTF-32': {
    make: (reader) => Buffer.concat([Buffer.from([0xff, 0xfe, 0, 0]), Buffer.from(UTF8(reader))]),
    expected: () => /UTF-32/,
  },
  'Latin-1': {
    make: (reader) => Buffer.from(UTF8(reader), 'latin1'),
    expected: (reader) => lineRefused(/not UTF-8/)(reader),
  },
  'a NUL character': {
    make: (reader) => UTF8(reader).replaceAll('dé', 'd\0'),
    expected: (reader) => lineRefused(/NUL/)(reader),
    // JSON.stringify escapes it, which is a text like any other
    not: (_, name) => /snapshot|own JSON|negatives|settings/.test(name),
  },
  'half of a character at the end': {
    make: (reader) => bytesOf(reader, IDS, (bytes) => Buffer.concat([bytes, Buffer.from([0xc3])])),
    expected: (reader) => (reader.skips ? { read: IDS, skipped: 1 } : /not UTF-8/),
  },
  CRLF: {
    make: (reader) => contentOf(reader, IDS, '\r\n'),
    expected: reads(IDS),
    not: (_, name) => name === 'a whole text',
  },
  'CR alone': { make: (reader) => contentOf(reader, IDS, '\r'), expected: reads(IDS) },
  'CR alone, but for the last': {
    make: (reader) => `${contentOf(reader, IDS, '\r')}\n`.replace(/\r\n$/, '\n'),
    expected: reads(IDS),
  },
  'line ends of three kinds': {
    make: (reader) => {
      const lines = contentOf(reader, IDS).trimEnd().split('\n');
      return lines.map((line, i) => line + (['\r', '\n', '\r\n'][i % 3] as string)).join('');
    },
    expected: reads(IDS),
    // a text as a whole keeps its line ends
    not: (_, name) => name === 'a whole text',
  },
  'no line break at the end': { make: (reader) => UTF8(reader).trimEnd(), expected: reads(IDS) },
  'blank lines at the end': {
    make: (reader) => `${UTF8(reader)}\n\n`,
    expected: reads(IDS),
    not: (_, name) => name === 'texts a line',
  },
  'a separator of lines that is a character': {
    make: (reader) => contentOf(reader, ['d1', 'd\u2028x', 'd2']),
    // ids of papers have their white space folded
    expected: (reader) => ['d1', reader.skips ? 'd x' : 'd\u2028x', 'd2'],
    // to TREC it is white space, and BEIR folders know these ids only
    not: (_, name) => /run|qrels|BEIR/.test(name),
  },
  gzip: { make: (reader) => gzipSync(UTF8(reader)), expected: reads(IDS) },
  'gzip in two parts': {
    make: (reader) => {
      const bytes = Buffer.from(UTF8(reader));
      return Buffer.concat([gzipSync(bytes.subarray(0, 9)), gzipSync(bytes.subarray(9))]);
    },
    expected: reads(IDS),
  },
  'gzip of UTF-16': { make: (reader) => gzipSync(utf16(UTF8(reader))), expected: reads(IDS) },
  'gzip that is cut off': {
    make: (reader) => gzipSync(UTF8(reader)).subarray(0, -9),
    expected: () => /damaged or cut off/,
  },
  'gzip with a wrong byte': {
    make: (reader) => {
      const bytes = gzipSync(UTF8(reader));
      bytes[bytes.length - 6] = (bytes[bytes.length - 6] as number) ^ 1;
      return bytes;
    },
    expected: () => /damaged or cut off/,
  },
  zip: { make: (reader) => zipOf(Buffer.from(UTF8(reader))), expected: reads(IDS) },
  'zip with a wrong checksum': {
    make: (reader) => {
      const bytes = zipOf(Buffer.from(UTF8(reader)));
      const at = bytes.indexOf('d1');
      bytes[at] = 'x'.charCodeAt(0);
      return bytes;
    },
    expected: () => /damaged or cut off/,
  },
  'zip with two files': {
    make: (reader) => zipOf(Buffer.from(UTF8(reader)), Buffer.from(contentOf(reader, ['d2']))),
    expected: () => /2 files, "input0" and "input1"/,
  },
  'zip with what macOS adds': {
    make: (reader) => zipOfNamed({ a: Buffer.from(UTF8(reader)), '__MACOSX/._a': Buffer.from('x') }),
    expected: reads(IDS),
  },
  'gzip with text behind it': {
    make: (reader) => Buffer.concat([gzipSync(UTF8(reader)), Buffer.from(contentOf(reader, ['d2']))]),
    expected: () => /damaged or cut off/,
  },
  'gzip filled up with zeros': {
    make: (reader) => Buffer.concat([gzipSync(UTF8(reader)), Buffer.alloc(512)]),
    expected: reads(IDS),
  },
  bzip2: { make: () => Buffer.from('BZh91AY&SY', 'latin1'), expected: () => /bzip2/ },
  xz: { make: () => Buffer.from('fd377a585a0000', 'hex'), expected: () => /xz/ },
  zstd: { make: () => Buffer.from('28b52ffd0458', 'hex'), expected: () => /zstd/ },
  empty: { make: () => '', expected: () => /is empty/ },
  'gzip of nothing': {
    make: () => gzipSync(''),
    expected: (reader) => (reader.skips ? [] : /no |read as JSON/),
    not: (_, name) => /lines$|whole|JSON|snapshot/.test(name) && !/texts/.test(name),
  },
  'an id twice': {
    make: (reader) => contentOf(reader, ['d1', 'd2', 'd1']),
    expected: (reader) => {
      if (reader.repeats === 'all') return ['d1', 'd2', 'd1'];
      return reader.repeats === 'first' ? ['d1', 'd2'] : /"d1" (occurs )?twice|document "d1" twice/;
    },
    not: (reader) => reader.isWhole === true,
  },
  'ids beyond 2^53': {
    make: (reader) => contentOf(reader, ['297136541426397184', '297136541426397185']).replaceAll(/"(\d{18})"/g, '$1'),
    expected: reads(['297136541426397184', '297136541426397185']),
    not: (reader, name) => reader.isWhole === true || name === 'hard negatives',
  },
  'a line that is none of the format': {
    make: (reader) => `${contentOf(reader, ['d1', 'd2'])}what is this\n`,
    expected: (reader) => (reader.skips ? { read: ['d1', 'd2'], skipped: 1 } : /line \d|:\d|not JSON|read as JSON/),
    not: (_, name) => /a line|^lines|whole/.test(name),
  },
  'a line cut off': {
    make: (reader) => contentOf(reader, ['d1', 'd2', 'dé']).trimEnd().slice(0, -7),
    expected: (reader) => (reader.skips ? { read: ['d1', 'd2'], skipped: 1 } : /line \d|:\d|not JSON|read as JSON/),
    not: (_, name) => !isJson(name),
  },
  'an object with a key twice': {
    make: (reader) => {
      const lines = reader.lines(IDS);
      const last = (lines.pop() as string).replace(/\{("\w+":)/, '{$1 "x", $1');
      return [...lines, last, ''].join('\n');
    },
    expected: (reader) => lineRefused(/the key "\w+" occurs twice in one object/)(reader),
    not: (_, name) => !isJson(name),
  },
  'a quote that nothing closes': {
    make: (reader) => contentOf(reader, ['d1', '"broken', 'd2']),
    expected: (reader) => (reader.skips ? { read: ['d1', 'd2'], skipped: 1 } : /:3|line 3/),
    not: (reader) => !isTable(reader),
  },
  'a quote at the beginning of a field of a TSV': {
    make: (reader) => contentOf(reader, ['d1', '"half', 'd2']),
    expected: reads(['d1', '"half', 'd2']),
    not: (reader, name) => reader.ending !== '.tsv' || /BEIR/.test(name),
  },
  'a row with a field too many': {
    make: (reader) => `${contentOf(reader, ['d1', 'd2'])}${reader.lines(['d3'])[0]}${delimiterOf(reader)}more\n`,
    expected: (reader) => (reader.skips ? { read: ['d1', 'd2'], skipped: 1 } : /line 4|:4/),
    not: (reader) => reader.header === undefined,
  },
  'a JSON array': {
    make: (reader) => `[${reader.lines(IDS).join(',\n')}]`,
    expected: () => /JSON array/,
    not: (_, name) => !/snapshot|JSON lines/.test(name),
  },
  'a JSON object over several lines': {
    make: (reader) => (reader.lines(['d1'])[0] as string).replaceAll(',', ',\n'),
    expected: () => /JSON object spread over lines/,
    not: (_, name) => !/snapshot|JSON lines/.test(name),
  },
  'white space of every kind between fields': {
    make: (reader) => UTF8(reader).replaceAll(' ', ' \t\u00a0\v'),
    expected: reads(IDS),
    not: (_, name) => !/^run|TREC/.test(name),
  },
  'a binary file': {
    make: () => Buffer.from(Array.from({ length: 4096 }, (_, i) => (i * 7919) % 256)),
    expected: () => /UTF|not|NUL|no record|no column/,
  },
};

function delimiterOf({ header = '' }: Reader): string {
  return header.includes('\t') ? '\t' : header.includes(';') ? ';' : ',';
}

describe.each(Object.entries(READERS))('%s', (name, reader) => {
  it.each(Object.entries(MALFORMATIONS).filter(([, { not }]) => !not?.(reader, name)))(
    '%s',
    async (_, malformation) => {
      const content = malformation.make(reader);
      const path = fileOf(Buffer.from(content as string), reader.ending);
      const expected = malformation.expected(reader);
      const outcome = await reader.read(path).catch((error: unknown) => error);
      if (expected instanceof RegExp) {
        // a file of which all lines were counted and skipped says so when papers are loaded
        if (reader.skips && !(outcome instanceof Error)) {
          expect((outcome as Outcome).read).toEqual([]);
          expect((outcome as Outcome).skipped).toBeGreaterThan(0);
          return;
        }
        expect(outcome).toBeInstanceOf(UserError);
        const { message } = outcome as UserError;
        expect(message).toMatch(expected);
        expect(message).not.toContain('\n');
        expect(message).toContain(join(path, '..'));
        return;
      }
      expect(outcome).toEqual(Array.isArray(expected) ? { read: expected, skipped: 0 } : expected);
    },
  );
});
