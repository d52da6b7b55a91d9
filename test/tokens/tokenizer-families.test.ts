/** Tokenizers of every family on 1,500 strings that are hard to tokenize, against the Rust original: see tokenizer-families/make.py. */
import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { gunzipSync } from 'node:zlib';
import { describe, expect, it } from 'vitest';
import { loadTokenizer } from '../../lib/tokens/tokenizer.js';

const FOLDER = fileURLToPath(new URL('../fixtures/tokenizer-families', import.meta.url));
const QWEN = fileURLToPath(new URL('../../../shared/data/qwen2.5-tokenizer', import.meta.url));
const read = <T>(name: string): T => JSON.parse(gunzipSync(readFileSync(join(FOLDER, name))).toString()) as T;
const strings = read<string[]>('strings.json.gz');
const expected = read<Record<string, [number[], number[]][]>>('expected.json.gz');

describe.each(Object.keys(expected))('%s', (name) => {
  const folder = name === 'qwen2.5' ? QWEN : join(FOLDER, name);
  it.skipIf(!existsSync(folder))('gives the ids of the Rust original, whole and truncated', async () => {
    const tokenizer = await loadTokenizer(folder);
    const wrong = strings.filter((text, i) => {
      const [ids, truncated] = expected[name]![i]!;
      const own = tokenizer.encode(text);
      return own.join() !== ids.join() || tokenizer.truncate(own, 8).join() !== truncated.join();
    });
    expect(wrong).toEqual([]);
  });
});
