/**
 * One metric for parts of the queries: by topic, and by the words that a query shares with its answer.
 */
import type { MetricValue, OverlapMetrics, Report, SystemReport } from '../../evaluation/report.js';
import { overlapRange, THIRD_WORDS } from '../figures/lexical-overlap.js';
import { formatCount, formatMetric, metricLabel } from '../format.js';
import { orderTopics, type TopicRoles } from '../palette.js';
import { setRows } from '../set-rows.js';
import { escapeText } from '../svg/element.js';
import { type Html, htmlTable, textElement } from './element.js';

/** One metric by topic of the queries: where a system is strong and where it is not. */
export function topicSection(
  topics: NonNullable<Report['topics']>,
  systems: readonly SystemReport[],
  metric: string,
  roles: TopicRoles,
): Html {
  const names = orderTopics(
    topics.map(({ topic }) => topic),
    roles,
  );
  const queries = (topic: string): number | undefined => topics.find((of) => of.topic === topic)?.queries;
  return htmlTable(
    [
      { name: 'topic' },
      { name: 'queries', align: 'right' },
      ...systems.map(({ name }) => ({ name, align: 'right' as const })),
    ],
    names.map((topic) => [
      escapeText(topic),
      escapeText(formatCount(queries(topic))),
      ...systems.map(({ name }) =>
        valueCell(topics.find((of) => of.topic === topic && of.system === name)?.metrics[metric]),
      ),
    ]),
    `${metricLabel(metric)} by topic of the query.`,
  );
}

/** One metric by lexical overlap: where lexical and dense retrieval part. */
export function overlapSection(
  parts: readonly OverlapMetrics[],
  systems: readonly SystemReport[],
  metric: string,
): Html {
  const thirds = new Map(parts.map((part) => [part.third, part]));
  return htmlTable(
    [
      { name: 'third of the queries' },
      { name: 'words shared', align: 'right' },
      { name: 'queries', align: 'right' },
      ...systems.map(({ name }) => ({ name, align: 'right' as const })),
    ],
    Array.from(thirds.values(), (part) => [
      escapeText(THIRD_WORDS[part.third]),
      escapeText(overlapRange(part)),
      escapeText(formatCount(part.queries)),
      ...systems.map(({ name }) =>
        valueCell(parts.find(({ third, system }) => third === part.third && system === name)?.metrics[metric]),
      ),
    ]),
    `${metricLabel(metric)} by the share of the content words of a query that its answer has.`,
  );
}

export const KINDS_NOTE =
  'Queries with one relevant document look for a known item; those with several ask about a topic.';

/** Whether there are queries of more than one kind. */
export function severalKinds({ queryKinds = [] }: Report): boolean {
  return new Set(queryKinds.map(({ kind }) => kind)).size > 1;
}

/** One metric by how many documents answer a query. */
export function kindSection({ queryKinds = [], systems }: Report, metric: string): Html {
  const kinds = new Map(queryKinds.map(({ kind, queries }) => [kind, queries]));
  return htmlTable(
    [
      { name: 'queries for' },
      { name: 'queries', align: 'right' },
      ...systems.map(({ name }) => ({ name, align: 'right' as const })),
    ],
    Array.from(kinds, ([kind, queries]) => [
      escapeText(kind === 'topical' ? 'a topic' : 'a known item'),
      escapeText(formatCount(queries)),
      ...systems.map(({ name }) =>
        valueCell(queryKinds.find((of) => of.kind === kind && of.system === name)?.metrics[metric]),
      ),
    ]),
    `${metricLabel(metric)} by kind of query.`,
  );
}

/** Sets of judged queries side by side. */
export function setSection(report: Report): Html {
  const found = setRows(report);
  if (!found) return '';
  return htmlTable(
    found.columns.map((name, i) => (i === 0 ? { name } : { name, align: 'right' as const })),
    found.rows.map((row) => row.map(escapeText)),
    `${metricLabel(found.metric)} by set. The rest of this report is about the first.`,
  );
}

function valueCell(value: MetricValue | undefined): Html {
  const [number = '', interval] = formatMetric(value).split(/ (?=\[)/);
  return textElement('span', number) + (interval ? textElement('span', interval, { class: 'interval' }) : '');
}
