/**
 * The shapes of points, about equal in area, after Plotly's of the same names.
 */
import type { MarkerSymbol } from '../figure.js';
import { element, short } from './element.js';

/** A marker of a diameter in pixels around (x, y). */
export function marker(
  symbol: MarkerSymbol,
  x: number,
  y: number,
  size: number,
  attributes: Record<string, string | number | undefined>,
  ...children: string[]
): string {
  const r = size / 2;
  const path = (...corners: [number, number][]): string =>
    element(
      'path',
      { d: `M${corners.map(([dx, dy]) => `${short(x + dx)} ${short(y + dy)}`).join('L')}Z`, ...attributes },
      ...children,
    );
  switch (symbol) {
    case 'circle':
      return element('circle', { cx: x, cy: y, r, ...attributes }, ...children);
    case 'square':
      return element(
        'rect',
        { x: x - 0.9 * r, y: y - 0.9 * r, width: 1.8 * r, height: 1.8 * r, ...attributes },
        ...children,
      );
    case 'diamond':
      return path([0, -1.3 * r], [1.3 * r, 0], [0, 1.3 * r], [-1.3 * r, 0]);
    case 'triangle-up':
      return path([0, -1.2 * r], [1.15 * r, 0.8 * r], [-1.15 * r, 0.8 * r]);
    case 'cross': {
      const a = 1.2 * r;
      const b = 0.4 * r;
      return path(
        [-b, -a],
        [b, -a],
        [b, -b],
        [a, -b],
        [a, b],
        [b, b],
        [b, a],
        [-b, a],
        [-b, b],
        [-a, b],
        [-a, -b],
        [-b, -b],
      );
    }
  }
}
