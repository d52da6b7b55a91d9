/**
 * Several small figures as one Plotly description, in a grid: one plot to look at, and one to update.
 */
import type { Annotation, Axis, Figure, LineShape, Reference, Trace } from '../figure.js';
import { figureLayout } from './layout.js';

/** Shares of the picture between panels, for the labels of their axes. */
const GAP = { x: 0.13, y: 0.2 };

/**
 * Puts figures side by side, row by row; each keeps its title, axes, reference lines and annotations, none its legend.
 * @param height pixels of the whole
 */
export function panelsFigure(
  figures: readonly Figure[],
  options: { title: string; columns: number; height: number },
): Figure {
  const { title, columns, height } = options;
  const rows = Math.ceil(figures.length / columns);
  const data: Trace[] = [];
  const shapes: LineShape[] = [];
  const annotations: Annotation[] = [];
  const axes: Record<string, Axis> = {};
  figures.forEach((figure, i) => {
    const number = i === 0 ? '' : String(i + 1);
    const column = stretch(i % columns, columns, GAP.x);
    // Plotly counts from the bottom, readers from the top.
    const row = stretch(rows - 1 - Math.floor(i / columns), rows, GAP.y);
    axes[`xaxis${number}`] = { ...figure.layout.xaxis, domain: column, anchor: `y${number}` };
    axes[`yaxis${number}`] = { ...figure.layout.yaxis, domain: row, anchor: `x${number}` };
    const names = { xaxis: `x${number}`, yaxis: `y${number}` };
    data.push(...figure.data.map((trace) => ({ ...trace, ...names })));
    for (const shape of figure.layout.shapes ?? []) {
      shapes.push({ ...shape, xref: moved('x', shape.xref, number), yref: moved('y', shape.yref, number) });
    }
    for (const annotation of figure.layout.annotations ?? []) {
      const { xref, yref } = annotation;
      annotations.push({ ...annotation, xref: moved('x', xref, number), yref: moved('y', yref, number) });
    }
    annotations.push({
      text: `<b>${figure.layout.title.text}</b>`,
      xref: moved('x', 'paper', number),
      yref: moved('y', 'paper', number),
      x: 0,
      y: 1.03,
      xanchor: 'left',
      yanchor: 'bottom',
      showarrow: false,
      font: { size: 12 },
    });
  });
  const { xaxis = {}, yaxis = {}, ...others } = axes;
  const more = { ...others, shapes, annotations, showlegend: false, margin: { l: 56, r: 18, t: 64, b: 44 } };
  return { data, layout: figureLayout({ title, x: xaxis, y: yaxis, height, more }) };
}

/** The nth of `count` equal stretches of 0..1 with gaps between. */
function stretch(nth: number, count: number, gap: number): [number, number] {
  const width = (1 - gap * (count - 1)) / count;
  const from = nth * (width + gap);
  return [Number(from.toFixed(4)), Number((from + width).toFixed(4))];
}

function moved<Letter extends 'x' | 'y'>(
  letter: Letter,
  reference: Reference<Letter>,
  number: string,
): Reference<Letter> {
  return (reference === 'paper' ? `${letter}${number} domain` : `${letter}${number}`) as Reference<Letter>;
}
