/**
 * Arithmetic on the rows of a matrix [n, width], stored row by row.
 */

/** Scales every row to length 1 where it stands, and returns the same array; a row of zeros stays as it is. */
export function normalizeRowsInPlace(rows: Float32Array, width: number): Float32Array {
  for (let start = 0; start < rows.length; start += width) {
    let squares = 0;
    for (let i = start; i < start + width; i++) squares += (rows[i] as number) ** 2;
    const scale = squares > 0 ? 1 / Math.sqrt(squares) : 0;
    for (let i = start; i < start + width; i++) rows[i] = (rows[i] as number) * scale;
  }
  return rows;
}

/** A copy with every row scaled to length 1, so that inner products are cosines; a row of zeros stays as it is. */
export function normalizedRows(rows: Float32Array, width: number): Float32Array {
  return normalizeRowsInPlace(rows.slice(), width);
}

/** The first `kept` numbers of each row: [n, width] to [n, kept]. The same array where nothing is dropped. */
export function firstColumns(rows: Float32Array, width: number, kept: number): Float32Array {
  if (kept === width) return rows;
  const out = new Float32Array((rows.length / width) * kept);
  for (let row = 0; row * width < rows.length; row++) {
    out.set(rows.subarray(row * width, row * width + kept), row * kept);
  }
  return out;
}

/** Inner product of d numbers from each array, accumulated in double precision. */
export function dot(a: Float32Array, aStart: number, b: Float32Array, bStart: number, d: number): number {
  let sum = 0;
  for (let i = 0; i < d; i++) sum += (a[aStart + i] as number) * (b[bStart + i] as number);
  return sum;
}

/** Inner products of the rows of two matrices [n, width] and [m, width], as n lists of m numbers. */
export function innerProducts(left: Float32Array, right: Float32Array, width: number): number[][] {
  const rows = left.length / width;
  const columns = right.length / width;
  return Array.from({ length: rows }, (_, r) =>
    Array.from({ length: columns }, (_, c) => dot(left, r * width, right, c * width, width)),
  );
}
