/**
 * Paired comparisons of all systems in all metrics of a report: difference with interval, and p of the randomization
 * test after Holm's correction within each metric: metrics of one run say much the same thing, and correcting over
 * all of them would hide differences for no gain in honesty.
 */
import type { QueryScores } from './evaluate-run.js';
import type { Comparison, SystemReport } from './report.js';
import { type BootstrapOptions, bootstrapMeans } from './statistics/bootstrap.js';
import { holmCorrection, randomizationTest } from './statistics/randomization.js';

// What is under test stands first in a comparison, so that a positive difference is good news for it.
const FIRST_IN_PAIR: Record<string, number> = { tuned: 0, hybrid: 1, untuned: 2 };

/** @param systems in the order of the report  @param scores by system name */
export function compareSystems(
  systems: readonly Pick<SystemReport, 'name' | 'kind'>[],
  scores: ReadonlyMap<string, QueryScores>,
  options: BootstrapOptions,
): Comparison[] {
  const order = [...systems].sort((a, b) => (FIRST_IN_PAIR[a.kind] ?? 3) - (FIRST_IN_PAIR[b.kind] ?? 3));
  const pairs = order.flatMap((a, i) => order.slice(i + 1).map((b) => [a.name, b.name] as const));
  const found: { a: string; b: string; metric: string; differences: Float64Array; p: number }[] = [];
  for (const [a, b] of pairs) {
    for (const [metric, values] of Object.entries(scores.get(a)?.values ?? {})) {
      const others = scores.get(b)?.values[metric];
      if (!others) continue;
      const differences = values.map((value, i) => value - (others[i] as number));
      const p = randomizationTest(differences, { seed: options.seed }, a, b, metric);
      found.push({ a, b, metric, differences, p });
    }
  }
  const intervals = bootstrapMeans(
    found.map(({ differences }) => differences),
    options,
  );
  const corrected = correctWithinMetrics(found);
  return found.map(({ a, b, metric }, i) => {
    const { value, low, high } = intervals[i] as (typeof intervals)[number];
    return { a, b, metric, difference: value, low, high, p: corrected[i] as number };
  });
}

/** Holm's correction over the pairs of systems, for each metric on its own. */
function correctWithinMetrics(found: readonly { metric: string; p: number }[]): number[] {
  const out = new Array<number>(found.length);
  for (const metric of new Set(found.map((one) => one.metric))) {
    const places = found.flatMap((one, i) => (one.metric === metric ? [i] : []));
    holmCorrection(places.map((i) => (found[i] as { p: number }).p)).forEach((p, at) => {
      out[places[at] as number] = p;
    });
  }
  return out;
}
