/** `llm-embedding export`: a run or a model as a folder that others load. */
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { Command } from 'commander';
import {
  type ExportedModel,
  exportHelp,
  exportModel,
  formatBytes,
  formatDifference,
  formatQuantity,
  formatShare,
  precisionHelp,
  readRunConfig,
  UserError,
} from '../../lib/index.js';
import { runAction } from '../action.js';
import { addCommonOptions, type CommonOptions, configOf } from '../options.js';

export interface ExportFlags extends CommonOptions {
  to: string;
  out?: string;
  precision?: string;
  overwrite?: boolean;
  measure?: string;
  maxFileSize?: string;
  license?: string;
  datasets?: string;
}

export function exportCommand(): Command {
  const command = new Command('export')
    .description('a run or a model as a folder that others load')
    .argument('<run|model>', 'a run folder, or a model: sample, a hub id or a folder')
    .requiredOption('--to <target>', exportHelp());
  return addExportOptions(addCommonOptions(command))
    .option('--out <folder>', 'where to (default: beside the run, its name and the target)')
    .option('--overwrite', 'replace an export that is there', false)
    .action((what: string, options: ExportFlags) =>
      runAction(options.json ?? false, async ({ reporting, print }) => {
        const { config, ...chosen } = await exportChoice(what, options);
        const result = await exportModel(config, {
          ...reporting,
          ...chosen,
          to: options.to,
          overwrite: options.overwrite ?? false,
          ...(options.out === undefined ? {} : { out: options.out }),
        });
        print(result, describe(result));
      }),
    );
}

/** What `export` and `push` have in common. */
export function addExportOptions(command: Command): Command {
  return command
    .option('--precision <names>', `of the weights; ${precisionHelp()} (default: as the base is stored; all in ONNX)`)
    .option('--measure <n>', 'texts of the test side to measure the export on, 0 for none (default: 1000 for a run)')
    .option('--max-file-size <GB>', 'spread larger weights over several files (default: 5)')
    .option('--license <id>', "of the exported model, for its card (default: the base's, where its card names one)")
    .option('--datasets <ids>', 'data sets on the hub that it was trained on, for its card, with commas between');
}

/** A run folder, or a model, and how to export it. */
export async function exportChoice(what: string, options: ExportFlags) {
  const isRun = existsSync(join(what, 'run.json'));
  const config = isRun
    ? await configOf(options, await readRunConfig(what))
    : await configOf({ ...options, model: what });
  const { license, datasets } = options;
  return {
    config,
    ...(isRun ? { run: what } : {}),
    ...(options.precision === undefined ? {} : { precisions: options.precision.split(',') }),
    ...(options.measure === undefined ? {} : { measure: number('--measure', options.measure) }),
    ...(options.maxFileSize === undefined ? {} : { shardBytes: 1e9 * number('--max-file-size', options.maxFileSize) }),
    card: {
      ...(license === undefined ? {} : { licence: license }),
      ...(datasets === undefined ? {} : { datasets: datasets.split(',') }),
    },
  };
}

function number(name: string, text: string): number {
  const value = Number(text);
  if (text.trim() === '' || !Number.isFinite(value) || value < 0) {
    throw new UserError(`${name} ${text}: expected a number of at least 0`);
  }
  return value;
}

function describe({ folder, target, name, files, variants, measures }: ExportedModel): string {
  const whole = Object.values(files).reduce((sum, bytes) => sum + bytes, 0);
  const lines = variants.map(({ precision, bytes, agreement }) => {
    if (agreement) {
      const { queries, same } = agreement;
      const agreed = `by meaning ${same.encoder}, by words ${same.bm25}, by both ${same.hybrid}`;
      return `  ${formatBytes(whole)} in all; of ${formatQuantity(queries, 'titles')} as queries it finds as search does: ${agreed}\n  look at it: npx serve ${folder}`;
    }
    const measured = measures?.variants.find((one) => one.precision === precision);
    const quality = measured
      ? `, MRR@10 ${formatShare(measured.mrr)} (${formatDifference(measured.mrr - measured.reference)})`
      : '';
    return `  ${precision.padEnd(4)} ${formatBytes(bytes)}${quality}`;
  });
  return [`${name} as ${target} in ${folder}`, ...lines].join('\n');
}
