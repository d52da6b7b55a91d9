/** In which form an input is quantized: against the error that rounding makes, measured on the product itself. */
import { describe, expect, it } from 'vitest';
import { Random } from '../../lib/core/random.js';
import { CHANNEL_FORMS, type ChannelChoices, channelChoices, chooseForm } from '../../lib/encoder/choose-channels.js';
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

/** Root mean square of what rounding the rows as the engine does it adds to their products, one by one. */
function measuredError(rows: readonly Float32Array[], { scales, outliers }: InputChannels): number {
  let squares = 0;
  for (const row of rows) {
    const scaled = row.map((value, i) => (outliers.includes(i) ? 0 : value / (scales?.[i] ?? 1)));
    const step = Math.max(...scaled.map(Math.abs)) / 127;
    const errors = scaled.map((value, i) => (Math.round(value / step) * step - value) * (scales?.[i] ?? 1));
    for (let output = 0; output < OUTPUTS; output++) {
      const added = errors.reduce((sum, error, i) => sum + error * weight[output * INPUTS + i]!, 0);
      squares += added * added;
    }
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
      const { channels, error } = choices[name];
      const measured = measuredError(input.rows, channels);
      expect(error / measured, name).toBeGreaterThan(0.8);
      expect(error / measured, name).toBeLessThan(1.25);
    }
    expect(chooseForm([choices])).toBe(form);
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
