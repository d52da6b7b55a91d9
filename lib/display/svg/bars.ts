/**
 * Bars, side by side or stacked, upright or lying; a histogram is upright bars without gaps.
 */
import { type BarTrace, type Datum, type Layout, readPlotText } from '../figure.js';
import { element, escapeText, hoverTitle } from './element.js';
import { INK, type PlotArea } from './plot-area.js';
import { coordinate, type Domain } from './scale.js';

/** A bar in coordinates: `across` along the axis of positions, `from` and `to` along that of values. */
export interface Bar {
  trace: BarTrace;
  index: number;
  across: [number, number];
  from: number;
  to: number;
}

/** Where all bars of a figure are, and how far they reach. */
export function layBars(
  traces: readonly BarTrace[],
  layout: Layout,
  categories: { x: string[] | null; y: string[] | null },
): Bar[] {
  const stacked = layout.barmode === 'stack';
  const gap = layout.bargap ?? 0.2;
  const tops = new Map<number, number>();
  return traces.flatMap((trace, nth) => {
    const lying = trace.orientation === 'h';
    const axis = (direction: 'x' | 'y', value: Datum): number =>
      coordinate(value, direction === 'x' ? layout.xaxis : layout.yaxis, categories[direction]);
    const width = trace.width ?? (1 - gap) / (stacked ? 1 : traces.length);
    const offset = stacked || trace.width !== undefined ? -width / 2 : -(1 - gap) / 2 + nth * width;
    const bars: Bar[] = [];
    for (let index = 0; index < trace.x.length; index++) {
      const x = axis('x', trace.x[index] ?? null);
      const y = axis('y', trace.y[index] ?? null);
      const [position, value] = lying ? [y, x] : [x, y];
      if (!Number.isFinite(position) || !Number.isFinite(value)) continue;
      const from = stacked ? (tops.get(position) ?? 0) : 0;
      if (stacked) tops.set(position, from + value);
      bars.push({ trace, index, across: [position + offset, position + offset + width], from, to: from + value });
    }
    return bars;
  });
}

/** Coordinates that the axis along `direction` has to show. */
export function barExtent(bars: readonly Bar[], direction: 'x' | 'y'): number[] {
  return bars.flatMap(({ trace, across, from, to }) =>
    (trace.orientation === 'h') === (direction === 'x') ? [from, to] : across,
  );
}

export function drawBars(bars: readonly Bar[], area: PlotArea): string {
  return bars.map((bar) => drawBar(bar, area)).join('');
}

function drawBar({ trace, index, across, from, to }: Bar, area: PlotArea): string {
  const lying = trace.orientation === 'h';
  const scale = (domain: Domain): ((at: number) => number) => (domain === area.x ? area.toX : area.toY);
  const [position, value] = lying ? [scale(area.y), scale(area.x)] : [scale(area.x), scale(area.y)];
  const [a, b] = [position(across[0]), position(across[1])].sort((p, q) => p - q) as [number, number];
  const [c, d] = [value(from), value(to)].sort((p, q) => p - q) as [number, number];
  const { color = '#777777', line } = trace.marker ?? {};
  const box = lying ? { x: c, y: a, width: d - c, height: b - a } : { x: a, y: c, width: b - a, height: d - c };
  const rect = element(
    'rect',
    {
      class: 'bar',
      ...box,
      fill: typeof color === 'string' ? color : color[index],
      stroke: line?.width ? line.color : undefined,
      'stroke-width': line?.width || undefined,
      opacity: trace.opacity,
    },
    ...hoverTitle(trace.hovertext?.[index] ?? `${trace.name}: ${trace.x[index]}, ${trace.y[index]}`),
  );
  const label = trace.textposition === 'outside' ? trace.text?.[index] : undefined;
  if (!label) return rect;
  const at = lying
    ? { x: d + 5, y: (a + b) / 2, dy: '.35em', 'text-anchor': 'start' }
    : { x: (a + b) / 2, y: c - 5, 'text-anchor': 'middle' };
  return rect + element('text', { ...at, fill: INK, 'font-size': 11 }, escapeText(readPlotText(label).join(' ')));
}
