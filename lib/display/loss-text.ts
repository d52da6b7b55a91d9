/** What a training minimized, in words. */
import type { Config } from '../config/config.js';
import { configuredLoss } from '../losses/configured-loss.js';

/** "InfoNCE at temperature 0.05", "cosent". */
export function lossText(training: Config['training']): string {
  if (training.loss === 'infonce') return `InfoNCE at temperature ${training.temperature}`;
  return configuredLoss({ ...training, matryoshkaDimensions: [] }).name;
}
