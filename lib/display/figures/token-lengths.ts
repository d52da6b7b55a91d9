/**
 * Histogram of abstract lengths in tokens, stacked by topic, with the limit beyond which abstracts are truncated.
 */
import type { Report } from '../../evaluation/report.js';
import { type BarTrace, type Figure, plotText } from '../figure.js';
import { formatCount, formatQuantity } from '../format.js';
import { NEUTRAL, orderTopics, type TopicRoles, topicColours } from '../palette.js';
import { figureLayout } from './layout.js';

export type TokenLengths = NonNullable<Report['tokens']>;

/** Histogram of abstract lengths in tokens, stacked by topic, with the limit drawn as a line. */
export function tokenLengthFigure(tokens: TokenLengths, roles: TopicRoles): Figure {
  const { binStarts, binWidth, countsByTopic } = tokens.histogram;
  const countsOf = new Map(Object.entries(countsByTopic));
  const topics = orderTopics(countsOf.keys(), roles);
  const colours = topicColours(topics, roles);
  const data = topics.map((topic): BarTrace => {
    const counts = countsOf.get(topic) ?? [];
    return {
      type: 'bar',
      name: plotText(topic),
      x: binStarts.map((start) => start + binWidth / 2),
      y: binStarts.map((_, bin) => counts[bin] ?? 0),
      width: binWidth,
      marker: { color: colours.get(topic)! },
      hovertext: binStarts.map(
        (start, bin) =>
          `${plotText(topic)}: ${formatCount(counts[bin] ?? 0)} of ${start}–${start + binWidth - 1} tokens`,
      ),
      hoverinfo: 'text',
    };
  });
  const limit = tokens.maxAbstractTokens;
  return {
    data,
    layout: figureLayout({
      title: 'Length of the abstracts',
      subtitle: `dashed: limit of ${formatQuantity(limit, 'tokens')}`,
      x: { title: { text: 'length [tokens]' }, rangemode: 'tozero', tickformat: ',d' },
      y: { title: { text: 'abstracts' }, rangemode: 'tozero', tickformat: ',d' },
      height: 410,
      more: {
        barmode: 'stack',
        bargap: 0,
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
