/**
 * What a plot is: one Plotly description (https://plotly.com/javascript/reference), in the small part of Plotly's
 * schema that the figures of this project need. The same object is drawn by plotly.js in a notebook or in the report,
 * and by `svg/` everywhere else. Text in a description is Plotly's pseudo-HTML: see {@link plotText}.
 */

/** A coordinate: a number, the name of a category, or null where there is no value (a gap in a line). */
export type Datum = number | string | null;

export interface Line {
  color?: string;
  /** Pixels. */
  width?: number;
  dash?: Dash;
}
export type Dash = 'solid' | 'dot' | 'dash' | 'dashdot';
export type MarkerSymbol = 'circle' | 'square' | 'diamond' | 'triangle-up' | 'cross';

/** Distances from the value to the ends of its interval. */
export interface ErrorBars {
  type: 'data';
  symmetric: false;
  array: (number | null)[];
  arrayminus: (number | null)[];
  thickness?: number;
  width?: number;
  color?: string;
}

interface TraceBase {
  name: string;
  /** Axes of another panel, "x2" and "y2", where a figure has several. */
  xaxis?: string;
  yaxis?: string;
  showlegend?: boolean;
  opacity?: number;
  /** False lets marks and texts reach over the edge of the plot. */
  cliponaxis?: boolean;
  /** What the pointer shows of each mark; one text a datum. */
  hovertext?: string[];
  hoverinfo?: 'text' | 'skip';
}

/** Points, joined by lines or not. */
export interface ScatterTrace extends TraceBase {
  type: 'scatter';
  mode: 'lines' | 'markers' | 'lines+markers';
  x: Datum[];
  y: Datum[];
  line?: Line;
  marker?: { color?: string | string[]; size?: number; symbol?: MarkerSymbol };
  error_x?: ErrorBars;
  error_y?: ErrorBars;
}

/** Bars from zero to a value; along x with `orientation: 'h'`. A histogram is bars with a `width` and no gap. */
export interface BarTrace extends TraceBase {
  type: 'bar';
  orientation?: 'v' | 'h';
  x: Datum[];
  y: Datum[];
  width?: number;
  marker?: { color?: string | string[]; line?: { color?: string; width?: number } };
  text?: string[];
  textposition?: 'outside' | 'none';
}

/** Cells coloured by value: z[row][column], rows named by y, columns by x. */
export interface HeatmapTrace extends Omit<TraceBase, 'hovertext'> {
  type: 'heatmap';
  x: string[];
  y: string[];
  z: (number | null)[][];
  zmin: number;
  zmax: number;
  colorscale: [number, string][];
  /** Printed in the cells. */
  text?: string[][];
  texttemplate?: string;
  hovertext?: string[][];
  showscale?: boolean;
  textfont?: { size?: number };
  colorbar?: {
    title?: { text: string; side?: 'right'; font?: { size: number } };
    tickformat?: string;
    thickness?: number;
    outlinewidth?: number;
  };
  xgap?: number;
  ygap?: number;
}

export type Trace = ScatterTrace | BarTrace | HeatmapTrace;

export interface Axis {
  title?: { text: string; [setting: string]: unknown };
  type?: 'linear' | 'log' | 'category';
  /** Ends of the axis; powers of ten on a log axis, as in Plotly. */
  range?: [number, number];
  rangemode?: 'normal' | 'tozero';
  autorange?: true | 'reversed';
  /** A d3-format specifier; the SVG writer knows "d", ",d", ".N%", ".Nf" and ".N~e". */
  tickformat?: string;
  tickvals?: number[];
  ticktext?: string[];
  categoryorder?: 'array';
  categoryarray?: string[];
  showgrid?: boolean;
  zeroline?: boolean;
  [setting: string]: unknown;
}

/** What a coordinate is measured on: an axis ("x", "y2"), the stretch of an axis ("x2 domain", 0 to 1) or the whole plot ("paper"). */
export type Reference<Letter extends 'x' | 'y'> =
  | Letter
  | 'paper'
  | `${Letter}${number}`
  | `${Letter} domain`
  | `${Letter}${number} domain`;

/** A straight line across the plot. */
export interface LineShape {
  type: 'line';
  xref: Reference<'x'>;
  yref: Reference<'y'>;
  x0: number;
  x1: number;
  y0: number;
  y1: number;
  line: Line;
}

export interface Annotation {
  text: string;
  xref: Reference<'x'>;
  yref: Reference<'y'>;
  x: number;
  y: number;
  xanchor?: 'left' | 'center' | 'right';
  yanchor?: 'top' | 'middle' | 'bottom';
  showarrow: false;
  font?: { size?: number; color?: string };
}

/** The first axes are `xaxis` and `yaxis`; those of further panels, `xaxis2` and so on, say with `domain` where they are. */
export interface Layout {
  title: {
    text: string;
    font?: { size: number; [setting: string]: unknown };
    subtitle?: { text: string; [setting: string]: unknown };
    [setting: string]: unknown;
  };
  xaxis: Axis;
  yaxis: Axis;
  height: number;
  barmode?: 'group' | 'stack';
  /** Share of the distance between bars that is left empty. */
  bargap?: number;
  showlegend?: boolean;
  shapes?: LineShape[];
  annotations?: Annotation[];
  [setting: string]: unknown;
}

/** A figure as Plotly describes it: traces and layout. */
export interface Figure {
  data: Trace[];
  layout: Layout;
}

/**
 * Makes any text safe for a description: Plotly reads tags (<b>, <a href>) and entities in names and labels, and the
 * title of a paper may well contain "<" or "&".
 */
export function plotText(text: string): string {
  return text.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('>', '&gt;');
}

const ENTITIES: Record<string, string> = { '&amp;': '&', '&lt;': '<', '&gt;': '>', '&quot;': '"', '&#39;': "'" };

/** The lines of plain text that a text of a description stands for: the inverse of {@link plotText}; <br> ends a line. */
export function readPlotText(text: string): string[] {
  return text
    .split(/<br\s*\/?>/)
    .map((line) => line.replace(/<[^>]*>/g, '').replace(/&(amp|lt|gt|quot|#39);/g, (entity) => ENTITIES[entity] ?? ''));
}

/** Plotly and JSON have no NaN: a value that is not finite becomes a gap. */
export function finiteOrNull(value: number | null | undefined): number | null {
  return typeof value === 'number' && Number.isFinite(value) ? value : null;
}
