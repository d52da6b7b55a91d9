/**
 * What the corpus is made of: papers by topic, by role and by year of their first version.
 */
import { ROLES, type Role } from '../../config/config.js';
import { ofPairs, type Paper } from '../../datasets/paper.js';
import { type BarTrace, type Figure, plotText } from '../figure.js';
import { formatCount, formatQuantity } from '../format.js';
import { orderTopics, ROLE_COLOURS } from '../palette.js';
import { figureLayout } from './layout.js';

/** The part of a paper that these figures look at; `table.objects()` gives such rows. */
export type PaperFacts = Pick<Paper, 'topic' | 'role' | 'published' | 'pair'>;

/** One lying bar a topic, in the colour of its role; of pairs one a data set. */
export function papersByTopicFigure(papers: readonly PaperFacts[]): Figure {
  const counts = count(papers, ({ topic }) => topic);
  const roles = new Map(papers.map(({ topic, role }) => [topic, role]));
  const topics = orderTopics(counts.keys(), roles);
  const isOfPairs = ofPairs(papers);
  const unit = isOfPairs ? 'pairs' : 'papers';
  return {
    data: ROLES.filter((role) => topics.some((topic) => roles.get(topic) === role)).map((role) => {
      const ofRole = topics.filter((topic) => roles.get(topic) === role);
      return lyingBars(
        role,
        ROLE_COLOURS[role],
        ofRole,
        ofRole.map((topic) => counts.get(topic) ?? 0),
        unit,
      );
    }),
    layout: figureLayout({
      title: isOfPairs ? 'Pairs by data set' : 'Papers by topic',
      subtitle: formatQuantity(papers.length, unit),
      x: { title: { text: unit }, rangemode: 'tozero', tickformat: ',d' },
      y: {
        type: 'category',
        autorange: 'reversed',
        categoryorder: 'array',
        categoryarray: topics.map(plotText),
        showgrid: false,
      },
      height: 150 + 26 * Math.max(3, topics.length),
      more: { barmode: 'stack', bargap: 0.25, showlegend: !isOfPairs },
    }),
  };
}

/** One lying bar a role. */
export function papersByRoleFigure(papers: readonly PaperFacts[]): Figure {
  const counts = count(papers, ({ role }) => role);
  const roles = ROLES.filter((role) => counts.has(role));
  return {
    data: [
      lyingBars(
        'papers',
        roles.map((role) => ROLE_COLOURS[role]),
        roles,
        roles.map((role) => counts.get(role) ?? 0),
        'papers',
      ),
    ],
    layout: figureLayout({
      title: 'Papers by role of their topic',
      subtitle: formatQuantity(papers.length, 'papers'),
      x: { title: { text: 'papers' }, rangemode: 'tozero', tickformat: ',d' },
      y: { type: 'category', autorange: 'reversed', showgrid: false },
      height: 130 + 30 * Math.max(3, roles.length),
      more: { bargap: 0.25 },
    }),
  };
}

/** Papers a year, stacked by role. Papers without a date are told in the subtitle. */
export function papersByYearFigure(papers: readonly PaperFacts[]): Figure {
  const dated = papers.filter(({ published }) => published !== null);
  const year = ({ published }: PaperFacts): number => Number(published!.slice(0, 4));
  const years = dated.map(year);
  const first = years.reduce((a, b) => Math.min(a, b), Number.POSITIVE_INFINITY);
  const last = years.reduce((a, b) => Math.max(a, b), Number.NEGATIVE_INFINITY);
  const span = dated.length > 0 ? Array.from({ length: last - first + 1 }, (_, i) => first + i) : [];
  const data = ROLES.flatMap((role): BarTrace[] => {
    const ofRole = dated.filter((paper) => paper.role === role);
    if (ofRole.length === 0) return [];
    const counts = count(ofRole, (paper) => String(year(paper)));
    const values = span.map((at) => counts.get(String(at)) ?? 0);
    return [
      {
        type: 'bar',
        name: role,
        x: span,
        y: values,
        width: 0.85,
        marker: { color: ROLE_COLOURS[role] },
        hovertext: values.map((value, i) => `${span[i]}: ${formatQuantity(value, 'papers')}, ${role}`),
        hoverinfo: 'text',
      },
    ];
  });
  const undated = papers.length - dated.length;
  return {
    data,
    layout: figureLayout({
      title: 'Papers by year of their first version',
      subtitle:
        undated > 0
          ? `${formatQuantity(dated.length, 'papers')}; ${formatCount(undated)} without a date`
          : formatQuantity(dated.length, 'papers'),
      x: { title: { text: 'year' }, tickformat: 'd', ...(span.length <= 8 ? { dtick: 1 } : {}) },
      y: { title: { text: 'papers' }, rangemode: 'tozero', tickformat: ',d' },
      more: { barmode: 'stack' },
    }),
  };
}

function lyingBars(
  name: string,
  color: string | string[],
  names: readonly string[],
  values: number[],
  unit: string,
): BarTrace {
  return {
    type: 'bar',
    orientation: 'h',
    name,
    x: values,
    y: names.map(plotText),
    marker: { color },
    text: values.map(formatCount),
    textposition: 'outside',
    cliponaxis: false,
    hovertext: values.map((value, i) => `${plotText(names[i]!)}: ${formatQuantity(value, unit)}`),
    hoverinfo: 'text',
  };
}

function count(papers: readonly PaperFacts[], key: (paper: PaperFacts) => Role | string): Map<string, number> {
  const counts = new Map<string, number>();
  for (const paper of papers) counts.set(key(paper), (counts.get(key(paper)) ?? 0) + 1);
  return counts;
}
