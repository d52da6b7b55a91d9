/**
 * Empirical distribution of token lengths: the share of the texts of a topic that are at most so long. Where a curve
 * crosses a candidate limit, one reads off how many texts it leaves whole.
 */
import { type Figure, plotText, type ScatterTrace } from '../figure.js';
import { formatPercent, formatQuantity } from '../format.js';
import { NEUTRAL, orderTopics, type TopicRoles, topicColours } from '../palette.js';
import { figureLayout } from './layout.js';
import type { TokenLengths } from './token-lengths.js';

/** A non-decreasing curve: `share[i]` of the texts have at most `length[i]` tokens. */
export interface LengthDistribution {
  topic: string;
  length: number[];
  share: number[];
}

/** Enough points for any screen; a curve of 10,000 lengths keeps its shape. */
const MAX_POINTS = 256;

/** The distribution of single lengths, at most 256 of its quantiles. */
export function lengthDistribution(topic: string, lengths: ArrayLike<number>): LengthDistribution {
  const sorted = Array.from(lengths).sort((a, b) => a - b);
  const points = Math.min(MAX_POINTS, sorted.length);
  const ranks = Array.from({ length: points }, (_, i) => Math.ceil(((i + 1) * sorted.length) / points));
  return { topic, length: ranks.map((rank) => sorted[rank - 1]!), share: ranks.map((rank) => rank / sorted.length) };
}

/** The distributions that a histogram still tells: exact at the edges of its bins. */
export function distributionsFromHistogram({ histogram }: TokenLengths): LengthDistribution[] {
  const ends = histogram.binStarts.map((start) => start + histogram.binWidth - 1);
  return Object.entries(histogram.countsByTopic).flatMap(([topic, counts]) => {
    const total = counts.reduce((sum, count) => sum + count, 0);
    if (total === 0) return [];
    let below = 0;
    const share = ends.map((_, bin) => {
      below += counts[bin] ?? 0;
      return below / total;
    });
    return { topic, length: ends, share };
  });
}

/**
 * Share of the texts that are at most so long, one curve a topic.
 *
 * @param limit tokens beyond which texts are truncated, drawn as a line
 */
export function lengthDistributionFigure(
  distributions: readonly LengthDistribution[],
  roles: TopicRoles,
  limit: number,
): Figure {
  const byTopic = new Map(distributions.map((distribution) => [distribution.topic, distribution]));
  const topics = orderTopics(byTopic.keys(), roles);
  const colours = topicColours(topics, roles);
  const data = topics.map((topic): ScatterTrace => {
    const { length, share } = byTopic.get(topic)!;
    return {
      type: 'scatter',
      mode: 'lines',
      name: plotText(topic),
      x: length,
      y: share,
      line: { color: colours.get(topic)!, width: 2 },
      hovertext: length.map(
        (tokens, i) =>
          `${plotText(topic)}: ${formatPercent(share[i])} have at most ${formatQuantity(tokens, 'tokens')}`,
      ),
      hoverinfo: 'text',
    };
  });
  return {
    data,
    layout: figureLayout({
      title: 'Share of the abstracts that a limit leaves whole',
      subtitle: `dashed: limit of ${formatQuantity(limit, 'tokens')}`,
      x: { title: { text: 'length [tokens]' }, rangemode: 'tozero', tickformat: ',d' },
      y: { title: { text: 'share of the abstracts' }, range: [0, 1.02], tickformat: '.0%' },
      height: 410,
      more: {
        shapes: [
          {
            type: 'line',
            xref: 'x',
            x0: limit,
            x1: limit,
            yref: 'paper',
            y0: 0,
            y1: 1,
            line: { color: NEUTRAL, width: 1.5, dash: 'dash' },
          },
        ],
      },
    }),
  };
}
