/**
 * A figure in the colours of the page around it. This function also runs inside of pages (its source is written into
 * them), so it uses nothing but its parameters.
 */
import type { Figure } from '../figure.js';

/**
 * A copy of the figure with the page's ink for its text, and with see-through heatmap colours laid on the page's paper:
 * plotly.js picks black or white for the numbers in cells as if the paper were always white.
 *
 * @param ink, paper colours as #rrggbb or rgb(r, g, b)
 */
export function adaptFigure(figure: Figure, ink: string, paper: string): Figure {
  const channels = (colour: string): number[] =>
    colour.startsWith('#')
      ? [1, 3, 5].map((at) => Number.parseInt(colour.slice(at, at + 2), 16))
      : (colour.match(/[\d.]+/g) ?? []).map(Number);
  const below = channels(paper);
  const laidOn = (colour: string): string => {
    const [red = 0, green = 0, blue = 0, opacity = 1] = channels(colour);
    const mixed = [red, green, blue].map((value, i) => Math.round(value * opacity + (below[i] ?? 255) * (1 - opacity)));
    return `rgb(${mixed.join(',')})`;
  };
  const copy = structuredClone(figure);
  copy.layout.font = { ...(copy.layout.font as object), color: ink };
  for (const trace of copy.data) {
    if (trace.type !== 'heatmap') continue;
    trace.colorscale = trace.colorscale.map(([at, colour]) => [at, laidOn(colour)]);
  }
  return copy;
}
