/**
 * The leading singular values and right singular vectors of a large sparse matrix, by subspace iteration from a random
 * start (Halko, Martinsson and Tropp, 2011, arXiv:0909.4061, algorithm 4.4), in double precision.
 */
import { throwIfAborted, WorkError } from '../core/errors.js';
import type { Reporting } from '../core/events.js';
import type { Random } from '../core/random.js';
import { multiplyGram, type SparseMatrix } from './sparse-matrix.js';

export interface RightSingularVectors {
  /** [columns, rank], row-major; orthonormal columns, in falling order of their singular value. */
  vectors: Float64Array;
  /** [rank], falling. */
  values: Float64Array;
}

/**
 * @param x [rows, columns]
 * @param options.rank number of singular vectors, below the smaller side of x
 * @param options.oversampling extra directions that are iterated and then dropped; they sharpen the last ones kept
 * @param options.iterations passes of XᵀX over the subspace
 * @throws WorkError where x has fewer independent columns than asked for
 */
export function randomizedSvd(
  x: SparseMatrix,
  options: { rank: number; random: Random; oversampling?: number; iterations?: number },
  reporting: Reporting = {},
): RightSingularVectors {
  const { rank, random, oversampling = 16, iterations = 3 } = options;
  const report = (done: number): void => {
    throwIfAborted(reporting.signal, 'nothing was written');
    reporting.onProgress?.({ task: 'analysing co-occurrence', done, total: iterations + 1, unit: 'passes' });
  };
  const width = Math.min(rank + oversampling, x.columns);
  let q: Float64Array = new Float64Array(x.columns * width);
  for (let i = 0; i < q.length; i++) q[i] = random.normal();
  orthonormalize(q, width);
  for (let pass = 1; pass <= iterations; pass++) {
    q = multiplyGram(x, q, width);
    orthonormalize(q, width);
    report(pass);
  }
  // Within the subspace, the small matrix qᵀXᵀXq has the squared singular values as its eigenvalues (Rayleigh-Ritz).
  const small = crossProduct(q, multiplyGram(x, q, width), width);
  report(iterations + 1);
  const { values, vectors } = eigenOfPositiveDefinite(small, width);
  const kept = new Float64Array(x.columns * rank);
  for (let row = 0; row < x.columns; row++) {
    for (let j = 0; j < width; j++) {
      const value = q[row * width + j]!;
      for (let r = 0; r < rank; r++) kept[row * rank + r]! += value * vectors[r * width + j]!;
    }
  }
  return { vectors: kept, values: values.slice(0, rank).map(Math.sqrt) };
}

/** aᵀb for a, b [rows, width]; only the lower triangle is computed, since the result is symmetric here. */
function crossProduct(a: Float64Array, b: Float64Array, width: number): Float64Array {
  const out = new Float64Array(width * width);
  for (let base = 0; base < a.length; base += width) {
    for (let i = 0; i < width; i++) {
      const value = a[base + i]!;
      const to = i * width;
      for (let j = 0; j <= i; j++) out[to + j]! += value * b[base + j]!;
    }
  }
  for (let i = 0; i < width; i++) for (let j = 0; j < i; j++) out[j * width + i] = out[i * width + j]!;
  return out;
}

/** A column with a smaller share of its squared length outside the columns before it is taken as dependent on them. */
const RELATIVE_RANK = 1e-12;

/** The lower factor L of a = LLᵀ, row-major. */
function cholesky(a: Float64Array, width: number): Float64Array {
  const factor = new Float64Array(width * width);
  for (let i = 0; i < width; i++) {
    for (let j = 0; j <= i; j++) {
      let sum = a[i * width + j]!;
      for (let k = 0; k < j; k++) sum -= factor[i * width + k]! * factor[j * width + k]!;
      if (i !== j) factor[i * width + j] = sum / factor[j * width + j]!;
      else if (sum > RELATIVE_RANK * a[i * width + i]!) factor[i * width + i] = Math.sqrt(sum);
      else
        throw new WorkError(`the data has only ${i} independent directions where ${width} are needed: use more papers`);
    }
  }
  return factor;
}

/** Makes the columns of q [rows, width] orthonormal, in place: q becomes q·L⁻ᵀ with LLᵀ = qᵀq (Cholesky QR). */
function orthonormalize(q: Float64Array, width: number): void {
  const factor = cholesky(crossProduct(q, q, width), width);
  for (let base = 0; base < q.length; base += width) {
    for (let i = 0; i < width; i++) {
      let sum = q[base + i]!;
      for (let j = 0; j < i; j++) sum -= q[base + j]! * factor[i * width + j]!;
      q[base + i] = sum / factor[i * width + i]!;
    }
  }
}

/**
 * Eigenvalues (falling) and eigenvectors (rows) of a symmetric positive definite matrix: one-sided Jacobi rotations of
 * its Cholesky factor (Veselić and Hari, 1989), accurate also for the small eigenvalues.
 */
export function eigenOfPositiveDefinite(
  a: Float64Array,
  width: number,
): { values: Float64Array; vectors: Float64Array } {
  // Row i holds column i of L; when the rows are orthogonal, they are the eigenvectors times √eigenvalue.
  const factor = cholesky(a, width);
  const rows = Array.from({ length: width }, (_, i) =>
    Float64Array.from({ length: width }, (_, k) => factor[k * width + i]!),
  );
  const maxSweeps = 30;
  for (let sweep = 0, rotated = true; rotated && sweep < maxSweeps; sweep++) {
    rotated = false;
    for (let p = 0; p < width; p++) {
      for (let r = p + 1; r < width; r++) rotated = orthogonalizePair(rows[p]!, rows[r]!) || rotated;
    }
  }
  const norms = rows.map((row) => Math.sqrt(dot(row, row)));
  const order = norms.map((_, i) => i).sort((i, j) => norms[j]! - norms[i]!);
  const vectors = new Float64Array(width * width);
  order.forEach((from, to) => {
    for (let k = 0; k < width; k++) vectors[to * width + k] = rows[from]![k]! / norms[from]!;
  });
  return { values: Float64Array.from(order, (i) => norms[i]! ** 2), vectors };
}

/** Rotates two vectors within their plane so that they are orthogonal; false where they already are. */
function orthogonalizePair(u: Float64Array, v: Float64Array): boolean {
  let uu = 0;
  let vv = 0;
  let uv = 0;
  for (let k = 0; k < u.length; k++) {
    uu += u[k]! * u[k]!;
    vv += v[k]! * v[k]!;
    uv += u[k]! * v[k]!;
  }
  if (Math.abs(uv) <= 1e-14 * Math.sqrt(uu * vv)) return false;
  const zeta = (vv - uu) / (2 * uv);
  const tangent = Math.sign(zeta || 1) / (Math.abs(zeta) + Math.sqrt(1 + zeta * zeta));
  const cosine = 1 / Math.sqrt(1 + tangent * tangent);
  const sine = cosine * tangent;
  for (let k = 0; k < u.length; k++) {
    const old = u[k]!;
    u[k] = cosine * old - sine * v[k]!;
    v[k] = sine * old + cosine * v[k]!;
  }
  return true;
}

function dot(u: Float64Array, v: Float64Array): number {
  let sum = 0;
  for (let k = 0; k < u.length; k++) sum += u[k]! * v[k]!;
  return sum;
}
