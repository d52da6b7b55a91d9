/**
 * The look that all figures share: transparent paper, ink and grid that read on white and on near-black, axis titles
 * that make room for themselves, the legend below the plot, the reader's zoom kept over live updates.
 */
import type { Axis, Layout } from '../figure.js';
import { GRID, NEUTRAL, OKABE_ITO } from '../palette.js';

const AXIS: Axis = {
  automargin: true,
  gridcolor: GRID,
  linecolor: GRID,
  zerolinecolor: 'rgba(128,128,128,0.6)',
  exponentformat: 'e',
  minexponent: 4,
};

/** A layout in the common look. Titles are text of a description: escape foreign text with `plotText`. */
export function figureLayout(options: {
  title: string;
  subtitle?: string;
  x: Axis;
  y: Axis;
  /** Pixels; default 380. */
  height?: number;
  more?: Partial<Layout>;
}): Layout {
  const { title, subtitle, x, y, height = 380, more } = options;
  const upright = { showgrid: true, zeroline: true };
  return {
    title: {
      text: title,
      ...(subtitle ? { subtitle: { text: subtitle, font: { size: 12 } } } : {}),
      font: { size: 14, weight: 600 },
      x: 0.02,
      xanchor: 'left',
      y: 0.98,
      yref: 'container',
      yanchor: 'top',
    },
    xaxis: { ...AXIS, ...upright, zeroline: false, ...withTitle(x) },
    yaxis: { ...AXIS, ...upright, ...withTitle(y) },
    height,
    margin: { l: 56, r: 18, t: subtitle ? 62 : 44, b: 44 },
    font: {
      family: 'system-ui, -apple-system, Segoe UI, Roboto, Helvetica, Arial, sans-serif',
      size: 12,
      color: NEUTRAL,
    },
    paper_bgcolor: 'rgba(0,0,0,0)',
    plot_bgcolor: 'rgba(0,0,0,0)',
    legend: {
      orientation: 'h',
      traceorder: 'normal',
      x: 0,
      xanchor: 'left',
      y: 0,
      yref: 'container',
      yanchor: 'bottom',
    },
    modebar: {
      bgcolor: 'rgba(0,0,0,0)',
      color: NEUTRAL,
      activecolor: OKABE_ITO.blue,
      remove: ['select2d', 'lasso2d', 'zoomIn2d', 'zoomOut2d', 'autoScale2d'],
    },
    hovermode: 'closest',
    uirevision: 'keep',
    ...more,
  };
}

function withTitle(axis: Axis): Axis {
  return axis.title ? { ...axis, title: { ...axis.title, font: { size: 12 }, standoff: 8 } } : axis;
}
