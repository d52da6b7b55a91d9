import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import {
  dequantizeRows,
  type EmbeddingPrecision,
  embeddingPrecision,
  quantizationRanges,
  quantizeRows,
  rowBytes,
} from '../../lib/core/quantization.js';

interface Case {
  kind: string;
  embeddings: number[][];
  ranges: number[][];
  calibration: number[][] | null;
  codes: Record<Exclude<EmbeddingPrecision, 'float32'>, number[][]>;
  types: Record<string, string>;
  dequantized: Record<'int8' | 'uint8', number[][]>;
}
const FILE = fileURLToPath(new URL('../fixtures/quantization/quantization.json', import.meta.url));
const { cases } = JSON.parse(readFileSync(FILE, 'utf8')) as { cases: Case[] };
const flat = (rows: number[][]): Float32Array => Float32Array.from(rows.flat());
const CODED = ['int8', 'uint8', 'binary', 'ubinary'] as const;

describe.each(cases.map((one, i) => [`${one.kind} ${i}`, one] as const))('%s', (_, one) => {
  const rows = flat(one.embeddings);
  const d = one.embeddings[0]?.length as number;
  const ranges = quantizationRanges(one.calibration ? flat(one.calibration) : rows, d);

  it('has the ranges of sentence-transformers', () => {
    expect([ranges.low, ranges.high]).toEqual(one.ranges.map((range) => Float32Array.from(range)));
  });

  it.each(CODED)('has its codes in %s', (precision) => {
    const codes = quantizeRows(rows, d, precision, ranges);
    expect(`${codes.constructor.name.replace('Array', '').toLowerCase()}`).toBe(one.types[precision]);
    expect([...codes]).toEqual(one.codes[precision].flat());
  });

  it('and the numbers that they stand for', () => {
    for (const precision of ['int8', 'uint8'] as const) {
      const back = dequantizeRows(quantizeRows(rows, d, precision, ranges), d, precision, ranges);
      flat(one.dequantized[precision]).forEach((value, at) => {
        expect(back[at]).toBeCloseTo(value, 6);
      });
    }
  });
});

it('codes stand for numbers within a step, bits for signs, whatever the numbers are', () => {
  const drawn = fc.record({
    d: fc.integer({ min: 1, max: 20 }),
    values: fc.array(fc.float({ min: -8, max: 8, noNaN: true }), { minLength: 40, maxLength: 60 }),
  });
  fc.assert(
    fc.property(drawn, ({ d, values }) => {
      const rows = Float32Array.from(values.slice(0, d * Math.floor(values.length / d)));
      const ranges = quantizationRanges(rows, d);
      for (const precision of CODED) {
        const codes = quantizeRows(rows, d, precision, ranges);
        expect(codes.length).toBe((rows.length / d) * rowBytes(precision, d));
        const back = dequantizeRows(codes, d, precision, ranges);
        rows.forEach((value, at) => {
          const j = at % d;
          const step = ((ranges.high[j] as number) - (ranges.low[j] as number)) / 255;
          if (precision.endsWith('binary')) expect(back[at]).toBe(value > 0 ? 1 : -1);
          else expect(Math.abs((back[at] as number) - value)).toBeLessThanOrEqual(1.01 * step + 1e-6);
        });
      }
    }),
    { numRuns: 100 },
  );
});

it('refuses what it cannot do', () => {
  expect(() => quantizationRanges(new Float32Array(4), 4)).toThrow('1 embedding cannot calibrate int8');
  expect(() => quantizeRows(new Float32Array(4), 4, 'int8')).toThrow('needs the ranges of 4 dimensions');
  expect(() => embeddingPrecision('unibary')).toThrow('did you mean "ubinary"');
});
