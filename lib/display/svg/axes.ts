/**
 * Grid lines, tick labels and titles of the two axes, and the room they take.
 */
import { type Axis, readPlotText } from '../figure.js';
import { element, escapeText, short } from './element.js';
import { INK, type PlotArea } from './plot-area.js';
import { fitText, textWidth } from './text.js';
import type { Tick } from './ticks.js';

const FONT = 11;
const TITLE_FONT = 12;

/** Labels that would run into each other are turned; those that need more than this share of the picture are cut. */
const MAX_LABEL_SHARE = 0.38;

export interface AxisRoom {
  /** Pixels outside of the plot. */
  space: number;
  ticks: Tick[];
  /** Labels of the x axis are written slanting. */
  slanted: boolean;
}

/** Room left of the plot: the longest label and the title. */
export function verticalRoom(axis: Axis, ticks: readonly Tick[], pictureWidth: number): AxisRoom {
  const labelled = ticks.map((tick) => ({ ...tick, label: plain(tick.label) }));
  const limit = pictureWidth * MAX_LABEL_SHARE;
  const fitted = labelled.map((tick) => ({ ...tick, label: fitText(tick.label, FONT, limit) }));
  const longest = Math.max(0, ...fitted.map(({ label }) => textWidth(label, FONT)));
  return { space: longest + 10 + (axis.title?.text ? 22 : 4), ticks: fitted, slanted: false };
}

/** Room below the plot. @param width pixels of the plot  @param named the labels are names, that may slant; numbers stay upright */
export function horizontalRoom(axis: Axis, ticks: readonly Tick[], width: number, named: boolean): AxisRoom {
  const title = axis.title?.text ? 22 : 4;
  const labelled = ticks.map((tick) => ({ ...tick, label: plain(tick.label) }));
  const longest = Math.max(0, ...labelled.map(({ label }) => textWidth(label, FONT)));
  const slanted = named && labelled.length > 1 && longest + 6 > width / labelled.length;
  if (!slanted) return { space: FONT + 10 + title, ticks: labelled, slanted };
  const fitted = labelled.map((tick) => ({ ...tick, label: fitText(tick.label, FONT, 110) }));
  const drop = Math.max(...fitted.map(({ label }) => textWidth(label, FONT))) * Math.sin((40 * Math.PI) / 180);
  return { space: drop + 14 + title, ticks: fitted, slanted };
}

function plain(label: string): string {
  return readPlotText(label).join(' ');
}

/** Grid and labels; drawn before the marks. */
export function drawAxes(area: PlotArea, xRoom: AxisRoom, yRoom: AxisRoom): string {
  const { left, top, width, height } = area;
  const bottom = top + height;
  const grid = { stroke: INK, 'stroke-opacity': 0.13, 'stroke-width': 1 };
  const parts: string[] = [];
  for (const { at, label } of yRoom.ticks) {
    const y = area.toY(at);
    if (area.y.axis.showgrid !== false && !area.y.categories) {
      parts.push(element('path', { class: 'grid', d: `M${short(left)} ${short(y)}h${short(width)}`, ...grid }));
    }
    parts.push(tickLabel(label, { x: left - 8, y, dy: '.35em', 'text-anchor': 'end' }));
  }
  for (const { at, label } of xRoom.ticks) {
    const x = area.toX(at);
    if (area.x.axis.showgrid !== false && !area.x.categories) {
      parts.push(element('path', { class: 'grid', d: `M${short(x)} ${short(top)}v${short(height)}`, ...grid }));
    }
    parts.push(
      xRoom.slanted
        ? tickLabel(label, {
            transform: `translate(${short(x + 3)} ${short(bottom + 13)}) rotate(-40)`,
            'text-anchor': 'end',
          })
        : tickLabel(label, { x, y: bottom + 17, 'text-anchor': 'middle' }),
    );
  }
  parts.push(...baselines(area));
  return parts.join('');
}

/** The lines that bars stand on and that separate signs, where zero is in sight. */
function baselines(area: PlotArea): string[] {
  const strong = { class: 'baseline', stroke: INK, 'stroke-opacity': 0.45, 'stroke-width': 1 };
  const lines: string[] = [];
  const numeric = (domain: PlotArea['x']): boolean =>
    !domain.categories && domain.axis.type !== 'log' && domain.axis.zeroline !== false;
  if (numeric(area.y) && area.y.low <= 0 && area.y.high >= 0) {
    lines.push(element('path', { d: `M${short(area.left)} ${short(area.toY(0))}h${short(area.width)}`, ...strong }));
  }
  if (numeric(area.x) && area.x.low <= 0 && area.x.high >= 0) {
    lines.push(element('path', { d: `M${short(area.toX(0))} ${short(area.top)}v${short(area.height)}`, ...strong }));
  }
  return lines;
}

function tickLabel(label: string, attributes: Record<string, string | number>): string {
  return element(
    'text',
    { class: 'tick', 'font-size': FONT, fill: INK, opacity: 0.8, ...attributes },
    escapeText(label),
  );
}

/** Titles of both axes. @param x, y how much room the tick labels and titles have */
export function drawAxisTitles(area: PlotArea, xRoom: AxisRoom, yRoom: AxisRoom): string {
  const style = { class: 'axis-title', 'font-size': TITLE_FONT, fill: INK, 'text-anchor': 'middle' };
  const xTitle = area.x.axis.title?.text;
  const yTitle = area.y.axis.title?.text;
  const middle = area.top + area.height / 2;
  return [
    xTitle
      ? element(
          'text',
          { ...style, x: area.left + area.width / 2, y: area.top + area.height + xRoom.space - 6 },
          escapeText(plain(xTitle)),
        )
      : '',
    yTitle
      ? element(
          'text',
          { ...style, transform: `translate(${short(area.left - yRoom.space + 14)} ${short(middle)}) rotate(-90)` },
          escapeText(plain(yTitle)),
        )
      : '',
  ].join('');
}
