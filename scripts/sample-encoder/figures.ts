/**
 * Draws the figures of docs/sample-encoder.md: how repetitions are counted, what the shipped encoder makes of them, and
 * how it was trained.
 *
 *   node dist/scripts/sample-encoder/figures.js
 */
import { mkdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { type Figure, plotText, type ScatterTrace } from '../../lib/display/figure.js';
import { figureLayout } from '../../lib/display/figures/layout.js';
import { OKABE_ITO } from '../../lib/display/palette.js';
import { renderSvg } from '../../lib/display/svg/render.js';
import { createEncoder } from '../../lib/encoder/encoder.js';
import { startEngine } from '../../lib/engine/start-engine.js';
import { writeFileAtomic } from '../../lib/files/atomic-file.js';
import { SAMPLE_ENCODERS } from '../../lib/hub/resolve-model.js';
import { loadBaseModel } from '../../lib/models/base-model.js';
import { type Saturation, saturatedWeight } from '../../lib/pretraining/token-bags.js';
import { loadTokenizer } from '../../lib/tokens/tokenizer.js';

const OUT = fileURLToPath(new URL('../../../docs/images', import.meta.url));
const COUNTS = Array.from({ length: 12 }, (_, i) => i + 1);

interface Record {
  /** Its saturation is of the finished encoder. */
  settings: { layerSaturation: Saturation };
  validations: { step: number; mrr: number }[];
}

async function main(): Promise<void> {
  await mkdir(OUT, { recursive: true });
  const records = new Map<string, Record>();
  for (const name of ['sample', 'sample-general']) {
    const folder = SAMPLE_ENCODERS[name] as string;
    records.set(name, JSON.parse(await readFile(join(folder, 'pretraining.json'), 'utf8')) as Record);
  }
  const { layerSaturation: saturation } = (records.get('sample') as Record).settings;
  await write('saturation.svg', saturationFigure(saturation));
  await write('measured-saturation.svg', await measuredFigure(SAMPLE_ENCODERS.sample as string, saturation));
  await write('pretraining.svg', trainingFigure(records));
}

async function write(name: string, figure: Figure): Promise<void> {
  await writeFileAtomic(join(OUT, name), renderSvg(figure));
  process.stderr.write(`docs/images/${name}\n`);
}

function line(name: string, colour: string, x: number[], y: number[], look: Partial<ScatterTrace> = {}): ScatterTrace {
  return { type: 'scatter', mode: 'lines', name: plotText(name), x, y, line: { color: colour, width: 2 }, ...look };
}

/** The weight of a token by its number of occurrences, as a multiple of one occurrence. */
function saturationFigure(saturation: Saturation): Figure {
  const relative = (length: number) =>
    COUNTS.map((tf) => saturatedWeight(tf, length, saturation) / saturatedWeight(1, length, saturation));
  return {
    data: [
      line('plain mean', OKABE_ITO.vermillion, COUNTS, COUNTS, {
        line: { color: OKABE_ITO.vermillion, width: 2, dash: 'dash' },
      }),
      line('saturated, in an abstract of 200 tokens', OKABE_ITO.blue, COUNTS, relative(200)),
      line('saturated, in a title of 14 tokens', OKABE_ITO.green, COUNTS, relative(14)),
    ],
    layout: figureLayout({
      title: 'What a repeated token counts',
      subtitle: 'weight of a token that occurs tf times, as a multiple of its weight when it occurs once',
      x: { title: { text: 'occurrences in the text (tf)' } },
      y: { title: { text: 'relative weight' }, rangemode: 'tozero', range: [0, 6] },
    }),
  };
}

/** Sixty words that come before the repeated one, so that the text has a length. */
const FILLER =
  'We study the evolution of a small system that is coupled to its surroundings. The method is simple and the results agree with known limits. ' +
  'In the first part we describe how the equations are solved, and in the second we compare our solution with data from earlier work. ' +
  'The difference is small for all values of the parameters that we consider here.';
const REPEATED = ' entropy';

/**
 * What the encoder adds to a text's vector for tf copies of a word, along what it adds for one: the sums over all tokens,
 * which are the mean times their number.
 */
async function measuredFigure(folder: string, saturation: Saturation): Promise<Figure> {
  const engine = await startEngine({ engine: 'auto', threads: 0 });
  try {
    const tokenizer = await loadTokenizer(folder);
    const encoder = await createEncoder(await loadBaseModel(folder, engine));
    const texts = [0, ...COUNTS].map((tf) => tokenizer.encode(FILLER + REPEATED.repeat(tf)));
    const means = await encoder.embed(texts);
    const width = encoder.dimensions;
    const sums = texts.map((ids, i) => means.subarray(i * width, (i + 1) * width).map((value) => value * ids.length));
    const added = sums.slice(1).map((sum) => sum.map((value, j) => value - sums[0]![j]!));
    const one = added[0] as Float32Array;
    const dot = (a: Float32Array, b: Float32Array): number => a.reduce((sum, value, j) => sum + value * b[j]!, 0);
    const measured = added.map((sum) => dot(sum, one) / dot(one, one));
    // the start token is no part of the text
    const formula = COUNTS.map(
      (tf, i) =>
        saturatedWeight(tf, texts[i + 1]!.length - 1, saturation) /
        saturatedWeight(1, texts[1]!.length - 1, saturation),
    );
    return {
      data: [
        line('tf K / (tf + K)', OKABE_ITO.blue, COUNTS, formula),
        line('measured: the attention layer', OKABE_ITO.vermillion, COUNTS, measured, {
          mode: 'markers',
          marker: { color: OKABE_ITO.vermillion, size: 7 },
        }),
      ],
      layout: figureLayout({
        title: 'The layer computes the formula',
        subtitle: `what the shipped encoder adds to a text for tf copies of "${REPEATED.trim()}", as a multiple of one`,
        x: { title: { text: 'copies of the word (tf)' } },
        y: { title: { text: 'relative contribution' }, rangemode: 'tozero' },
      }),
    };
  } finally {
    await engine.close();
  }
}

function trainingFigure(records: ReadonlyMap<string, Record>): Figure {
  const colours = [OKABE_ITO.blue, OKABE_ITO.vermillion];
  return {
    data: Array.from(records, ([name, { validations }], i) =>
      line(
        name,
        colours[i] as string,
        validations.map(({ step }) => step),
        validations.map(({ mrr }) => mrr),
        { mode: 'lines+markers', marker: { color: colours[i] as string, size: 4 } },
      ),
    ),
    layout: figureLayout({
      title: 'Pre-training',
      subtitle: 'titles of 2,000 validation papers against their abstracts; each encoder has its own validation papers',
      x: { title: { text: 'optimizer step' }, rangemode: 'tozero' },
      y: { title: { text: 'MRR@10' } },
    }),
  };
}

main().catch((error: unknown) => {
  process.stderr.write(`${(error as Error).stack}\n`);
  process.exitCode = 1;
});
