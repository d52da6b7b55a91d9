/**
 * What attention mask and pooling do with the tokens of one text: which token looks at which, and how much of each goes
 * into the embedding.
 */
import { type Figure, plotText } from '../figure.js';
import { formatPercent } from '../format.js';
import { OKABE_ITO, SEQUENTIAL_SCALE } from '../palette.js';
import { figureLayout } from './layout.js';

/**
 * Which token of a text looks at which.
 *
 * @param tokens S texts
 * @param visible [S, S], whether the row's token looks at the column's
 */
export function attentionMaskFigure(tokens: readonly string[], visible: readonly (readonly boolean[])[]): Figure {
  const names = numbered(tokens);
  return {
    data: [
      {
        type: 'heatmap',
        name: 'attention mask',
        x: names,
        y: names,
        z: visible.map((row) => row.map(Number)),
        zmin: 0,
        zmax: 1.4,
        colorscale: SEQUENTIAL_SCALE,
        showscale: false,
        hovertext: visible.map((row, i) =>
          row.map((sees, j) => `${names[i]} ${sees ? 'looks at' : 'does not look at'} ${names[j]}`),
        ),
        hoverinfo: 'text',
        xgap: 2,
        ygap: 2,
      },
    ],
    layout: figureLayout({
      title: 'Attention mask',
      subtitle: 'filled: the token of the row looks at that of the column',
      x: { title: { text: 'looked at' }, type: 'category', showgrid: false, tickangle: -60 },
      y: { title: { text: 'token' }, type: 'category', autorange: 'reversed', showgrid: false },
      height: 190 + 19 * tokens.length,
    }),
  };
}

/**
 * How much of each token goes into the embedding.
 *
 * @param weights share of each token's last hidden state in the embedding, 0 to 1
 */
export function poolingFigure(tokens: readonly string[], weights: readonly number[]): Figure {
  const names = numbered(tokens);
  return {
    data: [
      {
        type: 'bar',
        name: 'share of the embedding',
        x: names,
        y: [...weights],
        marker: { color: OKABE_ITO.blue },
        hovertext: weights.map((weight, i) => `${names[i]}: ${formatPercent(weight)}`),
        hoverinfo: 'text',
      },
    ],
    layout: figureLayout({
      title: 'Pooling: what each token gives to the embedding',
      x: { title: { text: 'token' }, type: 'category', showgrid: false, tickangle: -60 },
      y: { title: { text: 'share' }, rangemode: 'tozero', tickformat: '.0%' },
      height: 290,
      more: { bargap: 0.25, showlegend: false },
    }),
  };
}

/** Categories must differ, and tokens come again. */
function numbered(tokens: readonly string[]): string[] {
  return tokens.map((token, i) => plotText(`${i + 1} ${token.replace(/\s/g, '␣') || '·'}`));
}
