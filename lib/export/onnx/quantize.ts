/**
 * Weights in 8 bits: each row of a matrix [rows, columns] is divided by its own scale and rounded, symmetric about 0
 * (Jacob et al., 2017, arXiv:1712.05877, section 3, with a scale per output channel).
 *
 *   w ≈ scale * q      q from -127 to 127, scale = max |w| / 127 of the row
 */

export interface QuantizedRows {
  /** [rows, columns] */
  values: Int8Array;
  /** [rows] */
  scales: Float32Array;
}

export function quantizeRows(data: Float32Array, rows: number): QuantizedRows {
  const columns = data.length / rows;
  const values = new Int8Array(data.length);
  const scales = new Float32Array(rows);
  for (let row = 0; row < rows; row++) {
    const start = row * columns;
    let largest = 0;
    for (let i = start; i < start + columns; i++) largest = Math.max(largest, Math.abs(data[i]!));
    const scale = Math.fround(largest / 127);
    scales[row] = scale;
    if (scale === 0) continue;
    for (let i = start; i < start + columns; i++) {
      values[i] = Math.max(-127, Math.min(127, Math.round(data[i]! / scale)));
    }
  }
  return { values, scales };
}
