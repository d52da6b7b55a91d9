/** `llm-embedding search`: the papers nearest to a query. */
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { Command } from 'commander';
import {
  formatQuantity,
  readRunConfig,
  type SearchResult,
  search,
  searchStore,
  searchStoredIndex,
  UserError,
} from '../../lib/index.js';
import { type ActionContext, runAction } from '../action.js';
import { addCommonOptions, type CommonOptions, configOf, givenSettings } from '../options.js';
import { wholeNumber } from '../whole-number.js';

interface SearchOptions extends CommonOptions {
  query?: string;
  run?: string;
  system?: string;
  corpus: string;
  index?: string;
  embeddings?: string;
  store?: string;
  table: string;
  k: string;
}

/** Characters of an abstract that are shown. */
const EXCERPT = 160;

export function searchCommand(): Command {
  const command = new Command('search')
    .description('the papers nearest to a query, by what a run found to be best')
    .usage('[options] [run] "<query>"')
    .argument('[words...]', 'the query, after a run folder where it is not checkpoints/run');
  return addCommonOptions(command)
    .option('--query <text>', 'what to look for, instead of the last argument')
    .option('--system <name>', 'tuned, untuned, bm25 or hybrid (default: the best in the report of the run)')
    .option('--corpus <which>', 'evaluated: the test side alone; all: every paper of the run', 'evaluated')
    .option(
      '--index <folder>',
      'of index build: search the embeddings that it was built from, by the encoder that made them',
    )
    .option('--embeddings <file>', 'where those embeddings lie now')
    .option('--store <address>', 'of index push: search a table of a database, such as lancedb:FOLDER')
    .option('--table <name>', 'of that database', 'embeddings')
    .option('--k <n>', 'how many papers', '10')
    .action((words: string[], options: SearchOptions) =>
      runAction(options.json ?? false, async ({ reporting, print }) => {
        const { run, query } = whatIsAsked(words, options.query);
        const k = wholeNumber('--k', options.k);
        if (options.index !== undefined || options.store !== undefined) {
          return searchVectors(run, query, k, options, { reporting, print });
        }
        const { corpus, system } = options;
        if (corpus !== 'evaluated' && corpus !== 'all')
          throw new UserError(`--corpus ${corpus}: expected evaluated or all`);
        const config = await configOf(options, await readRunConfig(run));
        const chosen = { run, corpus, ...(system === undefined ? {} : { system }) } as const;
        const found = await search(config, query, k, { ...reporting, ...chosen });
        print(
          { query, run, system: found[0]?.system ?? null, found },
          found.map(describe).join('\n\n') || 'nothing found',
        );
      }),
    );
}

/** The rows of an index or of a table, by the encoder of a run, a folder or the hub. */
async function searchVectors(
  source: string,
  query: string,
  k: number,
  { index, embeddings, store, table, ...options }: SearchOptions,
  { reporting, print }: Pick<ActionContext, 'reporting' | 'print'>,
): Promise<void> {
  if (index !== undefined && store !== undefined)
    throw new UserError('--index and --store exclude each other: give one');
  const given = { ...reporting, ...(await givenSettings(options)) };
  const found =
    store === undefined
      ? await searchStoredIndex(source, query, k, {
          ...given,
          index: index as string,
          ...(embeddings !== undefined && { embeddings }),
        })
      : await searchStore(source, query, k, { ...given, store, table });
  const lines = found.map(
    ({ id, score }, place) => `${String(place + 1).padStart(2)}. ${id}, score ${score.toFixed(3)}`,
  );
  print(
    { query, encoder: source, ...(store === undefined ? { index } : { store, table }), found },
    lines.join('\n') || 'nothing found',
  );
}

/** A run and a query out of the arguments; `--query` leaves them to the run. */
function whatIsAsked(words: string[], option: string | undefined): { run: string; query: string } {
  const given = option === undefined ? words : [...words, option];
  const [first = '', second] = given;
  if (given.length > 2) {
    throw new UserError(
      `${formatQuantity(given.length, 'arguments')}: expected a run folder and a query, the query in quotes`,
    );
  }
  const query = second ?? first;
  const run = second === undefined ? 'checkpoints/run' : first;
  if (query.trim() === '') throw new UserError('the query is empty: expected the text to look for, in quotes');
  if (second === undefined && option === undefined && existsSync(join(query, 'run.json'))) {
    throw new UserError(`${query} is a run folder: expected the text to look for after it, in quotes`);
  }
  return { run, query };
}

/** Title, where it is from, and how its abstract begins. */
function describe({ id, title, topic, abstract, score }: SearchResult, place: number): string {
  const excerpt = abstract.length > EXCERPT ? `${abstract.slice(0, EXCERPT).replace(/\s+\S*$/, '')} …` : abstract;
  return `${String(place + 1).padStart(2)}. ${title}\n    ${id} (${topic}), score ${score.toFixed(3)}\n    ${excerpt}`;
}
