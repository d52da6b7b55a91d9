/**
 * What `--help` says beside the list of options: two examples a command, and the settings that matter there with their
 * defaults. Required options are marked; those of all commands that do nothing for a command are accepted and not listed.
 */
import type { Command, Help, Option } from 'commander';
import { allSettings, resolveConfig, typedSetting } from '../lib/index.js';

/** Of a command's help. */
export interface HelpTexts {
  /** Two command lines, without the name of the program. */
  examples: readonly [string, string, ...string[]];
  /** Settings for `--set` that matter here, by path; a path that ends in a dot names all below it. */
  settings?: readonly string[];
  /** What else is named in two columns: "Metrics". */
  list?: { title: string; columns(): string };
  /** One paragraph more. */
  note?: string;
  /** Options of all commands that do nothing here. */
  idle?: readonly ('config' | 'preset' | 'set' | 'seed' | 'engine')[];
}

/** Characters of a value in the list of settings; of longer ones the beginning is shown. */
const MAX_VALUE = 60;

/** Term and meaning. */
type HelpItem = readonly [term: string, meaning: string];

/** Adds settings and examples to a command's help. */
export function addHelp(command: Command, { examples, settings = [], list, note, idle = [] }: HelpTexts): Command {
  for (const option of command.options) if (idle.some((name) => option.long === `--${name}`)) option.hidden = true;
  if (list) addHelpList(command, list.title, () => itemsOf(list.columns()));
  if (settings.length > 0) addHelpList(command, 'Settings that matter here, for --set', () => settingItems(settings));
  if (note !== undefined) command.addHelpText('after', `\n${note}`);
  return command.addHelpText('after', `\nExamples:\n${examples.map((line) => `  llm-embedding ${line}`).join('\n')}`);
}

/** Required options are marked, and defaults and placeholders that say nothing are left out. */
export const HELP_STYLE: Partial<Help> = {
  subcommandTerm(command: Command): string {
    return `${command.name()} ${command.usage().replace(/\[options\] ?|\[command\]/g, '')}`.trim();
  },
  optionDescription(option: Option): string {
    const { mandatory, description, defaultValue } = option;
    const isPlain = defaultValue === undefined || defaultValue === false || Array.isArray(defaultValue);
    const text = isPlain ? description : `${description} (default: ${defaultValue})`;
    return mandatory ? `${text} (required)` : text;
  },
};

/** A list of terms and what they mean, wrapped as the options are. */
function addHelpList(command: Command, title: string, items: () => readonly HelpItem[]): Command {
  return command.addHelpText('after', () => {
    const helper = command.createHelp();
    const { getOutHelpWidth } = command.configureOutput();
    const helpWidth = getOutHelpWidth?.();
    helper.prepareContext(helpWidth === undefined ? {} : { helpWidth });
    const all = items();
    const width = Math.max(0, ...all.map(([term]) => term.length));
    return [`\n${title}:`, ...all.map(([term, meaning]) => helper.formatItem(term, width, meaning, helper))].join('\n');
  });
}

/** Terms and meanings out of lines that have them in two columns. */
function itemsOf(columns: string): HelpItem[] {
  return columns.split('\n').map((line) => {
    const [term = '', ...meaning] = line.split(/ {2,}/);
    return [term, meaning.join('  ')];
  });
}

function settingItems(paths: readonly string[]): HelpItem[] {
  const all = allSettings(resolveConfig());
  const chosen = paths.flatMap((path) =>
    all.filter(({ name }) => name === path || (path.endsWith('.') && name.startsWith(path))),
  );
  return chosen.map(({ name, value, meaning }, i) => {
    const isSame = meaning !== '' && meaning === chosen[i - 1]?.meaning;
    const text = `(default: ${shortened(typedSetting(value))})`;
    return [name, isSame || meaning === '' ? text : `${meaning} ${text}`];
  });
}

/** Long values end after the last whole item that fits. */
function shortened(text: string): string {
  if (text.length <= MAX_VALUE) return text;
  const cut = text.slice(0, MAX_VALUE);
  return `${cut.slice(0, cut.lastIndexOf(', ') + 1)} …`.trim();
}
