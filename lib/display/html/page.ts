/** The frame of a page that needs nothing else: style, policy, plots that become interactive where scripts run. */
import type { Figure } from '../figure.js';
import { element } from '../svg/element.js';
import { type Html, jsonScript, textElement } from './element.js';
import { interactiveFigures } from './plotly.js';
import { STYLE } from './style.js';

/** The page's own policy forbids it any request. */
const POLICY =
  "default-src 'none'; style-src 'unsafe-inline'; script-src 'unsafe-inline' blob:; img-src data: blob:; worker-src blob:";

export interface PageParts {
  title: string;
  header: Html;
  main: readonly Html[];
  /** Plain text. */
  footer: string;
  /** By the names that `data-figure` refers to. */
  figures: Readonly<Record<string, Figure>>;
}

/** @returns an HTML document of about 3 MB, most of it plotly.js */
export function htmlPage({ title, header, main, footer, figures }: PageParts): string {
  return [
    '<!doctype html>',
    '<html lang="en">',
    '<head>',
    '<meta charset="utf-8">',
    `<meta http-equiv="Content-Security-Policy" content="${POLICY}">`,
    '<meta name="viewport" content="width=device-width, initial-scale=1">',
    textElement('title', title),
    `<style>${STYLE}</style>`,
    '</head>',
    '<body>',
    element('header', {}, header),
    element('main', {}, ...main),
    textElement('footer', footer),
    jsonScript('figures', figures),
    interactiveFigures(),
    '</body>',
    '</html>',
    '',
  ].join('\n');
}
