/**
 * Reference lines and remarks: layout.shapes and layout.annotations.
 */
import { type Annotation, type LineShape, type Reference, readPlotText } from '../figure.js';
import { element, escapeText, short } from './element.js';
import { INK, type PlotArea } from './plot-area.js';
import { dashArray } from './scatter.js';

/** Coordinates that reference lines want to be seen at. */
export function shapeExtent(shapes: readonly LineShape[], direction: 'x' | 'y'): number[] {
  return shapes.flatMap((shape) =>
    direction === 'x'
      ? shape.xref === 'x'
        ? [shape.x0, shape.x1]
        : []
      : shape.yref === 'y'
        ? [shape.y0, shape.y1]
        : [],
  );
}

export function drawShape(shape: LineShape, area: PlotArea): string {
  const [x0, y0] = [horizontal(shape.xref, shape.x0, area), vertical(shape.yref, shape.y0, area)];
  const [x1, y1] = [horizontal(shape.xref, shape.x1, area), vertical(shape.yref, shape.y1, area)];
  return element('path', {
    class: 'shape',
    d: `M${short(x0)} ${short(y0)}L${short(x1)} ${short(y1)}`,
    stroke: shape.line.color ?? INK,
    'stroke-width': shape.line.width ?? 1,
    'stroke-dasharray': dashArray(shape.line.dash),
  });
}

const ANCHORS = { left: 'start', center: 'middle', right: 'end' };
const BASELINES = { top: '.8em', middle: '.35em', bottom: '-.25em' };

export function drawAnnotation(annotation: Annotation, area: PlotArea): string {
  return element(
    'text',
    {
      class: 'annotation',
      x: horizontal(annotation.xref, annotation.x, area),
      y: vertical(annotation.yref, annotation.y, area),
      dy: BASELINES[annotation.yanchor ?? 'middle'],
      'text-anchor': ANCHORS[annotation.xanchor ?? 'center'],
      'font-size': annotation.font?.size ?? 11,
      fill: annotation.font?.color ?? INK,
    },
    escapeText(readPlotText(annotation.text).join(' ')),
  );
}

function horizontal(ref: Reference<'x'>, value: number, area: PlotArea): number {
  return ref === 'x' ? area.toX(value) : area.left + value * area.width;
}

function vertical(ref: Reference<'y'>, value: number, area: PlotArea): number {
  return ref === 'y' ? area.toY(value) : area.top + (1 - value) * area.height;
}
