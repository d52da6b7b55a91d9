import { describe, expect, it } from 'vitest';
import { rememberBytes } from '../../lib/tokens/byte-level-cache.js';

/** A byte-level step as the library has it, which counts what it is asked. */
function countingStep(): { asked: string[]; pre_tokenize_text(text: string): string[] } {
  const asked: string[] = [];
  return {
    asked,
    pre_tokenize_text(text) {
      asked.push(text);
      return [text.toUpperCase()];
    },
  };
}

describe('rememberBytes', () => {
  it('computes a word once, and long ones anew', () => {
    const [split, bytes] = [countingStep(), countingStep()];
    const sequence = { tokenizers: [split, bytes], pre_tokenize_text: () => [] };
    rememberBytes(sequence, {
      type: 'Sequence',
      pretokenizers: [{ type: 'Split' }, { type: 'ByteLevel', use_regex: false }],
    });
    const long = 'x'.repeat(41);
    for (const text of ['a', 'b', 'a', long, long]) expect(bytes.pre_tokenize_text(text)).toEqual([text.toUpperCase()]);
    expect(bytes.asked).toEqual(['a', 'b', long, long]);
    for (const text of ['a', 'a']) split.pre_tokenize_text(text);
    expect(split.asked).toEqual(['a', 'a']);
  });

  it('leaves a step alone that gets whole texts, and a tokenizer without steps', () => {
    const bytes = countingStep();
    rememberBytes(bytes, { type: 'ByteLevel', use_regex: true });
    for (const text of ['a', 'a']) bytes.pre_tokenize_text(text);
    expect(bytes.asked).toEqual(['a', 'a']);
    expect(() => rememberBytes(null, null)).not.toThrow();
  });
});
