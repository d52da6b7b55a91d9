/**
 * A figure as a picture: one standalone SVG document, or a piece of a page that takes the page's own ink.
 */
import { createHash } from 'node:crypto';
import { type Figure, readPlotText } from '../figure.js';
import { drawFigure, drawTitle } from './draw-figure.js';
import { element, escapeText } from './element.js';
import { type Panel, splitPanels } from './panels.js';
import { INK } from './plot-area.js';
import { FONT_FAMILY } from './text.js';

export interface SvgOptions {
  /** Pixels; the height is the figure's own. Default 640. */
  width?: number;
  height?: number;
  /**
   * "light" and "dark" paint a background and fix the ink; "inherit" has no background and takes the colour of the text
   * around it, for SVG that is part of a page. Default "light".
   */
  theme?: 'light' | 'dark' | 'inherit';
  /** A faint line of text in the lower right corner, below the figure. */
  footer?: string;
}

const THEMES = {
  light: { ink: '#1f2328', paper: '#ffffff' },
  dark: { ink: '#e6e6e6', paper: '#161b22' },
};
const FOOTER_HEIGHT = 18;

/** Draws a figure. The same figure and options give the same text. */
export function renderSvg(figure: Figure, options: SvgOptions = {}): string {
  const { layout } = figure;
  const { width = 640, height = layout.height, theme = 'light', footer } = options;
  const digest = createHash('sha256')
    .update(JSON.stringify([figure, options]))
    .digest('hex');
  const id = `f${digest.slice(0, 10)}`;
  const colours = theme === 'inherit' ? null : THEMES[theme];
  const drawn = height - (footer ? FOOTER_HEIGHT : 0);
  const panels = splitPanels(figure);
  const content = panels ? drawPanels(figure, panels, width, drawn, id) : drawFigure(figure, width, drawn, id);
  return element(
    'svg',
    {
      xmlns: 'http://www.w3.org/2000/svg',
      viewBox: `0 0 ${width} ${height}`,
      width,
      height,
      role: 'img',
      'aria-label': readPlotText(layout.title.text).join(' '),
      'font-family': FONT_FAMILY,
      color: colours?.ink,
    },
    colours ? element('rect', { width, height, fill: colours.paper }) : '',
    content,
    footer ? drawFooter(footer, width, height) : '',
  );
}

/** Panels in equal cells below the common title. */
function drawPanels(figure: Figure, panels: readonly Panel[], width: number, height: number, id: string): string {
  const { title } = figure.layout;
  const top = title.text ? 36 : 4;
  const columns = [...new Set(panels.map(({ left }) => left))].sort((a, b) => a - b);
  const rows = [...new Set(panels.map((panel) => panel.top))].sort((a, b) => a - b);
  const cell = { width: width / columns.length, height: (height - top) / rows.length };
  const cells = panels.map((panel, i) => {
    const x = columns.indexOf(panel.left) * cell.width;
    const y = top + rows.indexOf(panel.top) * cell.height;
    const drawn = drawFigure(panel.figure, cell.width, cell.height, `${id}-${i + 1}`);
    return element('g', { class: 'panel', transform: `translate(${x} ${y})` }, drawn);
  });
  return drawTitle(title.text, undefined, 14, width) + cells.join('');
}

function drawFooter(text: string, width: number, height: number): string {
  const place = { x: width - 12, y: height - 7, 'text-anchor': 'end', 'font-size': 10, fill: INK, opacity: 0.55 };
  return element('text', { class: 'footer', ...place }, escapeText(text));
}
