/** Figures of one text's tokens and of the batches of an epoch: what is drawn is what was given. */
import { XMLValidator } from 'fast-xml-parser';
import { describe, expect, it } from 'vitest';
import { type BarTrace, type HeatmapTrace, readPlotText } from '../../lib/display/figure.js';
import { attentionMaskFigure, poolingFigure } from '../../lib/display/figures/attention.js';
import { batchRolesFigure } from '../../lib/display/figures/batch-roles.js';
import { ROLE_COLOURS } from '../../lib/display/palette.js';
import { renderSvg } from '../../lib/display/svg/render.js';

const tokens = ['the', ' field', ' <b>', '', 'the'];

describe('attention mask', () => {
  const causal = tokens.map((_, row) => tokens.map((_, column) => column <= row));
  const figure = attentionMaskFigure(tokens, causal);
  const mask = figure.data[0] as HeatmapTrace;

  it('fills what the row looks at', () => {
    expect(mask.z).toEqual([
      [1, 0, 0, 0, 0],
      [1, 1, 0, 0, 0],
      [1, 1, 1, 0, 0],
      [1, 1, 1, 1, 0],
      [1, 1, 1, 1, 1],
    ]);
    expect((mask.hovertext as unknown as string[][])[1]![2]).toContain('does not look at');
    expect((mask.hovertext as unknown as string[][])[2]![1]).not.toContain('not');
  });

  it('keeps equal tokens apart, shows spaces, and takes no token for markup', () => {
    const names = mask.x as string[];
    expect(names.flatMap(readPlotText)).toEqual(['1 the', '2 ␣field', '3 ␣<b>', '4 ·', '5 the']);
    expect(mask.y).toEqual(names);
    expect(XMLValidator.validate(renderSvg(figure))).toBe(true);
  });
});

describe('pooling', () => {
  it('gives each token its share', () => {
    const [bars] = poolingFigure(tokens, [0.25, 0.25, 0.25, 0.25, 0]).data;
    expect(bars!.y).toEqual([0.25, 0.25, 0.25, 0.25, 0]);
    expect((bars!.hovertext as string[])[0]).toMatch(/1 the: 25/);
    expect(XMLValidator.validate(renderSvg(poolingFigure(tokens, [1, 0, 0, 0, 0])))).toBe(true);
  });
});

describe('batches by role', () => {
  const pairs = { main: [4, 4, 2], hard: [2, 2, 4], soft: [2, 2, 2] };

  it('stacks the roles that there are, each in its colour, over the batches in order', () => {
    const figure = batchRolesFigure(pairs, 2);
    expect(
      Object.fromEntries(figure.data.map((trace) => [readPlotText(trace.name as string).join(''), trace.y])),
    ).toEqual(pairs);
    for (const trace of figure.data as BarTrace[]) {
      expect(trace.x).toEqual([1, 2, 3]);
      const role = readPlotText(trace.name as string).join('') as keyof typeof ROLE_COLOURS;
      expect(trace.marker).toMatchObject({ color: ROLE_COLOURS[role] });
    }
    expect(figure.layout.barmode).toBe('stack');
    expect(XMLValidator.validate(renderSvg(figure))).toBe(true);
  });

  it.each([
    [0, 0],
    [2, 1],
    [3, 0],
  ])('with %i of 3 batches on target draws %i border', (onTarget, lines) => {
    const { layout } = batchRolesFigure(pairs, onTarget);
    expect(layout.shapes).toHaveLength(lines);
    // between the last batch on target and the next
    if (lines > 0) expect(layout.shapes![0]).toMatchObject({ x0: onTarget + 0.5, x1: onTarget + 0.5 });
  });

  it('stacks data sets where pairs have no roles, each in its colour', () => {
    const figure = batchRolesFigure({ nli: [4, 2], finance: [2, 4] }, 1);
    expect(figure.layout.title.text).toBe('Batches of an epoch by data set');
    expect(figure.data.map(({ name }) => name)).toEqual(['nli', 'finance']);
    expect(new Set((figure.data as BarTrace[]).map(({ marker }) => marker?.color)).size).toBe(2);
    expect(figure.layout.showlegend).toBe(true);
  });

  it('says nothing of shares where all pairs are of one data set', () => {
    const { data, layout } = batchRolesFigure({ pairs: [4, 4] }, 2);
    expect(data).toHaveLength(1);
    expect(layout.title.text).toBe('Batches of an epoch');
    expect([layout.title.subtitle, layout.showlegend, layout.shapes]).toEqual([undefined, false, []]);
  });

  it('has nothing to draw without batches', () => {
    expect(batchRolesFigure({}, 0).data).toEqual([]);
  });
});
