/**
 * Lines, points and error bars of a scatter trace.
 */
import type { Dash, ErrorBars, ScatterTrace } from '../figure.js';
import { element, hoverTitle, short } from './element.js';
import { marker } from './markers.js';
import { type PlotArea, place } from './plot-area.js';
import { coordinate, type Domain } from './scale.js';

const DASHES: Record<Dash, string | undefined> = {
  solid: undefined,
  dot: '1.5 3.5',
  dash: '7 4',
  dashdot: '8 3.5 1.5 3.5',
};
/** Above this many points, a line has no spots of its own to point at. */
const MAX_HOVER_SPOTS = 150;

export function dashArray(dash: Dash | undefined): string | undefined {
  return DASHES[dash ?? 'solid'];
}

/** Coordinates that the axis along `direction` has to show: the values with both ends of their error bars. */
export function scatterExtent(
  trace: ScatterTrace,
  direction: 'x' | 'y',
  axis: Domain['axis'],
  categories: string[] | null,
): number[] {
  const values = trace[direction].map((value) => coordinate(value, axis, categories));
  const bars = direction === 'x' ? trace.error_x : trace.error_y;
  if (!bars) return values;
  return values.flatMap((value, i) => [value, value + (bars.array[i] ?? 0), value - (bars.arrayminus[i] ?? 0)]);
}

export function drawScatter(trace: ScatterTrace, area: PlotArea): string {
  const points = trace.x.map((x, i) => place(area, x, trace.y[i] ?? null));
  const parts: string[] = [];
  if (trace.error_x) parts.push(...errorBars(trace, trace.error_x, 'x', points, area));
  if (trace.error_y) parts.push(...errorBars(trace, trace.error_y, 'y', points, area));
  if (trace.mode.includes('lines')) parts.push(line(trace, points, area.width));
  if (trace.mode.includes('markers')) parts.push(...markers(trace, points));
  else if (points.length <= MAX_HOVER_SPOTS && trace.hoverinfo !== 'skip') parts.push(...hoverSpots(trace, points));
  return element('g', { opacity: trace.opacity }, ...parts);
}

function line(trace: ScatterTrace, points: [number, number][], width: number): string {
  let path = '';
  let open = false;
  for (const [x, y] of thinned(points, width)) {
    if (Number.isFinite(x) && Number.isFinite(y)) {
      path += `${open ? 'L' : 'M'}${short(x)} ${short(y)}`;
      open = true;
    } else open = false;
  }
  return element('path', {
    class: 'line',
    d: path || undefined,
    fill: 'none',
    stroke: trace.line?.color ?? '#777777',
    'stroke-width': trace.line?.width ?? 2,
    'stroke-dasharray': dashArray(trace.line?.dash),
    'stroke-linejoin': 'round',
    'stroke-linecap': 'round',
  });
}

/** Long lines keep the first, lowest, highest and last point of each pixel column: nobody could see the others. */
function thinned(points: [number, number][], width: number): [number, number][] {
  if (points.length < 4 * width) return points;
  const columns = new Map<number, [number, number][]>();
  for (const point of points) {
    const column = columns.get(Math.floor(point[0]));
    if (column) column.push(point);
    else columns.set(Math.floor(point[0]), [point]);
  }
  return [...columns.values()].flatMap((column) => {
    const heights = column.map(([, y]) => y);
    const keep = new Set([
      0,
      heights.indexOf(Math.min(...heights)),
      heights.indexOf(Math.max(...heights)),
      column.length - 1,
    ]);
    return column.filter(([, y], i) => keep.has(i) || !Number.isFinite(y));
  });
}

function markers(trace: ScatterTrace, points: [number, number][]): string[] {
  const { color = '#777777', size = 7, symbol = 'circle' } = trace.marker ?? {};
  return points.flatMap(([x, y], i) =>
    Number.isFinite(x) && Number.isFinite(y)
      ? marker(
          symbol,
          x,
          y,
          size,
          { class: 'point', fill: typeof color === 'string' ? color : color[i] },
          ...hoverTitle(hoverText(trace, i)),
        )
      : [],
  );
}

function hoverSpots(trace: ScatterTrace, points: [number, number][]): string[] {
  return points.flatMap(([x, y], i) =>
    Number.isFinite(x) && Number.isFinite(y)
      ? element('circle', { class: 'spot', cx: x, cy: y, r: 6, opacity: 0 }, ...hoverTitle(hoverText(trace, i)))
      : [],
  );
}

function hoverText(trace: ScatterTrace, i: number): string {
  return trace.hovertext?.[i] ?? `${trace.name}: ${trace.x[i]}, ${trace.y[i]}`;
}

function errorBars(
  trace: ScatterTrace,
  bars: ErrorBars,
  direction: 'x' | 'y',
  points: [number, number][],
  area: PlotArea,
): string[] {
  const color = bars.color ?? (typeof trace.marker?.color === 'string' ? trace.marker.color : '#777777');
  const cap = bars.width ?? 4;
  return points.flatMap(([x, y], i) => {
    const plus = bars.array[i];
    const minus = bars.arrayminus[i];
    if (!Number.isFinite(x) || !Number.isFinite(y) || plus == null || minus == null) return [];
    const value = Number(trace[direction][i]);
    const [low, high] =
      direction === 'x'
        ? [area.toX(value - minus), area.toX(value + plus)]
        : [area.toY(value - minus), area.toY(value + plus)];
    const path =
      direction === 'x'
        ? `M${short(low)} ${short(y)}H${short(high)}M${short(low)} ${short(y - cap)}V${short(y + cap)}M${short(high)} ${short(y - cap)}V${short(y + cap)}`
        : `M${short(x)} ${short(low)}V${short(high)}M${short(x - cap)} ${short(low)}H${short(x + cap)}M${short(x - cap)} ${short(high)}H${short(x + cap)}`;
    return element('path', {
      class: 'error-bar',
      d: path,
      fill: 'none',
      stroke: color,
      'stroke-width': bars.thickness ?? 1.5,
    });
  });
}
