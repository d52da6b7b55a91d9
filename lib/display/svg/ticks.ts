/**
 * Where an axis has its ticks and how they are labelled: steps of 1, 2 or 5 times a power of ten (Heckbert, "Nice
 * numbers for graph labels", Graphics Gems, 1990), decades on a log axis.
 */
import type { Axis } from '../figure.js';

export interface Tick {
  /** Coordinate on the axis: the value, its log10 on a log axis, its index on a category axis. */
  at: number;
  label: string;
}

/** The step of 1, 2 or 5 times a power of ten that divides a span into about `count` parts. */
export function niceStep(span: number, count: number): number {
  const rough = span / Math.max(1, count);
  const power = 10 ** Math.floor(Math.log10(rough));
  const fraction = rough / power;
  return power * (fraction < 1.5 ? 1 : fraction < 3.5 ? 2 : fraction < 7.5 ? 5 : 10);
}

/** Ticks of a linear axis from low to high, about `count` of them. */
export function linearTicks(low: number, high: number, count: number, format: string | undefined): Tick[] {
  let step = niceStep(high - low, count);
  if (format?.endsWith('d')) step = Math.max(1, step);
  const first = Math.ceil(low / step - 1e-9);
  const last = Math.floor(high / step + 1e-9);
  const ticks: Tick[] = [];
  for (let i = first; i <= last; i++) {
    const at = Number((i * step).toPrecision(12));
    ticks.push({ at, label: formatTick(at, step, format) });
  }
  return ticks;
}

/** Ticks of a log axis whose ends are powers of ten: decades, with 2 and 5 between them while there are few. */
export function logTicks(low: number, high: number, count: number, format: string | undefined): Tick[] {
  const factors = high - low < count / 2.5 ? [1, 2, 5] : [1];
  const every = Math.max(1, Math.ceil((high - low) / Math.max(1, count)));
  const ticks: Tick[] = [];
  for (let decade = Math.floor(low); decade <= Math.ceil(high); decade += every) {
    for (const factor of factors) {
      const at = decade + Math.log10(factor);
      const value = factor * 10 ** decade;
      if (at >= low - 1e-9 && at <= high + 1e-9) ticks.push({ at, label: formatTick(value, 10 ** decade, format) });
    }
  }
  return ticks;
}

/** The ticks an axis asks for itself, or null where it leaves them to the writer. */
export function givenTicks(axis: Axis): Tick[] | null {
  if (!axis.tickvals) return null;
  return axis.tickvals.map((value, i) => ({
    at: axis.type === 'log' ? Math.log10(value) : value,
    label: axis.ticktext?.[i] ?? formatTick(value, value, axis.tickformat),
  }));
}

/** A value as d3-format would write it, for the specifiers that figures use; otherwise with the digits its step needs. */
export function formatTick(value: number, step: number, format: string | undefined): string {
  const [, digits, kind] = /^,?(?:\.(\d+))?~?([d%fe])$/.exec(format ?? '') ?? [];
  const size = Math.abs(step);
  if (kind === '%') return sign(`${(value * 100).toFixed(Number(digits ?? 0))}%`);
  if (kind === 'd') return sign(format?.startsWith(',') ? group(String(Math.round(value))) : String(Math.round(value)));
  if (kind === 'f') return sign(value.toFixed(Number(digits ?? 6)));
  if (kind === 'e' || (value !== 0 && (size < 1e-3 || size >= 1e7))) {
    return value === 0 ? '0' : sign(Number(value.toPrecision(6)).toExponential().replace('e+', 'e'));
  }
  if (value === 0 && size < 0.01) return '0';
  const decimals = Math.max(0, -Math.floor(Math.log10(size) + 1e-9));
  const [whole = '', fraction] = value.toFixed(Math.min(12, decimals)).split('.');
  return sign(fraction ? `${group(whole)}.${fraction}` : group(whole));
}

function group(digits: string): string {
  return digits.replace(/\B(?=(\d{3})+$)/g, ',');
}

function sign(text: string): string {
  return text.replace(/^-/, '−');
}
