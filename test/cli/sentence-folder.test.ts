/** A folder of sentence-transformers as base of everything: its pooling, dense layers and prompts hold in training, mining, search. */
import { cpSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { beforeAll, describe, expect, it } from 'vitest';
import { readEmbeddings } from '../../lib/index.js';
import { modelFolder } from '../export/models.js';
import { jsonOf, llmEmbedding, workFolder } from './command-line.js';

const STEPS = fileURLToPath(new URL('../fixtures/architectures/sentence', import.meta.url));
const WORDS = ['black', 'hole', 'wave', 'field', 'of', 'the', 'star', 'dark', 'merger', 'spin'];
const PAPERS = 48;
const SETTINGS = ['datasets.minAbstractWords=0', 'datasets.englishOnly=false', 'batches.pairs=8', 'training.epochs=1'];
const DATA = ['--data', 'papers.jsonl', '--model', 'model', ...SETTINGS.flatMap((setting) => ['--set', setting])];
const cwd = workFolder();

/** Other words for each paper, of its number's digits; the abstract has those of its title. */
function words(paper: number, count: number): string {
  return Array.from({ length: count }, (_, i) => WORDS[Math.floor(paper / (i + 1) + i * i) % 10]).join(' ');
}

beforeAll(async () => {
  await modelFolder('bert', join(cwd, 'model'));
  cpSync(STEPS, join(cwd, 'model'), { recursive: true, filter: (path) => !path.endsWith('expected.safetensors') });
  const prompts = { prompts: { query: 'star of ', document: 'the field ' }, default_prompt_name: null };
  writeFileSync(join(cwd, 'model/config_sentence_transformers.json'), JSON.stringify(prompts));
  writeFileSync(join(cwd, 'model/sentence_bert_config.json'), JSON.stringify({ max_seq_length: 16 }));
  const lines = Array.from({ length: PAPERS }, (_, i) =>
    JSON.stringify({ id: `p${i}`, title: words(i, 4), abstract: words(i, 18), topic: i % 2 ? 'waves' : 'stars' }),
  );
  writeFileSync(join(cwd, 'papers.jsonl'), `${lines.join('\n')}\n`);
  const trained = await llmEmbedding(
    ['run', ...DATA, '--out', 'run', '--set', 'training.maxSteps=3', '--set', 'training.validateEvery=null'],
    { cwd },
  );
  expect(trained.code, trained.stderr).toBe(0);
}, 180_000);

async function encoded(texts: string[], ...options: string[]): Promise<{ rows: Float32Array; dimensions: number }> {
  writeFileSync(join(cwd, 'texts.txt'), `${texts.join('\n')}\n`);
  const result = await llmEmbedding(['encode', ...options, '--input', 'texts.txt', '--output', 'rows.npy'], { cwd });
  expect(result.code, result.stderr).toBe(0);
  const { codes, dimensions } = await readEmbeddings(join(cwd, 'rows.npy'));
  return { rows: codes as Float32Array, dimensions };
}

describe('a run over a folder of sentence-transformers', () => {
  it('records pooling, prompts and limit of the folder with what was trained', () => {
    const { use } = JSON.parse(readFileSync(join(cwd, 'run/adapter/provenance.json'), 'utf8'));
    expect(use).toMatchObject({
      pooling: 'cls',
      queryPrompt: 'star of ',
      documentPrompt: 'the field ',
      maxAbstractTokens: 16,
    });
  });

  it('finds papers by the embeddings that encode gives with the same prompts', async () => {
    const query = 'dark wave merger';
    const { found } = jsonOf<{ found: { id: string; score: number; abstract: string }[] }>(
      await llmEmbedding(['search', 'run', query, '--system', 'tuned', '--corpus', 'all', '--k', '5', '--json'], {
        cwd,
      }),
    );
    const own = await encoded([query], 'run', '--prompt-name', 'query');
    const documents = await encoded(
      found.map(({ abstract }) => abstract),
      'run',
      '--prompt-name',
      'document',
    );
    expect(own.dimensions).toBe(8);
    found.forEach(({ score }, i) => {
      const row = documents.rows.subarray(i * 8, (i + 1) * 8);
      expect(row.reduce((sum, value, j) => sum + value * own.rows[j]!, 0)).toBeCloseTo(score, 5);
    });
  });

  it('mines by the tuned encoder, for a training that takes what was mined', async () => {
    const mined = await llmEmbedding(['mine', 'run', '--out', 'negatives.jsonl'], { cwd });
    expect(mined.code, mined.stderr).toBe(0);
    const again = await llmEmbedding(
      ['train', ...DATA, '--out', 'again', '--set', 'training.hardNegatives.file=negatives.jsonl'],
      { cwd },
    );
    expect(again.code, again.stderr).toBe(0);
  });
});
