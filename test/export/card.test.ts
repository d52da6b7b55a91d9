/** Model cards: metadata that the hub reads, numbers of the report, and texts from elsewhere that stay texts. */
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { resolveConfig } from '../../lib/config/config.js';
import type { Report } from '../../lib/evaluation/report.js';
import { modelCard } from '../../lib/export/card/card.js';
import { type CardContent, type CardOptions, cardContent } from '../../lib/export/card/content.js';
import { code, literal, plain, yaml } from '../../lib/export/card/markdown.js';
import { findTarget } from '../../lib/export/registry.js';
import type { ExportSource } from '../../lib/export/source.js';
import { PLAIN_TRANSFORMER } from '../../lib/models/sentence/sentence-use.js';
import { randomModel } from '../encoder/tiny-models.js';

const HOSTILE = [
  '---\nlicense: mit\n---',
  '"\nlicense: mit',
  '<script>alert(1)</script>',
  '<img src=x onerror=alert(1)>',
  '[click](javascript:alert(1))',
  '![x](https://evil.example/pixel.png)',
  '`` ` ```\n# heading',
  '| cell | cell |',
  'https://evil.example www.evil.example',
  '\u202Etxet\u2028line\u0085next\u0000\u001b[31m',
  '\n```\n# out of the code',
  '&lt;b&gt; \\ * _ ~~x~~',
  '%s {{x}} {% x %}',
];

function source(changes: Partial<ExportSource> & { model?: string } = {}): ExportSource {
  const { model = 'Qwen/Qwen2.5-0.5B', ...others } = changes;
  return {
    name: 'first',
    baseName: model,
    hubBase: model,
    folder: '/nowhere',
    baseFolder: '/nowhere',
    config: randomModel(1).config,
    sentence: PLAIN_TRANSFORMER,
    adapter: null,
    use: {
      pooling: 'mean',
      causal: true,
      prompts: { query: '', document: '' },
      defaultPrompt: '',
      maxTokens: 64,
      lowerCase: false,
      normalize: true,
      similarity: 'cosine',
      maxTitleTokens: 32,
      maxAbstractTokens: 64,
    },
    settings: resolveConfig(),
    run: null,
    baseCard: '---\nlicense: apache-2.0\nlanguage: en\n---\n',
    ...others,
  };
}

const metric = (value: number) => ({ value, low: value - 0.02, high: value + 0.02 });
function report(name = 'tuned'): Report {
  return {
    schemaVersion: 1,
    config: resolveConfig(),
    run: { name: 'first', state: 'finished', step: 4, totalSteps: 4, usedStep: 4, fingerprint: 'f' },
    corpus: { documents: 476, queries: 476, categories: {} },
    systems: ['untuned', name].map((system, i) => ({
      name: system,
      kind: 'tuned',
      dimensions: 12,
      metrics: { 'mrr@10': metric(0.7 + i / 10), 'recall@10': metric(0.8 + i / 10) },
      timing: { embedSeconds: 1, indexSeconds: 1, searchSeconds: 1 },
    })),
    comparisons: [{ a: name, b: 'untuned', metric: 'mrr@10', difference: 0.1, low: 0.05, high: 0.15, p: 0.0004 }],
    skipped: [],
    environment: {},
    recallCurves: [],
    confusion: [],
    examples: [],
    lexicalOverlap: [
      { third: 'low', from: 0.25, to: 0.8, system: name, queries: 168, metrics: { 'mrr@10': metric(0.6) } },
    ],
  };
}

const run = (of: Report, folder = '/nowhere/run') => ({ folder, reported: of.run!, provenance: null, report: of });

function content(
  changes: Parameters<typeof source>[0] = {},
  to = 'sentence-transformers',
  options: CardOptions = {},
): Promise<CardContent> {
  const variants = [{ precision: 'bf16', files: ['model.safetensors'], bytes: 1000 }];
  const made = { source: source(changes), target: findTarget(to), variants, measures: null, version: '0.1.0' };
  return cardContent(made, options);
}

/** The fields between the lines `---`: each is JSON, on one line. */
function metadata(card: string): Record<string, unknown> {
  const lines = card.split('\n');
  expect(lines[0]).toBe('---');
  const end = lines.indexOf('---', 1);
  return Object.fromEntries(
    lines.slice(1, end).map((line) => {
      const [, name, value] = /^([a-z_-]+): (.*)$/.exec(line) ?? [];
      return [name as string, JSON.parse(value as string)];
    }),
  );
}

describe('a card', () => {
  it('says to the hub what it asks', async () => {
    const fields = metadata(modelCard(await content({ run: run(report()) })));
    expect(fields).toMatchObject({
      library_name: 'sentence-transformers',
      pipeline_tag: 'sentence-similarity',
      license: 'apache-2.0',
      language: 'en',
      base_model: 'Qwen/Qwen2.5-0.5B',
      base_model_relation: 'finetune',
    });
    expect(fields['model-index']).toEqual([
      {
        name: 'first',
        results: [
          {
            task: { type: 'information-retrieval', name: 'Information Retrieval' },
            dataset: { name: 'titles against abstracts, test side', type: 'sample', split: 'test' },
            metrics: [
              { type: 'mrr_at_10', name: 'MRR@10', value: 0.8, args: { confidence_interval_95: [0.78, 0.82] } },
              { type: 'recall_at_10', name: 'Recall@10', value: 0.9, args: { confidence_interval_95: [0.88, 0.92] } },
            ],
          },
        ],
      },
    ]);
  });

  it('has the numbers with their intervals, by shared words too', async () => {
    const card = modelCard(await content({ run: run(report()) }));
    expect(card).toContain('| tuned | .800 [.780, .820] | .900 [.880, .920] |');
    expect(card).toContain('tuned minus untuned: +.100 [+.050, +.150], p < .001');
    expect(card).toContain('| low (.250 to .800) | tuned | 168 | .600 [.580, .620] |');
  });

  it.each(['merged', 'sentence-transformers', 'peft', 'onnx'])('shows how %s is used', async (to) => {
    const card = modelCard(await content({}, to));
    expect(card).toContain('```ts\n');
    expect(card).toContain('```python\n');
  });

  it('of pairs speaks of queries and documents', async () => {
    const folder = mkdtempSync(join(tmpdir(), 'pairs-card-'));
    const lines = ['train', 'train', 'test'].map((split, i) =>
      JSON.stringify({ id: `q${i}~d${i}`, split, topic: 'mine', query: `q${i}`, document: `d${i}` }),
    );
    writeFileSync(join(folder, 'papers.jsonl'), lines.join('\n'));
    const of = report();
    of.corpus.kind = 'pairs';
    const settings = resolveConfig({ settings: ['datasets.source=/data/mine.jsonl', 'training.loss=cosent'] });
    const card = modelCard(await content({ run: run(of, folder), settings }));
    rmSync(folder, { recursive: true });
    expect(card).toContain('476 queries ask for their documents among 476');
    expect(card).toContain(
      'Pairs of a query and a document that answers it: <code>mine.jsonl</code>. 2 pairs to train',
    );
    expect(card).toMatch(/\| loss \| cosent/i);
    expect(card).not.toMatch(/title|abstract|InfoNCE|gr-qc/);
  });

  it('says of a licence that the base has it, where that is so', async () => {
    expect(modelCard(await content())).toContain('<code>apache-2.0</code>, as its base, ');
    const options = { licence: 'mit' };
    expect(modelCard(await content({}, 'merged', options))).toContain('<code>mit</code>.');
  });

  it('says that a licence is not known', async () => {
    const made = await content({ baseCard: '' });
    expect(metadata(modelCard(made))).not.toHaveProperty('license');
    expect(modelCard(made)).toMatch(/does not name a licence/);
  });
});

describe.each(HOSTILE)('the text %j', (text) => {
  it('stays a text wherever a card quotes it', async () => {
    const of = report(text);
    of.run!.name = text;
    const settings = resolveConfig();
    settings.datasets.source = `/home/me/secret/${text}`;
    settings.datasets.categories = { ...settings.datasets.categories, main: [text] };
    const changes = {
      name: text,
      model: text,
      settings,
      run: run(of),
      baseCard: `---\nlicense: "${text.replaceAll('\n', ' ')}"\n---\n`,
    };
    const sourceUse = { ...source().use, prompts: { query: text, document: text } };
    for (const to of ['merged', 'sentence-transformers', 'peft', 'onnx']) {
      const card = modelCard(await content({ ...changes, use: sourceUse }, to));
      const fields = metadata(card);
      expect(fields.base_model).toBe(text);
      expect(fields).not.toHaveProperty('license');
      expect(card).not.toMatch(/secret/);
      const outside = card
        .split('\n---\n')
        .slice(1)
        .join('\n---\n')
        .replace(/```[a-z]+\n[\s\S]*?\n```/g, '');
      expect(outside).not.toMatch(/<(?!\/?code>|br>)/);
      expect(outside).not.toMatch(/\]\(|https?:\/\/|www\.evil/);
      expect(outside).not.toMatch(/^# heading|^# out of the code/m);
      expect(outside.match(/^# /gm)).toHaveLength(1);
      // biome-ignore lint/suspicious/noControlCharactersInRegex: none may be left
      expect(card).not.toMatch(/[\u0000-\u0008\u001b\u0085\u2028\u202e]/);
      expect((card.match(/^```/gm) ?? []).length % 2).toBe(0);
    }
  });

  it('is the same after YAML and after a string of code', () => {
    expect(JSON.parse(yaml(text))).toBe(text);
    expect(JSON.parse(literal(text))).toBe(text);
    expect(yaml(text)).not.toMatch(/[\n\u0085\u2028]/);
    expect(plain(text)).not.toMatch(/[\n<>|`]/);
    expect(code(text)).toMatch(/^<code>[^<>]*<\/code>$/);
  });
});
