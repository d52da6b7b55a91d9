/** `llm-embedding search`: the papers nearest to a query. */
import { Command } from 'commander';
import { readRunConfig, search, textTable, UserError } from '../../lib/index.js';
import { runAction } from '../action.js';
import { addCommonOptions, type CommonOptions, configOf } from '../options.js';

interface SearchOptions extends CommonOptions {
  query: string;
  k: string;
}

export function searchCommand(): Command {
  const command = new Command('search')
    .description('the papers nearest to a query, by the tuned encoder of a run')
    .argument('[run]', 'a run folder', 'checkpoints/experiment');
  return addCommonOptions(command)
    .requiredOption('--query <text>', 'what to look for')
    .option('--k <n>', 'how many papers', '10')
    .action((run: string, options: SearchOptions) =>
      runAction(options.json ?? false, async ({ reporting, print }) => {
        const k = Number(options.k);
        if (!Number.isInteger(k) || k < 1)
          throw new UserError(`--k ${options.k}: expected a whole number of at least 1`);
        if (options.query.trim() === '') throw new UserError('--query is empty: expected the text to look for');
        const config = await configOf(options, await readRunConfig(run));
        const found = await search(config, options.query, k, { ...reporting, run });
        const rows = found.map(({ id, title, topic, score }, i) => [i + 1, score.toFixed(3), topic, id, title]);
        print({ query: options.query, found }, textTable(['rank', 'cosine', 'topic', 'id', 'title'], rows));
      }),
    );
}
