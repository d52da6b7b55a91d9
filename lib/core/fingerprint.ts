/**
 * A short name for a set of values: equal values give equal names, whatever the order of their keys. Caches and runs are
 * named by what they were made from.
 */
import { createHash } from 'node:crypto';

/** The first 16 hexadecimal digits of SHA-256 over the values as JSON, keys sorted. */
export function fingerprintOf(values: unknown): string {
  const sorted = JSON.stringify(values, (_key, value: unknown) =>
    typeof value === 'object' && value !== null && !Array.isArray(value)
      ? Object.fromEntries(Object.entries(value).sort(([a], [b]) => (a < b ? -1 : 1)))
      : value,
  );
  return createHash('sha256').update(sorted).digest('hex').slice(0, 16);
}
