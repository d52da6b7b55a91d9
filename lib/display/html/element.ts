/**
 * Writing HTML: a piece of a page is a string in which all foreign text has been escaped.
 */
import { element, escapeText } from '../svg/element.js';

/** Markup that is safe to put into a page. */
export type Html = string;

/** An element with text for content. */
export function textElement(name: string, text: string, attributes: Record<string, string | undefined> = {}): Html {
  return element(name, attributes, escapeText(text));
}

/** Names, ids and dates up to so many characters stay on one line. */
const UNBROKEN = 22;

/** A column of a table; numbers go to the right. */
export interface HtmlColumn {
  name: string;
  align?: 'left' | 'right';
}

/**
 * A table with a head.
 * @param rows markup, one entry a column; plain text goes through `escapeText`
 * @param caption above the table, plain text
 */
export function htmlTable(columns: readonly HtmlColumn[], rows: readonly (readonly Html[])[], caption?: string): Html {
  const side = (i: number): string | undefined => (columns[i]?.align === 'right' ? 'number' : undefined);
  const head = columns.map(({ name }, i) => textElement('th', name, { class: side(i), scope: 'col' }));
  const body = rows.map((row) =>
    element(
      'tr',
      {},
      ...row.map((cell, i) =>
        i === 0
          ? element('th', { class: side(i), scope: 'row' }, cell)
          : element('td', { class: side(i) ?? (cell.length <= UNBROKEN ? 'whole' : undefined) }, cell),
      ),
    ),
  );
  return element(
    'div',
    { class: 'table' },
    element(
      'table',
      {},
      caption === undefined ? '' : textElement('caption', caption),
      element('thead', {}, element('tr', {}, ...head)),
      element('tbody', {}, ...body),
    ),
  );
}

/** Data for a script of the page: JSON that cannot close its own element. */
export function jsonScript(id: string, data: unknown): Html {
  return `<script type="application/json" id="${escapeText(id)}">${JSON.stringify(data).replaceAll('<', '\\u003c')}</script>`;
}
