/**
 * The result of an evaluation below a notebook cell.
 */
import type { Report, RetrievalExample } from '../../evaluation/report.js';
import { metricNames } from '../figures/metrics.js';
import { bestSystems, corpusNote, keyResult, primaryMetric } from '../findings.js';
import { formatCount, formatMetric, formatShare, metricLabel } from '../format.js';
import { paperTitle } from '../html/examples.js';
import { reportNotes, unfinishedNote } from '../notes.js';
import { generality, setRows } from '../set-rows.js';
import { element, escapeText } from '../svg/element.js';
import { comparisonRows, metricTable } from '../terminal/report-tables.js';
import { display } from './output.js';
import { showTable } from './show-table.js';
import { CELL_STYLE, FAINT, type HtmlCell, notebookTable } from './table-html.js';

/** The result of an evaluation: a sentence or two, metrics with intervals, the best in bold, what was skipped. */
export function showMetrics(report: Report): void {
  const { systems } = report;
  const metrics = metricNames(systems);
  const columns = ['system', ...metrics.map((metric) => ({ name: metricLabel(metric), align: 'right' as const }))];
  const rows = systems.map((system): HtmlCell[] => [
    system.name,
    ...metrics.map((metric) => {
      const [value = '', interval = ''] = formatMetric(system.metrics[metric]).split(/ (?=\[)/);
      const number = bestSystems(systems, metric).has(system.name) ? element('b', {}, value) : value;
      return { html: `${number}<br><small style="${FAINT}">${escapeText(interval)}</small>` };
    }),
  ]);
  const told = [...unfinishedNote(report), ...keyResult(report), ...generality(report), ...corpusNote(report)];
  const sentences = told.map((sentence) => paragraph(sentence));
  const skipped = report.skipped.map(({ name, reason }) => paragraph(`Skipped ${name}: ${reason}`));
  const html = [
    ...sentences,
    notebookTable(columns, rows),
    setsHtml(report),
    ...reportNotes(report).map(paragraph),
    ...skipped,
  ].join('');
  display({ 'text/html': html, 'text/plain': `${told.join('\n')}\n\n${metricTable(report)}` });
}

/** Several sets side by side, below the metrics of the first. */
function setsHtml(report: Report): string {
  const found = setRows(report);
  if (!found) return '';
  const columns = found.columns.map((name, i) => (i === 0 ? name : { name, align: 'right' as const }));
  return paragraph(`${metricLabel(found.metric)} by set`) + notebookTable(columns, found.rows);
}

function paragraph(text: string): string {
  return element('p', { style: 'margin:.5em .75em' }, escapeText(text));
}

/** Paired differences with intervals. @param metric one of them; default the headline metric */
export function showComparisons(report: Report, metric: string | null = primaryMetric(report)): void {
  showDifferences(report, metric);
}

/** The same of anything that has comparisons. */
export function showDifferences(report: Pick<Report, 'comparisons'>, metric: string | null): void {
  const { columns, rows } = comparisonRows(report, metric ?? undefined);
  showTable(
    columns,
    rows,
    'paired differences with 95 % bootstrap intervals; p after Holm’s correction within each metric',
  );
}

/** Hits and misses of one system side by side. */
export function showExamples(report: Report, system: string): void {
  const examples = report.examples.find((of) => of.system === system);
  if (!examples) {
    const known = report.examples.map((of) => of.system).join(', ') || 'none';
    display({ 'text/plain': `no examples of "${system}"; systems with examples: ${known}` });
    return;
  }
  const side = (list: typeof examples.hits): string =>
    list.map((example) => exampleHtml(example)).join('') || element('p', {}, 'none');
  const html = element(
    'table',
    { style: 'width:100%;table-layout:fixed' },
    element(
      'tr',
      {},
      ...['Hits', 'Misses'].map((name) => element('th', { style: `${CELL_STYLE}text-align:left` }, name)),
    ),
    element(
      'tr',
      {},
      ...[examples.hits, examples.misses].map((list) =>
        element('td', { style: `${CELL_STYLE}text-align:left;white-space:normal` }, side(list)),
      ),
    ),
  );
  const lines = (list: typeof examples.hits): string[] =>
    list.map(
      ({ query, rank, found }) =>
        `  ${query}  [${rank === null ? 'not found' : `rank ${rank}`}]  first: ${found[0]?.title ?? '–'}`,
    );
  display({
    'text/html': html,
    'text/plain': ['hits', ...lines(examples.hits), 'misses', ...lines(examples.misses)].join('\n'),
  });
}

function exampleHtml({ queryId, query, topic, rank, found }: RetrievalExample): string {
  const place = rank === null ? 'not among the retrieved' : `answer at rank ${formatCount(rank)}`;
  const items = found.map(({ id, title, topic: of, score }, i) => {
    const text = `${paperTitle(id, title)} <small style="${FAINT};white-space:nowrap">${escapeText(of)}, ${escapeText(formatShare(score))}</small>`;
    return element('li', {}, rank === i + 1 ? element('b', {}, text) : text);
  });
  const head = element(
    'p',
    { style: 'margin:.5em 0 0' },
    element('b', {}, paperTitle(queryId, query)),
    element('br', {}),
    element('small', { style: FAINT }, escapeText(`${topic}, ${place}`)),
  );
  return head + element('ol', { style: 'margin:.25em 0 1em' }, ...(items.length > 0 ? items : ['']));
}
