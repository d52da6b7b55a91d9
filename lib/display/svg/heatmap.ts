/**
 * Cells coloured by value, with their text, and the bar that says which colour is which value.
 */

import { hexColour, scaleColour } from '../colour.js';
import { type HeatmapTrace, readPlotText } from '../figure.js';
import { element, escapeText, hoverTitle, short } from './element.js';
import { INK, type PlotArea, place } from './plot-area.js';
import { linearTicks } from './ticks.js';

/** Pixels right of the plot that the colour bar needs. */
export const COLOUR_BAR_SPACE = 74;

export function drawHeatmap(trace: HeatmapTrace, area: PlotArea): string {
  const width = Math.abs(area.toX(1) - area.toX(0));
  const height = Math.abs(area.toY(1) - area.toY(0));
  const gap = { x: trace.xgap ?? 0, y: trace.ygap ?? 0 };
  const span = trace.zmax - trace.zmin || 1;
  const cells: string[] = [];
  trace.z.forEach((row, r) => {
    row.forEach((value, c) => {
      const [x, y] = place(area, trace.x[c] ?? null, trace.y[r] ?? null);
      if (!Number.isFinite(x) || !Number.isFinite(y)) return;
      const colour = value === null ? null : scaleColour(trace.colorscale, (value - trace.zmin) / span);
      const hover = trace.hovertext?.[r]?.[c] ?? `${trace.y[r]}, ${trace.x[c]}: ${value ?? '–'}`;
      cells.push(
        element(
          'rect',
          {
            class: 'cell',
            x: x - (width - gap.x) / 2,
            y: y - (height - gap.y) / 2,
            width: width - gap.x,
            height: height - gap.y,
            fill: colour ? hexColour(colour) : 'none',
            'fill-opacity': colour && colour[3] < 1 ? colour[3] : undefined,
          },
          ...hoverTitle(readPlotText(hover).join('\n')),
        ),
      );
      const text = trace.text?.[r]?.[c];
      if (text) {
        // White on strong colours in both themes; on faint ones the page shines through and its own ink reads best.
        const fill = colour && colour[3] > 0.55 ? '#ffffff' : INK;
        const label = escapeText(readPlotText(text).join(' '));
        cells.push(
          element(
            'text',
            { x, y, dy: '.35em', 'text-anchor': 'middle', 'font-size': 11, fill, 'pointer-events': 'none' },
            label,
          ),
        );
      }
    });
  });
  return cells.join('');
}

/** The colour bar at the right of the plot. */
export function drawColourBar(trace: HeatmapTrace, area: PlotArea): string {
  const left = area.left + area.width + 18;
  const height = Math.min(area.height, 260);
  const top = area.top + (area.height - height) / 2;
  const gradient = `${area.id}-colours`;
  const stops = trace.colorscale.map(([at, colour]) => {
    const rgba = scaleColour(
      [
        [0, colour],
        [1, colour],
      ],
      0,
    );
    return element('stop', { offset: at, 'stop-color': hexColour(rgba), 'stop-opacity': rgba[3] });
  });
  const ticks = linearTicks(trace.zmin, trace.zmax, 5, trace.colorbar?.tickformat).map(({ at, label }) => {
    const y = top + height * (1 - (at - trace.zmin) / (trace.zmax - trace.zmin || 1));
    return element(
      'text',
      { x: left + 20, y, dy: '.35em', 'font-size': 11, fill: INK, opacity: 0.8 },
      escapeText(label),
    );
  });
  const title = trace.colorbar?.title?.text;
  return [
    element('defs', {}, element('linearGradient', { id: gradient, x1: 0, y1: 1, x2: 0, y2: 0 }, ...stops)),
    element('rect', {
      x: left,
      y: top,
      width: 13,
      height,
      fill: `url(#${gradient})`,
      stroke: INK,
      'stroke-opacity': 0.25,
    }),
    ...ticks,
    title
      ? element(
          'text',
          {
            transform: `translate(${short(left + 66 - 12)} ${short(top + height / 2)}) rotate(90)`,
            'text-anchor': 'middle',
            'font-size': 11,
            fill: INK,
            opacity: 0.8,
          },
          escapeText(readPlotText(title).join(' ')),
        )
      : '',
  ].join('');
}
