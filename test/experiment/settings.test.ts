import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, describe, expect, it, vi } from 'vitest';
import { resolveConfig } from '../../lib/config/config.js';
import { UserError } from '../../lib/core/errors.js';
import { carriedSettings, handOnSettings } from '../../lib/experiment/carried-settings.js';
import { openExperiment } from '../../lib/experiment/open-experiment.js';
import { changedSettings, SECTIONS, settingsOf, settingText } from '../../lib/experiment/settings.js';

const scratch = mkdtempSync(join(tmpdir(), 'llm-embedding-settings-'));
afterAll(() => rmSync(scratch, { recursive: true, force: true }));

describe('settings of a section', () => {
  it('have every value of the configuration, with its description', () => {
    const config = resolveConfig();
    for (const section of SECTIONS) {
      const names = settingsOf(config, section).map(({ name }) => name);
      const known = [...Object.keys(config[section]), ...(section === 'datasets' ? ['field'] : [])];
      expect(new Set(names.map((name) => name.split('.')[0]))).toEqual(new Set(known));
      for (const { value } of settingsOf(config, section)) expect(value).not.toBeUndefined();
    }
    expect(settingsOf(config, 'encoder')).toContainEqual({
      name: 'lora.rank',
      value: 16,
      meaning: 'r of Hu et al., 2021 (arXiv:2106.09685)',
    });
  });

  it('are written on one line', () => {
    expect(settingText(null)).toBe('null');
    expect(settingText('')).toBe('""');
    expect(settingText({ main: ['a', 'b'], soft: ['c'] })).toBe('main: a, b; soft: c');
    expect(settingText(2e-3)).toBe('0.002');
    expect(settingText(4096)).toBe('4,096');
    expect(settingText([256, 1024])).toBe('256, 1024');
  });

  it('that changed are found, groups as a whole', () => {
    const preset = resolveConfig().encoder;
    const config = resolveConfig({ input: { encoder: { lora: { rank: 4 } } } }).encoder;
    expect(changedSettings(config, preset)).toEqual({ lora: { ...preset.lora, rank: 4 } });
    expect(changedSettings(preset, preset)).toEqual({});
  });
});

describe('what notebooks hand on', () => {
  it('goes to later sections of the same preset only, and ends when it is taken back', () => {
    const file = join(scratch, 'deep', 'settings.json');
    handOnSettings(file, 'sample', 'batches', { pairs: 24 });
    handOnSettings(file, 'sample', 'training', { epochs: 2 });
    expect(carriedSettings(file, 'sample', 'training')).toEqual({ batches: { pairs: 24 } });
    expect(carriedSettings(file, 'sample', 'evaluation')).toEqual({ batches: { pairs: 24 }, training: { epochs: 2 } });
    expect(carriedSettings(file, 'sample', 'batches')).toEqual({});
    expect(carriedSettings(file, 'qwen2.5-0.5b', 'evaluation')).toEqual({});
    handOnSettings(file, 'sample', 'batches', {});
    expect(JSON.parse(readFileSync(file, 'utf8'))).toEqual({ sample: { training: { epochs: 2 } } });
  });

  it('is nothing where the file is damaged', () => {
    const file = join(scratch, 'damaged.json');
    writeFileSync(file, '{"sample": ');
    expect(carriedSettings(file, 'sample', 'evaluation')).toEqual({});
  });
});

describe('an experiment', () => {
  const folder = join(scratch, 'runs');

  it('shows what is in force, merges settings, and names mistakes', () => {
    let printed = '';
    const write = vi.spyOn(process.stdout, 'write').mockImplementation((text) => {
      printed += String(text);
      return true;
    });
    try {
      const experiment = openExperiment('sample', { folder, settings: { seed: 7, encoder: { lora: { rank: 4 } } } });
      expect(printed).toMatch(/in force +sample/);
      expect(experiment.preset.seed).toBe(7);
      const config = experiment.configure('encoder', { lora: { alpha: 8 } });
      expect(config.encoder.lora).toMatchObject({ rank: 4, alpha: 8 });
      expect(config.seed).toBe(7);
      expect(printed).toMatch(/lora\.alpha +8 +32 /);
      expect(() => experiment.configure('training', { learningRate: 7 })).toThrow(UserError);
      expect(() => experiment.configure('evaluation', { systems: ['nonsense'] })).toThrow(/unknown system "nonsense"/);
      // a later section has it, and says so
      printed = '';
      expect(experiment.configure('training', { epochs: 2 }).encoder.lora.alpha).toBe(8);
      expect(printed).toContain('As set in an earlier notebook: encoder.lora.alpha = 8');
      const reference = openExperiment('qwen2.5-0.5b', { folder });
      expect(reference.configure('training', {}).encoder).toEqual(resolveConfig({ preset: 'qwen2.5-0.5b' }).encoder);
    } finally {
      write.mockRestore();
    }
  });
});
