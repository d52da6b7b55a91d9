/**
 * Clipping by the global norm (Pascanu et al., 2013, arXiv:1211.5063), as `torch.nn.utils.clip_grad_norm_`: all gradients
 * are scaled by one factor, so that their joint L2 norm is at most the maximum and their direction stays.
 */
import { WorkError } from '../core/errors.js';

/** Joint L2 norm of all values, summed in float64. @throws WorkError naming the first gradient that is not finite */
export function globalNorm(gradients: Map<string, Float32Array>): number {
  let total = 0;
  for (const [name, gradient] of gradients) {
    let sum = 0;
    for (let i = 0; i < gradient.length; i++) sum += gradient[i]! * gradient[i]!;
    if (!Number.isFinite(sum)) {
      const value = gradient.find((x) => !Number.isFinite(x));
      throw new WorkError(
        `the gradient of ${name} holds ${value}: training diverged; lower training.learningRate or raise training.temperature`,
      );
    }
    total += sum;
  }
  return Math.sqrt(total);
}

/**
 * Scales the gradients in place where their norm is above `maxNorm`.
 *
 * @returns the norm before clipping
 * @throws WorkError for a gradient that is not finite; the gradients are then unchanged
 */
export function clipGradients(gradients: Map<string, Float32Array>, maxNorm: number): number {
  const norm = globalNorm(gradients);
  // torch's guard against division by zero, kept so that the results agree.
  const factor = maxNorm / (norm + 1e-6);
  if (factor < 1) {
    for (const gradient of gradients.values()) {
      for (let i = 0; i < gradient.length; i++) gradient[i] = gradient[i]! * factor;
    }
  }
  return norm;
}
