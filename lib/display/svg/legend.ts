/**
 * The legend below a plot: one entry a trace, in rows as wide as the picture allows.
 */
import { type Figure, type Layout, readPlotText, type Trace } from '../figure.js';
import { element, escapeText } from './element.js';
import { marker } from './markers.js';
import { INK } from './plot-area.js';
import { dashArray } from './scatter.js';
import { fitText, textWidth } from './text.js';

const FONT = 12;
const ROW = 20;
const SWATCH = 24;
const SPACE = 16;

interface Entry {
  trace: Trace;
  label: string;
  x: number;
  row: number;
}

export interface Legend {
  entries: Entry[];
  /** Pixels. */
  height: number;
}

/** Where the entries go in a width in pixels; none where the figure does not want a legend. */
export function layLegend({ data, layout }: Figure, width: number): Legend {
  if (!wanted(data, layout)) return { entries: [], height: 0 };
  const entries: Entry[] = [];
  let x = 0;
  let row = 0;
  for (const trace of data) {
    if (trace.showlegend === false || trace.type === 'heatmap') continue;
    const label = fitText(readPlotText(trace.name).join(' '), FONT, width - SWATCH - 6);
    const needed = SWATCH + 6 + textWidth(label, FONT);
    if (x > 0 && x + needed > width) {
      x = 0;
      row++;
    }
    entries.push({ trace, label, x, row });
    x += needed + SPACE;
  }
  return { entries, height: entries.length ? (row + 1) * ROW + 8 : 0 };
}

/** As Plotly does: from two entries on, or where the layout asks for it. */
function wanted(data: readonly Trace[], layout: Layout): boolean {
  return layout.showlegend ?? data.filter((trace) => trace.type !== 'heatmap' && trace.showlegend !== false).length > 1;
}

export function drawLegend(legend: Legend, left: number, top: number): string {
  return legend.entries
    .map(({ trace, label, x, row }) => {
      const y = top + row * ROW + ROW / 2;
      return (
        swatch(trace, left + x, y) +
        element(
          'text',
          { class: 'legend', x: left + x + SWATCH + 6, y, dy: '.35em', 'font-size': FONT, fill: INK },
          escapeText(label),
        )
      );
    })
    .join('');
}

function swatch(trace: Trace, x: number, y: number): string {
  if (trace.type === 'heatmap') return '';
  const colour = trace.marker?.color;
  const fill = typeof colour === 'string' ? colour : (colour?.[0] ?? '#777777');
  if (trace.type === 'bar') {
    const outline = trace.marker?.line;
    return element('rect', {
      x: x + 6,
      y: y - 6,
      width: 12,
      height: 12,
      rx: 1.5,
      fill,
      opacity: trace.opacity,
      stroke: outline?.width ? outline.color : undefined,
    });
  }
  const parts: string[] = [];
  if (trace.mode.includes('lines')) {
    parts.push(
      element('path', {
        d: `M${x} ${y}h${SWATCH}`,
        stroke: trace.line?.color ?? fill,
        'stroke-width': trace.line?.width ?? 2,
        'stroke-dasharray': dashArray(trace.line?.dash),
      }),
    );
  }
  if (trace.mode.includes('markers')) {
    parts.push(
      marker(trace.marker?.symbol ?? 'circle', x + SWATCH / 2, y, Math.min(9, trace.marker?.size ?? 7), { fill }),
    );
  }
  return element('g', { opacity: trace.opacity }, ...parts);
}
