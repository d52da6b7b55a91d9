/** `llm-embedding metrics`: metrics of anyone's run file against judgements; needs no model. */
import { Command } from 'commander';
import {
  describeRunJoins,
  evaluateRunFile,
  formatCount,
  formatMetric,
  formatQuantity,
  metricLabel,
  textTable,
} from '../../lib/index.js';
import { runAction } from '../action.js';
import { addCommonOptions, type CommonOptions, configOf } from '../options.js';

interface MetricsOptions extends CommonOptions {
  run: string;
  qrels: string;
  metrics?: string;
}

export function metricsCommand(): Command {
  const command = new Command('metrics').description('metrics of a TREC run file against TREC or BEIR qrels');
  return addCommonOptions(command)
    .requiredOption('--run <file>', 'a run in the format of trec_eval, plain or .gz')
    .requiredOption('--qrels <file>', 'judgements, TREC or BEIR (.tsv), plain or .gz')
    .option(
      '--metrics <list>',
      'comma-separated, such as recall@10,mrr@10,ndcg@10 (default: those of the configuration)',
    )
    .action((options: MetricsOptions) =>
      runAction(options.json ?? false, async ({ reporting, print }) => {
        const config = await configOf(options);
        const metrics = options.metrics?.split(',').map((name) => name.trim()) ?? config.evaluation.metrics;
        const { seed } = config;
        const samples = config.evaluation.bootstrapSamples;
        const result = await evaluateRunFile(options.run, options.qrels, metrics, { seed, samples, ...reporting });
        const someUndefined = Object.keys(result.undefinedQueries).length > 0;
        const rows = Object.entries(result.metrics).map(([name, value]) => [
          metricLabel(name),
          formatMetric(value),
          ...(someUndefined ? [formatCount(result.queries - (value.undefinedQueries ?? 0))] : []),
        ]);
        const table = textTable(
          [
            'metric',
            'mean [95 % interval]',
            ...(someUndefined ? [{ name: 'queries where defined', align: 'right' as const }] : []),
          ],
          rows,
        );
        const counted = [formatQuantity(result.queries, 'queries'), ...describeRunJoins(result.joins)];
        print(result, `${table}\n${counted.join('\n')}`);
      }),
    );
}
