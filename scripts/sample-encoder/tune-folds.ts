/**
 * What a tune adds, measured on every paper of the main topic: they are dealt into parts, and each part is searched by
 * an encoder tuned on the others. One test split is too small to tell a gain of a hundredth; all of them together do.
 * Only for a base that saw no paper of the main topic while it was pre-trained, as `sample-general` and `sample-base`.
 *
 *   node dist/scripts/sample-encoder/tune-folds.js --data SNAPSHOT [--preset sample-general] [--folds 3]
 *                                                  [--set path.to.key=value ...]
 *
 * A part's corpus is its own abstracts and those of the validation split's soft and hard topics.
 */
import { parseArgs } from 'node:util';
import { resolveConfig } from '../../lib/config/config.js';
import { UserError } from '../../lib/core/errors.js';
import { Random } from '../../lib/core/random.js';
import type { SplitPaper } from '../../lib/datasets/paper.js';
import { formatCount, formatDifferenceInterval, formatDuration } from '../../lib/display/format.js';
import type { Encoder } from '../../lib/encoder/encoder.js';
import { bootstrapMeans } from '../../lib/evaluation/statistics/bootstrap.js';
import { openSession } from '../../lib/pipeline/session.js';
import { encoderStep, untunedEncoder } from '../../lib/pipeline/steps/encoder.js';
import { trainPapers } from '../../lib/training/train-papers.js';
import { reciprocalRanks } from '../../lib/training/validation.js';

async function main(): Promise<void> {
  const { values } = parseArgs({
    options: {
      data: { type: 'string' },
      preset: { type: 'string', default: 'sample-general' },
      folds: { type: 'string', default: '3' },
      set: { type: 'string', multiple: true, default: [] },
    },
  });
  const folds = Number(values.folds);
  if (!values.data) throw new UserError('--data is missing: expected a metadata snapshot');
  if (!(Number.isInteger(folds) && folds >= 2)) {
    throw new UserError(`--folds ${values.folds}: expected a whole number of at least 2`);
  }
  const config = resolveConfig({
    preset: values.preset,
    settings: [`datasets.source=${values.data}`, ...values.set],
  });
  const session = openSession();
  const { papers } = await session.dataset(config);
  const { tokens } = await session.tokens(config);
  const model = await session.model(config);
  try {
    const asked = papers.filter((paper) => paper.role === 'main');
    const partOf = new Map(new Random(config.seed, 'folds').shuffle(asked).map(({ id }, i) => [id, i % folds]));
    const untuned = await untunedEncoder(config, model);
    const all: number[] = [];
    for (let part = 0; part < folds; part++) {
      const isHeldOut = (paper: SplitPaper): boolean => partOf.get(paper.id) === part;
      // without a validation split, since validation would choose by other papers of the main topic
      const trained = papers
        .filter((paper) => (paper.role === 'main' ? !isHeldOut(paper) : paper.split === 'train'))
        .map((paper): SplitPaper => ({ ...paper, split: 'train' }));
      const tuned = await encoderStep.run(config, model);
      const start = performance.now();
      await trainPapers({ config, papers: trained, tokens, encoder: tuned });
      const seconds = (performance.now() - start) / 1000;

      const queries = asked.filter(isHeldOut);
      const others = papers.filter(({ role, split }) => (role === 'soft' || role === 'hard') && split === 'validation');
      const ranksBy = (encoder: Encoder): Promise<Float64Array> =>
        reciprocalRanks(
          encoder,
          queries.map(({ id }) => tokens.get(id)!.title),
          [...queries, ...others].map(({ id }) => tokens.get(id)!.abstract),
          config.batches,
        );
      const before = await ranksBy(untuned);
      const differences = (await ranksBy(tuned)).map((value, i) => value - before[i]!);
      await tuned.dispose();
      print(`part ${part + 1}, tuned in ${formatDuration(seconds)}`, differences, config.seed);
      all.push(...differences);
    }
    print('all parts', Float64Array.from(all), config.seed);
  } finally {
    await session.close();
  }
}

function print(name: string, differences: Float64Array, seed: number): void {
  const { value, low, high } = bootstrapMeans([differences], { seed })[0]!;
  const change = formatDifferenceInterval({ difference: value, low, high });
  console.log(`${name}: MRR@10 ${change} over ${formatCount(differences.length)} titles`);
}

await main().catch((error: unknown) => {
  console.error(error instanceof UserError ? error.message : error);
  process.exitCode = 1;
});
