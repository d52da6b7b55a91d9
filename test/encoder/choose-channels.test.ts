/** In which form an input is quantized: against the error that rounding makes, measured on the product itself. */
import { describe, expect, it } from 'vitest';
import { Random } from '../../lib/core/random.js';
import {
  CHANNEL_FORMS,
  type ChannelChoices,
  channelChoices,
  chooseForm,
  zeroPointFor,
} from '../../lib/encoder/int8/choose-channels.js';
import { ZERO_POINTS } from '../../lib/encoder/int8/rounding-errors.js';
import type { InputChannels } from '../../lib/engine/types.js';

const INPUTS = 256;
const OUTPUTS = 96;
/** Channels that may stay in float32. */
const FEW = { apart: 4, 'many apart': 8 };
const random = new Random(1, 'channels');
const draw = (count: number, of: (i: number) => number): Float32Array =>
  Float32Array.from({ length: count }, (_, i) => (2 * random.uniform() - 1) * of(i));
const weight = draw(OUTPUTS * INPUTS, () => 0.1);

/** Rows whose channels have such spreads. */
function seen(spread: (channel: number) => number): { magnitudes: Float32Array; rows: Float32Array[] } {
  const rows = Array.from({ length: 24 }, () => draw(INPUTS, spread));
  const magnitudes = Float32Array.from({ length: INPUTS }, (_, i) => Math.max(...rows.map((row) => Math.abs(row[i]!))));
  return { magnitudes, rows };
}

/** Root mean square of what rounding rows and weight as the engine does it adds to their products, one by one. */
function measuredError(
  rows: readonly Float32Array[],
  { scales, outliers }: InputChannels,
  zeroPoint: number,
  of: Float32Array = weight,
): number {
  const factors = Array.from({ length: INPUTS }, (_, i) => (outliers.includes(i) ? 0 : (scales?.[i] ?? 1)));
  const roundedWeight = Array.from({ length: OUTPUTS }, (_, output) => {
    const row = factors.map((factor, i) => factor * of[output * INPUTS + i]!);
    const step = Math.max(...row.map(Math.abs)) / 127;
    return row.map((value) => Math.round(value / step) * step);
  });
  let squares = 0;
  for (const row of rows) {
    const scaled = factors.map((factor, i) => (factor === 0 ? 0 : row[i]! / factor));
    const step = Math.max(Math.max(...scaled) / (255 - zeroPoint), -Math.min(...scaled) / (zeroPoint - 1));
    const rounded = scaled.map((value) => Math.round(value / step) * step);
    roundedWeight.forEach((ofOutput, output) => {
      const exact = factors.reduce((sum, factor, i) => sum + (factor && row[i]! * of[output * INPUTS + i]!), 0);
      squares += (ofOutput.reduce((sum, value, i) => sum + value * rounded[i]!, 0) - exact) ** 2;
    });
  }
  return Math.sqrt(squares / rows.length);
}

const SPREADS: [name: string, form: string, spread: (channel: number) => number][] = [
  ['alike', 'plain', () => 1],
  ['of many sizes', 'scaled', (channel) => 1.02 ** channel],
  ['alike but for a few', 'apart', (channel) => (channel % 64 === 3 ? 60 : 1)],
];

describe('the form of an input', () => {
  it.each(SPREADS)('whose channels are %s is %s, and the error of each form is what is measured', (_, form, spread) => {
    const input = seen(spread);
    const choices = channelChoices(input, [weight], FEW);
    for (const name of CHANNEL_FORMS) {
      const { channels, errors } = choices[name];
      ZERO_POINTS.forEach((zeroPoint, level) => {
        const ratio = errors[level]! / measuredError(input.rows, channels, zeroPoint);
        expect(ratio, `${name} around ${zeroPoint}`).toBeGreaterThan(zeroPoint === 128 ? 0.8 : 0.75);
        expect(ratio, `${name} around ${zeroPoint}`).toBeLessThan(1.25);
      });
    }
    expect(chooseForm([choices])).toBe(form);
    expect(zeroPointFor([choices], chooseForm([choices]))).toBe(128);
  });

  it('is around a low level where values are mostly positive, the same in all layers', () => {
    const positive = (lowest: number): ChannelChoices => {
      const { rows } = seen(() => 1);
      const shifted = rows.map((row) => row.map((value) => Math.max(value * 3, lowest)));
      return channelChoices({ magnitudes: new Float32Array(INPUTS).fill(3), rows: shifted }, [weight], FEW);
    };
    const behindGelu = positive(-0.17);
    expect(chooseForm([behindGelu])).toBe('plain');
    expect(zeroPointFor([behindGelu], 'plain')).toBe(16);
    expect(zeroPointFor([behindGelu, positive(-1)], 'plain')).toBe(64);
    expect(zeroPointFor([behindGelu, positive(-3), positive(-3)], 'plain')).toBe(128);
  });

  /** A weight whose rows have few large numbers, as trained ones have them. */
  const heavyTailed = weight.map((value) => 1e4 * value ** 5);
  it.each([
    ['even', weight],
    ['heavy-tailed', heavyTailed],
  ])('shares the range between activations and %s weights as rounds least', (_, of) => {
    for (const ratio of [1.005, 1.01, 1.02, 1.04]) {
      const input = seen((channel) => ratio ** channel);
      const largest = Float32Array.from({ length: INPUTS }, (_, i) =>
        Math.max(...Array.from({ length: OUTPUTS }, (_, output) => Math.abs(of[output * INPUTS + i]!))),
      );
      const measured = (scales: Float32Array): number => measuredError(input.rows, { scales, outliers: [] }, 128, of);
      const powers = [1 / 2, 1 / 4, 1 / 8].map((power) =>
        measured(input.magnitudes.map((value, i) => (value / largest[i]!) ** power)),
      );
      const chosen = channelChoices(input, [of], FEW).scaled.channels.scales as Float32Array;
      expect(measured(chosen) / Math.min(...powers), `channels that grow by ${ratio}`).toBeLessThan(1.1);
    }
  });

  it('costs no layer more around the common level than another level would cost its worst', () => {
    const [symmetric, positive] = [
      channelChoices(
        seen(() => 1),
        [weight],
        FEW,
      ),
      channelChoices(
        { magnitudes: new Float32Array(INPUTS).fill(300), rows: seen(() => 300).rows.map((row) => row.map(Math.abs)) },
        [weight],
        FEW,
      ),
    ];
    // a low level would make the first 6 times as wrong, the middle the second twice
    expect(zeroPointFor([symmetric, positive], 'plain')).toBe(128);
    expect(zeroPointFor([positive], 'plain')).toBe(16);
  });

  it('leaves it to others to say that activations are no numbers', () => {
    for (const bad of [Number.NaN, Number.POSITIVE_INFINITY]) {
      const input = seen(() => 1);
      (input.rows[3] as Float32Array)[5] = bad;
      const choices = channelChoices(input, [weight], FEW);
      const form = chooseForm([
        choices,
        channelChoices(
          seen(() => 1),
          [weight],
          FEW,
        ),
      ]);
      expect(choices[form].channels.outliers).toEqual([]);
      expect(zeroPointFor([choices], form)).toBe(128);
    }
  });

  it('is judged by rows and outputs at all places of a text and of a head', () => {
    // 16 rows of each of 64 texts, the first of each larger than all that a level may reckon with
    const rows = Array.from({ length: 1024 }, (_, i) => draw(INPUTS, () => (i % 16 === 0 ? 100 : 1)));
    const magnitudes = new Float32Array(INPUTS).fill(100);
    const { errors } = channelChoices({ magnitudes, rows }, [weight], FEW).plain;
    const ratio = errors[0]! / measuredError(rows.slice(0, 64), { outliers: [] }, 128);
    expect(ratio).toBeGreaterThan(0.7);
    expect(ratio).toBeLessThan(1.4);
  });

  it('is one for all layers, good enough for the worst', () => {
    const of = (spread: (channel: number) => number): ChannelChoices => channelChoices(seen(spread), [weight], FEW);
    const alike = of(() => 1);
    expect(chooseForm([alike, alike])).toBe('plain');
    expect(chooseForm([alike, of((channel) => (channel === 5 ? 80 : 1)), alike])).toBe('apart');
  });

  it('keeps the largest channels apart, as they are, and scales the others about 1', () => {
    const magnitudes = Float32Array.from({ length: 64 }, (_, i) => (i === 9 ? 500 : 1 + (i % 4)));
    const ofWeight = Float32Array.from({ length: 8 * 64 }, (_, i) => Math.sin(i));
    const { scales, outliers } = channelChoices({ magnitudes, rows: [magnitudes] }, [ofWeight]).apart.channels;
    // an eighth of a narrow input
    expect(outliers).toHaveLength(8);
    expect(outliers).toContain(9);
    expect(scales?.[9]).toBe(1);
    const logs = Array.from(scales as Float32Array, Math.log);
    expect(Math.abs(logs.reduce((sum, value) => sum + value, 0) / 64)).toBeLessThan(0.2);
    // a larger channel is divided by more
    const others = [...logs.keys()].filter((i) => !outliers.includes(i));
    const of = (size: number): number[] => others.filter((i) => magnitudes[i] === size).map((i) => logs[i]!);
    expect(Math.min(...of(3))).toBeGreaterThan(Math.max(...of(1)) - 0.1);
  });

  it('bears channels and weights of zeros', () => {
    const zeros = new Float32Array(16);
    const choices = channelChoices({ magnitudes: zeros, rows: [zeros] }, [new Float32Array(32)]);
    const { scales } = choices.apart.channels;
    expect(scales?.every((scale) => Number.isFinite(scale) && scale > 0)).toBe(true);
    expect(chooseForm([choices])).toBe('plain');
  });
});
