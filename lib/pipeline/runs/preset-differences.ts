/**
 * What a run is made of, told by what differs from the preset that is nearest to it. Runs do not say which preset they
 * began with; the one with the fewest differences says most about them.
 */
import { PRESETS, resolveConfig } from '../../config/config.js';
import { type RunIdentity, trainingSettings } from '../run-identity.js';
import { byImportance } from './setting-names.js';

export interface PresetDifferences {
  preset: string;
  /** Setting by path, with the value that the run has (null where it has none), the most telling first. */
  settings: Record<string, unknown>;
}

export function presetDifferences({ settings }: Pick<RunIdentity, 'settings'>): PresetDifferences {
  const all = presetSettings().map(([preset, values]) => ({ preset, settings: changed(settings, values) }));
  return all.reduce((nearest, other) => (size(other) < size(nearest) ? other : nearest));
}

let known: [string, Record<string, unknown>][] | undefined;

function presetSettings(): [string, Record<string, unknown>][] {
  known ??= Object.keys(PRESETS).map((preset) => [preset, trainingSettings(resolveConfig({ preset }))]);
  return known;
}

function changed(settings: Record<string, unknown>, from: Record<string, unknown>): Record<string, unknown> {
  const differing = Object.keys(settings)
    .sort(byImportance)
    .filter((path) => JSON.stringify(settings[path]) !== JSON.stringify(from[path]));
  return Object.fromEntries(differing.map((path) => [path, settings[path] ?? null]));
}

function size({ settings }: PresetDifferences): number {
  return Object.keys(settings).length;
}
