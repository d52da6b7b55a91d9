import { describe, expect, it } from 'vitest';
import { printable, printableJson, printableLine } from '../../lib/core/printable.js';

const ESC = '\u001b';

describe('foreign text for a terminal', () => {
  it.each([
    ['a colour', `${ESC}[31mred`, '␛[31mred'],
    ['a clipboard write (OSC 52)', `${ESC}]52;c;cm0gLXJm\u0007`, '␛]52;c;cm0gLXJm␇'],
    ['a link (OSC 8)', `${ESC}]8;;http://a.example\u0007text${ESC}]8;;\u0007`, '␛]8;;http://a.example␇text␛]8;;␇'],
    ['the same in one byte of C1', '\u009d52;c;x\u009c', '<U+009D>52;c;x<U+009C>'],
    ['an overwriting carriage return', 'safe\rEVIL', 'safe␍EVIL'],
    ['a backspace and a delete', 'ab\b\u007f', 'ab␈␡'],
    ['a bidirectional override', 'user\u202egpj.exe', 'user<U+202E>gpj.exe'],
    ['isolates', '\u2066a\u2069', '<U+2066>a<U+2069>'],
    ['invisible tags', 'a\u{e0041}', 'a<U+E0041>'],
  ])('makes %s visible', (_, text, shown) => {
    expect(printable(text)).toBe(shown);
  });

  it('leaves lines, tabs, accents, scripts and emoji alone', () => {
    const text = 'Schrödinger–Poincaré\tαβ\n黑洞 👩‍🚀 العربية';
    expect(printable(text)).toBe(text);
    expect(printable('a\r\nb')).toBe('a\nb');
  });

  it('puts a cell of a table on one line', () => {
    expect(printableLine(`a\n  b\t${ESC}c`)).toBe('a b ␛c');
  });

  it('escapes in JSON without changing the value', () => {
    const value = { title: `${ESC}]52;c;x\u0007 \u202e \u009d \u{e0041} é\r\n` };
    const json = printableJson(value);
    expect(JSON.parse(json)).toEqual(value);
    // biome-ignore lint/suspicious/noControlCharactersInRegex: what must not be there
    expect(json).not.toMatch(/[\u0000-\u001f\u007f-\u009f\u202e]/);
  });
});
