/** Which preset and which hyperparameters are in force, below the cells that set them. */
import { type Config, FIELDS, fieldOf } from '../config/config.js';
import { dataSets } from '../datasets/pairs/sets.js';
import { display } from '../display/notebook/output.js';
import { showTable } from '../display/notebook/show-table.js';
import { FAINT, notebookTable } from '../display/notebook/table-html.js';
import { element, escapeText } from '../display/svg/element.js';
import { textTable } from '../display/terminal/text-table.js';
import { SAMPLE_ENCODERS } from '../hub/resolve-model.js';
import { type Section, settingsOf, settingText } from './settings.js';

/** Characters of a value; longer ones are cut. */
const MAX_VALUE = 160;

/** @param others names of all presets; none where a run is in force */
export function showPreset(preset: string, others: readonly string[], config: Config, folder: string): void {
  const alternatives = others.filter((name) => name !== preset).join(', ');
  const inForce = alternatives === '' ? preset : `${preset} (others: ${alternatives})`;
  const { model } = config.encoder;
  showTable(
    ['preset', 'value'],
    [
      ['in force', inForce],
      ...describeData(config),
      ['encoder', Object.hasOwn(SAMPLE_ENCODERS, model) ? `${model}, which comes with the package` : model],
      ['seed', String(config.seed)],
      ['results', folder],
    ],
  );
}

/** Pairs, where it is known before they are read that it is pairs, have no field. */
function describeData(config: Config): string[][] {
  const { source, sets, kind } = config.datasets;
  if (sets.length > 0) {
    const names = dataSets(config.datasets).map(({ name }) => name);
    return [['data sets', names.join(', ')]];
  }
  if (kind === 'pairs') return [['pairs', source]];
  const papers = source === 'sample' ? 'sample, the corpus that comes with the package' : source;
  return [
    ['papers', papers],
    ['field', describeField(config)],
  ];
}

function describeField({ datasets }: Config): string {
  const field = fieldOf(datasets.categories);
  return field === null ? (datasets.categories.main ?? []).join(', ') : `${field}, ${FIELDS[field].meaning}`;
}

/**
 * The settings that a cell names and those that differ from the preset; the others by name.
 *
 * @param named keys of the section that the cell sets
 * @param carried sections whose settings earlier notebooks changed
 */
export function showSettings(
  config: Config,
  preset: Config,
  section: Section,
  { named, carried }: { named: readonly string[]; carried: readonly Section[] },
): void {
  const before = valuesOf(preset, section);
  const all = settingsOf(config, section).map(({ name, value, meaning }) => {
    const text = settingText(value);
    return { name, key: name.split('.')[0] as string, text, changed: before.get(name) !== text, meaning };
  });
  const shown = all.filter(({ key, changed }) => changed || named.includes(key));
  const others = all.filter((setting) => !shown.includes(setting));
  const anyChanged = shown.some(({ changed }) => changed);
  const columns = [section, { name: 'value', maxWidth: MAX_VALUE }, ...(anyChanged ? ['preset'] : []), 'meaning'];
  const rows = shown.map(({ name, text, changed, meaning }) => [
    name,
    text,
    ...(anyChanged ? [changed ? (before.get(name) ?? '') : 'same'] : []),
    meaning,
  ]);
  const notes = carried.map((name) => describeCarried(config, preset, name));
  const paragraphs = notes.map((note) => element('div', { style: `padding:.25em .75em;${FAINT}` }, escapeText(note)));
  const more = moreSettings(section, others);
  display({
    'text/html': [notebookTable(columns, rows), ...paragraphs, more.html].join(''),
    'text/plain': [textTable(columns, rows), ...notes, more.text].join('\n'),
  });
}

/** The settings that a cell does not name, with value and meaning; folded, since they are many. */
function moreSettings(
  section: Section,
  others: readonly { name: string; text: string; meaning: string }[],
): { html: string; text: string } {
  if (others.length === 0) return { html: '', text: '' };
  const title = `More settings of ${section}, as the preset has them: ${others.length}`;
  const columns = ['setting', { name: 'value', maxWidth: MAX_VALUE }, 'meaning'];
  const rows = others.map(({ name, text, meaning }) => [name, text, meaning]);
  const summary = element('summary', { style: `padding:.25em .75em;cursor:pointer;${FAINT}` }, escapeText(title));
  return {
    html: element('details', {}, summary, notebookTable(columns, rows)),
    text: `${title}\n${textTable(columns, rows)}`,
  };
}

/** "As set in an earlier notebook: batches.pairs = 64". */
function describeCarried(config: Config, preset: Config, section: Section): string {
  const before = valuesOf(preset, section);
  const changed = [...valuesOf(config, section)]
    .filter(([name, text]) => before.get(name) !== text)
    .map(([name, text]) => `${section}.${name} = ${text}`);
  return `As set in an earlier notebook: ${changed.join(', ')}`;
}

function valuesOf(config: Config, section: Section): Map<string, string> {
  return new Map(settingsOf(config, section).map(({ name, value }) => [name, settingText(value)]));
}
