import { cpSync, existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { AutoTokenizer, env } from '@huggingface/transformers';
import fc from 'fast-check';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { UserError } from '../../lib/core/errors.js';
import { loadTokenizer, type Tokenizer } from '../../lib/tokens/tokenizer.js';

interface Case {
  text: string;
  ids: number[];
  decoded: string;
  decodedWithoutSpecial: string;
  truncated: { side: 'left' | 'right'; maxLength: number; ids: number[] }[];
}
const SMALL = fileURLToPath(new URL('../fixtures/tokenizer', import.meta.url));
const QWEN = fileURLToPath(new URL('../../../shared/data/qwen2.5-tokenizer', import.meta.url));
const expected = JSON.parse(readFileSync(join(SMALL, 'expected.json'), 'utf8')) as Record<
  'small' | 'qwen2.5',
  { vocabularySize: number; cases: Case[] }
>;
const scratch = mkdtempSync(join(tmpdir(), 'tokenizer-'));
afterAll(() => rmSync(scratch, { recursive: true, force: true }));

describe.each([
  ['small', SMALL, 2],
  ['qwen2.5', QWEN, 151643],
] as const)('the %s tokenizer', (name, folder, padTokenId) => {
  const { cases, vocabularySize } = expected[name];
  describe.skipIf(!existsSync(folder))('(where its folder is)', () => {
    let tokenizer: Tokenizer;
    let fromTheLeft: Tokenizer;
    beforeAll(async () => {
      tokenizer = await loadTokenizer(folder);
      const left = join(scratch, name);
      cpSync(folder, left, { recursive: true });
      const settings = JSON.parse(readFileSync(join(folder, 'tokenizer_config.json'), 'utf8'));
      rmSync(join(left, 'tokenizer_config.json'), { force: true });
      writeFileSync(join(left, 'tokenizer_config.json'), JSON.stringify({ ...settings, truncation_side: 'left' }));
      fromTheLeft = await loadTokenizer(left);
    });

    it.each(cases)('gives the ids of the Rust original for $text', ({ text, ids, truncated }) => {
      expect([...tokenizer.encode(text)]).toEqual(ids);
      for (const { side, maxLength, ids } of truncated) {
        const cutting = side === 'left' ? fromTheLeft : tokenizer;
        expect([...cutting.encode(text, maxLength)]).toEqual(ids);
        expect([...cutting.truncate(cutting.encode(text), maxLength)]).toEqual(ids);
      }
    });

    it.each(cases)('decodes as the Rust original does: $text', ({ ids, decoded, decodedWithoutSpecial }) => {
      expect(tokenizer.decode(ids)).toBe(decoded);
      expect(tokenizer.decode(Int32Array.from(ids), { skipSpecialTokens: true })).toBe(decodedWithoutSpecial);
    });

    it('knows its padding token and its size', () => {
      expect(tokenizer.padTokenId).toBe(padTokenId);
      expect(tokenizer.vocabularySize).toBe(vocabularySize);
    });

    it('shows pieces that join to the decoded text, for any text', () => {
      fc.assert(
        fc.property(fc.string({ unit: 'binary', maxLength: 60 }), (text) => {
          const pieces = tokenizer.pieces(text);
          const ids = tokenizer.encode(text);
          expect(pieces.map((piece) => piece.id)).toEqual([...ids]);
          expect(pieces.map((piece) => piece.text).join('')).toBe(tokenizer.decode(ids));
        }),
        { seed: 1, numRuns: 200 },
      );
    });

    it('gives what AutoTokenizer of @huggingface/transformers gives, for any text', async () => {
      env.allowRemoteModels = false;
      const reference = await AutoTokenizer.from_pretrained(folder);
      fc.assert(
        fc.property(fc.string({ unit: 'grapheme', maxLength: 80 }), (text) => {
          expect([...tokenizer.encode(text)]).toEqual(reference.encode(text));
        }),
        { seed: 2, numRuns: 200 },
      );
    });
  });
});

describe('pieces', () => {
  it('keep the bytes of one character together', async () => {
    const tokenizer = await loadTokenizer(SMALL);
    const shown = tokenizer.pieces('a 🎉é').map((piece) => piece.text);
    expect(shown.filter((text) => text !== '')).toEqual(['<s>', 'a', ' ', '🎉', 'é', '</s>']);
    expect(shown).toHaveLength(1 + 1 + 1 + 4 + 2 + 1);
  });
});

describe('what cannot be used', () => {
  const description = JSON.stringify({
    version: '1.0',
    added_tokens: [{ id: 3, content: '<end>', special: true }],
    pre_tokenizer: { type: 'ByteLevel', add_prefix_space: false },
    normalizer: null,
    post_processor: null,
    decoder: { type: 'ByteLevel' },
    model: { type: 'BPE', vocab: { a: 0, b: 1, ab: 2 }, merges: [['a', 'b']] },
  });

  it('is not this', async () => {
    expect([...(await loadTokenizer(folderWith({ 'tokenizer.json': description }))).encode('ab')]).toEqual([2]);
  });

  it.each([
    ['"BPE"', '"Magic"', 'model.type is "Magic": expected one of BPE, WordPiece, WordLevel, Unigram'],
    ['"b":1', '"b":1.5', 'model.vocab.b is 1.5: expected a whole number from 0 to 16777216'],
    ['"b":1', '"b":-1', 'model.vocab.b is -1'],
    ['"b":1', '"b":4294967295', 'model.vocab.b is 4294967295'],
    ['"b":1', '"b":"1"', 'model.vocab.b is "1"'],
    ['"b":1', '"b":1,"b":2', 'the key "b" occurs twice in one object'],
    [
      '[["a","b"]]',
      '["a b",["a","b"]]',
      'model.merges is ["a b",["a","b"]]: expected a list of texts, or a list of pairs',
    ],
    ['[["a","b"]]', 'null', 'model.merges is null'],
    ['"content":"<end>"', '"text":"<end>"', 'added_tokens.0.content is missing: expected a text'],
    ['"id":3', '"id":null', 'added_tokens.0.id is null: expected a whole number'],
    ['"ByteLevel","add_prefix_space":false', '"Split"', 'pre_tokenizer.pattern is missing: expected {"Regex": "..."}'],
    [
      '"normalizer":null',
      `"normalizer":${'{"type":"Sequence","normalizers":['.repeat(50)}${']}'.repeat(50)}`,
      'expected steps that lie less deep in one another',
    ],
    [
      '"normalizer":null',
      `"normalizer":{"type":"Sequence","normalizers":[${Array(9).fill('{"type":"Replace","pattern":{"String":"a"},"content":"aaaa"}')}]}`,
      'expected steps that make a text at most 256 times as long',
    ],
    [
      '"normalizer":null',
      `"normalizer":{"type":"Replace","pattern":{"String":"${'a'.repeat(10_001)}"},"content":""}`,
      'expected at most 10000 characters',
    ],
    ['{"type":"ByteLevel","add_prefix_space":false}', '7', 'Unknown PreTokenizer type'],
  ])('%s as %s is refused by name', async (part, instead, message) => {
    expect(description).toContain(part);
    const error = await failure(folderWith({ 'tokenizer.json': description.replace(part, instead) }));
    expect(error).toBeInstanceOf(UserError);
    expect(error.message).toContain(message);
    expect(error.message).not.toMatch(/\n|is not a function|Cannot read/);
  });

  it.each([
    ['"pre_tokenizer":{"type":"ByteLevel","add_prefix_space":false}', '"pre_tokenizer":SPLIT', 'pre_tokenizer'],
    ['"normalizer":null', '"normalizer":{"type":"Sequence","normalizers":[REPLACE]}', 'normalizer.normalizers.0'],
  ])('%s as %s, with repetitions in repetitions, is ended and refused by name', async (part, instead, place) => {
    const pattern = '"pattern":{"Regex":"(a|a)+$"}';
    const steps = instead
      .replace('SPLIT', `{"type":"Split",${pattern},"behavior":"Isolated","invert":false}`)
      .replace('REPLACE', `{"type":"Replace",${pattern},"content":"b"}`);
    const tokenizer = await loadTokenizer(folderWith({ 'tokenizer.json': description.replace(part, steps) }));
    expect([...tokenizer.encode('ab')]).toEqual([2]);
    const text = `${'a'.repeat(40)}b`;
    expect(() => tokenizer.encode(text)).toThrow(UserError);
    expect(() => tokenizer.encode(text)).toThrow(
      `tokenizer.json: the pattern "(a|a)+$" of ${place} takes more than 2 s for 41 characters: expected one that takes milliseconds`,
    );
    expect([...tokenizer.encode('ab')]).toEqual([2]);
  });

  const failure = (folder: string): Promise<Error> =>
    loadTokenizer(folder).then(
      () => new Error('loaded'),
      (error) => error as Error,
    );
  const folderWith = (files: Record<string, string>): string => {
    const folder = mkdtempSync(join(scratch, 'bad-'));
    for (const [name, text] of Object.entries(files)) writeFileSync(join(folder, name), text);
    return folder;
  };

  it.each([
    [{}, /no tokenizer\.json in .*save_pretrained/],
    [
      { 'vocab.json': '{}', 'merges.txt': '' },
      /no tokenizer\.json in .*vocab\.json alone is the older form.*save_pretrained/,
    ],
    [{ 'tokenizer.json': '{"model": ' }, /tokenizer\.json can't be read as JSON/],
    [{ 'tokenizer.json': '{"version": "1.0"}' }, /model is missing: expected an object/],
    [{ 'tokenizer.json': '[]', 'tokenizer_config.json': '{' }, /the file is \[\]: expected an object/],
  ])('%j is refused in one line', async (files, message) => {
    const error = await failure(folderWith(files as Record<string, string>));
    expect(error).toBeInstanceOf(UserError);
    expect(error.message).toMatch(message);
    expect(error.message).not.toContain('\n');
  });

  it('a limit that leaves no room for the text is refused', async () => {
    const tokenizer = await loadTokenizer(SMALL);
    expect(() => tokenizer.encode('text', 2)).toThrow(/maxLength = 2: expected more than the 2 special tokens/);
    expect(() => tokenizer.encode('text', Number.NaN)).toThrow(UserError);
  });
});
