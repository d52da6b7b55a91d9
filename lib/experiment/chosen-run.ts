/**
 * Which training a notebook looks at: the finished one of its settings, or the one that its reader names.
 */
import { readdir } from 'node:fs/promises';
import { basename, join, resolve } from 'node:path';
import { UserError } from '../core/errors.js';
import { isThere } from '../hub/model-files.js';
import { describeRunState, readRunRecord, runName, runState } from '../pipeline/run-record.js';

/**
 * @param runs folder of the run folders
 * @param chosen name or folder of a run; absent: `own` is meant, and has to be finished
 * @returns the run folder
 * @throws UserError that says what is there and what is not
 */
export async function chosenRun(runs: string, chosen: string | undefined, own: () => Promise<string>): Promise<string> {
  if (chosen !== undefined) return namedRun(runs, chosen);
  const folder = await own();
  const state = await runState(folder);
  if (state.state === 'finished') return folder;
  const found =
    state.state === 'not started'
      ? 'nothing is trained with these settings'
      : `the training with these settings ${state.state === 'stopped' ? 'was ' : ''}${describeRunState(state)}`;
  const others = (await runNames(runs)).filter((name) => name !== basename(folder));
  const choose = [...(state.state === 'not started' ? [] : [basename(folder)]), ...others];
  const choice =
    choose.length > 0
      ? `, or choose a run: { run: ${choose
          .slice(0, 4)
          .map((name) => `'${name}'`)
          .join(' | ')} }`
      : '';
  throw new UserError(`${found}: run notebook 5 (experiment.train(config))${choice}`);
}

async function namedRun(runs: string, chosen: string): Promise<string> {
  for (const folder of [join(runs, chosen), resolve(chosen)]) {
    if (await isThere(join(folder, 'run.json'))) return folder;
  }
  const names = await runNames(runs);
  for (const name of names) {
    const record = await readRunRecord(join(runs, name));
    if (record && runName(join(runs, name), record) === chosen) return join(runs, name);
  }
  const there = names.length > 0 ? `there are ${names.join(', ')}` : 'there is none yet';
  throw new UserError(`no run "${chosen}" in ${runs}: ${there}`);
}

/** Names of the folders that hold a run, in alphabetical order. */
async function runNames(runs: string): Promise<string[]> {
  const entries = await readdir(runs, { withFileTypes: true }).catch(() => []);
  const names: string[] = [];
  for (const entry of entries) {
    if (entry.isDirectory() && (await isThere(join(runs, entry.name, 'run.json')))) names.push(entry.name);
  }
  return names.sort();
}
