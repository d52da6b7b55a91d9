/**
 * The report of an evaluation as one page that needs nothing else: text and tables, plots as SVG, interactive where
 * scripts run. Everything foreign is escaped; the page's own policy forbids it any request.
 */
import type { Report } from '../../evaluation/report.js';
import type { Figure } from '../figure.js';
import {
  comparisonsOf,
  corpusNote,
  findComparison,
  keyResult,
  primaryMetric,
  reportTitle,
  verdict,
  whatWasRun,
} from '../findings.js';
import { formatCount, formatQuantity, metricLabel } from '../format.js';
import { reportNotes, unfinishedNote } from '../notes.js';
import { orderTopics, type TopicRoles, topicRoles } from '../palette.js';
import { generality } from '../set-rows.js';
import { element, escapeText } from '../svg/element.js';
import { renderSvg } from '../svg/render.js';
import { KINDS_NOTE, kindSection, overlapSection, setSection, severalKinds, topicSection } from './breakdowns.js';
import { type Html, htmlTable, textElement } from './element.js';
import { exampleSection } from './examples.js';
import { reportFigures } from './figures.js';
import { htmlPage } from './page.js';
import {
  comparisonSection,
  embeddingSection,
  metricSection,
  quantizationSection,
  skippedSection,
  timingSection,
  tokenSection,
} from './sections.js';

/** Pixels; about the width of one of two columns, so that text in plots has its own size. */
const PLOT_WIDTH = 560;

/** @returns an HTML document of about 3 MB, most of it plotly.js */
export function renderReport(report: Report): string {
  const figures = reportFigures(report);
  const title = reportTitle(report);
  const metric = primaryMetric(report);
  const headline = comparisonsOf(report, metric);
  const sections = [
    section(
      'Results',
      note(
        `Mean over ${formatQuantity(report.corpus.queries, 'queries')} with 95 % bootstrap interval; the best value of each metric is bold.`,
      ),
      report.systems.length > 0 ? metricSection(report.systems) : note('No system was evaluated.'),
      ...reportNotes(report).map(note),
      plots(figures.results),
    ),
    report.comparisons.length > 0 &&
      section(
        'Paired differences',
        note(
          'Over the same queries, with 95 % bootstrap interval; p values of a paired randomization test after Holm’s correction for the pairs of systems in each metric.',
        ),
        plots(figures.comparisons, comparisonSection(headline)),
        headline.length < report.comparisons.length ? fold('All metrics', comparisonSection(report.comparisons)) : '',
      ),
    report.sets?.length && section('Sets of judged queries', ...generality(report).map(note), setSection(report)),
    metric !== null &&
      severalKinds(report) &&
      section('Known items and topics', note(KINDS_NOTE), kindSection(report, metric)),
    metric !== null &&
      report.lexicalOverlap?.length &&
      section(
        'Words that query and answer share',
        note(
          'Lexical retrieval lives on shared words; an encoder can do without. Thirds of the queries by how many of their content words (stems, without function words) the answer has; queries that share equally many stay together.',
        ),
        overlapSection(report.lexicalOverlap, report.systems, metric),
        ...(report.sets ?? [])
          .slice(1)
          .map(({ name, lexicalOverlap = [], systems }) =>
            lexicalOverlap.length > 0 ? textElement('h3', name) + overlapSection(lexicalOverlap, systems, metric) : '',
          ),
        plots(figures.overlap),
      ),
    report.skipped.length > 0 && section('Skipped systems', skippedSection(report)),
    (report.confusion.length > 0 || report.examples.length > 0) &&
      section('Where it errs', plots(figures.errors), topics(report, metric), ...examples(report)),
    Object.keys(figures.embeddings).length > 0 &&
      section('Embeddings', plots(figures.embeddings), embeddingSection(report.embeddings ?? [], report.systems)),
    report.quantization?.length &&
      section('Embeddings in fewer bits', quantizationSection(report.quantization, report.systems)),
    Object.keys(figures.training).length > 0 && section('Training', plots(figures.training)),
    Object.keys(figures.data).length > 0 &&
      section(
        'Data',
        plots(figures.data),
        report.tokens && report.tokens.summaries.length > 0 ? tokenSection(report.tokens, rolesOf(report)) : '',
      ),
    section('Details', ...details(report)),
  ];
  const all = Object.assign({}, ...Object.values(figures)) as Record<string, Figure>;
  return htmlPage({
    title,
    header: [
      textElement('h1', title),
      ...[...unfinishedNote(report), ...corpusNote(report)].map((text) =>
        textElement('p', text, { class: 'corpus-note' }),
      ),
      textElement('p', whatWasRun(report), { class: 'lead' }),
      keyBox(report),
    ].join(''),
    main: sections.filter((part): part is Html => typeof part === 'string'),
    footer: metric === null ? 'llm-embedding' : `llm-embedding · headline metric: ${metricLabel(metric)}`,
    figures: all,
  });
}

function section(title: string, ...content: Html[]): Html {
  return element('section', {}, textElement('h2', title), ...content);
}

function note(text: string): Html {
  return textElement('p', text, { class: 'note' });
}

function keyBox(report: Report): Html {
  const metric = primaryMetric(report);
  const of = (kind: string): string => report.systems.find((system) => system.kind === kind)?.name ?? '';
  const difference = metric === null ? null : findComparison(report, of('tuned'), of('untuned'), metric);
  const look = difference && verdict(difference) !== 'above' ? 'key unproven' : 'key';
  return element(
    'div',
    { class: look },
    ...keyResult(report).map((sentence) => textElement('p', keepTogether(sentence))),
  );
}

/** No line break within an interval, a p value or a percentage. */
function keepTogether(sentence: string): string {
  return sentence.replace(/\[[^\]]*\]|p [<=] \S+|\d %/g, (numbers) => numbers.replaceAll(' ', '\u00A0'));
}

function fold(title: string, ...content: Html[]): Html {
  return element('details', {}, textElement('summary', title), ...content);
}

/** @param beside markup that takes a place among the plots */
function plots(figures: Record<string, Figure>, beside: Html = ''): Html {
  const entries = Object.entries(figures);
  if (entries.length === 0) return beside;
  const plot = ([name, figure]: [string, Figure]): Html => {
    const picture = renderSvg(figure, { width: PLOT_WIDTH, theme: 'inherit' });
    return element('figure', {}, element('div', { class: 'plot', 'data-figure': name }, picture));
  };
  return element('div', { class: 'plots' }, ...entries.map(plot), beside);
}

function rolesOf({ config, corpus }: Report): TopicRoles {
  return topicRoles(config.datasets.categories, Object.keys(corpus.categories));
}

/** Queries of one topic have nothing to be compared with. */
function topics(report: Report, metric: string | null): Html {
  const { topics: byTopic = [], systems } = report;
  const several = new Set(byTopic.map(({ topic }) => topic)).size > 1;
  return several && metric !== null ? topicSection(byTopic, systems, metric, rolesOf(report)) : '';
}

function examples(report: Report): Html[] {
  if (report.examples.length === 0) return [];
  const tuned = report.systems.find(({ kind }) => kind === 'tuned')?.name;
  const open = report.examples.find(({ system }) => system === tuned) ?? report.examples[0];
  return [
    note('Queries with what was found first; the answer, where among them, is bold.'),
    ...report.examples.map((of) => exampleSection(of, of === open)),
  ];
}

function details(report: Report): Html[] {
  const counts = new Map(Object.entries(report.corpus.categories));
  const topics = orderTopics(counts.keys(), rolesOf(report));
  return [
    report.systems.length > 0 ? fold('Time taken', timingSection(report.systems)) : '',
    fold(
      'Corpus',
      htmlTable(
        [
          { name: report.corpus.kind === 'pairs' ? 'data set' : 'topic' },
          { name: report.corpus.kind === 'pairs' ? 'documents' : 'abstracts', align: 'right' },
        ],
        topics.map((topic) => [escapeText(topic), escapeText(formatCount(counts.get(topic)))]),
      ),
    ),
    fold('Configuration', element('pre', {}, escapeText(JSON.stringify(report.config, null, 2)))),
    fold(
      'Environment',
      htmlTable(
        [{ name: 'what' }, { name: 'value' }],
        Object.entries(report.environment).map(([key, value]) => [escapeText(key), escapeText(String(value))]),
      ),
    ),
  ];
}
