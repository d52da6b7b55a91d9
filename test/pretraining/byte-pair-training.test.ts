import { readFileSync } from 'node:fs';
import { Tokenizer } from '@huggingface/tokenizers';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import {
  normalizeText,
  SPLIT_PATTERNS,
  splitText,
  toByteCharacters,
  type WordSplit,
} from '../../lib/pretraining/byte-level.js';
import { trainBytePairs } from '../../lib/pretraining/byte-pair-training.js';
import { tokenizeCorpus } from '../../lib/pretraining/corpus.js';
import { MaxHeap } from '../../lib/pretraining/max-heap.js';
import { END_OF_TEXT, tokenizerConfig, tokenizerJson } from '../../lib/pretraining/tokenizer-files.js';

const fixture = (name: string): string =>
  readFileSync(new URL(`../fixtures/byte-pair-training/${name}`, import.meta.url), 'utf8');

/** What the reference implementation learned from texts.txt; make_fixture.py says how. */
const expected = JSON.parse(fixture('expected.json')) as Record<
  WordSplit,
  Record<string, { vocabulary: string[]; merges: string[]; probes: { text: string; ids: number[] }[] }>
>;
const SPLITS = Object.keys(SPLIT_PATTERNS) as WordSplit[];
const texts = fixture('texts.txt').split('\n');
const specialTokens = [END_OF_TEXT];

describe('trainBytePairs', () => {
  const cases = SPLITS.flatMap((split) =>
    Object.entries(expected[split]).map(([size, learned]) => ({ split, size, learned })),
  );
  for (const { split, size, learned } of cases) {
    it(`learns the reference's tokens and merges of ${split} for a vocabulary of ${size}`, () => {
      const { vocabulary, merges, probes } = learned;
      const options = { vocabularySize: Number(size), specialTokens, split };
      // the reference does not prepend a space to an empty text
      const { tokenizer } = tokenizeCorpus(texts.filter(Boolean), options);
      expect(tokenizer.vocabulary).toEqual(vocabulary);
      expect(tokenizer.merges.map((pair) => pair.map((id) => vocabulary[id]).join(' '))).toEqual(merges);
      const reader = new Tokenizer(tokenizerJson(tokenizer), tokenizerConfig(512));
      for (const { text, ids } of probes) expect(reader.encode(text).ids, text).toEqual(ids);
    });
  }

  it('makes one token of characters that come together in two ways', () => {
    const { vocabulary, merges } = trainBytePairs(new Map([['=======', 10]]), { vocabularySize: 300, specialTokens });
    expect(new Set(vocabulary).size).toBe(vocabulary.length);
    expect(merges.length).toBeGreaterThanOrEqual(vocabulary.length - 257);
  });

  it('refuses a vocabulary that cannot hold the bytes, or ids beyond 16 bits', () => {
    const train = (vocabularySize: number) => () => trainBytePairs(new Map(), { vocabularySize, specialTokens });
    expect(train(256)).toThrow('pretraining.vocabularySize = 256: expected 257 to 65536');
    expect(train(65537)).toThrow('pretraining.vocabularySize = 65537: expected 257 to 65536');
    expect(train(Number.NaN)).toThrow('pretraining.vocabularySize = NaN');
  });
});

describe('tokenizeCorpus', () => {
  it.each(SPLITS)('gives the ids that the tokenizer gives, of %s', (split) => {
    const { tokenizer, ids } = tokenizeCorpus(texts.filter(Boolean), { vocabularySize: 500, specialTokens, split });
    const reader = new Tokenizer(tokenizerJson(tokenizer), tokenizerConfig(512));
    texts.filter(Boolean).forEach((text, i) => {
      expect([...ids[i]!], text).toEqual(reader.encode(text).ids);
    });
  });

  it('ends when it is stopped', () => {
    const signal = AbortSignal.abort();
    expect(() => tokenizeCorpus(texts, { vocabularySize: 500, specialTokens, split: 'words' }, { signal })).toThrow(
      'stopped',
    );
  });
});

describe('byte level', () => {
  it('cuts words before their longest ending, none below four characters', () => {
    const stems = (text: string) => splitText(normalizeText(text), 'stems').map((piece) => piece.trim());
    for (const ending of ['ing', 'es', 'ion', 'ional', 'e']) expect(stems(`rotat${ending}`)).toEqual(['rotat', ending]);
    expect(stems('Holes, black-hole SEES sly quasinormal')).toEqual([
      'hole',
      's',
      'black',
      'hole',
      'sees',
      'sly',
      'quasinorm',
      'al',
    ]);
  });

  it('loses nothing: words join to the text, and bytes are one character each', () => {
    fc.assert(
      fc.property(fc.array(fc.integer({ min: 0, max: 0xd7ff })), (codes) => {
        const normal = normalizeText(String.fromCodePoint(...codes));
        for (const split of SPLITS) expect(splitText(normal, split).join('')).toBe(normal);
        expect([...toByteCharacters(normal)].length).toBe(Buffer.byteLength(normal));
      }),
    );
  });
});

describe('MaxHeap', () => {
  it('gives back what was put in, in order', () => {
    fc.assert(
      fc.property(fc.array(fc.integer()), (values) => {
        const heap = new MaxHeap<number>((a, b) => a > b);
        for (const value of values) heap.push(value);
        const out = values.map(() => heap.pop());
        expect(out).toEqual([...values].sort((a, b) => b - a));
        expect(heap.pop()).toBeUndefined();
      }),
    );
  });
});
