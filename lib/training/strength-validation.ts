/** Which strength of what was trained is kept: each of `training.adapterStrengths` answers the validation queries. */
import type { ParameterMap } from '../encoder/parameter-map.js';
import { atStrength, chooseStrength, type StrengthChoice } from './adapter-strength.js';
import type { TrainerState } from './trainer-state.js';
import type { TrainingOptions } from './training-options.js';

/**
 * @param trained the best parameters
 * @returns undefined where nothing is validated, or no strength may be chosen
 */
export async function strengthOf(
  { validate, config, encoder, onProgress }: TrainingOptions,
  { start, untunedRanks, bestRanks, profile }: TrainerState,
  trained: ParameterMap,
): Promise<StrengthChoice | undefined> {
  const { adapterStrengths } = config.training;
  if (!validate || adapterStrengths.length === 0) return undefined;
  // differences are from the untuned encoder, and of other strengths from the full one
  const strengths = [...new Set([0, 1, ...adapterStrengths])].sort((a, b) => a - b);
  const known = new Map([
    [0, untunedRanks],
    [1, bestRanks],
  ]);
  const ranks = new Map<number, Float64Array>();
  for (const strength of strengths) {
    const ranksAt = async (): Promise<Float64Array> => {
      await encoder.setTrained(atStrength(start, trained, strength));
      return validate();
    };
    ranks.set(strength, known.get(strength) ?? (await profile.time('validation', ranksAt)));
    onProgress?.({ task: 'adapter strengths', done: ranks.size, total: strengths.length, unit: 'strengths' });
  }
  return chooseStrength(ranks, new Set(adapterStrengths));
}
