/** A sparse matrix by rows (CSR): row r holds `values[k]` in column `columns[k]` for offsets[r] <= k < offsets[r + 1]. */
export interface SparseMatrix {
  rows: number;
  columns: number;
  offsets: Int32Array;
  columnIndices: Int32Array;
  values: Float64Array;
}

/**
 * Counts how often each token occurs in each document.
 *
 * @param documents token ids, one list a document  @param vocabularySize ids are below it
 * @returns [documents, vocabularySize], the columns of a row in rising order
 */
export function countTokens(documents: ArrayLike<number>[], vocabularySize: number): SparseMatrix {
  const offsets = new Int32Array(documents.length + 1);
  const sorted = documents.map((document) => Int32Array.from(document).sort());
  sorted.forEach((ids, row) => {
    let distinct = 0;
    for (let i = 0; i < ids.length; i++) if (i === 0 || ids[i] !== ids[i - 1]) distinct++;
    offsets[row + 1] = offsets[row]! + distinct;
  });
  const columnIndices = new Int32Array(offsets[documents.length]!);
  const values = new Float64Array(columnIndices.length);
  let next = -1;
  for (const ids of sorted) {
    for (let i = 0; i < ids.length; i++) {
      if (i === 0 || ids[i] !== ids[i - 1]) columnIndices[++next] = ids[i]!;
      values[next]!++;
    }
  }
  return { rows: documents.length, columns: vocabularySize, offsets, columnIndices, values };
}

/** Columns of q that are multiplied together: their part of q then stays in the processor's cache. */
const BLOCK = 32;

/**
 * XᵀX · q for a sparse X [rows, columns] and a dense q [columns, width], without forming XᵀX.
 *
 * @param q row-major  @returns [columns, width], row-major
 */
export function multiplyGram(x: SparseMatrix, q: Float64Array, width: number): Float64Array {
  const out = new Float64Array(x.columns * width);
  for (let first = 0; first < width; first += BLOCK) {
    const size = Math.min(BLOCK, width - first);
    const part = new Float64Array(x.columns * BLOCK);
    for (let row = 0; row < x.columns; row++) {
      const from = row * width + first;
      part.set(q.subarray(from, from + size), row * BLOCK);
    }
    const product = multiplyGramBlock(x, part);
    for (let row = 0; row < x.columns; row++) {
      out.set(product.subarray(row * BLOCK, row * BLOCK + size), row * width + first);
    }
  }
  return out;
}

/** XᵀX · q for q [columns, BLOCK]. */
function multiplyGramBlock(x: SparseMatrix, q: Float64Array): Float64Array {
  const { offsets, columnIndices, values } = x;
  const out = new Float64Array(q.length);
  const projected = new Float64Array(BLOCK);
  for (let row = 0; row < x.rows; row++) {
    const start = offsets[row]!;
    const end = offsets[row + 1]!;
    projected.fill(0);
    for (let k = start; k < end; k++) {
      const value = values[k]!;
      const from = columnIndices[k]! * BLOCK;
      for (let j = 0; j < BLOCK; j++) projected[j]! += value * q[from + j]!;
    }
    for (let k = start; k < end; k++) {
      const value = values[k]!;
      const to = columnIndices[k]! * BLOCK;
      for (let j = 0; j < BLOCK; j++) out[to + j]! += value * projected[j]!;
    }
  }
  return out;
}
