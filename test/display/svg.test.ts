import { XMLParser, XMLValidator } from 'fast-xml-parser';
import { describe, expect, it } from 'vitest';
import type { BarTrace, Figure, HeatmapTrace, ScatterTrace } from '../../lib/display/figure.js';
import { figureLayout } from '../../lib/display/figures/layout.js';
import { panelsFigure } from '../../lib/display/figures/panels.js';
import { renderSvg } from '../../lib/display/svg/render.js';
import { formatTick, linearTicks, logTicks, niceStep } from '../../lib/display/svg/ticks.js';

/** All elements of a document as { name, attributes, text }, in order. */
function elements(svg: string): { name: string; attributes: Record<string, string>; text: string }[] {
  const parser = new XMLParser({
    preserveOrder: true,
    ignoreAttributes: false,
    attributeNamePrefix: '',
    trimValues: false,
  });
  const found: { name: string; attributes: Record<string, string>; text: string }[] = [];
  const walk = (nodes: Record<string, unknown>[]): void => {
    for (const node of nodes) {
      for (const [name, children] of Object.entries(node)) {
        if (name === ':@' || name === '#text') continue;
        const inner = children as Record<string, unknown>[];
        const text = inner.map((child) => child['#text'] ?? '').join('');
        found.push({ name, attributes: (node[':@'] ?? {}) as Record<string, string>, text });
        walk(inner);
      }
    }
  };
  walk(parser.parse(svg) as Record<string, unknown>[]);
  return found;
}

const ofClass = (svg: string, name: string) => elements(svg).filter(({ attributes }) => attributes.class === name);

const line = (x: ScatterTrace['x'], y: ScatterTrace['y'], more: Partial<ScatterTrace> = {}): ScatterTrace => ({
  type: 'scatter',
  mode: 'lines+markers',
  name: 'a',
  x,
  y,
  marker: { color: '#0072B2' },
  line: { color: '#0072B2' },
  ...more,
});
const figure = (data: Figure['data'], more: Partial<Parameters<typeof figureLayout>[0]> = {}): Figure => ({
  data,
  layout: figureLayout({ title: 'A title', x: { title: { text: 'x [s]' } }, y: { title: { text: 'y [m]' } }, ...more }),
});

describe('the SVG of a figure', () => {
  it('is one well-formed document with title, axis titles and one mark a datum', () => {
    const svg = renderSvg(figure([line([0, 1, 2, 3], [0, 1, 4, 9])]), { width: 500 });
    expect(XMLValidator.validate(svg)).toBe(true);
    const root = elements(svg)[0]!;
    expect(root.name).toBe('svg');
    expect(root.attributes).toMatchObject({ width: '500', height: '380', role: 'img', 'aria-label': 'A title' });
    expect(ofClass(svg, 'point')).toHaveLength(4);
    expect(ofClass(svg, 'line')).toHaveLength(1);
    expect(ofClass(svg, 'title')[0]!.text).toBe('A title');
    expect(ofClass(svg, 'axis-title').map(({ text }) => text)).toEqual(['x [s]', 'y [m]']);
  });

  it('places points in proportion to their values, larger y higher up', () => {
    const svg = renderSvg(figure([line([0, 1, 3], [0, 10, 30])]));
    const [a, b, c] = ofClass(svg, 'point').map(
      ({ attributes }) => [Number(attributes.cx), Number(attributes.cy)] as const,
    );
    expect((c![0] - a![0]) / (b![0] - a![0])).toBeCloseTo(3, 1);
    expect((a![1] - c![1]) / (a![1] - b![1])).toBeCloseTo(3, 1);
    expect(a![1]).toBeGreaterThan(c![1]);
  });

  it('leaves out what has no value, and breaks the line there', () => {
    const svg = renderSvg(figure([line([0, 1, 2, 3], [1, null, 2, 3])]));
    expect(ofClass(svg, 'point')).toHaveLength(3);
    expect(ofClass(svg, 'line')[0]!.attributes.d!.match(/M/g)).toHaveLength(2);
    const nothing = renderSvg(figure([line([], [])]));
    expect(XMLValidator.validate(nothing)).toBe(true);
    expect(nothing).not.toMatch(/NaN|Infinity|undefined/);
  });

  it('draws decades at equal distances on a log axis', () => {
    const svg = renderSvg(figure([line([1, 10, 100], [1, 2, 3])], { x: { type: 'log' } }));
    const xs = ofClass(svg, 'point').map(({ attributes }) => Number(attributes.cx));
    expect(xs[1]! - xs[0]!).toBeCloseTo(xs[2]! - xs[1]!, 1);
  });

  it('stacks bars without gaps or overlap, and groups them side by side', () => {
    const bars = (name: string, y: number[]): BarTrace => ({
      type: 'bar',
      name,
      x: ['p', 'q'],
      y,
      marker: { color: '#009E73' },
    });
    const boxes = (barmode: 'stack' | 'group') =>
      ofClass(renderSvg(figure([bars('a', [1, 2]), bars('b', [3, 1])], { more: { barmode } })), 'bar').map(
        ({ attributes }) => ({
          x: Number(attributes.x),
          y: Number(attributes.y),
          width: Number(attributes.width),
          height: Number(attributes.height),
        }),
      );
    const stacked = boxes('stack');
    expect(stacked).toHaveLength(4);
    expect(stacked[2]!.x).toBe(stacked[0]!.x);
    expect(stacked[2]!.y + stacked[2]!.height).toBeCloseTo(stacked[0]!.y, 1);
    expect(stacked[2]!.height / stacked[0]!.height).toBeCloseTo(3, 1);
    const grouped = boxes('group');
    expect(grouped[2]!.x).toBeCloseTo(grouped[0]!.x + grouped[0]!.width, 1);
    expect(grouped[2]!.y + grouped[2]!.height).toBeCloseTo(grouped[0]!.y + grouped[0]!.height, 1);
  });

  it('lays lying bars along x', () => {
    const trace: BarTrace = {
      type: 'bar',
      orientation: 'h',
      name: 'n',
      x: [2, 4],
      y: ['first', 'second'],
      marker: { color: ['#0072B2', '#D55E00'] },
    };
    const bars = ofClass(renderSvg(figure([trace], { y: { type: 'category', autorange: 'reversed' } })), 'bar');
    expect(Number(bars[1]!.attributes.width) / Number(bars[0]!.attributes.width)).toBeCloseTo(2, 1);
    expect(Number(bars[0]!.attributes.y)).toBeLessThan(Number(bars[1]!.attributes.y));
    expect(bars.map(({ attributes }) => attributes.fill)).toEqual(['#0072B2', '#D55E00']);
  });

  it('draws a cell a value, missing ones empty, and a bar of the colours', () => {
    const trace: HeatmapTrace = {
      type: 'heatmap',
      name: 'h',
      x: ['a', 'b', 'c'],
      y: ['r', 's'],
      z: [
        [0, 1, null],
        [0.5, 0.25, 1],
      ],
      zmin: 0,
      zmax: 1,
      colorscale: [
        [0, 'rgba(0,0,255,0)'],
        [1, 'rgba(0,0,255,1)'],
      ],
    };
    const svg = renderSvg(figure([trace], { x: { type: 'category' }, y: { type: 'category', autorange: 'reversed' } }));
    const cells = ofClass(svg, 'cell');
    expect(cells).toHaveLength(6);
    expect(cells[2]!.attributes.fill).toBe('none');
    expect(cells[1]!.attributes['fill-opacity']).toBeUndefined();
    expect(Number(cells[3]!.attributes['fill-opacity'])).toBeCloseTo(0.5);
    expect(elements(svg).filter(({ name }) => name === 'linearGradient')).toHaveLength(1);
  });

  it('draws error bars from end to end, and none without an interval', () => {
    const trace = line([1, 2], [5, 6], {
      mode: 'markers',
      error_y: { type: 'data', symmetric: false, array: [1, null], arrayminus: [2, null] },
    });
    const bars = ofClass(renderSvg(figure([trace])), 'error-bar');
    expect(bars).toHaveLength(1);
  });

  it('has a legend for more than one trace, wrapped where it is too wide', () => {
    expect(ofClass(renderSvg(figure([line([1, 2], [1, 2])])), 'legend')).toHaveLength(0);
    const many = Array.from({ length: 9 }, (_, i) => line([1, 2], [i, i], { name: `a rather long name ${i}` }));
    const entries = ofClass(renderSvg(figure(many), { width: 400 }), 'legend');
    expect(entries).toHaveLength(9);
    expect(new Set(entries.map(({ attributes }) => attributes.y)).size).toBeGreaterThan(2);
    for (const { attributes } of entries) expect(Number(attributes.x)).toBeLessThan(400);
  });

  it('tells values to the pointer', () => {
    const svg = renderSvg(figure([line([1, 2], [3, 4], { hovertext: ['one', 'two &lt; three'] })]));
    expect(
      elements(svg)
        .filter(({ name }) => name === 'title')
        .map(({ text }) => text),
    ).toEqual(['one', 'two &lt; three']);
  });

  it('keeps foreign text from becoming markup', () => {
    const hostile = '"><script>alert(1)</script>&\u0000\uD800';
    const svg = renderSvg(
      figure([line([1], [1], { name: hostile, hovertext: [hostile] }), line([2], [2])], { title: hostile }),
    );
    expect(XMLValidator.validate(svg)).toBe(true);
    expect(svg).not.toMatch(/<script/i);
    // biome-ignore lint/suspicious/noControlCharactersInRegex: that there is none is the point
    expect(svg).not.toMatch(/\u0000/);
  });

  it('fixes ink and paper in a theme, and takes those of the page otherwise', () => {
    const plot = figure([line([1, 2], [1, 2])]);
    expect(elements(renderSvg(plot, { theme: 'dark' }))[0]!.attributes.color).toBe('#e6e6e6');
    const inherited = elements(renderSvg(plot, { theme: 'inherit' }));
    expect(inherited[0]!.attributes.color).toBeUndefined();
    expect(inherited[1]!.name).not.toBe('rect');
    expect(renderSvg(plot)).toBe(renderSvg(structuredClone(plot)));
  });

  it('thins long lines, keeping their extremes', () => {
    const n = 20_000;
    const y = Array.from({ length: n }, (_, i) => (i === 12_345 ? 50 : Math.sin(i / 7)));
    const path = ofClass(
      renderSvg(
        figure([
          line(
            Array.from(y, (_, i) => i),
            y,
            { mode: 'lines' },
          ),
        ]),
      ),
      'line',
    )[0]!.attributes.d!;
    const heights = [...path.matchAll(/[ML][\d.]+ ([\d.-]+)/g)].map(([, at]) => Number(at));
    expect(heights.length).toBeLessThan(3000);
    expect(Math.max(...heights) - Math.min(...heights)).toBeGreaterThan(200);
  });
});

describe('a figure of panels', () => {
  const limit = { type: 'line', xref: 'paper', x0: 0, x1: 1, yref: 'y', y0: 5, y1: 5, line: { width: 1 } } as const;
  const panels = panelsFigure(
    [
      figure([line([1, 2], [1, 2])], { title: 'first' }),
      figure([line([10, 20, 30], [1, 2, 3])], { title: 'second', more: { shapes: [limit] } }),
      figure([line([1], [1])], { title: 'third' }),
    ],
    { title: 'All', columns: 2, height: 600 },
  );

  it('has a pair of axes for each, in a grid that is read from the top left', () => {
    expect(panels.data.map((trace) => [trace.xaxis, trace.yaxis])).toEqual([
      ['x', 'y'],
      ['x2', 'y2'],
      ['x3', 'y3'],
    ]);
    expect(panels.layout.shapes).toEqual([{ ...limit, xref: 'x2 domain', yref: 'y2' }]);
    expect(panels.layout.xaxis2).toMatchObject({
      domain: [expect.closeTo(0.565, 4), 1],
      anchor: 'y2',
      title: { text: 'x [s]' },
    });
    expect(panels.layout.yaxis).toMatchObject({ domain: [0.6, 1] });
    expect(panels.layout.yaxis3).toMatchObject({ domain: [0, 0.4] });
  });

  it('is drawn panel by panel with its titles, marks and lines', () => {
    const svg = renderSvg(panels, { width: 800, footer: 'a remark' });
    expect(XMLValidator.validate(svg)).toBe(true);
    expect(ofClass(svg, 'title').map(({ text }) => text)).toEqual(['All', 'first', 'second', 'third']);
    expect(ofClass(svg, 'point')).toHaveLength(6);
    expect(ofClass(svg, 'shape')).toHaveLength(1);
    expect(ofClass(svg, 'footer')[0]!.text).toBe('a remark');
    expect(ofClass(svg, 'panel').map(({ attributes }) => attributes.transform)).toEqual([
      'translate(0 36)',
      'translate(400 36)',
      'translate(0 309)',
    ]);
    const ids = elements(svg)
      .filter(({ name }) => name === 'clipPath')
      .map(({ attributes }) => attributes.id);
    expect(new Set(ids).size).toBe(3);
  });
});

describe('ticks', () => {
  it('are at steps of 1, 2 or 5 times a power of ten', () => {
    for (const span of [0.0007, 0.3, 1, 7, 42, 1234, 9e8]) {
      const step = niceStep(span, 6);
      expect([1, 2, 5, 10]).toContain(Math.round(step / 10 ** Math.floor(Math.log10(step) + 1e-9)));
      expect(span / step).toBeGreaterThan(2.5);
      expect(span / step).toBeLessThan(12);
    }
    expect(linearTicks(0, 1, 5, undefined).map(({ label }) => label)).toEqual([
      '0.0',
      '0.2',
      '0.4',
      '0.6',
      '0.8',
      '1.0',
    ]);
    expect(linearTicks(-0.05, 0.05, 4, undefined).map(({ at }) => at)).toEqual([-0.04, -0.02, 0, 0.02, 0.04]);
    expect(linearTicks(0, 3, 10, ',d').map(({ label }) => label)).toEqual(['0', '1', '2', '3']);
  });

  it('of a log axis are decades, with 2 and 5 between where there is room', () => {
    expect(logTicks(0, 2, 6, undefined).map(({ label }) => label)).toEqual(['1', '2', '5', '10', '20', '50', '100']);
    expect(logTicks(-6, 0, 6, undefined).map(({ at }) => at)).toEqual([-6, -5, -4, -3, -2, -1, 0]);
  });

  it('are labelled as d3-format would', () => {
    expect(formatTick(12345, 1, ',d')).toBe('12,345');
    expect(formatTick(2024, 1, 'd')).toBe('2024');
    expect(formatTick(0.25, 0.25, '.0%')).toBe('25%');
    expect(formatTick(0.0002, 0.0001, undefined)).toBe('2e-4');
    expect(formatTick(-0.5, 0.5, undefined)).toBe('−0.5');
  });
});
