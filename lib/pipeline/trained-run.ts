/**
 * A result for those who use it: what was trained in a run folder, checked against what is asked of it.
 */

import type { Config } from '../config/config.js';
import { UserError } from '../core/errors.js';
import type { MessageEvent } from '../core/events.js';
import { remedies } from '../core/remedies.js';
import type { ReportedRun } from '../evaluation/report.js';
import { isThere } from '../hub/model-files.js';
import { type Provenance, readProvenance } from './provenance.js';
import { runTrainedFolder } from './run-folder.js';
import { describeDifferences, differences, runIdentity } from './run-identity.js';
import { describeRunState, readRunRecord, runName, runState } from './run-record.js';

export interface UsableRun {
  /** Folder of the adapter or model; null where nothing was trained yet. */
  trained: string | null;
  reported: ReportedRun;
  provenance: Provenance | null;
}

/**
 * Finds what a run trained, and checks that it was made with the settings that are asked for.
 *
 * @throws UserError where a setting that the training depended on differs, or the weights are damaged
 */
export async function findTrainedRun(
  folder: string,
  config: Config,
  onMessage?: (event: MessageEvent) => void,
): Promise<UsableRun> {
  const state = await runState(folder);
  const record = await readRunRecord(folder);
  const trained = runTrainedFolder(folder, config);
  const present = await isThere(trained);
  const provenance = present ? await readProvenance(trained) : null;
  const identity = provenance?.identity ?? record?.identity;
  if (identity) {
    const found = differences(identity, runIdentity(config, identity.inputs), true);
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
    onMessage?.({
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
