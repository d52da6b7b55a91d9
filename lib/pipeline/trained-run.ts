/**
 * A result for those who use it: what was trained in a run folder, checked against what is asked of it.
 */

import type { Config } from '../config/config.js';
import { UserError } from '../core/errors.js';
import type { Reporting } from '../core/events.js';
import { remedies } from '../core/remedies.js';
import type { ReportedRun } from '../evaluation/report.js';
import { isThere } from '../files/is-there.js';
import { type Provenance, readProvenance } from './provenance.js';
import { runTrainedFolder } from './run-folder.js';
import { describeDifferences, differences, placesDiffer, type RunIdentity, runIdentity } from './run-identity.js';
import { describeRunState, readRunRecord, runName, runState } from './run-record.js';
import type { StepResults } from './step-results.js';

export interface UsableRun {
  /** Folder of the adapter or model; null where nothing was trained yet. */
  trained: string | null;
  reported: ReportedRun;
  provenance: Provenance | null;
}

/**
 * Finds what a run trained, and checks that it was made with the settings that are asked for.
 *
 * @param results finds out what lies where the settings name other places than the run had; null: the caller does that itself
 * @throws UserError where a setting that the training depended on differs, or the weights are damaged
 */
export async function findTrainedRun(
  results: Pick<StepResults, 'identity'> | null,
  folder: string,
  config: Config,
  reporting: Reporting = {},
): Promise<UsableRun> {
  const state = await runState(folder);
  const record = await readRunRecord(folder);
  const trained = runTrainedFolder(folder, config);
  const present = await isThere(trained);
  const provenance = present ? await readProvenance(trained) : null;
  const identity = provenance?.identity ?? record?.identity;
  if (identity) {
    // what lies where the run had it is what it had: the weights carry their digest, and papers their splits
    const inputs =
      results && placesDiffer(identity, config)
        ? await inputsNow(results, config, identity, reporting)
        : identity.inputs;
    const found = differences(identity, runIdentity(config, inputs), true);
    if (found.length > 0) {
      throw new UserError(
        `${folder} was trained with other settings (${describeDifferences(found)}): leave that setting as the run has it, or train a run with it`,
      );
    }
  }
  if (record && present && !provenance) {
    throw new UserError(
      `${trained} was being written when its training was stopped: finish the training ${remedies().resume}`,
    );
  }
  if (state.state === 'stopped' || state.state === 'diverged') {
    const used = present
      ? `its best encoder so far${provenance ? ` (step ${provenance.step})` : ''}`
      : 'no encoder yet';
    reporting.onMessage?.({
      level: 'warning',
      text: `the run ${folder} is unfinished, ${describeRunState(state)}: ${used} is used`,
    });
  }
  const reported: ReportedRun = {
    ...state,
    name: runName(folder, record),
    fingerprint: identity?.fingerprint ?? null,
    ...(provenance?.strength && { strength: provenance.strength }),
    usedStep: provenance?.step ?? null,
  };
  return { trained: present ? trained : null, reported, provenance };
}

/** What lies in the places that the settings name; engine and loss are those of the run. */
async function inputsNow(
  results: Pick<StepResults, 'identity'>,
  config: Config,
  { inputs: { engine, loss } }: RunIdentity,
  reporting: Reporting,
): Promise<RunIdentity['inputs']> {
  const { inputs } = await results.identity(config, reporting);
  return { ...inputs, engine, ...(loss === undefined ? {} : { loss }) };
}
