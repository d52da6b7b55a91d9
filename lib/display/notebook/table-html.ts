/**
 * Tables for notebook cells. Styles are inline, because viewers drop style sheets from notebooks that they do not trust yet.
 */
import { element, escapeText } from '../svg/element.js';
import { cellText, cutText, resolveColumns, type TextColumn } from '../terminal/text-table.js';

/** What a cell holds: text that is escaped, a number, markup, or text with what it is sorted by. */
export type HtmlCell = string | number | { html: string } | { text: string; sortBy: unknown };

export const CELL_STYLE = 'padding:.25em .75em;vertical-align:top;font-variant-numeric:tabular-nums;';
export const FAINT = 'opacity:.75';
/** Names, ids and dates up to so many characters stay on one line. */
const UNBROKEN = 22;

/**
 * Sorts the rows of a table by the column whose head was clicked, the other way round on the next click. An attribute and
 * no script, so that it works wherever the notebook is opened again, and needs no name that another table could have.
 */
const SORT = `const head=event.target.closest('th');if(!head)return;
const body=this.parentNode.tBodies[0],i=head.cellIndex,down=head.dataset.sorted==='up';
for(const other of this.querySelectorAll('th'))delete other.dataset.sorted;
head.dataset.sorted=down?'down':'up';
const key=(row)=>row.cells[i].dataset.number??row.cells[i].textContent;
const compare=(a,b)=>{const[x,y]=[key(a),key(b)],d=x-y;return Number.isNaN(d)?x.localeCompare(y):d};
body.append(...[...body.rows].sort((a,b)=>down?compare(b,a):compare(a,b)))`.replaceAll('\n', '');

/** Columns of numbers are aligned to the right unless they say otherwise. */
export function notebookTable(
  columns: readonly (string | TextColumn)[],
  rows: readonly (readonly HtmlCell[])[],
  caption?: string,
  { sortable = false }: { sortable?: boolean } = {},
): string {
  const full = resolveColumns(columns, rows);
  const style = (i: number): string => `${CELL_STYLE}text-align:${full[i]!.align}`;
  const headStyle = `;white-space:nowrap${sortable ? ';cursor:pointer' : ''}`;
  const title = sortable ? 'click to sort' : undefined;
  const head = full.map(({ name }, i) => element('th', { style: style(i) + headStyle, title }, escapeText(name)));
  const cell = (value: HtmlCell, i: number): string => {
    const text = markup(value, full[i]!.maxWidth);
    const whole = text.length <= UNBROKEN ? ';white-space:nowrap' : '';
    return element('td', { style: style(i) + whole, 'data-number': sortNumber(value) }, text);
  };
  const body = rows.map((row) => element('tr', {}, ...full.map((_, i) => cell(row[i] ?? '', i))));
  const captionStyle = `caption-side:top;text-align:left;padding:.25em .75em;${FAINT}`;
  return element(
    'table',
    { style: 'border-collapse:collapse' },
    caption === undefined ? '' : element('caption', { style: captionStyle }, escapeText(caption)),
    element('thead', { onclick: sortable ? SORT : undefined }, element('tr', {}, ...head)),
    element('tbody', {}, ...body, ''),
  );
}

function markup(value: HtmlCell, maxWidth: number | undefined): string {
  if (typeof value === 'object' && 'html' in value) return value.html;
  return escapeText(cutText(typeof value === 'object' ? value.text : cellText(value), maxWidth));
}

/** Numbers and dates are sorted by their value, all else by what is shown. */
function sortNumber(value: HtmlCell): string | undefined {
  if (typeof value !== 'object' || 'html' in value) return undefined;
  const { sortBy } = value;
  const number = sortBy instanceof Date ? sortBy.getTime() : sortBy;
  return typeof number === 'number' ? String(number) : undefined;
}
