/**
 * One store for all ranks. Rank 0 alone reads and writes the run folder; the others hear from it where the training
 * resumes and what was best, so that they need no folder, and none sees half of what another writes.
 */
import { UserError } from '../core/errors.js';
import type { Communicator } from '../distributed/communicator.js';
import { broadcastArrays, broadcastJson } from '../distributed/messages.js';
import type { ParameterMap } from '../encoder/adapter-files.js';
import type { Checkpoint } from './checkpoint.js';
import type { PatientStore } from './patient-store.js';

/** Collective. @throws UserError on a rank whose training is another than that of rank 0 */
export async function checkSameTraining(communicator: Communicator, fingerprint: string): Promise<void> {
  const first = await broadcastJson(communicator, fingerprint);
  if (first === fingerprint) return;
  throw new UserError(
    `rank ${communicator.rank} would train with other settings, data, model or engine than rank 0: give every rank the same command line, files and software`,
  );
}

/**
 * Collective.
 *
 * @param own the store of rank 0; absent where nothing is kept, and on the other ranks
 * @param parameters what is trained, for its names and shapes
 */
export async function sharedStore(
  communicator: Communicator,
  own: PatientStore | undefined,
  parameters: ParameterMap,
): Promise<PatientStore | undefined> {
  if (communicator.size === 1) return own;
  const facts = await broadcastJson(communicator, own ? { resume: resumeFacts(own.resume) } : null);
  if (!facts) return undefined;
  const resume = facts.resume ? await sharedCheckpoint(communicator, own?.resume, facts.resume, parameters) : undefined;
  if (own) {
    return {
      ...own,
      async loadBest(validation) {
        const best = await own.loadBest(validation);
        await broadcastArrays(communicator, arraysOf(best, parameters));
        return best;
      },
    };
  }
  return {
    configFingerprint: '',
    resume,
    saveCheckpoint: async () => undefined,
    saveBest: async () => undefined,
    async loadBest() {
      const best = emptyCopy(parameters);
      await broadcastArrays(communicator, arraysOf(best, parameters));
      return best;
    },
    unsaved: () => null,
    finish: async () => null,
  };
}

type ResumeFacts = { state: Checkpoint['state']; optimizerStep: number };

function resumeFacts(resume: Checkpoint | undefined): ResumeFacts | null {
  return resume ? { state: resume.state, optimizerStep: resume.optimizer.step } : null;
}

async function sharedCheckpoint(
  communicator: Communicator,
  own: Checkpoint | undefined,
  { state, optimizerStep }: ResumeFacts,
  parameters: ParameterMap,
): Promise<Checkpoint> {
  const zeros = (): Map<string, Float32Array> =>
    new Map([...parameters].map(([name, { data }]) => [name, new Float32Array(data.length)]));
  const checkpoint: Checkpoint = own ?? {
    state,
    parameters: emptyCopy(parameters),
    optimizer: { step: optimizerStep, firstMoments: zeros(), secondMoments: zeros() },
  };
  const { firstMoments, secondMoments } = checkpoint.optimizer;
  await broadcastArrays(communicator, arraysOf(checkpoint.parameters, parameters));
  for (const moments of [firstMoments, secondMoments]) {
    await broadcastArrays(
      communicator,
      [...parameters.keys()].map((name) => moments.get(name) as Float32Array),
    );
  }
  return checkpoint;
}

/** In the order that all ranks have. */
function arraysOf(tensors: ParameterMap, parameters: ParameterMap): Float32Array[] {
  return [...parameters.keys()].map((name) => tensors.get(name)?.data as Float32Array);
}

function emptyCopy(parameters: ParameterMap): ParameterMap {
  return new Map(
    [...parameters].map(([name, { shape, data }]) => [
      name,
      { shape: [...shape], data: new Float32Array(data.length) },
    ]),
  );
}
