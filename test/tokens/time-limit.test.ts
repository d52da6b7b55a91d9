import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { describe, expect, it } from 'vitest';
import { BETWEEN_WORDS, SPLIT_PATTERNS } from '../../lib/pretraining/byte-level.js';
import { isPublishedPattern } from '../../lib/tokens/published-patterns.js';
import { stepsOf } from '../../lib/tokens/tokenizer-steps.js';

// as the files of the models have them, not as the constants here are put together
const PUBLISHED = {
  'GPT-2': "'s|'t|'re|'ve|'m|'ll|'d| ?\\p{L}+| ?\\p{N}+| ?[^\\s\\p{L}\\p{N}]+|\\s+(?!\\S)|\\s+",
  'Qwen2.5':
    "(?i:'s|'t|'re|'ve|'m|'ll|'d)|[^\\r\\n\\p{L}\\p{N}]?\\p{L}+|\\p{N}| ?[^\\s\\p{L}\\p{N}]+[\\r\\n]*|\\s*[\\r\\n]+|\\s+(?!\\S)|\\s+",
  'Llama 3':
    "(?i:'s|'t|'re|'ve|'m|'ll|'d)|[^\\r\\n\\p{L}\\p{N}]?\\p{L}+|\\p{N}{1,3}| ?[^\\s\\p{L}\\p{N}]+[\\r\\n]*|\\s*[\\r\\n]+|\\s+(?!\\S)|\\s+",
  o200k:
    "[^\\r\\n\\p{L}\\p{N}]?[\\p{Lu}\\p{Lt}\\p{Lm}\\p{Lo}\\p{M}]*[\\p{Ll}\\p{Lm}\\p{Lo}\\p{M}]+(?i:'s|'t|'re|'ve|'m|'ll|'d)?|[^\\r\\n\\p{L}\\p{N}]?[\\p{Lu}\\p{Lt}\\p{Lm}\\p{Lo}\\p{M}]+[\\p{Ll}\\p{Lm}\\p{Lo}\\p{M}]*(?i:'s|'t|'re|'ve|'m|'ll|'d)?|\\p{N}{1,3}| ?[^\\s\\p{L}\\p{N}]+[\\r\\n/]*|\\s*[\\r\\n]+|\\s+(?!\\S)|\\s+",
  'XLM-R': ' {2,}',
  words: SPLIT_PATTERNS.words,
  stems: SPLIT_PATTERNS.stems,
  'between words': BETWEEN_WORDS,
};

describe('patterns of published tokenizers', () => {
  it.each(Object.entries(PUBLISHED))('%s is known to be quick, and is', (_, pattern) => {
    expect(isPublishedPattern(pattern)).toBe(true);
    const expression = new RegExp(pattern.replaceAll(/\(\?i:([^)]*)\)/g, '(?:$1)'), 'gu');
    for (const part of [' ', 'a', 'A', '1', '\n', '!', "'", 'é', '\u0301', ' \n', 'aA', ' a', '一']) {
      const text = part.repeat(200_000 / part.length);
      for (const hostile of [text, `${text}\u0000`, `x${text}x`]) {
        const start = process.cpuUsage();
        hostile.replace(expression, '');
        const { user, system } = process.cpuUsage(start);
        expect((user + system) / 1000).toBeLessThan(1000);
      }
    }
  });

  it.each(['sample-base', 'sample-encoder', 'sample-encoder-general'])('%s has no other', (model) => {
    const path = fileURLToPath(new URL(`../../data/${model}/tokenizer.json`, import.meta.url));
    const description = JSON.parse(readFileSync(path, 'utf8')) as object;
    const patterns = [...stepsOf(description)].map(
      ({ step }) => (step.pattern as { Regex?: string } | undefined)?.Regex,
    );
    expect(patterns.filter((pattern) => pattern !== undefined && !isPublishedPattern(pattern))).toEqual([]);
  });

  const shared = fileURLToPath(new URL('../../../shared/data/qwen2.5-tokenizer', import.meta.url));
  it.skipIf(!existsSync(shared))('the tokenizer of Qwen2.5 has no other (where its folder is)', () => {
    const description = JSON.parse(readFileSync(join(shared, 'tokenizer.json'), 'utf8')) as object;
    const patterns = [...stepsOf(description)].map(
      ({ step }) => (step.pattern as { Regex?: string } | undefined)?.Regex,
    );
    expect(patterns.filter((pattern) => pattern !== undefined && !isPublishedPattern(pattern))).toEqual([]);
  });
});
