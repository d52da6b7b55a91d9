/**
 * A figure of several panels taken apart again: each pair of axes with what is drawn on it is a figure of its own.
 */
import type { Axis, Figure, Layout, Reference } from '../figure.js';

export interface Panel {
  figure: Figure;
  /** Where it begins, as shares of the picture from the left and from the top. */
  left: number;
  top: number;
}

/** The panels of a figure in the order of their axes; null where it has but one. */
export function splitPanels({ data, layout }: Figure): Panel[] | null {
  const numbers = Object.keys(layout).flatMap((key) => /^xaxis(\d*)$/.exec(key)?.[1] ?? []);
  if (numbers.length < 2) return null;
  return numbers.map((number) => {
    const xaxis = layout[`xaxis${number}`] as Axis & { domain?: [number, number] };
    const yaxis = layout[`yaxis${number}`] as Axis & { domain?: [number, number] };
    const of = (reference: string, letter: 'x' | 'y'): boolean => reference.split(' ')[0] === `${letter}${number}`;
    const shapes = (layout.shapes ?? [])
      .filter(({ xref, yref }) => of(xref, 'x') || of(yref, 'y'))
      .map((shape) => ({ ...shape, xref: own('x', shape.xref), yref: own('y', shape.yref) }));
    const annotations = (layout.annotations ?? [])
      .filter(({ xref, yref }) => of(xref, 'x') || of(yref, 'y'))
      .map((annotation) => ({ ...annotation, xref: own('x', annotation.xref), yref: own('y', annotation.yref) }));
    // What is written above a panel is its title, and gets room as such.
    const title = {
      text: annotations.find(({ yref, y }) => yref === 'paper' && y > 1)?.text ?? '',
      font: { size: 12 },
    };
    const inside = annotations.filter(({ text }) => text !== title.text);
    const single: Layout = { ...layout, title, xaxis, yaxis, shapes, annotations: inside, showlegend: false };
    const traces = data.filter((trace) => (trace.xaxis ?? 'x') === `x${number}`);
    return {
      figure: { data: traces, layout: single },
      left: xaxis.domain?.[0] ?? 0,
      top: 1 - (yaxis.domain?.[1] ?? 1),
    };
  });
}

/** A reference within the panel alone. */
function own<Letter extends 'x' | 'y'>(letter: Letter, reference: Reference<Letter>): Reference<Letter> {
  return reference === 'paper' || reference.endsWith(' domain') ? 'paper' : letter;
}
