/**
 * Tables for notebook cells. Styles are inline, because viewers drop style sheets from notebooks that they do not trust yet.
 */
import { element, escapeText } from '../svg/element.js';
import { cutText, resolveColumns, type TextColumn } from '../terminal/text-table.js';

/** What a cell holds: text that is escaped, a number, or markup. */
export type HtmlCell = string | number | { html: string };

export const CELL_STYLE = 'padding:.25em .75em;vertical-align:top;font-variant-numeric:tabular-nums;';
export const FAINT = 'opacity:.75';

/** Columns of numbers are aligned to the right unless they say otherwise. */
export function notebookTable(
  columns: readonly (string | TextColumn)[],
  rows: readonly (readonly HtmlCell[])[],
  caption?: string,
): string {
  const full = resolveColumns(columns, rows);
  const cell = (name: 'th' | 'td', content: string, i: number): string =>
    element(
      name,
      { style: `${CELL_STYLE}text-align:${full[i]!.align}${name === 'th' ? ';white-space:nowrap' : ''}` },
      content,
    );
  const markup = (value: HtmlCell, i: number): string =>
    typeof value === 'object' ? value.html : escapeText(cutText(String(value), full[i]!.maxWidth));
  const head = full.map(({ name }, i) => cell('th', escapeText(name), i));
  const body = rows.map((row) => element('tr', {}, ...full.map((_, i) => cell('td', markup(row[i] ?? '', i), i))));
  const captionStyle = `caption-side:top;text-align:left;padding:.25em .75em;${FAINT}`;
  return element(
    'table',
    { style: 'border-collapse:collapse' },
    caption === undefined ? '' : element('caption', { style: captionStyle }, escapeText(caption)),
    element('thead', {}, element('tr', {}, ...head)),
    element('tbody', {}, ...body, ''),
  );
}
