/** `llm-embedding push`: a run, a model or an export onto the Hugging Face hub. */
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { Command } from 'commander';
import { formatQuantity, pushModel } from '../../lib/index.js';
import { runAction } from '../action.js';
import { addCommonOptions, configOf } from '../options.js';
import { addExportOptions, type ExportFlags, exportChoice } from './export.js';

interface PushFlags extends Omit<ExportFlags, 'to'> {
  to?: string;
  public?: boolean;
  yes?: boolean;
}

export function pushCommand(): Command {
  const command = new Command('push')
    .description('a run, a model or an export onto the Hugging Face hub, private unless asked otherwise')
    .argument('<run|export>', 'a run folder, a model, or a folder that export made, which is pushed as it is')
    .argument('<user/name>', 'of the repository, which is made where there is none')
    .option('--to <target>', 'as what a run or model is exported first (default: sentence-transformers)')
    .option('--public', 'everybody may read it', false)
    .option('--yes', 'do not ask before something becomes public', false);
  return addExportOptions(addCommonOptions(command))
    .option('--out <folder>', 'where the export goes (default: beside the run, its name and the target)')
    .action((what: string, id: string, options: PushFlags) =>
      runAction(options.json ?? false, async ({ reporting, print, confirm }) => {
        const isExport = existsSync(join(what, 'export.json'));
        const { config, ...chosen } = isExport
          ? { config: await configOf(options), exported: what }
          : await exportChoice(what, { ...options, to: options.to ?? '' });
        const agreed = options.yes ? async (): Promise<boolean> => true : confirm;
        const result = await pushModel(config, {
          ...reporting,
          ...chosen,
          id,
          isPublic: options.public ?? false,
          ...(options.to === undefined ? {} : { to: options.to }),
          ...(options.out === undefined ? {} : { out: options.out }),
          ...(agreed ? { confirm: agreed } : {}),
        });
        const { url, sent, unchanged, isPublic } = result;
        const count = sent.length === 0 ? 'nothing new' : formatQuantity(sent.length, 'files');
        print(
          result,
          `${count} pushed to ${url} (${isPublic ? 'public' : 'private'}), ${unchanged.length} there already`,
        );
      }),
    );
}
