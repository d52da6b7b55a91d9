/** `llm-embedding mine`: hard negatives for training, shown before they are used. */
import { Command } from 'commander';
import {
  formatCount,
  formatPercent,
  formatQuantity,
  type MiningResult,
  type MiningSummary,
  mineNegatives,
  readRunConfig,
  systemUsages,
  textTable,
  UserError,
} from '../../lib/index.js';
import { runAction } from '../action.js';
import { addCommonOptions, addDataOption, addModelOption, type CommonOptions, configOf } from '../options.js';

interface MineOptions extends CommonOptions {
  system?: string;
  out?: string;
  examples: string;
}

export function mineCommand(): Command {
  const command = new Command('mine')
    .description('hard negatives for training, mined by any system among the papers trained on')
    .argument('[run]', 'a run folder, whose tuned encoder mines');
  return addModelOption(addDataOption(addCommonOptions(command)))
    .option('--system <name>', `${systemUsages()} (default: tuned with a run)`)
    .option('--out <file>', 'where they go (default: hard-negatives.jsonl in the run folder, else in checkpoints/)')
    .option('--examples <n>', 'queries to show with their negatives', '5')
    .action((run: string | undefined, options: MineOptions) =>
      runAction(options.json ?? false, async ({ reporting, print }) => {
        const examples = Number(options.examples);
        if (!Number.isInteger(examples) || examples < 0)
          throw new UserError(`--examples ${options.examples}: expected a whole number`);
        const set = [...options.set, ...(options.system ? [`mining.system=${JSON.stringify(options.system)}`] : [])];
        const config = await configOf({ ...options, set }, run === undefined ? undefined : await readRunConfig(run));
        const out = options.out ?? `${run ?? 'checkpoints'}/hard-negatives.jsonl`;
        const result = await mineNegatives(config, { run, out, examples, ...reporting });
        print(result, describe(result));
      }),
    );
}

function describe({ file, summary, examples }: MiningResult): string {
  const shown = examples.map(({ id, title, topic, own, negatives }) => {
    const place = own ? `own abstract at rank ${own.rank} with ${own.score.toFixed(3)}` : 'own abstract not found';
    const rows = negatives.map((one) => [one.rank, one.score.toFixed(3), one.topic, one.id, one.title]);
    const table = textTable(['rank', 'score', 'topic', 'id', { name: 'title', maxWidth: 80 }], rows);
    return `${title}\n${id} (${topic}), ${place}\n${table}`;
  });
  const { negatives, queries, complete, fewer, none, system, meanRank, meanScore } = summary;
  const counts = `${formatQuantity(negatives, 'negatives')} by ${system} for ${formatQuantity(queries, 'queries')}: ${formatCount(complete)} have all, ${formatCount(fewer)} fewer, ${formatCount(none)} none; mean rank ${meanRank.toFixed(1)}, mean score ${meanScore.toFixed(3)}`;
  const use = `read the examples; then train with --set training.hardNegatives.file=${file}`;
  return [...shown, estimate(summary), counts, use].join('\n\n');
}

/** What the margin does to candidates that are probably relevant too. */
function estimate({ judge, window, refusedByMargin, outsideBounds, qualified }: MiningSummary): string {
  const parts = { 'in the window': window, 'refused by the margin': refusedByMargin, qualified };
  const all = outsideBounds.candidates > 0 ? { ...parts, 'outside the bounds': outsideBounds } : parts;
  const share = (part: number | null, of: number): string =>
    formatPercent(part === null || of === 0 ? null : part / of);
  const rows = Object.entries(all).map(([name, { candidates, likelyFalse }]) => [
    name,
    candidates,
    share(likelyFalse, candidates),
  ]);
  const table = textTable(['candidates', 'number', { name: 'likely false', align: 'right' }], rows);
  const removed = share(refusedByMargin.likelyFalse, window.likelyFalse ?? 0);
  return `${table}\nlikely false: ${judge} too ranks them above the abstract of the title; the margin removes ${removed} of these`;
}
