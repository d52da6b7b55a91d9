/** `llm-embedding fetch`: papers from arXiv into a metadata snapshot, for step 1. */
import { Command } from 'commander';
import { type FetchResult, fetchArxiv, formatCount, formatQuantity, UserError } from '../../lib/index.js';
import { runAction } from '../action.js';
import { addCommonOptions, addFieldOption, type CommonOptions, configOf } from '../options.js';
import { wholeNumber } from '../whole-number.js';

interface FetchCommandOptions extends CommonOptions {
  categories?: string;
  maxPerCategory?: string;
  source: string;
  baseUrl?: string;
  from?: string;
  until?: string;
  out: string;
  refresh?: boolean;
}

export function fetchCommand(): Command {
  const command = new Command('fetch').description('step 1: papers from arXiv into a snapshot file; resumes');
  return addFieldOption(addCommonOptions(command))
    .option('--categories <list>', 'comma-separated (default: those of the configuration)')
    .option('--max-per-category <n>', 'papers of each category (default: all)')
    .option('--source <name>', 'api, or oai for very large pulls', 'api')
    .option('--base-url <url>', 'address of the interface')
    .option('--from <date>', 'YYYY-MM-DD: first day of submission (api) or change (oai)')
    .option('--until <date>', 'YYYY-MM-DD: last day')
    .option('--refresh', 'ask again even if the same fetch was finished today', false)
    .option('--out <file.jsonl>', 'the snapshot to write', 'data/downloads/arxiv.jsonl')
    .action((options: FetchCommandOptions) =>
      runAction(options.json ?? false, async ({ reporting, print }) => {
        const config = await configOf(options);
        const { source } = options;
        if (source !== 'api' && source !== 'oai') throw new UserError(`--source ${source}: expected api or oai`);
        const limit =
          options.maxPerCategory === undefined
            ? config.datasets.maxPerCategory
            : wholeNumber('--max-per-category', options.maxPerCategory);
        const configured = Object.values(config.datasets.categories).flatMap((list) => list ?? []);
        const categories = options.categories?.split(',').map((name) => name.trim()) ?? configured;
        const { from, until, out, refresh, baseUrl } = options;
        const result = await fetchArxiv(
          { categories, source, maxPerCategory: limit, from, until, out, refresh, baseUrl },
          reporting,
        );
        print(result, summary(result));
      }),
    );
}

/** What was fetched, and what became of the rest. */
function summary(result: FetchResult): string {
  const rest: [count: number, meaning: string][] = [
    [result.repeated, 'met again (cross-lists, page borders) and written once'],
    [result.withdrawn, 'withdrawn by their authors, left out'],
    [result.deleted, 'deleted by arXiv, left out'],
    [result.malformed, 'without title, abstract or id, left out'],
  ];
  return [
    `${formatQuantity(result.papers, 'papers')} in ${result.path}`,
    ...rest.filter(([count]) => count > 0).map(([count, meaning]) => `  ${formatCount(count)} ${meaning}`),
    result.requests > 0
      ? `  ${formatQuantity(result.requests, 'requests')}`
      : '  no request: all of it was fetched earlier today (--refresh asks again)',
  ].join('\n');
}
