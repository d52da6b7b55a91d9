/**
 * What an ablation varies: one setting of the configuration at a time, each with the values to try beside the baseline's.
 */
import { type Config, resolveConfig } from '../config/config.js';
import { UserError } from '../core/errors.js';
import { jsonProblem, parseJson } from '../files/json.js';
import { withAbsolutePaths } from './absolute-paths.js';

/** A hyperparameter by its path, and the values to try. */
export interface AblationFactor {
  /** "encoder.pooling" */
  path: string;
  values: unknown[];
}

export interface AblationArm {
  /** "encoder.pooling=last"; "baseline". */
  label: string;
  config: Config;
}

/**
 * The factors that are tried where none is named.
 *
 * @param dimensions length of the model's embeddings
 */
export function defaultFactors(dimensions: number): AblationFactor[] {
  const shorter = [2, 4, 8].map((part) => Math.round(dimensions / part)).filter((length) => length >= 1);
  return [
    { path: 'encoder.pooling', values: ['last'] },
    { path: 'encoder.attention', values: ['causal', 'bidirectional'] },
    { path: 'encoder.queryPrompt', values: ['Find the abstract of the paper with this title: '] },
    { path: 'encoder.lora.rank', values: [4, 64] },
    { path: 'training.temperature', values: [0.02, 0.1] },
    { path: 'training.symmetric', values: [false] },
    { path: 'training.falseNegativeMargin', values: [0.1] },
    { path: 'training.matryoshkaDimensions', values: [shorter] },
  ];
}

/**
 * Reads `path=value,value` or `path=[json, json]`.
 *
 * @throws UserError where there is no path or no value
 */
export function parseFactor(text: string): AblationFactor {
  const equals = text.indexOf('=');
  const path = text.slice(0, equals).trim();
  const given = text.slice(equals + 1).trim();
  if (equals < 1 || path === '' || given === '') {
    throw new UserError(
      `--vary "${text}": expected path=value,value or path=[values as JSON], such as encoder.pooling=mean,last`,
    );
  }
  if (given.startsWith('[')) {
    try {
      return { path, values: parseJson(given) as unknown[] };
    } catch (error) {
      throw new UserError(`--vary "${text}": ${jsonProblem(error)}; expected a JSON array of values`);
    }
  }
  return { path, values: given.split(',').map((value) => asJson(value.trim())) };
}

/**
 * The baseline and every configuration that differs from it in one factor. All are checked here, before the first is run.
 *
 * @throws UserError for a setting or a value that does not exist
 */
export function ablationArms(given: Config, factors: readonly AblationFactor[]): AblationArm[] {
  const baseline = withAbsolutePaths(given);
  const arms: AblationArm[] = [{ label: 'baseline', config: baseline }];
  for (const { path, values } of factors) {
    for (const value of values) {
      const settings = [`${path}=${JSON.stringify(value)}`];
      const config = withAbsolutePaths(resolveConfig({ input: baseline, settings }));
      // the baseline's own value is there already
      if (JSON.stringify(config) === JSON.stringify(baseline)) continue;
      const label = `${path}=${typeof value === 'string' ? value : JSON.stringify(value)}`;
      if (!arms.some((arm) => arm.label === label)) arms.push({ label, config });
    }
  }
  if (arms.length === 1) throw new UserError('nothing to vary: every value is that of the baseline');
  return arms;
}

function asJson(text: string): unknown {
  try {
    return parseJson(text);
  } catch {
    return text;
  }
}
