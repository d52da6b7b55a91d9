/**
 * How much of a training is kept: weights between those before it and those after it (Wortsman et al., 2022, "Robust
 * fine-tuning of zero-shot models", arXiv:2109.01903). Which, is chosen on validation queries, the untuned encoder among
 * the candidates, so that a training that does not help is not used.
 *
 * The rule, by paired differences of the queries' reciprocal ranks, so that noise does not choose:
 *   1. only what is ahead of the untuned encoder by more than one standard error can win; else the untuned encoder is kept
 *   2. of those, full strength, unless another one is ahead of it by more than one standard error: then the best of them
 * One standard error is the usual margin for the simpler of two choices (Breiman et al., 1984, section 3.4.3).
 */
import { mean } from '../core/mean.js';
import { quantity } from '../core/quantity.js';
import { addsNothing, isUp } from '../encoder/lora.js';
import type { ParameterMap } from '../encoder/parameter-map.js';

/** A strength that was tried. */
export interface StrengthCandidate {
  /** 0: the encoder before the training; 1: after it. */
  strength: number;
  /** MRR@10 over the validation queries. */
  mrr: number;
  /** Mean paired difference from the untuned encoder. */
  difference: number;
  /** Of that difference. */
  standardError: number;
}

/** The strength in use, and what it was chosen from. */
export interface StrengthChoice {
  /** 0: no gain on validation, the untuned encoder is kept. */
  strength: number;
  /** Validation queries. */
  queries: number;
  /** From weak to strong, the untuned encoder first. */
  candidates: StrengthCandidate[];
}

/**
 * @param ranks reciprocal ranks of the same queries, by strength; those of the untuned encoder, 0, and of full strength must
 *   be there
 * @param allowed strengths that may win
 */
export function chooseStrength(ranks: ReadonlyMap<number, Float64Array>, allowed: ReadonlySet<number>): StrengthChoice {
  const untuned = ranks.get(0) as Float64Array;
  const full = ranks.get(1) as Float64Array;
  const isAhead = (strength: number, of: Float64Array): boolean => {
    const { difference, standardError } = pairedDifference(ranks.get(strength) as Float64Array, of);
    return difference > standardError;
  };
  const candidates = [...ranks]
    .sort(([a], [b]) => a - b)
    .map(([strength, values]): StrengthCandidate => {
      return { strength, mrr: mean(values), ...pairedDifference(values, untuned) };
    });
  const useful = candidates.filter(
    ({ strength }) => allowed.has(strength) && strength > 0 && (!allowed.has(0) || isAhead(strength, untuned)),
  );
  const isFullUseful = useful.some(({ strength }) => strength === 1);
  const ahead = isFullUseful ? useful.filter(({ strength }) => isAhead(strength, full)) : useful;
  // of equals the stronger
  const [best] = ahead.sort((a, b) => b.mrr - a.mrr || b.strength - a.strength);
  return { strength: best?.strength ?? (isFullUseful ? 1 : 0), queries: untuned.length, candidates };
}

/** What was chosen, in a sentence. */
export function describeStrength({ strength, queries, candidates }: StrengthChoice): string {
  const mrrAt = (wanted: number): string => shortMrr(candidates.find((one) => one.strength === wanted)!.mrr);
  const over = `over ${quantity(queries, 'validation queries')}`;
  if (strength > 0) {
    const much = strength === 1 ? 'all of it' : `${strength} of it (strength 1 has ${mrrAt(1)})`;
    return `what was learned is used with ${much}: MRR@10 ${mrrAt(strength)} ${over}, ${mrrAt(0)} untuned`;
  }
  const [best] = candidates.filter((one) => one.strength > 0).sort((a, b) => b.difference - a.difference);
  const { difference, standardError } = best!;
  if (difference === 0)
    return `no gain on validation: the base is kept (no strength raises MRR@10 ${over}, ${mrrAt(0)} untuned)`;
  const error = queries < 2 ? '' : ` ± ${shortMrr(standardError)}`;
  return `no gain on validation: the base is kept (the best strength, ${best!.strength}, changes MRR@10 by ${difference < 0 ? '−' : '+'}${shortMrr(Math.abs(difference))}${error} ${over}, less than one standard error above ${mrrAt(0)})`;
}

/** ".962" */
export function shortMrr(value: number): string {
  return value.toFixed(3).replace(/^0/, '');
}

/** Mean and its standard error; infinite for a single query, which tells nothing of the others. */
function pairedDifference(values: Float64Array, others: Float64Array): { difference: number; standardError: number } {
  const differences = values.map((value, i) => value - (others[i] as number));
  const difference = mean(differences);
  const n = differences.length;
  const squares = differences.reduce((sum, value) => sum + (value - difference) ** 2, 0);
  return { difference, standardError: n < 2 ? Number.MAX_VALUE : Math.sqrt(squares / (n - 1) / n) };
}

/**
 * Parameters between those before and after a training. A new adapter (B is zero) is scaled in what it adds, `s B A`, as
 * PEFT would with s times its alpha; other parameters are interpolated.
 */
export function atStrength(start: ParameterMap, tuned: ParameterMap, strength: number): ParameterMap {
  if (strength === 1) return tuned;
  if (strength === 0) return start;
  const isNew = addsNothing(start);
  return new Map(
    [...tuned].map(([name, { shape, data }]) => {
      if (isNew && !isUp(name)) return [name, { shape, data }];
      const from = start.get(name)!.data;
      return [name, { shape, data: data.map((value, i) => from[i]! + strength * (value - from[i]!)) }];
    }),
  );
}
