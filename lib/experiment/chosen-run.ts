/**
 * Which training a notebook looks at: the finished one of its settings, or the one that its reader names.
 */
import { UserError } from '../core/errors.js';
import { describeRunState, readRunRecord, runName, runState } from '../pipeline/run-record.js';
import { findRuns, runFolderOf } from '../pipeline/runs/find-runs.js';

/**
 * @param runs folder of the run folders
 * @param chosen name or folder of a run; absent: `own` is meant, and has to be finished
 * @returns the run folder
 * @throws UserError that says what is there and what is not
 */
export async function chosenRun(runs: string, chosen: string | undefined, own: () => Promise<string>): Promise<string> {
  if (chosen !== undefined) return runFolderOf(runs, chosen);
  const folder = await own();
  const state = await runState(folder);
  if (state.state === 'finished') return folder;
  const found =
    state.state === 'not started'
      ? 'nothing is trained with these settings'
      : `the training with these settings ${state.state === 'stopped' ? 'was ' : ''}${describeRunState(state)}`;
  const others = findRuns(runs).flatMap((run) => (run.folder === folder ? [] : [run.name]));
  const ownName = state.state === 'not started' ? [] : [runName(folder, await readRunRecord(folder))];
  const choose = [...ownName, ...others];
  const choice =
    choose.length > 0
      ? `, or choose a run: { run: ${choose
          .slice(0, 4)
          .map((name) => `'${name}'`)
          .join(' | ')} }`
      : '';
  throw new UserError(`${found}: run notebook 5 (experiment.train(config))${choice}`);
}
