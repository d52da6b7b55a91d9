/** `llm-embedding evaluate`: step 6, on a run folder, a BEIR folder, or the papers of a source. */
import { Command } from 'commander';
import {
  checkEvaluation,
  type EvaluateOptions,
  evaluateRun,
  evaluateShard,
  evaluationShards,
  evaluationShardText,
  readRunConfig,
  systemUsages,
  UserError,
} from '../../lib/index.js';
import { type ActionContext, printReport, runAction } from '../action.js';
import { addCommonOptions, addDataOption, addModelOption, type CommonOptions, configOf, repeated } from '../options.js';
import { addShardOptions, type ShardOptions, shardOf, submitted, submittedText } from '../shards.js';

interface EvaluateCommandOptions extends CommonOptions, ShardOptions {
  beir: string[];
  citations: string[];
  systems?: string;
  out?: string;
}

export function evaluateCommand(): Command {
  const command = new Command('evaluate')
    .description('step 6: metrics of all systems, with intervals; encodes only what the cache lacks')
    .argument('[run]', 'a run folder');
  return addShardOptions(addModelOption(addDataOption(addCommonOptions(command))))
    .option(
      '--beir <folder>',
      'a BEIR folder: corpus.jsonl, queries.jsonl, qrels/test.tsv, plain or .gz; may be repeated, for one report on all',
      repeated,
      [],
    )
    .option(
      '--citations <file>',
      'JSON lines with id, title, abstract, published, references: recent papers must find what they cite; may be repeated',
      repeated,
      [],
    )
    .option('--systems <list>', `comma-separated: ${systemUsages()}`)
    .option('--out <folder>', 'where the report goes (default: the run folder, else checkpoints/evaluation)')
    .action((run: string | undefined, options: EvaluateCommandOptions) =>
      runAction(options.json ?? false, (context) => evaluate(command, run, options, context), {
        retried: options.shard !== undefined,
      }),
    );
}

async function evaluate(
  command: Command,
  run: string | undefined,
  options: EvaluateCommandOptions,
  context: ActionContext,
): Promise<void> {
  const { reporting, confirmCost } = context;
  const [judged, ...sets] = [
    ...options.beir.map((folder) => ({ kind: 'beir' as const, folder })),
    ...options.citations.map((file) => ({ kind: 'citations' as const, file })),
  ];
  if (run === undefined && !judged && options.data === undefined) {
    throw new UserError('nothing to evaluate: give a run folder, --beir, --citations or --data');
  }
  if (judged && options.data) {
    throw new UserError(`--${judged.kind} and --data name two corpora: give one of them`);
  }
  const systems = options.systems?.split(',').map((name) => name.trim());
  const base = run === undefined ? undefined : await readRunConfig(run);
  const config = await configOf(
    { ...options, set: [...options.set, ...(systems ? [`evaluation.systems=${JSON.stringify(systems)}`] : [])] },
    base,
  );
  checkEvaluation(config);
  const out = options.out ?? run ?? 'checkpoints/evaluation';
  const asked: Pick<EvaluateOptions, 'task' | 'sets'> = {
    ...(judged ? { task: judged, sets } : {}),
    ...(options.data ? { task: { kind: 'every title' } } : {}),
  };
  const shard = shardOf(options);
  const job = await submitted(command, options, { kind: 'evaluate', folder: evaluationShards(out), output: out });
  if (job) return context.print(job, submittedText(job));
  if (shard) {
    const named = run === undefined ? {} : { run };
    const done = await evaluateShard(config, { ...reporting, confirmCost, ...named, ...asked, folder: out, shard });
    return context.print(done, evaluationShardText(done));
  }
  const report = evaluateRun(config, { ...reporting, confirmCost, run, folder: out, ...asked });
  await printReport(context, out, report);
}
