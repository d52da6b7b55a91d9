/** JSON keys that are repeated, and whole numbers beyond 2^53: what JSON.parse is silent about. */
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { jsonObjectOf, parseJson } from '../../lib/files/json.js';
import { findRepeatedKey, repeatedKey } from '../../lib/files/json-keys.js';

describe('a key that an object has twice', () => {
  it.each([
    ['{"a": 1, "a": 2}', 'a'],
    ['{"a": 1, "a": 1}', 'a'],
    ['{"a": 1, "\\u0061": 2}', 'a'],
    ['{"__proto__": 1, "__proto__": {}}', '__proto__'],
    ['{"constructor": 1, "constructor": 1}', 'constructor'],
    ['{"x": [{"y": {}}, {"id": "d1", "text": "t", "id": "d2"}]}', 'id'],
    ['{"x": {"a": 1}, "x": {"b": 1}}', 'x'],
    ['{"": 1 , "" :2}', ''],
    ['[[[{"a\\"": 1,\n"a\\""\t:\r2}]]]', 'a"'],
  ])('%s is refused by name', (text, key) => {
    expect(repeatedKey(text, JSON.parse(text))).toBe(key);
    expect(() => parseJson(text)).toThrow(`the key ${JSON.stringify(key)} occurs twice in one object`);
  });

  it.each([
    '{"a": {"a": {"a": 1}}}',
    '[{"a": 1}, {"a": 1}]',
    '{"a": "\\"a\\": 1, \\"a\\": 2", "b": "\\\\"}',
    '{"a": ["a", "b", ":"], "b": ":"}',
    '{"__proto__": 1, "constructor": 2, "toString": 3, "hasOwnProperty": 4}',
    '"a"',
    '[]',
    'null',
  ])('%s has none', (text) => {
    expect(parseJson(text)).toEqual(JSON.parse(text));
  });

  it('is found by counting where looking at every object finds it', () => {
    const key = fc.constantFrom('a', 'b', '"', '\\', '__proto__', ':', 'ä');
    const value = fc.letrec((tie) => ({
      any: fc.oneof({ depthSize: 'small' }, fc.jsonValue({ maxDepth: 0 }), tie('list'), tie('object')),
      list: fc.array(tie('any'), { maxLength: 3 }).map((items) => `[${items.join(' ,')}]`),
      object: fc
        .array(fc.tuple(key, tie('any')), { maxLength: 4 })
        .map((pairs) => `{${pairs.map(([name, item]) => `${JSON.stringify(name)} : ${item}`).join(',')}}`),
    })).object;
    fc.assert(
      fc.property(value, (text) => {
        let parsed: unknown;
        try {
          parsed = JSON.parse(text as string);
        } catch {
          return; // a string among the leaves that was not written as JSON
        }
        expect(repeatedKey(text as string, parsed)).toBe(findRepeatedKey(text as string));
      }),
      { numRuns: 500 },
    );
  });

  it('is looked for in a text that nests deeper than calls can', () => {
    const depth = 200_000;
    expect(parseJson(`${'['.repeat(depth)}${']'.repeat(depth)}`)).toBeInstanceOf(Array);
  });

  it('is said of a line that should be a record, by name', () => {
    expect(jsonObjectOf('{"id": 1, "id": 2}')).toBe('the key "id" occurs twice in one object');
    expect(jsonObjectOf('[1]')).toBe('expected a JSON object, got an array');
    expect(jsonObjectOf('{"id"')).toBe('not JSON');
  });
});

it('whole numbers beyond 2^53 keep their digits where ids are read, and are numbers elsewhere', () => {
  const text = '{"id": 297136541426397185, "n": [9007199254740991, -297136541426397185, 1.5e300, 1234567890123456.5]}';
  expect(parseJson(text, { keepDigits: true })).toEqual({
    id: '297136541426397185',
    n: [9007199254740991, '-297136541426397185', 1.5e300, 1234567890123456.5],
  });
  expect(parseJson(text)).toEqual(JSON.parse(text));
});
