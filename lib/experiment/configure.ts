/** What a cell of settings does: sets them, shows them, and hands them on to the notebooks after this one. */
import { type Config, resolveConfig } from '../config/config.js';
import { isRecord, mergeSettings, withoutField } from '../config/merge.js';
import { checkEvaluation } from '../evaluation/check-evaluation.js';
import { carriedSettings, handOnSettings } from './carried-settings.js';
import { inProject } from './project-paths.js';
import { changedSettings, type Section, type SettingsOfCell } from './settings.js';
import { showSettings } from './show-settings.js';

/** What the settings of a cell are on top of. */
export interface SettingsBase {
  base: Config;
  /** Under which changes are handed on. */
  preset: string;
  /** Where they are kept. */
  settingsFile: string;
}

/** @throws UserError naming the setting, its value, and what was expected */
export function configure<S extends Section>(
  section: S,
  settings: SettingsOfCell<S>,
  { base, preset, settingsFile }: SettingsBase,
): Config {
  const carried = carriedSettings(settingsFile, preset, section);
  const { [section as string]: written } = withoutField({ [section]: settings });
  const input = { ...carried, [section]: mergeSettings(base[section], isRecord(written) ? written : settings) };
  const config = inProject(resolveConfig({ base, input }));
  if (section === 'evaluation') checkEvaluation(config);
  handOnSettings(settingsFile, preset, section, changedSettings(config[section], base[section]));
  showSettings(config, base, section, {
    named: Object.keys(settings),
    carried: Object.keys(carried) as Section[],
  });
  return config;
}
