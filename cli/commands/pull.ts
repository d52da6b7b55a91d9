/** `llm-embedding pull`: a model of the Hugging Face hub into a folder. */
import { Command } from 'commander';
import { formatQuantity, pullModel } from '../../lib/index.js';
import { runAction } from '../action.js';

interface PullFlags {
  out?: string;
  revision?: string;
  overwrite?: boolean;
  json?: boolean;
}

export function pullCommand(): Command {
  return new Command('pull')
    .description('a model of the Hugging Face hub into a folder: all of its files, verified')
    .argument('<user/name>', 'of the repository')
    .option('--out <folder>', 'where to (default: a folder called by the name of the model)')
    .option('--revision <name>', 'branch, tag or commit (default: main)')
    .option('--overwrite', 'replace an export that is there', false)
    .option('--json', 'print the result alone, as JSON, on standard output', false)
    .action((id: string, { json = false, ...options }: PullFlags) =>
      runAction(json, async ({ reporting, print }) => {
        const result = await pullModel(id, { ...reporting, ...options });
        print(result, `${formatQuantity(result.files.length, 'files')} of ${id} in ${result.folder}`);
      }),
    );
}
