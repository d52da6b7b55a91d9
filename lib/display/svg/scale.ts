/**
 * From data to pixels. Every axis is linear in a coordinate: the value itself, its log10, or the index of its category,
 * as in Plotly; marks are computed in coordinates and placed by one affine map.
 */
import type { Axis, Datum } from '../figure.js';
import { givenTicks, linearTicks, logTicks, type Tick } from './ticks.js';

export interface Domain {
  axis: Axis;
  low: number;
  high: number;
  /** Names in the order of the axis; null unless it is a category axis. */
  categories: string[] | null;
}

/** Categories of an axis in order of appearance, or null where its values are numbers. */
export function axisCategories(axis: Axis, values: readonly Datum[]): string[] | null {
  if (axis.type !== 'category' && !(axis.type === undefined && values.some((value) => typeof value === 'string')))
    return null;
  const seen = values.filter((value) => value !== null).map(String);
  return [...new Set([...(axis.categoryarray ?? []), ...seen])];
}

/** The coordinate of a value, NaN where it has none on this axis. */
export function coordinate(value: Datum, axis: Axis, categories: string[] | null): number {
  if (value === null) return Number.NaN;
  if (categories) {
    const index = categories.indexOf(String(value));
    return index < 0 ? Number.NaN : index;
  }
  const number = Number(value);
  return axis.type === 'log' ? (number > 0 ? Math.log10(number) : Number.NaN) : number;
}

/**
 * The stretch of an axis that is drawn: its own range, or that of the coordinates of its marks with a margin.
 * @param coordinates of everything that must be seen; those that are not finite are ignored
 */
export function resolveDomain(
  axis: Axis,
  categories: string[] | null,
  coordinates: Iterable<number>,
  margin: number,
): Domain {
  if (axis.range) return { axis, low: axis.range[0], high: axis.range[1], categories };
  if (categories) return { axis, low: -0.5, high: Math.max(1, categories.length) - 0.5, categories };
  let low = Number.POSITIVE_INFINITY;
  let high = Number.NEGATIVE_INFINITY;
  for (const value of coordinates) {
    if (!Number.isFinite(value)) continue;
    if (value < low) low = value;
    if (value > high) high = value;
  }
  if (low > high) [low, high] = [0, 1];
  const zero = axis.rangemode === 'tozero';
  if (zero) [low, high] = [Math.min(0, low), Math.max(0, high)];
  if (low === high) [low, high] = low === 0 ? [0, 1] : [low - Math.abs(low) / 10, high + Math.abs(high) / 10];
  const pad = (high - low) * margin;
  return { axis, low: zero && low === 0 ? 0 : low - pad, high: zero && high === 0 ? 0 : high + pad, categories };
}

export function domainTicks(domain: Domain, count: number): Tick[] {
  const { axis, low, high, categories } = domain;
  if (categories) return categories.map((label, at) => ({ at, label }));
  const [from, to] = low < high ? [low, high] : [high, low];
  const given = givenTicks(axis);
  if (given) return given.filter(({ at }) => at >= from - 1e-9 && at <= to + 1e-9);
  return axis.type === 'log'
    ? logTicks(from, to, count, axis.tickformat)
    : linearTicks(from, to, count, axis.tickformat);
}

/** Pixels of a coordinate, for a domain laid from one pixel to another. */
export function pixelScale(domain: Domain, from: number, to: number): (at: number) => number {
  const reversed = domain.axis.autorange === 'reversed';
  const [low, high] = reversed ? [domain.high, domain.low] : [domain.low, domain.high];
  return (at) => from + ((at - low) / (high - low)) * (to - from);
}
