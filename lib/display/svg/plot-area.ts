/**
 * The rectangle that marks are drawn in, with its two axes.
 */
import type { Datum } from '../figure.js';
import { coordinate, type Domain } from './scale.js';

export interface PlotArea {
  /** Pixels in the picture. */
  left: number;
  top: number;
  width: number;
  height: number;
  x: Domain;
  y: Domain;
  /** Pixels of a coordinate. */
  toX: (at: number) => number;
  toY: (at: number) => number;
  /** Names clip paths and gradients: unique among the pictures of a page. */
  id: string;
}

/** The text colour of whatever surrounds the picture, so that it reads in light and dark. */
export const INK = 'currentColor';

/** Pixels of a pair of data; NaN where one of them is missing. */
export function place(area: PlotArea, x: Datum, y: Datum): [number, number] {
  return [
    area.toX(coordinate(x, area.x.axis, area.x.categories)),
    area.toY(coordinate(y, area.y.axis, area.y.categories)),
  ];
}
