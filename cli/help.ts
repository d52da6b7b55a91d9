/**
 * What `--help` says beside the list of options: two examples a command, and the settings that matter there with their
 * defaults. Required options are marked; those of all commands that do nothing for a command are accepted and not listed.
 */
import type { Command, Help, Option } from 'commander';
import { allSettings, resolveConfig, settingText } from '../lib/index.js';

/** Of a command's help. */
export interface HelpTexts {
  /** Two command lines, without the name of the program. */
  examples: readonly [string, string, ...string[]];
  /** Settings for `--set` that matter here, by path; a path that ends in a dot names all below it. */
  settings?: readonly string[];
  /** Options of all commands that do nothing here. */
  idle?: readonly ('config' | 'preset' | 'set' | 'seed' | 'engine')[];
}

/** Characters of a value in the list of settings; of longer ones the beginning is shown. */
const MAX_VALUE = 60;

/** Adds settings and examples to a command's help. */
export function addHelp(command: Command, { examples, settings = [], idle = [] }: HelpTexts): Command {
  for (const option of command.options) if (idle.some((name) => option.long === `--${name}`)) option.hidden = true;
  return command
    .addHelpText('after', () => (settings.length > 0 ? settingList(command, settings) : ''))
    .addHelpText('after', `\nExamples:\n${examples.map((line) => `  llm-embedding ${line}`).join('\n')}`);
}

/** Required options are marked, and defaults that say nothing are left out. */
export const HELP_STYLE: Partial<Help> = {
  optionDescription(option: Option): string {
    const { mandatory, description, defaultValue } = option;
    const isPlain = defaultValue === undefined || defaultValue === false || Array.isArray(defaultValue);
    const text = isPlain ? description : `${description} (default: ${defaultValue})`;
    return mandatory ? `${text} (required)` : text;
  },
};

function settingList(command: Command, paths: readonly string[]): string {
  const helper = command.createHelp();
  helper.prepareContext({});
  const all = allSettings(resolveConfig());
  const chosen = paths.flatMap((path) =>
    all.filter(({ name }) => name === path || (path.endsWith('.') && name.startsWith(path))),
  );
  const width = Math.max(0, ...chosen.map(({ name }) => name.length));
  const items = chosen.map(({ name, value, meaning }) => {
    const text = settingText(value);
    const shown = text.length > MAX_VALUE ? `${text.slice(0, MAX_VALUE)}…` : text;
    return helper.formatItem(name, width, [meaning, `(default: ${shown})`].filter(Boolean).join(' '), helper);
  });
  return ['\nSettings that matter here, for --set:', ...items].join('\n');
}
