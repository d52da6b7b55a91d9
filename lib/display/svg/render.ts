/**
 * A figure as a picture: one standalone SVG document, or a piece of a page that takes the page's own ink.
 */
import { createHash } from 'node:crypto';
import type { BarTrace, Figure, HeatmapTrace, ScatterTrace } from '../figure.js';
import { readPlotText } from '../figure.js';
import { drawAxes, drawAxisTitles, horizontalRoom, verticalRoom } from './axes.js';
import { type Bar, barExtent, drawBars, layBars } from './bars.js';
import { element, escapeText } from './element.js';
import { COLOUR_BAR_SPACE, drawColourBar, drawHeatmap } from './heatmap.js';
import { drawLegend, layLegend } from './legend.js';
import { INK, type PlotArea } from './plot-area.js';
import { axisCategories, type Domain, domainTicks, pixelScale, resolveDomain } from './scale.js';
import { drawScatter, scatterExtent } from './scatter.js';
import { drawAnnotation, drawShape, shapeExtent } from './shapes.js';
import { FONT_FAMILY, fitText } from './text.js';

export interface SvgOptions {
  /** Pixels; the height is the figure's own. Default 640. */
  width?: number;
  height?: number;
  /**
   * "light" and "dark" paint a background and fix the ink; "inherit" has no background and takes the colour of the text
   * around it, for SVG that is part of a page. Default "light".
   */
  theme?: 'light' | 'dark' | 'inherit';
}

const THEMES = {
  light: { ink: '#1f2328', paper: '#ffffff' },
  dark: { ink: '#e6e6e6', paper: '#161b22' },
};

/** Draws a figure. The same figure and options give the same text. */
export function renderSvg(figure: Figure, options: SvgOptions = {}): string {
  const { layout } = figure;
  const { width = 640, height = layout.height, theme = 'light' } = options;
  const id = `f${createHash('sha256')
    .update(JSON.stringify([figure, options]))
    .digest('hex')
    .slice(0, 10)}`;
  const colours = theme === 'inherit' ? null : THEMES[theme];
  const title = readPlotText(layout.title.text).join(' ');
  const content = drawFigure(figure, width, height, id);
  return element(
    'svg',
    {
      xmlns: 'http://www.w3.org/2000/svg',
      viewBox: `0 0 ${width} ${height}`,
      width,
      height,
      role: 'img',
      'aria-label': title,
      'font-family': FONT_FAMILY,
      color: colours?.ink,
    },
    colours ? element('rect', { width, height, fill: colours.paper }) : '',
    content,
  );
}

function drawFigure(figure: Figure, width: number, height: number, id: string): string {
  const { data, layout } = figure;
  const scatters = data.filter((trace): trace is ScatterTrace => trace.type === 'scatter');
  const heatmaps = data.filter((trace): trace is HeatmapTrace => trace.type === 'heatmap');
  const categories = {
    x: axisCategories(
      layout.xaxis,
      data.flatMap((trace) => trace.x),
    ),
    y: axisCategories(
      layout.yaxis,
      data.flatMap((trace) => trace.y),
    ),
  };
  const bars = layBars(
    data.filter((trace): trace is BarTrace => trace.type === 'bar'),
    layout,
    categories,
  );
  const x = domainOf('x', figure, categories.x, scatters, bars);
  const y = domainOf('y', figure, categories.y, scatters, bars);

  const subtitle = layout.title.subtitle?.text;
  const top = (layout.title.text ? 34 : 10) + (subtitle ? 17 : 0);
  const legend = layLegend(figure, width - 24);
  const scaleBar = heatmaps.find((trace) => trace.showscale !== false);
  const right = scaleBar ? COLOUR_BAR_SPACE + 8 : 18;
  const yTicks = domainTicks(y, Math.max(2, Math.round((height - top - legend.height - 45) / 48)));
  const yRoom = verticalRoom(layout.yaxis, yTicks, width);
  const left = yRoom.space + 6;
  const plotWidth = Math.max(20, width - left - right);
  const xTicks = domainTicks(x, Math.max(2, Math.round(plotWidth / 75)));
  const xRoom = horizontalRoom(
    layout.xaxis,
    xTicks,
    plotWidth,
    categories.x !== null || layout.xaxis.ticktext !== undefined,
  );
  const plotHeight = Math.max(20, height - top - xRoom.space - legend.height - 8);
  const area: PlotArea = {
    left,
    top,
    width: plotWidth,
    height: plotHeight,
    x,
    y,
    toX: pixelScale(x, left, left + plotWidth),
    toY: pixelScale(y, top + plotHeight, top),
    id,
  };
  return [
    drawTitle(layout.title.text, subtitle, width),
    drawAxes(area, xRoom, yRoom),
    element(
      'clipPath',
      { id: `${id}-area` },
      element('rect', { x: left - 1, y: top - 6, width: plotWidth + 7, height: plotHeight + 7 }),
    ),
    element(
      'g',
      { 'clip-path': `url(#${id}-area)` },
      ...heatmaps.map((trace) => drawHeatmap(trace, area)),
      drawBars(bars, area),
      ...(layout.shapes ?? []).map((shape) => drawShape(shape, area)),
      ...scatters.map((trace) => drawScatter(trace, area)),
    ),
    ...(layout.annotations ?? []).map((annotation) => drawAnnotation(annotation, area)),
    scaleBar ? drawColourBar(scaleBar, area) : '',
    drawAxisTitles(area, xRoom, yRoom),
    drawLegend(legend, 14, height - legend.height),
  ].join('');
}

function domainOf(
  direction: 'x' | 'y',
  { data, layout }: Figure,
  categories: string[] | null,
  scatters: readonly ScatterTrace[],
  bars: readonly Bar[],
): Domain {
  const axis = direction === 'x' ? layout.xaxis : layout.yaxis;
  const coordinates = [
    ...scatters.flatMap((trace) => scatterExtent(trace, direction, axis, categories)),
    ...barExtent(bars, direction),
    ...shapeExtent(layout.shapes ?? [], direction),
  ];
  const labelled = data.some((trace) => trace.type === 'bar' && trace.textposition === 'outside');
  const pointed = scatters.some((trace) => trace.mode.includes('markers'));
  // Lines run from edge to edge of the x axis; everything else keeps off the frame.
  const margin = direction === 'x' && !labelled && !pointed ? 0 : labelled ? 0.1 : 0.05;
  return resolveDomain(axis, categories, coordinates, margin);
}

function drawTitle(title: string, subtitle: string | undefined, width: number): string {
  const text = (content: string, y: number, attributes: Record<string, string | number>): string =>
    element(
      'text',
      { x: 14, y, fill: INK, ...attributes },
      escapeText(fitText(readPlotText(content).join(' '), Number(attributes['font-size']), width - 24)),
    );
  return [
    title ? text(title, 21, { class: 'title', 'font-size': 14, 'font-weight': 600 }) : '',
    subtitle ? text(subtitle, 39, { class: 'subtitle', 'font-size': 11.5, opacity: 0.75 }) : '',
  ].join('');
}
