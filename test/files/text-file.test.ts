import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { gzipSync } from 'node:zlib';
import { afterAll, describe, expect, it } from 'vitest';
import { readTextFile } from '../../lib/files/text-file.js';

const folder = mkdtempSync(join(tmpdir(), 'text-file-'));
afterAll(() => rmSync(folder, { recursive: true }));
const read = (name: string, content: string | Buffer) => {
  writeFileSync(join(folder, name), content);
  return readTextFile(join(folder, name));
};

describe('readTextFile', () => {
  it('breaks at line feeds and carriage returns alone, with or without an end', async () => {
    const { texts, ids } = await read('a.txt', '\ufefffirst\r\nsecond\u2028still\u0085second\nthird\rfourth');
    expect(texts).toEqual(['first', 'second\u2028still\u0085second', 'third', 'fourth']);
    expect(ids).toBeNull();
    expect((await read('b.txt', 'one\ntwo\n')).texts).toEqual(['one', 'two']);
  });

  it('joins what lies across the chunks of the stream', async () => {
    // three bytes a character, so that chunks of a power of two end within one
    const long = '語'.repeat(500_000);
    const { texts } = await read('long.txt', `${long}\nshort\n${long}`);
    expect(texts.map((text) => text.length)).toEqual([500_000, 5, 500_000]);
    expect(texts[0] === long && texts[2] === long).toBe(true);
  });

  it('takes the ids of all lines, or of none', async () => {
    expect((await read('c.jsonl', '{"text":"a","id":7}\n{"text":"b","_id":"x"}\n')).ids).toEqual(['7', 'x']);
    expect((await read('d.jsonl', '{"text":"a"}\n{"text":"b"}\n')).ids).toBeNull();
  });

  it.each([
    ['a.jsonl', '{"text":"a","id":7}\n{"text":"b"}\n', 2, 'no id'],
    ['b.jsonl', '{"text":"a"}\n{"text":"b"}\n{"text":"c","id":1}\n', 3, 'the id "1"'],
    ['c.csv', 'id,text\n7,a\n,b\n', 3, 'no id'],
  ])('refuses %s, where only some texts have an id', async (name, content, line, what) => {
    await expect(read(name, content)).rejects.toThrow(`${name}:${line} has ${what}, and the texts before it`);
  });

  it('reads compressed files', async () => {
    const { texts, ids } = await read('i.jsonl.gz', gzipSync('{"text":"a","id":"x"}\n'));
    expect([texts, ids]).toEqual([['a'], ['x']]);
    await expect(read('j.txt', gzipSync(''))).rejects.toThrow('has no texts');
    expect((await read('l.gz', gzipSync('a'))).texts).toEqual(['a']);
    expect(await read('k.txt', 'PK theory')).toMatchObject({ texts: ['PK theory'] });
  });

  it('names the line that is wrong', async () => {
    await expect(read('e.txt', 'a\n \nb')).rejects.toThrow('e.txt:2 is empty');
    await expect(read('f.jsonl', '{"text":"a"}\n{')).rejects.toThrow('f.jsonl:2: not JSON');
    await expect(read('g.jsonl', '{"txt":"a"}')).rejects.toThrow('g.jsonl:1: expected an object with a string "text"');
    await expect(read('h.txt', '')).rejects.toThrow('h.txt" is empty');
    await expect(readTextFile(join(folder, 'missing.txt'))).rejects.toThrow(/cannot read .*missing.txt/);
  });
});
