/**
 * Matrix of cosine similarities between two lists of texts, such as titles (rows) and abstracts (columns).
 */
import { UserError } from '../../core/errors.js';
import { type Figure, finiteOrNull, plotText } from '../figure.js';
import { formatShare } from '../format.js';
import { DIVERGING_SCALE } from '../palette.js';
import { figureLayout } from './layout.js';

/** Cells narrower than this many in a row have no room for their number. */
const MAX_NUMBERED = 12;
const MAX_LABEL = 32;

/**
 * Heatmap of cosine similarities.
 *
 * @param matrix cosine similarities in -1..1, [rows, columns]
 * @param rows what is compared with the columns; long texts are shortened
 * @param columns as the rows
 * @throws UserError where the matrix does not have that shape
 */
export function similarityFigure(
  matrix: readonly ArrayLike<number>[],
  rows: readonly string[],
  columns: readonly string[],
  title: string = 'Similarity of titles and abstracts',
): Figure {
  if (matrix.length !== rows.length || matrix.some((row) => row.length !== columns.length)) {
    throw new UserError(
      `similarity matrix of ${matrix.length} x ${matrix[0]?.length ?? 0} values: expected ${rows.length} x ${columns.length}, as there are labels`,
    );
  }
  const values = matrix.map((row) => Array.from(row, finiteOrNull));
  const y = numbered(rows);
  const x = columns.map((_, i) => String(i + 1));
  return {
    data: [
      {
        type: 'heatmap',
        name: 'cosine similarity',
        x,
        y,
        z: values,
        zmin: -1,
        zmax: 1,
        colorscale: DIVERGING_SCALE,
        colorbar: {
          title: { text: 'cosine similarity', side: 'right', font: { size: 12 } },
          tickformat: '.1f',
          thickness: 13,
          outlinewidth: 0,
        },
        ...(columns.length <= MAX_NUMBERED
          ? {
              text: values.map((row) => row.map((value) => twoDigits(value))),
              texttemplate: '%{text}',
            }
          : {}),
        hovertext: values.map((row, r) =>
          row.map((value, c) => `${formatShare(value)}<br>${plotText(rows[r]!)}<br>${plotText(columns[c]!)}`),
        ),
        hoverinfo: 'text',
        xgap: 1,
        ygap: 1,
      },
    ],
    layout: figureLayout({
      title: plotText(title),
      x: { title: { text: 'in the same order' }, type: 'category', showgrid: false },
      y: { type: 'category', autorange: 'reversed', showgrid: false },
      height: 130 + Math.min(560, 28 * Math.max(4, rows.length)),
    }),
  };
}

/** Categories must differ, and two papers may have the same title: a number in front keeps them apart. */
function numbered(labels: readonly string[]): string[] {
  return labels.map((label, i) => {
    const cut =
      [...label].length > MAX_LABEL
        ? `${[...label]
            .slice(0, MAX_LABEL - 1)
            .join('')
            .trimEnd()}…`
        : label;
    return plotText(`${cut} · ${i + 1}`);
  });
}

/** ".83", "−.28": cells have room for little more. */
function twoDigits(value: number | null): string {
  return value === null
    ? ''
    : value
        .toFixed(2)
        .replace('-', '−')
        .replace(/^(−?)0\./, '$1.')
        .replace('−.00', '.00');
}
