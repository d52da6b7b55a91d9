/**
 * A figure of one panel: axes, marks, titles and legend, and the room that each of them gets.
 */
import { type BarTrace, type Figure, type HeatmapTrace, readPlotText, type ScatterTrace } from '../figure.js';
import { drawAxes, drawAxisTitles, horizontalRoom, verticalRoom } from './axes.js';
import { type Bar, barExtent, drawBars, layBars } from './bars.js';
import { element, escapeText } from './element.js';
import { COLOUR_BAR_SPACE, drawColourBar, drawHeatmap } from './heatmap.js';
import { drawLegend, layLegend } from './legend.js';
import { INK, type PlotArea } from './plot-area.js';
import { axisCategories, type Domain, domainTicks, pixelScale, resolveDomain } from './scale.js';
import { drawScatter, scatterExtent } from './scatter.js';
import { drawAnnotation, drawShape, shapeExtent } from './shapes.js';
import { fitText } from './text.js';

/**
 * Draws into a rectangle whose corner is at (0, 0).
 * @param width, height pixels  @param id names the clip path and gradient: unique among the pictures of a page
 */
export function drawFigure(figure: Figure, width: number, height: number, id: string): string {
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
  const titleSize = layout.title.font?.size ?? 14;
  const top = (layout.title.text ? titleSize + 20 : 10) + (subtitle ? 17 : 0);
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
    drawTitle(layout.title.text, subtitle, titleSize, width),
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

/** Title and subtitle; cut where they are too long. @param size pixels of the title's font */
export function drawTitle(title: string, subtitle: string | undefined, size: number, width: number): string {
  const line = (text: string, y: number, fontSize: number, attributes: Record<string, string | number>): string => {
    const fitted = fitText(readPlotText(text).join(' '), fontSize, width - 24);
    return element('text', { x: 14, y, fill: INK, 'font-size': fontSize, ...attributes }, escapeText(fitted));
  };
  return [
    title ? line(title, size + 7, size, { class: 'title', 'font-weight': 600 }) : '',
    subtitle ? line(subtitle, size + 25, 11.5, { class: 'subtitle', opacity: 0.75 }) : '',
  ].join('');
}
