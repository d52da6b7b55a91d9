/**
 * What made a result: the settings that its steps read, the data, the base model, the engine, the loss. Two trainings
 * with the same identity give the same adapter; a result is used only by those who ask for the same.
 */
import { z } from 'zod';
import { type Config, configSchema } from '../config/config.js';
import { fingerprintOf } from '../core/fingerprint.js';
import { settingsRead } from './step.js';
import { batchesStep } from './steps/batches.js';
import { datasetsStep } from './steps/datasets.js';
import { encoderStep } from './steps/encoder.js';
import { tokensStep } from './steps/tokens.js';
import { trainingStep } from './steps/training.js';

export const identitySchema = z.object({
  /** Of all below. */
  fingerprint: z.string(),
  /** By path; those that some step of the training reads. */
  settings: z.record(z.string(), z.unknown()),
  inputs: z.object({
    /** Names the papers of step 1. */
    dataset: z.string(),
    /** SHA-256 of the files of pairs, by name; absent for papers. */
    files: z.record(z.string(), z.string()).optional(),
    /** SHA-256 over the files of the base model. */
    model: z.string(),
    /** Name, precision and provider of what computed. */
    engine: z.string(),
    /** SHA-256 of the adapter that the training starts from; absent without one. */
    adapter: z.string().optional(),
    /** SHA-256 of the file of hard negatives; absent without one. */
    negatives: z.string().optional(),
    /** Names a loss of the caller's own; absent for the configured one. */
    loss: z.string().optional(),
    /** Of the teacher's weights and settings; absent without one. */
    teacher: z.string().optional(),
  }),
});

export type RunIdentity = z.infer<typeof identitySchema>;

/** The steps whose settings a training depends on. */
const STEPS = [datasetsStep, tokensStep, batchesStep, encoderStep, trainingStep];

/** Settings that say where something lies. What it is, its input says: a file that was moved is still the same. */
const PLACES: Readonly<Record<string, keyof RunIdentity['inputs']>> = {
  'datasets.source': 'dataset',
  'encoder.model': 'model',
  'encoder.revision': 'model',
  'encoder.adapter': 'adapter',
  'training.hardNegatives.file': 'negatives',
  'training.teacher': 'teacher',
};

export function runIdentity(config: Config, inputs: RunIdentity['inputs']): RunIdentity {
  const settings = trainingSettings(config);
  const decisive = Object.fromEntries(Object.entries(settings).filter(([path]) => !(path in PLACES)));
  return { fingerprint: fingerprintOf({ settings: decisive, inputs }), settings, inputs };
}

/** The settings that a training depends on, by path. */
export function trainingSettings(config: Config): Record<string, unknown> {
  return Object.fromEntries(settingsRead(config, STEPS));
}

let defaults: Record<string, unknown> | undefined;

/** The settings of a run, with the defaults of those that its version did not know yet. */
export function completeSettings({ settings }: Pick<RunIdentity, 'settings'>): Record<string, unknown> {
  defaults ??= trainingSettings(configSchema.parse({}));
  return { ...defaults, ...settings };
}

/** Settings of which another value can be asked of a finished result: they change how it is computed or searched, not what was trained. */
const FREE_AFTER_TRAINING = [
  'batches.tokenBudget',
  'training.memoryBudget',
  'encoder.plan',
  'tokens.',
  'evaluation.queries',
];

/** A setting or an input in which two identities differ. */
export interface Difference {
  what: string;
  before: unknown;
  now: unknown;
}

/** How inputs are called where two runs are told apart. */
export const INPUT_NAMES = {
  dataset: 'the data',
  files: 'the files of the data',
  model: 'the base model',
  adapter: 'the adapter to start from',
  engine: 'the engine',
  negatives: 'the file of hard negatives',
  loss: 'the loss',
  teacher: 'the teacher',
} as const satisfies Record<keyof RunIdentity['inputs'], string>;

/** @param use whether a finished result is used, and not continued: see {@link FREE_AFTER_TRAINING} */
export function differences(before: RunIdentity, now: RunIdentity, use = false): Difference[] {
  const found: Difference[] = [];
  const [settings, wanted] = [completeSettings(before), completeSettings(now)];
  for (const path of new Set([...Object.keys(settings), ...Object.keys(wanted)])) {
    // a setting that the training did not have yet cannot have changed it
    if (use && (!Object.hasOwn(before.settings, path) || FREE_AFTER_TRAINING.some((free) => path.startsWith(free))))
      continue;
    const input = PLACES[path];
    if (input !== undefined && before.inputs[input] === now.inputs[input]) continue;
    const [old, asked] = [settings[path], wanted[path]];
    if (JSON.stringify(old) !== JSON.stringify(asked)) found.push({ what: path, before: old, now: asked });
  }
  for (const key of Object.keys(INPUT_NAMES) as (keyof typeof INPUT_NAMES)[]) {
    if (use && key === 'engine') continue;
    const [old, asked] = [before.inputs[key], now.inputs[key]];
    // where a setting differs, the input differs because of it
    const explained = found.some(
      ({ what }) =>
        PLACES[what] === key ||
        ((key === 'dataset' || key === 'files') && (what.startsWith('datasets.') || what === 'seed')),
    );
    if (JSON.stringify(old) !== JSON.stringify(asked) && !explained)
      found.push({ what: INPUT_NAMES[key], before: old, now: asked });
  }
  return found;
}

/** Whether two trainings give the same: made from the same, by versions of which one may know more settings. */
export function isSameTraining(before: RunIdentity, now: RunIdentity): boolean {
  return before.fingerprint === now.fingerprint || differences(before, now).length === 0;
}

/** Whether the settings name another place for something than the run had. */
export function placesDiffer({ settings }: RunIdentity, config: Config): boolean {
  const asked = trainingSettings(config);
  return Object.keys(PLACES).some((path) => JSON.stringify(settings[path]) !== JSON.stringify(asked[path]));
}

/** "training.learningRate is 0.001 there and 0.002 now; the data differ" */
export function describeDifferences(all: readonly Difference[]): string {
  const shown = all.slice(0, 3).map(({ what, before, now }) => {
    if (what === 'the engine' || !what.startsWith('the ')) {
      return `${what} is ${JSON.stringify(before)} there and ${JSON.stringify(now)} now`;
    }
    return `${what} ${what === 'the data' ? 'are' : 'is'} not the same`;
  });
  return shown.join('; ') + (all.length > 3 ? `; and ${all.length - 3} more` : '');
}
