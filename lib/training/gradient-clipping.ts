/**
 * Clipping by the global norm (Pascanu et al., 2013, arXiv:1211.5063), as `torch.nn.utils.clip_grad_norm_`: all gradients
 * are scaled by one factor, so that their joint L2 norm is at most the maximum and their direction stays.
 */
import { DivergedError } from './divergence.js';

/** Joint L2 norm of all values. @throws DivergedError naming the first gradient that is not finite */
export function globalNorm(gradients: ReadonlyMap<string, Float32Array>): number {
  let total = 0;
  for (const sum of squaresOf(gradients).values()) total += sum;
  return Math.sqrt(total);
}

/** Sum of squares of each gradient, in float64. */
function squaresOf(gradients: ReadonlyMap<string, Float32Array>): Map<string, number> {
  const squares = new Map<string, number>();
  for (const [name, gradient] of gradients) {
    let sum = 0;
    for (let i = 0; i < gradient.length; i++) sum += gradient[i]! * gradient[i]!;
    if (!Number.isFinite(sum)) {
      const value = gradient.find((x) => !Number.isFinite(x));
      throw new DivergedError(`the gradient of ${name} holds ${value}`);
    }
    squares.set(name, sum);
  }
  return squares;
}

/**
 * Scales the gradients in place where their joint norm is above `maxNorm`.
 *
 * @returns the norms before clipping: of all together, and of each by name
 * @throws DivergedError for a gradient that is not finite; the gradients are then unchanged
 */
export function clipGradients(
  gradients: ReadonlyMap<string, Float32Array>,
  maxNorm: number,
): { norm: number; norms: Map<string, number> } {
  const squares = squaresOf(gradients);
  let total = 0;
  for (const sum of squares.values()) total += sum;
  const norm = Math.sqrt(total);
  // torch's guard against division by zero, kept so that the results agree.
  const factor = maxNorm / (norm + 1e-6);
  if (factor < 1) {
    for (const gradient of gradients.values()) {
      for (let i = 0; i < gradient.length; i++) gradient[i] = gradient[i]! * factor;
    }
  }
  return { norm, norms: new Map([...squares].map(([name, sum]) => [name, Math.sqrt(sum)])) };
}
