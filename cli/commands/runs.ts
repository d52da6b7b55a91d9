/** `llm-embedding runs`: lists, shows, compares, renames and removes runs. */
import { existsSync } from 'node:fs';
import { mkdir } from 'node:fs/promises';
import { join } from 'node:path';
import { Command } from 'commander';
import {
  compareRuns,
  didYouMean,
  listRuns,
  printable,
  type RunSummary,
  removeRun,
  renameRun,
  renderRunComparison,
  renderSvg,
  runComparisonFigure,
  runComparisonText,
  runFolderOf,
  runTable,
  runText,
  UserError,
  writeFileAtomic,
} from '../../lib/index.js';
import { type ActionContext, runAction } from '../action.js';

interface RunsOptions {
  in: string;
  json: boolean;
}

/** Where runs go unless told otherwise. */
const DEFAULT_FOLDER = 'checkpoints';

export function runsCommand(): Command {
  return new Command('runs')
    .description('run folders: list, show, compare, rename and remove them')
    .usage('[folder] | <command>')
    .addCommand(listCommand(), { isDefault: true })
    .addCommand(showCommand())
    .addCommand(compareCommand())
    .addCommand(renameCommand())
    .addCommand(removeCommand());
}

function listCommand(): Command {
  return new Command('list')
    .description('name, date, state, what differs from the preset, and what the evaluation found (the default)')
    .argument('[folder]', `where run folders lie (default: "${DEFAULT_FOLDER}")`)
    .option('--json', 'print the result alone, as JSON, on standard output', false)
    .action((named: string | undefined, { json }: RunsOptions) =>
      runAction(json, async ({ print }) => {
        const folder = named ?? DEFAULT_FOLDER;
        if (named !== undefined && !existsSync(named)) {
          const meant = didYouMean(named, ['show', 'compare', 'rename', 'remove']);
          throw new UserError(`there is no folder ${named}: name the one where run folders lie${meant}`);
        }
        const runs = await listRuns(folder);
        const none = `no run in ${folder}: train one with "llm-embedding run", or name another folder`;
        print(runs, runs.length > 0 ? runTable(runs) : none);
      }),
    );
}

function showCommand(): Command {
  return withRunOptions(new Command('show').description('all about a run').argument('<run>', 'its name or folder'), {
    action: async ([run = ''], { in: folder }, { print }) => {
      const summary = await summaryOf(folder, run);
      print(summary, runText(summary));
    },
  });
}

function compareCommand(): Command {
  const command = new Command('compare')
    .description('settings that differ, paired differences over the same queries, curves as SVG and HTML')
    .argument('<runs...>', 'names or folders of at least two runs')
    .option('--out <folder>', 'where comparison.html and comparison.svg go', 'checkpoints/comparison');
  return withRunOptions<{ out: string }>(command, {
    action: async (names, { in: folder, out }, { print }) => {
      const comparison = await compareRuns(names.map((name) => runFolderOf(folder, name)));
      await mkdir(out, { recursive: true });
      await writeFileAtomic(join(out, 'comparison.html'), renderRunComparison(comparison));
      const figure = runComparisonFigure(comparison);
      if (figure) await writeFileAtomic(join(out, 'comparison.svg'), renderSvg(figure, { width: 1000 }));
      print(comparison, `${runComparisonText(comparison)}\n\ncomparison: ${out}/comparison.html`);
    },
  });
}

function renameCommand(): Command {
  const command = new Command('rename')
    .description('another name for a run, and for its folder where that has the name')
    .argument('<run>', 'its name or folder')
    .argument('<name>', 'the new name');
  return withRunOptions(command, {
    action: async ([run = '', name = ''], { in: folder }, { print }) => {
      const renamed = await renameRun(runFolderOf(folder, run), name);
      print({ name, folder: renamed }, `${run} is now ${name}, in ${renamed}`);
    },
  });
}

function removeCommand(): Command {
  const command = new Command('remove')
    .description('remove all that a run has written; files of your own stay')
    .argument('<run>', 'its name or folder')
    .option('--yes', 'without asking, as there may be nobody to ask', false);
  return withRunOptions<{ yes: boolean }>(command, {
    action: async ([run = ''], { in: folder, yes }, { print, confirm }) => {
      const { name, folder: found } = await summaryOf(folder, run);
      if (!yes) {
        if (!confirm) throw new UserError(`${found} is not removed: nobody can be asked here, give --yes to remove it`);
        const agreed = await confirm(`Remove the run ${printable(name)} in ${found}?`);
        if (!agreed) throw new UserError(`${found} is kept`);
      }
      const left = await removeRun(found);
      const kept = left.length > 0 ? `; not of the run, and still there: ${left.join(', ')}` : '';
      print({ name, folder: found, left }, `${name} is removed from ${found}${kept}`);
    },
  });
}

async function summaryOf(folder: string, run: string): Promise<RunSummary> {
  const found = runFolderOf(folder, run);
  const summary = (await listRuns(join(found, '..'))).find((one) => one.folder === found);
  if (!summary) throw new UserError(`${found} is not a run folder`);
  return summary;
}

/** Options and action of the commands on named runs. */
function withRunOptions<Own extends object = object>(
  command: Command,
  { action }: { action(names: string[], options: RunsOptions & Own, context: ActionContext): Promise<void> },
): Command {
  return command
    .option('--in <folder>', 'where run folders lie', 'checkpoints')
    .option('--json', 'print the result alone, as JSON, on standard output', false)
    .action(() => {
      const options = command.opts<RunsOptions & Own>();
      return runAction(options.json, (context) => action(command.args, options, context));
    });
}
