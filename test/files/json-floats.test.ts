/** What was a float in a file of Python's stays one. */
import { describe, expect, it } from 'vitest';
import { jsonLike } from '../../lib/files/json-floats.js';

describe('JSON like its source', () => {
  it('keeps the decimal points of whole numbers, and gives none to others', () => {
    const source = '{"factor": 2.0, "layers": 2, "rope": {"theta": -1000000.0, "low": 1.5}, "text": "x: 3.0"}';
    const value = { ...(JSON.parse(source) as object), added: 7 };
    const text = jsonLike(source, value);
    expect(JSON.parse(text)).toEqual(value);
    expect(text).toContain('"factor": 2.0,');
    expect(text).toContain('"layers": 2,');
    expect(text).toContain('"theta": -1000000.0,');
    expect(text).toContain('"added": 7');
  });

  it('is plain JSON where nothing was a float', () => {
    expect(jsonLike('{"a": 1}', { a: 1, b: [1, 2] })).toBe(JSON.stringify({ a: 1, b: [1, 2] }, null, 2));
  });
});
