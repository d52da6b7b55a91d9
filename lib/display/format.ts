/**
 * How numbers are written for people, the same in figures, tables, terminal and report.
 * Whatever is not a finite number is a dash, never "NaN".
 */
import { singular } from '../core/quantity.js';
import type { MetricValue } from '../evaluation/report.js';

export { metricLabel } from '../evaluation/metrics/registry.js';

const NONE = '–';
const integers = new Intl.NumberFormat('en-US', { maximumFractionDigits: 0 });

function isNumber(value: unknown): value is number {
  return typeof value === 'number' && Number.isFinite(value);
}

/** 12345 -> "12,345". */
export function formatCount(value: number | null | undefined): string {
  return isNumber(value) ? integers.format(value) : NONE;
}

/** A share in 0..1 with three digits: ".873", "1.000", "−.032". The leading zero carries no information. */
export function formatShare(value: number | null | undefined): string {
  return isNumber(value)
    ? value
        .toFixed(3)
        .replace(/^-/, '−')
        .replace(/^(−?)0\./, '$1.')
        .replace('−.000', '.000')
    : NONE;
}

/** Sums of equal numbers in another order differ by less. */
const ROUNDING = 1e-12;

/** A difference of shares: "+.032", "−.011"; "0" for a tie, and "−.000" for what is less than the digits show. */
export function formatDifference(value: number | null | undefined): string {
  if (!isNumber(value)) return NONE;
  if (Math.abs(value) < ROUNDING) return '0';
  return `${value < 0 ? '−' : '+'}${formatShare(Math.abs(value))}`;
}

/** ".873 [.850, .894]"; the value alone where the interval is not known. */
export function formatMetric(metric: MetricValue | undefined): string {
  if (!metric) return NONE;
  return `${formatShare(metric.value)}${interval(metric.low, metric.high, formatShare)}`;
}

/** "+.032 [+.010, +.054]"; "0" where the interval is nothing else. */
export function formatDifferenceInterval(of: { difference: number; low: number; high: number }): string {
  if ([of.difference, of.low, of.high].every((value) => formatDifference(value) === '0')) return '0';
  return `${formatDifference(of.difference)}${interval(of.low, of.high, formatDifference)}`;
}

function interval(low: number, high: number, format: (value: number) => string): string {
  return isNumber(low) && isNumber(high) ? ` [${format(low)}, ${format(high)}]` : '';
}

/** "p < .001", "p = .032". */
export function formatProbability(p: number | null | undefined): string {
  if (!isNumber(p)) return `p = ${NONE}`;
  return p < 0.001 ? 'p < .001' : `p = ${formatShare(p)}`;
}

/** 0.1234 -> "12.3 %". */
export function formatPercent(share: number | null | undefined, digits = 1): string {
  return isNumber(share) ? `${(share * 100).toFixed(digits)} %`.replace('-', '−') : NONE;
}

/** About three significant digits, small and large numbers with an exponent: "0.0123", "2.0e-5", "1,234". */
export function formatNumber(value: number | null | undefined): string {
  if (!isNumber(value)) return NONE;
  const size = Math.abs(value);
  if (value === 0) return '0';
  if (size < 1e-3 || size >= 1e9) return value.toExponential(1).replace(/^-/, '−');
  if (size >= 1000) return integers.format(value).replace(/^-/, '−');
  return Number(value.toPrecision(3)).toString().replace(/^-/, '−');
}

/** Seconds as "0.4 s", "45 s", "2 min 05 s", "1 h 02 min". */
export function formatDuration(seconds: number | null | undefined): string {
  if (!isNumber(seconds) || seconds < 0) return NONE;
  if (seconds < 9.95) return `${seconds.toFixed(1)} s`;
  if (seconds < 59.5) return `${Math.round(seconds)} s`;
  const whole = Math.round(seconds);
  if (whole < 3600) return `${Math.floor(whole / 60)} min ${String(whole % 60).padStart(2, '0')} s`;
  const minutes = Math.round(whole / 60);
  return `${Math.floor(minutes / 60)} h ${String(minutes % 60).padStart(2, '0')} min`;
}

/** A rate with its unit: "166 papers/s", "0.31 steps/s", "104 MB/s" of bytes. */
export function formatRate(perSecond: number | null | undefined, unit: string): string {
  if (!isNumber(perSecond)) return NONE;
  if (unit === 'bytes') return `${formatBytes(perSecond)}/s`;
  const digits = perSecond >= 100 ? 0 : perSecond >= 10 ? 1 : 2;
  return `${digits === 0 ? formatCount(perSecond) : perSecond.toFixed(digits)} ${unit}/s`;
}

const BYTE_UNITS = ['bytes', 'kB', 'MB', 'GB', 'TB'] as const;

/** "512 bytes", "1.4 MB", "104 MB", "2.1 GB": decimal units, at least two digits. */
export function formatBytes(bytes: number): string {
  const power = Math.min(BYTE_UNITS.length - 1, Math.max(0, Math.floor(Math.log10(Math.max(1, bytes)) / 3)));
  const value = bytes / 1000 ** power;
  return `${power > 0 && value < 9.95 ? value.toFixed(1) : formatCount(value)} ${BYTE_UNITS[power]}`;
}

/**
 * How many of what, singular for one: "1 batch", "2,000 queries", "1.4 MB" of bytes.
 * @param unit plural noun; the last word is what is counted
 */
export function formatQuantity(count: number | null | undefined, unit: string): string {
  if (unit === 'bytes' && isNumber(count)) return formatBytes(count);
  return `${formatCount(count)} ${count === 1 ? singular(unit) : unit}`;
}
