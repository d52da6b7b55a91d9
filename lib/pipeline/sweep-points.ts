/** The points of a sweep: every combination of the values of its settings, or some of them at random. */
import { type Config, resolveConfig } from '../config/config.js';
import { UserError } from '../core/errors.js';
import { Random } from '../core/random.js';
import type { AblationFactor } from './ablation-factors.js';
import { withAbsolutePaths } from './absolute-paths.js';

export interface SweepPoint {
  /** "training.learningRate=0.001, encoder.lora.rank=8" */
  label: string;
  /** The varied settings by path. */
  settings: Record<string, unknown>;
  config: Config;
}

/** More combinations than anyone trains; a random part of them may be meant. */
const MOST_POINTS = 10_000;

/**
 * All are checked here, before the first is run.
 *
 * @param random how many of the combinations, drawn by the seed of the configuration; absent: all
 * @throws UserError for a setting or a value that does not exist, one that is varied twice, and too many combinations
 */
export function sweepPoints(base: Config, factors: readonly AblationFactor[], random?: number): SweepPoint[] {
  if (factors.length === 0) {
    throw new UserError('nothing to vary: expected --vary path=value,value, such as training.learningRate=1e-3,3e-4');
  }
  const paths = factors.map(({ path }) => path);
  const twice = paths.find((path, i) => paths.indexOf(path) < i);
  if (twice) throw new UserError(`${twice} is varied twice: give all its values at once`);
  if (paths.includes('seed')) throw new UserError('seed is not varied as a setting: give the number of seeds');
  const size = factors.reduce((product, { values }) => product * values.length, 1);
  if (size > MOST_POINTS) throw new UserError(`the sweep has ${size} combinations: expected at most ${MOST_POINTS}`);
  const points = factors
    .reduce<Record<string, unknown>[]>(
      (all, { path, values }) => all.flatMap((settings) => values.map((value) => ({ ...settings, [path]: value }))),
      [{}],
    )
    .map((settings) => pointOf(base, settings));
  const different = points.filter(
    ({ config }, i) => points.findIndex((other) => JSON.stringify(other.config) === JSON.stringify(config)) === i,
  );
  return random === undefined ? different : someOf(different, random, base.seed);
}

function pointOf(base: Config, settings: Record<string, unknown>): SweepPoint {
  const given = Object.entries(settings).map(([path, value]) => `${path}=${JSON.stringify(value)}`);
  const label = Object.entries(settings).map(
    ([path, value]) => `${path}=${typeof value === 'string' ? value : JSON.stringify(value)}`,
  );
  return { label: label.join(', '), settings, config: withAbsolutePaths(resolveConfig({ base, settings: given })) };
}

/** The first of a shuffled list, so that a larger number keeps those of a smaller one. */
function someOf(points: SweepPoint[], count: number, seed: number): SweepPoint[] {
  const random = new Random(seed, 'sweep');
  const shuffled = [...points];
  for (let i = shuffled.length - 1; i > 0; i--) {
    const j = random.integer(i + 1);
    [shuffled[i], shuffled[j]] = [shuffled[j] as SweepPoint, shuffled[i] as SweepPoint];
  }
  return shuffled.slice(0, count);
}
