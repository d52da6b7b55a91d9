/** Several runs compared, as one page that needs nothing else. */
import type { RunComparison } from '../../pipeline/runs/compare-runs.js';
import { type Figure, plotText } from '../figure.js';
import { panelsFigure } from '../figures/panels.js';
import { runLossFigure, runValidationFigure } from '../figures/run-curves.js';
import { formatQuantity } from '../format.js';
import { type Rows, runListRows, runMetric, runMetricRows, settingRows } from '../run-rows.js';
import { element, escapeText } from '../svg/element.js';
import { renderSvg } from '../svg/render.js';
import { comparisonRows } from '../terminal/report-tables.js';
import { type Html, htmlTable, textElement } from './element.js';
import { htmlPage } from './page.js';

const PLOT_WIDTH = 560;

/** A comparison of runs as a page of its own. @returns an HTML document */
export function renderRunComparison(comparison: RunComparison): string {
  const { runs, settings, differences, queries, notes } = comparison;
  const title = `Runs compared: ${runs.map(({ name }) => name).join(', ')}`;
  const figures = comparisonFigures(comparison);
  const metric = runMetric(runs);
  const list = runListRows(runs);
  const sections = [
    ['Runs', table(list), ...[...list.notes, ...notes].map(note)],
    ['Settings that differ', settings.length > 0 ? table(settingRows(comparison)) : note('None.')],
    ...(metric === null
      ? []
      : [['Metrics', note('Of the tuned encoder of each run.'), table(runMetricRows(comparison))]]),
    ...(differences.length === 0
      ? []
      : [
          [
            'Paired differences',
            note(
              `Over the same ${formatQuantity(queries, 'queries')}, with 95 % bootstrap interval; p values of a paired randomization test after Holm’s correction for the pairs of runs in each metric.`,
            ),
            table(differenceRows(differences)),
          ],
        ]),
    ...(Object.keys(figures).length > 0 ? [['Training', plots(figures)]] : []),
  ] as [string, ...Html[]][];
  return htmlPage({
    title,
    header: textElement('h1', title),
    main: sections.map(([name, ...content]) => element('section', {}, textElement('h2', name), ...content)),
    footer: 'llm-embedding',
    figures,
  });
}

/** Loss and validation of all runs over each other; what nobody has is left out. */
export function comparisonFigures({ runs, histories }: RunComparison): Record<string, Figure> {
  const curves = runs.map(({ name }, i) => ({ name, ...(histories[i] ?? { steps: [], validations: [] }) }));
  const figures: Record<string, Figure> = {};
  if (curves.some(({ steps }) => steps.length > 0)) figures.loss = runLossFigure(curves);
  if (curves.some(({ validations }) => validations.length > 0)) figures.validation = runValidationFigure(curves);
  return figures;
}

/** Of the comparisons of runs, which have no systems. */
function differenceRows(differences: RunComparison['differences']): Rows {
  const { columns, rows } = comparisonRows({ comparisons: differences });
  return { columns: ['runs', ...columns.slice(1)], rows };
}

/** The same side by side in one figure; null where there is none. */
export function runComparisonFigure(comparison: RunComparison): Figure | null {
  const figures = Object.values(comparisonFigures(comparison));
  if (figures.length === 0) return null;
  const title = comparison.runs.map(({ name }) => plotText(name)).join(', ');
  const panels = panelsFigure(figures, { title, columns: figures.length, height: 420 });
  // one legend for both: the colours are the same
  const data = panels.data.map((trace) => ({ ...trace, showlegend: (trace.xaxis ?? 'x') === 'x' }));
  return { data, layout: { ...panels.layout, showlegend: true } };
}

function note(text: string): Html {
  return textElement('p', text, { class: 'note' });
}

function table({ columns, rows }: Rows): Html {
  const full = columns.map((column) => (typeof column === 'string' ? { name: column } : column));
  return htmlTable(
    full,
    rows.map((row) => row.map(escapeText)),
  );
}

function plots(figures: Record<string, Figure>): Html {
  const all = Object.entries(figures).map(([name, figure]) => {
    const picture = renderSvg(figure, { width: PLOT_WIDTH, theme: 'inherit' });
    return element('figure', {}, element('div', { class: 'plot', 'data-figure': name }, picture));
  });
  return element('div', { class: 'plots' }, ...all);
}
