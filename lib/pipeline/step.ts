/**
 * A step of the experiment: what it makes, and the settings that it makes it from. Keys of caches, and the identity of a
 * run, are computed from these lists and from nothing else; a test runs each step on a configuration that records what
 * is read, and fails where a step reads what it does not list.
 */
import type { Config } from '../config/config.js';
import { settingLeaves } from '../config/setting-leaves.js';
import { fingerprintOf } from '../core/fingerprint.js';

/** A setting or a group of them: "seed", "training", "training.learningRate". */
export type SettingPath = {
  [Key in keyof Config & string]: Config[Key] extends readonly unknown[] | string | number
    ? Key
    : Key | `${Key}.${keyof Config[Key] & string}`;
}[keyof Config & string];

export interface Step<Inputs extends unknown[], Result> {
  readonly name: string;
  /** Settings that decide what the step makes. */
  readonly reads: readonly SettingPath[];
  /** Settings that decide where, how fast or in what portions, but not what; they win over a group in `reads`. */
  readonly ignores?: readonly SettingPath[];
  run(config: Config, ...inputs: Inputs): Promise<Result>;
}

/** The settings that decide what some steps make, by path. */
export function settingsRead(
  config: Partial<Config>,
  steps: readonly Pick<Step<never[], unknown>, 'reads' | 'ignores'>[],
): Map<string, unknown> {
  const settings = new Map<string, unknown>();
  for (const { reads, ignores = [] } of steps) {
    const isIgnored = (path: string): boolean => ignores.some((one) => path === one || path.startsWith(`${one}.`));
    for (const path of reads) {
      for (const [leaf, value] of settingLeaves(valueAt(config, path), path)) {
        if (!isIgnored(leaf)) settings.set(leaf, value);
      }
    }
  }
  return new Map([...settings].sort(([a], [b]) => (a < b ? -1 : 1)));
}

/**
 * Names what a step makes of a configuration.
 *
 * @param inputs what names the results that it starts from: keys of other steps, fingerprints of files and models
 */
export function stepKey(
  step: Pick<Step<never[], unknown>, 'name' | 'reads' | 'ignores'>,
  config: Partial<Config>,
  inputs: unknown,
): string {
  return fingerprintOf({ step: step.name, settings: [...settingsRead(config, [step])], inputs });
}

function valueAt(config: Partial<Config>, path: string): unknown {
  return path.split('.').reduce<unknown>((node, key) => (node as Record<string, unknown> | undefined)?.[key], config);
}
