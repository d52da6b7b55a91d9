import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import {
  type Config,
  FIELD_NAMES,
  FIELDS,
  fieldOf,
  PRESETS,
  presetFor,
  ROLES,
  resolveConfig,
} from '../../lib/config/config.js';
import { mergeSettings } from '../../lib/config/merge.js';

describe('presetFor', () => {
  it('is the recipe that suits a model: small encoders that find abstracts already keep all but o_proj', () => {
    expect(['sample-base', 'sample', 'sample-general', 'someone/model', './folder'].map(presetFor)).toEqual([
      'sample',
      'sample-general',
      'sample-general',
      'qwen2.5-0.5b',
      'qwen2.5-0.5b',
    ]);
    const { lora } = resolveConfig({ preset: presetFor('sample') }).encoder;
    expect(lora.targetModules).toEqual(['o_proj']);
    for (const preset of Object.keys(PRESETS)) expect(() => resolveConfig({ preset })).not.toThrow();
  });
});

describe('layers of the configuration', () => {
  it('win in the order preset, existing run, file, single settings', () => {
    const { training } = resolveConfig({
      preset: 'sample',
      base: { training: { epochs: 2, learningRate: 1e-4 } },
      input: { training: { learningRate: 2e-4 } },
      settings: ['training.warmupShare=.25'],
    });
    expect(training).toMatchObject({ epochs: 2, maxSteps: 72, learningRate: 2e-4, warmupShare: 0.25 });
  });

  it('replace lists and the table of categories whole, on a fresh run and on an existing one alike', () => {
    const input = { datasets: { categories: { main: ['astro-ph.HE'] } } };
    const base = resolveConfig();
    expect(resolveConfig({ input }).datasets.categories).toEqual({ main: ['astro-ph.HE'] });
    expect(resolveConfig({ base, input }).datasets.categories).toEqual({ main: ['astro-ph.HE'] });
  });

  it('leave the objects that they are made of alone', () => {
    const base = { a: { b: 1 } };
    mergeSettings(base, { a: { c: 2 } });
    expect(base).toEqual({ a: { b: 1 } });
  });

  it.each(['{"__proto__": {"x": 1}}', '{"training": {"constructor": {}}}', '{"datasets": {"prototype": 1}}'])(
    'refuse %s',
    (json) => {
      expect(() => resolveConfig({ input: JSON.parse(json) })).toThrow(/is no setting/);
      expect(() => resolveConfig({ base: JSON.parse(json) })).toThrow(/is no setting/);
      expect(({} as Record<string, unknown>).x).toBeUndefined();
    },
  );

  it.each(['__proto__.x=1', 'training.__proto__.x=1', 'constructor.prototype.x=1'])('refuse --set %s', (setting) => {
    expect(() => resolveConfig({ settings: [setting] })).toThrow(/is no setting/);
    expect(({} as Record<string, unknown>).x).toBeUndefined();
  });
});

describe('--set', () => {
  it('separates the items of a list by commas', () => {
    const { datasets, evaluation } = resolveConfig({
      settings: [
        'datasets.categories.main=astro-ph.HE, astro-ph.GA',
        'evaluation.metrics=recall@10',
        'evaluation.dimensions=64,128',
      ],
    });
    expect(datasets.categories.main).toEqual(['astro-ph.HE', 'astro-ph.GA']);
    expect(evaluation.metrics).toEqual(['recall@10']);
    expect(evaluation.dimensions).toEqual([64, 128]);
  });

  it('takes JSON as it is, null and the empty list among it', () => {
    const settings = ['evaluation.dimensions=null', 'evaluation.systems=["bm25"]'];
    expect(resolveConfig({ settings }).evaluation).toMatchObject({ dimensions: null, systems: ['bm25'] });
    expect(resolveConfig({ settings: ['evaluation.dimensions='] }).evaluation.dimensions).toEqual([]);
  });

  it('leaves commas of a text alone', () => {
    expect(resolveConfig({ settings: ['encoder.queryPrompt=find, please'] }).encoder.queryPrompt).toBe('find, please');
  });

  it('names what it does not know', () => {
    expect(() => resolveConfig({ settings: ['training.epoch=2'] })).toThrow(/unknown setting.*did you mean "epochs"/);
    expect(() => resolveConfig({ settings: ['training'] })).toThrow(/expected path\.to\.key=value/);
    expect(() => resolveConfig({ settings: ['training.epochs.deep=2'] })).toThrow(/training\.epochs/);
  });
});

describe('a field of arXiv in one word', () => {
  const categoriesOf = (...settings: string[]): Config['datasets']['categories'] =>
    resolveConfig({ settings }).datasets.categories;

  it('sets nine categories by role, each once, and is found again', () => {
    for (const name of FIELD_NAMES) {
      const categories = categoriesOf(`datasets.field=${name}`);
      expect(Object.keys(categories)).toEqual(ROLES);
      const all = Object.values(categories).flatMap((list) => list ?? []);
      expect(new Set(all).size, name).toBe(9);
      expect(fieldOf(categories)).toBe(name);
    }
    expect(fieldOf(resolveConfig().datasets.categories)).toBe('gr-qc');
    expect(fieldOf({ main: ['gr-qc'] })).toBeNull();
  });

  it('leaves room for categories of roles, in one layer or in a later one', () => {
    const settings = ['datasets.field=astro-ph', 'datasets.categories.main=astro-ph.HE,astro-ph.GA'];
    expect(categoriesOf(...settings)).toEqual({
      ...FIELDS['astro-ph'].categories,
      main: ['astro-ph.HE', 'astro-ph.GA'],
    });
    const input = { datasets: { field: 'astro-ph', categories: { main: ['astro-ph.HE'] } } } as const;
    expect(resolveConfig({ input }).datasets.categories).toEqual({
      ...FIELDS['astro-ph'].categories,
      main: ['astro-ph.HE'],
    });
  });

  it('takes the place of the categories of a file or a run, and null of nothing', () => {
    const datasets = { categories: { main: ['Geology'] } };
    for (const layer of [{ input: { datasets } }, { base: { datasets } }]) {
      const { categories } = resolveConfig({ ...layer, settings: ['datasets.field=stat'] }).datasets;
      expect(categories).toEqual(FIELDS.stat.categories);
    }
    const kept = resolveConfig({ base: { datasets }, input: { datasets: { field: null } } });
    expect(kept.datasets.categories).toEqual({ main: ['Geology'] });
  });

  it('is no setting of its own in what results', () => {
    expect(resolveConfig({ input: { datasets: { field: 'hep' } } }).datasets).not.toHaveProperty('field');
  });

  it.each([
    ['astroph', /unknown field "astroph": expected astro-ph, gr-qc.*did you mean "astro-ph"/],
    ['botany-and-more', /unknown field "botany-and-more".*datasets\.categories\.main=/],
    ['7', /unknown field 7/],
    ['constructor', /unknown field "constructor"/],
  ])('%s is none', (name, message) => {
    expect(() => resolveConfig({ settings: [`datasets.field=${name}`] })).toThrow(message);
    expect(() => resolveConfig({ settings: ['datasets.feild=gr-qc'] })).toThrow(/did you mean "field"/);
  });

  it('is documented as it is defined', () => {
    const text = readFileSync(new URL('../../lib/datasets/README.md', import.meta.url), 'utf8');
    for (const name of FIELD_NAMES) {
      const row = text.split('\n').find((line) => line.startsWith(`| \`${name}\``));
      const cells = row?.split('|').map((cell) => cell.trim());
      const { categories, meaning } = FIELDS[name];
      expect(cells?.slice(1, -1), name).toEqual([
        `\`${name}\``,
        meaning,
        ...ROLES.map((role) => categories[role].join(', ')),
      ]);
    }
  });
});
