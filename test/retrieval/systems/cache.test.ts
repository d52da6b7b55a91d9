import { createHash } from 'node:crypto';
import {
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  statSync,
  utimesSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { normalizedRows } from '../../../lib/core/rows.js';
import { cachedModel } from '../../../lib/retrieval/systems/cached-model.js';
import type { EmbeddingModel } from '../../../lib/retrieval/systems/embedding-model.js';
import { embeddingKey, openVectorStore } from '../../../lib/retrieval/systems/vector-store.js';

let folder: string;
let asked: [string, string][];

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'cache-test-'));
  asked = [];
});
afterEach(() => rmSync(folder, { recursive: true, force: true }));

function vectorOf(text: string, kind: string): number[] {
  return [text.length, text.charCodeAt(0) || 0, kind === 'query' ? 1 : 0];
}

/** A model that remembers what it was asked. */
function spy(fingerprint = 'one', overrides: Partial<EmbeddingModel> = {}): EmbeddingModel {
  return {
    name: 'spy',
    kind: 'tuned',
    dimensions: 3,
    fingerprint,
    async embed(texts, kind, reporting) {
      asked.push(...texts.map((text): [string, string] => [kind, text]));
      texts.forEach((_, i) => {
        reporting?.onProgress?.({ task: 'embedding', done: i + 1, total: texts.length, unit: 'texts' });
      });
      return Float32Array.from(texts.flatMap((text) => vectorOf(text, kind)));
    },
    ...overrides,
  };
}
const expected = (texts: string[], kind = 'document'): Float32Array =>
  Float32Array.from(texts.flatMap((text) => vectorOf(text, kind)));
const segments = (): string[] =>
  readdirSync(folder).flatMap((store) =>
    readdirSync(join(folder, store))
      .filter((name) => name.endsWith('.vectors'))
      .map((name) => join(folder, store, name)),
  );

describe('the embedding cache', () => {
  const texts = ['b', 'aaaa', 'cc', 'b', '', 'ünï'];

  it('embeds each different text once, and gives rows in the order of the texts', async () => {
    const model = cachedModel(spy(), { folder });
    expect(await model.embed(texts, 'document')).toEqual(expected(texts));
    expect(asked.map(([, text]) => text).sort()).toEqual(['', 'aaaa', 'b', 'cc', 'ünï']);
    expect(await model.embed([...texts].reverse(), 'document')).toEqual(expected([...texts].reverse()));
    expect(asked).toHaveLength(5);
    // another process: from disk
    expect(await cachedModel(spy(), { folder }).embed(texts, 'document')).toEqual(expected(texts));
    expect(asked).toHaveLength(5);
  });

  it('keeps queries from documents, and models from each other', async () => {
    await cachedModel(spy(), { folder }).embed(['x'], 'document');
    expect(await cachedModel(spy(), { folder }).embed(['x'], 'query')).toEqual(expected(['x'], 'query'));
    await cachedModel(spy('two'), { folder }).embed(['x'], 'query');
    expect(asked).toEqual([
      ['document', 'x'],
      ['query', 'x'],
      ['query', 'x'],
    ]);
  });

  it('keeps what was embedded before a failure', async () => {
    let calls = 0;
    const failing = spy('one', {
      async embed(chunk, kind) {
        if (++calls === 3) throw new Error('out of memory');
        return spy().embed(chunk, kind);
      },
    });
    const many = Array.from({ length: 10 }, (_, i) => `text ${i}`);
    await expect(cachedModel(failing, { folder, textsAtOnce: 3 }).embed(many, 'document')).rejects.toThrow(
      'out of memory',
    );
    expect(asked).toHaveLength(6);
    expect(await cachedModel(spy(), { folder }).embed(many, 'document')).toEqual(expected(many));
    expect(asked).toHaveLength(10);
  });

  it('asks for long texts first, and reports progress over all of them', async () => {
    const done: string[] = [];
    const many = ['a', 'bbb', 'cc', 'dddd'];
    await cachedModel(spy(), { folder, textsAtOnce: 2 }).embed(many, 'document', {
      onProgress: (event) => done.push(`${event.done}/${event.total}`),
    });
    expect(asked.map(([, text]) => text)).toEqual(['dddd', 'bbb', 'cc', 'a']);
    expect(done).toEqual(['1/4', '2/4', '3/4', '4/4']);
  });

  it.each([
    ['a flipped bit', (bytes: Buffer) => bytes.writeUInt8(bytes.readUInt8(40) ^ 8, 40)],
    ['a cut end', null],
  ])('embeds again what %s has damaged, and nothing else', async (_name, damage) => {
    const many = ['aaaaa', 'bbbb', 'ccc'];
    await cachedModel(spy(), { folder }).embed(many, 'document');
    asked = [];
    const file = segments()[0]!;
    const bytes = readFileSync(file);
    damage?.(bytes);
    writeFileSync(file, damage ? bytes : bytes.subarray(0, -3));
    expect(await cachedModel(spy(), { folder }).embed(many, 'document')).toEqual(expected(many));
    expect(asked).toHaveLength(1);
  });

  it('keeps no vector that is no embedding, and asks again for one that an older version kept', async () => {
    const zeros = { ...spy(), embed: async (all: string[]) => new Float32Array(all.length * 3) };
    await expect(cachedModel(zeros, { folder }).embed(['dark matter'], 'document')).rejects.toThrow(
      /gave only zeros for the text "dark matter"/,
    );
    const name = createHash('sha256').update(zeros.fingerprint).digest('hex').slice(0, 24);
    const store = openVectorStore(join(folder, name), {});
    expect(store.dimensions).toBeNull();
    store.add([embeddingKey('document', 'aaaa')], new Float32Array(3));
    expect(await cachedModel(spy(), { folder }).embed(['aaaa'], 'document')).toEqual(expected(['aaaa']));
  });

  it.skipIf(process.platform === 'win32')('is for its owner alone', async () => {
    await cachedModel(spy(), { folder }).embed(['dark matter'], 'document');
    const files = readdirSync(folder, { recursive: true, withFileTypes: true }).filter((entry) => entry.isFile());
    expect(files.length).toBeGreaterThan(1);
    for (const file of files) expect(statSync(join(file.parentPath, file.name)).mode & 0o077).toBe(0);
  });

  it('is safe to delete, and not confused by other files', async () => {
    await cachedModel(spy(), { folder }).embed(texts, 'document');
    rmSync(folder, { recursive: true });
    expect(await cachedModel(spy(), { folder }).embed(texts, 'document')).toEqual(expected(texts));
    writeFileSync(join(segments()[0]!, '..', 'zzz.vectors'), 'not ours');
    expect(await cachedModel(spy(), { folder }).embed(texts, 'document')).toEqual(expected(texts));
    expect(asked).toHaveLength(10);
  });

  it('merges many small files into one', async () => {
    const many = Array.from({ length: 40 }, (_, i) => `text ${i}`);
    await cachedModel(spy(), { folder, textsAtOnce: 1 }).embed(many, 'document');
    expect(segments()).toHaveLength(40);
    expect(await cachedModel(spy(), { folder }).embed(many, 'document')).toEqual(expected(many));
    expect(segments()).toHaveLength(1);
    expect(await cachedModel(spy(), { folder }).embed(many, 'document')).toEqual(expected(many));
    expect(asked).toHaveLength(40);
  });

  it('stays within its bound: the model that was used least recently goes, others and foreign folders stay', async () => {
    mkdirSync(join(folder, 'foreign'));
    for (const [i, name] of ['one', 'two', 'three'].entries()) {
      await cachedModel(spy(name), { folder }).embed(['x', 'y'], 'document');
      for (const store of readdirSync(folder)) {
        const label = join(folder, store, 'store.json');
        const mine = existsSync(label) && JSON.parse(readFileSync(label, 'utf8')).fingerprint === name;
        if (mine) utimesSync(label, i + 1, i + 1);
      }
    }
    // each model takes 2 records of 32 bytes and a header of 8: room for three, not four
    await cachedModel(spy('four'), { folder, maxBytes: 3 * 72 }).embed(['x', 'y'], 'document');
    asked = [];
    for (const name of ['four', 'three', 'two', 'one'])
      await cachedModel(spy(name), { folder }).embed(['x'], 'document');
    expect(asked).toHaveLength(1);
    expect(existsSync(join(folder, 'foreign'))).toBe(true);
  });

  it('lets a model refuse before the first text, with all that are missing', async () => {
    await cachedModel(spy(), { folder }).embed(['known'], 'document');
    asked = [];
    const prepared: string[][] = [];
    const prepare = async (missing: string[]): Promise<void> => {
      prepared.push(missing);
      throw new Error('too expensive');
    };
    const model = cachedModel(spy('one', { prepare }), { folder, textsAtOnce: 1 });
    expect(await model.embed(['known'], 'document')).toEqual(expected(['known']));
    await expect(model.embed(['known', 'new', 'newer'], 'document')).rejects.toThrow('too expensive');
    expect(prepared).toEqual([['newer', 'new']]);
    expect(asked).toEqual([]);
  });

  it('refuses vectors that do not fit the texts', async () => {
    const odd = spy('odd', { embed: async () => new Float32Array(5) });
    await expect(cachedModel(odd, { folder }).embed(['a', 'b'], 'query')).rejects.toThrow(
      /5 numbers for 2 texts.*2 vectors of 3/,
    );
  });
});

describe('unit vectors', () => {
  it('have length 1; rows of zeros stay', () => {
    expect(Array.from(normalizedRows(Float32Array.of(3, 4, 0, 0), 2))).toEqual([
      Math.fround(0.6),
      Math.fround(0.8),
      0,
      0,
    ]);
  });
});
