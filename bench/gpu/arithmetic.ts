/**
 * Model FLOPs utilization (Chowdhery et al., 2022, arXiv:2204.02311, appendix B): the arithmetic that the model needs,
 * over what the device could do in the time. Convention here, for LoRA on a frozen encoder:
 *
 *   a token needs 2 P operations forward, and 2 P more for the gradients of the activations when training
 *   P counts the weights of the linear layers: no embedding table, no adapter
 *   attention's own products and whatever is computed twice do not count, padding tokens neither
 */
import type { ModelConfig } from '../../lib/models/architecture.js';
import { linearModules } from '../../lib/models/parameters.js';

/** P: weights of the linear layers. */
export function linearWeights(config: ModelConfig): number {
  return config.layers * linearModules(config).reduce((sum, { outputs, inputs }) => sum + outputs * inputs, 0);
}

export type Work = 'encoding' | 'training';

export function operationsPerToken(config: ModelConfig, work: Work): number {
  return (work === 'training' ? 4 : 2) * linearWeights(config);
}

/** Dense bfloat16 operations a second, from NVIDIA's data sheets; the first name that fits counts. */
const PEAKS: [RegExp, number][] = [
  [/B200/, 2250e12],
  [/H200|H100.*(SXM|HBM3)/, 989e12],
  [/H100.*PCIe/, 756e12],
  [/H100/, 989e12],
  [/A100/, 312e12],
  [/L40S/, 362e12],
  [/\bL4\b/, 121e12],
  [/A10G?\b/, 125e12],
  [/RTX 4090/, 165e12],
];

/** Undefined for a device that the list lacks, and for a T4, which has no bfloat16 units. */
export function peakOperations(device: string): number | undefined {
  return PEAKS.find(([name]) => name.test(device))?.[1];
}
