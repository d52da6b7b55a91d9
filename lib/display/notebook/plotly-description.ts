/**
 * Any Plotly description as a notebook shows it: plain JSON in the look of this project where its author left the look open,
 * and a picture of it for viewers without plotly.js where the traces are of the kinds that svg/ draws.
 */
import { UserError } from '../../core/errors.js';
import type { Axis, BarTrace, Datum, Figure, ScatterTrace } from '../figure.js';
import { figureLayout } from '../figures/layout.js';
import { OKABE_ITO } from '../palette.js';

/** A plot in Plotly's own schema: https://plotly.com/javascript/reference */
export interface PlotlyDescription {
  data: readonly object[];
  layout?: object;
  config?: object;
}

/** What is sent to the viewer, and what a picture is drawn from; null where only plotly.js can draw it. */
export interface DescribedFigure {
  description: { data: object[]; layout: { title?: unknown; height?: number }; config?: object };
  drawable: Figure | null;
}

const COLOURS = Object.values(OKABE_ITO);
/** Plotly joins points by lines, and marks them while they are few. */
const MARKED_POINTS = 20;

/** @throws UserError for what is no description: expected `{ data: [...], layout: {...} }` */
export function describeFigure(figure: Figure | PlotlyDescription): DescribedFigure {
  const { data, layout = {} } = (figure ?? {}) as PlotlyDescription;
  if (!Array.isArray(data) || !data.every(isRecord) || !isRecord(layout)) {
    throw new UserError(
      'show: expected a figure or a Plotly description { data: [{ x, y, type: "scatter" }], layout: { title: "…" } }',
    );
  }
  if (isFigure(figure)) return { description: figure, drawable: figure };
  const plain = withTitleObjects(plainData(figure)) as { data: Raw[]; layout?: Raw; config?: object };
  const own = plain.layout ?? {};
  const { height, ...look } = figureLayout({ title: '', x: {}, y: {} });
  const { title: _, margin: __, xaxis, yaxis, ...open } = look;
  // a template gives way to all that the author says, also of further axes
  const template = { layout: { ...open, xaxis, yaxis, colorway: COLOURS } };
  const described = { template, height, ...own };
  return { description: { ...plain, layout: described }, drawable: drawable(plain.data, described) };
}

type Raw = Record<string, unknown>;

function isRecord(value: unknown): value is Raw {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

function isFigure(figure: Figure | PlotlyDescription): figure is Figure {
  const { title, xaxis, yaxis, height, font } = (figure.layout ?? {}) as Raw;
  return isRecord(title) && isRecord(xaxis) && isRecord(yaxis) && isRecord(font) && typeof height === 'number';
}

/** Typed arrays as arrays, dates as text, numbers that JSON cannot hold as gaps. */
function plainData(value: unknown): unknown {
  if (typeof value === 'number') return Number.isFinite(value) ? value : null;
  if (ArrayBuffer.isView(value) && !(value instanceof DataView)) return Array.from(value as Float64Array, plainData);
  if (value instanceof Date) return value.toISOString();
  if (Array.isArray(value)) return value.map(plainData);
  if (!isRecord(value)) return value;
  return Object.fromEntries(Object.entries(value).map(([key, of]) => [key, plainData(of)]));
}

/** plotly.js 3 and later read `title: { text: 'mine' }` alone; `title: 'mine'` is how most people write it. */
function withTitleObjects(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(withTitleObjects);
  if (!isRecord(value)) return value;
  const entries = Object.entries(value).map(([key, of]) => {
    if (OWN_DATA.has(key)) return [key, of];
    return [key, key === 'title' && typeof of === 'string' ? { text: of } : withTitleObjects(of)];
  });
  return Object.fromEntries(entries);
}

/** Where a description carries what its author likes. */
const OWN_DATA = new Set(['meta', 'customdata']);

/** The description as a figure that svg/ draws: lines, points and bars. */
function drawable(data: readonly Raw[], layout: Raw): Figure | null {
  const traces = data.map(drawableTrace);
  if (traces.some((trace) => trace === null)) return null;
  const axis = (of: unknown): Axis => (isRecord(of) ? { ...of, ...titled(of.title) } : {}) as Axis;
  const text = textOf(layout.title);
  const more = isRecord(layout.margin) || !Array.isArray(layout.shapes) ? {} : { shapes: layout.shapes };
  return {
    data: traces as Figure['data'],
    layout: figureLayout({
      title: text,
      x: axis(layout.xaxis),
      y: axis(layout.yaxis),
      height: layout.height as number,
      more: { ...more, ...(layout.barmode === 'stack' ? { barmode: 'stack' } : {}) },
    }),
  };
}

function titled(title: unknown): Pick<Axis, 'title'> {
  const text = textOf(title);
  return text === '' ? {} : { title: { text } };
}

/** A title is a text, or has one. */
function textOf(title: unknown): string {
  const text = isRecord(title) ? title.text : title;
  return typeof text === 'string' ? text : '';
}

function drawableTrace(trace: Raw, nth: number): ScatterTrace | BarTrace | null {
  const { type = 'scatter', x, y, name, mode, marker, line } = trace;
  const isDatum = (value: unknown): value is Datum => ['number', 'string'].includes(typeof value) || value === null;
  const values = [x, y].filter(Array.isArray)[0] as unknown[] | undefined;
  if ((type !== 'scatter' && type !== 'bar') || !values || trace.xaxis !== undefined) return null;
  const places = values.map((_, i) => i);
  const [across, up] = [(x ?? places) as unknown[], (y ?? places) as unknown[]];
  if (!Array.isArray(across) || !Array.isArray(up) || ![...across, ...up].every(isDatum)) return null;
  const color = COLOURS[nth % COLOURS.length];
  const common = {
    name: typeof name === 'string' ? name : `trace ${nth}`,
    x: across as Datum[],
    y: up as Datum[],
    marker: { color, ...(isRecord(marker) && typeof marker.color === 'string' ? { color: marker.color } : {}) },
  };
  if (type === 'bar') return { ...common, type, ...(trace.orientation === 'h' ? { orientation: 'h' } : {}) };
  const modes = ['lines', 'markers', 'lines+markers'] as const;
  const marked = across.length < MARKED_POINTS ? 'lines+markers' : 'lines';
  return {
    ...common,
    type,
    mode: modes.find((known) => known === mode) ?? marked,
    line: { color, ...(isRecord(line) && typeof line.color === 'string' ? { color: line.color } : {}) },
  };
}
