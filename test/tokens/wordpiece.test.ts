/** BERT's tokenizer on strings that are hard to tokenize, against transformers: see make_sentence.py. */
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { expect, it } from 'vitest';
import { loadTokenizer } from '../../lib/tokens/tokenizer.js';

const FOLDER = fileURLToPath(new URL('../fixtures/architectures/wordpiece', import.meta.url));
const cases = JSON.parse(readFileSync(join(FOLDER, 'expected.json'), 'utf8')) as [string, number[], number[]][];

it('gives the ids of transformers, whole and cut with its special tokens kept', async () => {
  const tokenizer = await loadTokenizer(FOLDER);
  const wrong = cases.filter(([text, ids, cut]) => {
    const own = tokenizer.encode(text);
    return own.join() !== ids.join() || tokenizer.truncate(own, 8).join() !== cut.join();
  });
  expect(wrong).toEqual([]);
  expect(tokenizer.padTokenId).toBe(0);
});
