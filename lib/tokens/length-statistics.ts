/**
 * How long texts are in tokens, by topic: quantiles, what each limit would cut, a histogram and the empirical
 * distribution. Lengths count special tokens and are those of the whole texts, before any limit.
 */
import { quantity } from '../core/quantity.js';

/** Token lengths of one topic, or of all. */
export interface TokenLengthSummary {
  /** "all" for the texts of every topic together. */
  topic: string;
  /** Texts. */
  count: number;
  min: number;
  median: number;
  p90: number;
  p95: number;
  p99: number;
  max: number;
  /** Share of the texts, 0 to 1, that are longer than each candidate limit. */
  truncated: { limit: number; share: number }[];
}

/** Texts by length: bin i holds lengths from binStarts[i] to below binStarts[i] + binWidth. */
export interface LengthHistogram {
  binStarts: number[];
  binWidth: number;
  countsByTopic: Record<string, number[]>;
}

/** Empirical distribution function: `share[i]` of the texts have at most `length[i]` tokens. */
export interface LengthDistribution {
  length: number[];
  share: number[];
}

/** The lengths of one kind of text (titles, or abstracts). */
export interface LengthStatistics {
  /** All texts first, then each topic in order of appearance. */
  summaries: TokenLengthSummary[];
  histogram: LengthHistogram;
  distributionByTopic: Record<string, LengthDistribution>;
}

/** Limits in use for titles, abstracts and pages. */
export const CANDIDATE_LIMITS: readonly number[] = [
  32, 48, 64, 96, 128, 192, 256, 384, 512, 768, 1024, 2048, 4096, 8192,
];

/**
 * Statistics of token lengths.
 *
 * @param lengths tokens of each text
 * @param topics topic of each text, as many as lengths
 * @param limits candidate limits whose truncation is reported
 */
export function lengthStatistics(
  lengths: readonly number[],
  topics: readonly string[],
  limits: readonly number[] = CANDIDATE_LIMITS,
): LengthStatistics {
  if (lengths.length !== topics.length) {
    throw new RangeError(
      `${quantity(lengths.length, 'lengths')} and ${quantity(topics.length, 'topics')}: expected as many of each`,
    );
  }
  const byTopic = new Map<string, number[]>();
  lengths.forEach((length, i) => {
    const topic = topics[i] as string;
    const group = byTopic.get(topic);
    if (group) group.push(length);
    else byTopic.set(topic, [length]);
  });
  const groups = [...byTopic].map(([topic, group]) => ({ topic, sorted: ascending(group) }));
  const all = { topic: 'all', sorted: ascending(lengths) };
  return {
    summaries:
      lengths.length === 0 ? [] : [all, ...groups].map(({ topic, sorted }) => summarize(topic, sorted, limits)),
    histogram: histogram(groups, all.sorted.at(-1) ?? 0),
    distributionByTopic: Object.fromEntries(groups.map(({ topic, sorted }) => [topic, distribution(sorted)])),
  };
}

/** Share of the lengths above a limit, 0 to 1. */
export function truncatedShare(lengths: readonly number[], limit: number): number {
  return lengths.length === 0 ? 0 : lengths.filter((length) => length > limit).length / lengths.length;
}

/** The smallest length that at least `share` of the texts do not exceed (nearest rank), so always one that occurs. */
export function lengthQuantile(sorted: readonly number[], share: number): number {
  // the tolerance keeps 0.9 * 10 texts, 9.000000000000002 in floating point, at the ninth
  const rank = Math.max(1, Math.ceil(share * sorted.length - 1e-9));
  return sorted[rank - 1] as number;
}

function summarize(topic: string, sorted: number[], limits: readonly number[]): TokenLengthSummary {
  return {
    topic,
    count: sorted.length,
    min: lengthQuantile(sorted, 0),
    median: lengthQuantile(sorted, 0.5),
    p90: lengthQuantile(sorted, 0.9),
    p95: lengthQuantile(sorted, 0.95),
    p99: lengthQuantile(sorted, 0.99),
    max: lengthQuantile(sorted, 1),
    truncated: limits.map((limit) => ({ limit, share: truncatedShare(sorted, limit) })),
  };
}

/** At most 40 bins of a width that reads well on an axis: 1, 2 or 5 times a power of ten. */
function histogram(groups: { topic: string; sorted: number[] }[], longest: number): LengthHistogram {
  let binWidth = 1;
  for (let power = 1; binWidth * 40 <= longest; power *= 10) {
    binWidth = [power, 2 * power, 5 * power, 10 * power].find((width) => width * 40 > longest) ?? 10 * power;
  }
  const bins = Math.floor(longest / binWidth) + 1;
  const countsByTopic = Object.fromEntries(
    groups.map(({ topic, sorted }) => {
      const counts = new Array<number>(bins).fill(0);
      for (const length of sorted) {
        const bin = Math.floor(length / binWidth);
        counts[bin] = (counts[bin] as number) + 1;
      }
      return [topic, counts];
    }),
  );
  return { binStarts: Array.from({ length: bins }, (_, i) => i * binWidth), binWidth, countsByTopic };
}

function distribution(sorted: number[]): LengthDistribution {
  const result: LengthDistribution = { length: [], share: [] };
  sorted.forEach((length, i) => {
    if (length === sorted[i + 1]) return;
    result.length.push(length);
    result.share.push((i + 1) / sorted.length);
  });
  return result;
}

function ascending(lengths: readonly number[]): number[] {
  return [...lengths].sort((a, b) => a - b);
}
