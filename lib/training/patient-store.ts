/**
 * A store whose disk may fail: full, read-only, unmounted. A training that has run for hours is worth more than its saves,
 * so it goes on in memory with one loud line, tries again at every later save, and at its end leaves what is best in
 * another place where its own still cannot be written.
 */
import { Interrupted, WorkError } from '../core/errors.js';
import type { Reporting } from '../core/events.js';
import type { ParameterMap } from '../encoder/adapter-files.js';
import { FALLBACK_PARENTS, writeElsewhere } from '../files/keep-result.js';
import type { StrengthChoice } from './adapter-strength.js';
import type { TrainingStore } from './training-options.js';

export interface PatientStore extends TrainingStore {
  /** Why the last save failed; null where all is saved. */
  unsaved(): string | null;
  /**
   * At the end: saves what is not saved yet, else writes the best parameters into a folder elsewhere.
   *
   * @returns that folder; null where none was needed
   * @throws WorkError where no place takes them
   */
  finish(): Promise<string | null>;
}

export interface PatientStoreOptions {
  /** The run folder. */
  run: string;
  /** Writes parameters as the store would, into another folder. */
  writeTo(folder: string, best: ParameterMap): Promise<void>;
  /** Whether the best parameters that were saved before are still there: a drive may be gone with them. */
  bestIsThere?(): Promise<boolean>;
  /** Where to go when the run folder fails, in order; parents of the folder that is made. */
  fallbacks?: readonly string[];
  onMessage?: Reporting['onMessage'];
}

interface Best {
  best: ParameterMap;
  step: number;
  strength: StrengthChoice | undefined;
}

export function patientStore(store: TrainingStore, options: PatientStoreOptions): PatientStore {
  const { run, writeTo, onMessage, bestIsThere = async () => true, fallbacks = FALLBACK_PARENTS } = options;
  let failure: string | null = null;
  let lastBest: Best | null = null;
  let unsavedBest: Best | null = null;
  let stateIsSaved = true;

  const attempt = async (save: () => Promise<void>): Promise<boolean> => {
    try {
      await save();
      return true;
    } catch (error) {
      if (error instanceof Interrupted) throw error;
      const reason = (error as Error).message;
      if (failure === null) {
        const text = `${run} CANNOT BE WRITTEN, training goes on in memory: ${reason}; saving is tried again, so make room or bring the drive back`;
        onMessage?.({ level: 'warning', text });
      }
      failure = reason;
      return false;
    }
  };
  const saveBest = async (): Promise<void> => {
    const waiting = unsavedBest;
    if (waiting && (await attempt(() => store.saveBest(waiting.best, waiting.step, waiting.strength))))
      unsavedBest = null;
  };
  const settle = (): void => {
    if (failure === null || unsavedBest || !stateIsSaved) return;
    failure = null;
    onMessage?.({ level: 'info', text: `${run} can be written again: all is saved` });
  };
  return {
    ...store,
    unsaved: () => failure,
    async saveCheckpoint(checkpoint) {
      await saveBest();
      stateIsSaved = await attempt(() => store.saveCheckpoint(checkpoint));
      settle();
    },
    async saveBest(best, step, strength) {
      lastBest = { best, step, strength };
      unsavedBest = lastBest;
      await saveBest();
      settle();
    },
    async finish() {
      if (failure !== null && !(await bestIsThere())) unsavedBest = lastBest;
      await saveBest();
      const waiting = unsavedBest;
      if (!waiting) return null;
      const folder = await writeElsewhere(run, (place) => writeTo(place, waiting.best), fallbacks);
      if (folder !== null) return folder;
      throw new WorkError(
        `${run} cannot be written (${failure}), nor can ${fallbacks.join(' or ')}: the trained parameters are lost; make room and train again`,
      );
    },
  };
}
