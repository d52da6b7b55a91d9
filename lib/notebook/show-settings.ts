/** Which preset and which hyperparameters are in force, below the cells that set them. */
import type { Config } from '../config.js';
import { showTable } from '../display/notebook/show-table.js';
import { type Section, settingsOf, settingText } from './settings.js';

/** @param others names of all presets */
export function showPreset(preset: string, others: readonly string[], config: Config, folder: string): void {
  const alternatives = others.filter((name) => name !== preset).join(', ');
  const { model } = config.encoder;
  showTable(
    ['preset', 'value'],
    [
      ['in force', `${preset} (others: ${alternatives})`],
      [
        'papers',
        config.datasets.source === 'sample' ? 'sample, the corpus that comes with the package' : config.datasets.source,
      ],
      ['encoder', model === 'sample' ? 'sample, the encoder that comes with the package' : model],
      ['seed', config.seed],
      ['results', folder],
    ].map((row) => row.map(String)),
  );
}

/** @param carried sections whose settings earlier notebooks changed */
export function showSettings(config: Config, preset: Config, section: Section, carried: readonly Section[]): void {
  const before = new Map(settingsOf(preset, section).map(({ name, value }) => [name, settingText(value)]));
  const rows = settingsOf(config, section).map(({ name, value, meaning }) => {
    const text = settingText(value);
    const changed = before.get(name) === text ? '' : `preset: ${before.get(name)}`;
    return [name, text, changed, meaning];
  });
  const anyChanged = rows.some(([, , changed]) => changed !== '');
  const columns = [`${section}.`, { name: 'value', maxWidth: 60 }, { name: 'changed', maxWidth: 40 }, 'meaning'];
  const caption = [`Settings of this step`, ...carried.map((name) => describeCarried(config, preset, name))].join(
    ' · ',
  );
  if (anyChanged) showTable(columns, rows, caption);
  else
    showTable(
      [columns[0]!, columns[1]!, columns[3]!],
      rows.map(([name, value, , meaning]) => [name!, value!, meaning!]),
      caption,
    );
}

/** "batches.pairs = 64 from its notebook". */
function describeCarried(config: Config, preset: Config, section: Section): string {
  const before = new Map(settingsOf(preset, section).map(({ name, value }) => [name, settingText(value)]));
  const changed = settingsOf(config, section)
    .map(({ name, value }) => ({ name, text: settingText(value) }))
    .filter(({ name, text }) => before.get(name) !== text)
    .map(({ name, text }) => `${section}.${name} = ${text}`);
  return `as set in an earlier notebook: ${changed.join(', ')}`;
}
