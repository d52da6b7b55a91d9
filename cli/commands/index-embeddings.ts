/** `llm-embedding index`: indexes over files of embeddings, for millions of them. */
import { Command } from 'commander';
import { buildStoredIndex, formatQuantity, pushEmbeddings, STORED_INDEX_KINDS, UserError } from '../../lib/index.js';
import { runAction } from '../action.js';
import { addCommonOptions, type CommonOptions, configOf } from '../options.js';
import { wholeNumber } from '../whole-number.js';

interface BuildOptions extends CommonOptions {
  to: string;
  kind?: string;
  recall: string;
  queries?: string;
  sample: string;
}

export function indexCommand(): Command {
  return new Command('index')
    .description('indexes over files of embeddings')
    .usage('<command>')
    .addCommand(buildCommand())
    .addCommand(pushCommand());
}

function buildCommand(): Command {
  const command = new Command('build')
    .description(
      'an index over embeddings that stay in their file, in passes of bounded memory, tuned to a recall; one that is interrupted starts over',
    )
    .argument('<embeddings>', 'as encode writes them: .npy or .safetensors, of any precision');
  return addCommonOptions(command)
    .requiredOption('--to <folder>', 'the folder of the index, which must not exist')
    .option(
      '--kind <name>',
      'ivf-pq (FAISS) or binary (the signs of all vectors in memory; no FAISS) (default: ivf-pq from 256 embeddings on)',
    )
    .option('--recall <share>', 'of the exact ten nearest that a search is to find', '0.95')
    .option('--queries <file>', 'embeddings of queries to measure it with (default: rows of the index)')
    .option('--sample <n>', 'how many queries are tried', '200')
    .action((embeddings: string, options: BuildOptions) =>
      runAction(options.json ?? false, async ({ reporting, print }) => {
        const kind = STORED_INDEX_KINDS.find((one) => one === options.kind);
        if (options.kind !== undefined && !kind)
          throw new UserError(`--kind ${options.kind}: expected ${STORED_INDEX_KINDS.join(' or ')}`);
        const config = await configOf(options);
        const built = await buildStoredIndex(config, {
          ...reporting,
          embeddings,
          to: options.to,
          ...(kind && { kind }),
          recall: Number(options.recall),
          sample: wholeNumber('--sample', options.sample),
          seed: config.seed,
          ...(options.queries === undefined ? {} : { queries: options.queries }),
        });
        const { recall, search, faiss, bytes, seconds } = built;
        const cells = faiss ? `${faiss.description}, ${search.probes} of ${faiss.cells} cells looked into, ` : '';
        const short = recall.value < recall.wanted ? `, less than the ${recall.wanted} that was asked for` : '';
        print(
          { to: options.to, ...built },
          `${formatQuantity(built.embeddings.rows, 'vectors')} of ${formatQuantity(built.embeddings.dimensions, 'dimensions')} in ${options.to}: ` +
            `${(bytes / 1e6).toFixed(1)} MB, ${seconds.toFixed(0)} s\n` +
            `${cells}${formatQuantity(search.candidates, 'candidates')} scored again: recall@${recall.at} ${recall.value.toFixed(3)} of exact search over ${formatQuantity(recall.queries, 'queries')}${short}`,
        );
      }),
    );
}

interface PushOptions {
  store: string;
  table: string;
  replace: boolean;
  json: boolean;
}

function pushCommand(): Command {
  return new Command('push')
    .description('embeddings into a table of a database, to be served from there')
    .argument('<embeddings>', 'as encode writes them: .npy or .safetensors, of any precision')
    .requiredOption('--store <address>', 'lancedb:FOLDER, or lancedb: and a URI such as s3://bucket/path')
    .option('--table <name>', 'of the database', 'embeddings')
    .option('--replace', 'discard what the table holds', false)
    .option('--json', 'print the result alone, as JSON, on standard output', false)
    .action((embeddings: string, { json, ...where }: PushOptions) =>
      runAction(json, async ({ reporting, print }) => {
        const pushed = await pushEmbeddings(embeddings, { ...reporting, ...where });
        const found = pushed.index ?? 'none, all vectors are compared';
        print(
          { ...where, ...pushed },
          `${formatQuantity(pushed.rows, 'vectors')} of ${formatQuantity(pushed.dimensions, 'dimensions')} in the table ${where.table} of ${where.store}; index: ${found}`,
        );
      }),
    );
}
