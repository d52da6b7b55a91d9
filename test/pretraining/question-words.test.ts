import { describe, expect, it } from 'vitest';
import { questionTokens } from '../../lib/pretraining/question-words.js';

describe('questionTokens', () => {
  it('are the words of questions that are one token, whole', () => {
    const ids: Record<string, number[]> = { what: [7], anyone: [8, 9], how: [10] };
    const found = questionTokens((text) => ids[text] ?? [1, 2, 3]);
    expect([...found].sort((a, b) => a - b)).toEqual([7, 10]);
  });

  it('are none of the words that papers are about', () => {
    const asked: string[] = [];
    questionTokens((text) => {
      asked.push(text);
      return [];
    });
    expect(asked).toEqual(expect.arrayContaining(['what', 'why', 'anyone', 'does']));
    for (const word of ['gravity', 'field', 'mass', 'model', 'data']) expect(asked).not.toContain(word);
  });
});
