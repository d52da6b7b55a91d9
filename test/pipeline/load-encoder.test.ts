/** `loadEncoder` gives what the commands give: the vectors of `encode`, the papers of `search`. */
import { cpSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { readNpy } from '../../lib/files/npy.js';
import { type LoadedEncoder, loadEncoder } from '../../lib/pipeline/load-encoder.js';
import { jsonOf, llmEmbedding, workFolder } from '../../test/cli/command-line.js';
import { type ExampleRun, makeExampleRun } from '../examples/example-run.js';

const cwd = workFolder();
const TEXTS = ['waves on a black hole', 'proteins fold', 'the field decays while its mass grows '.repeat(3), 'x'];
let run: ExampleRun;
let encoder: LoadedEncoder;
beforeAll(async () => {
  run = await makeExampleRun(cwd, ['encoder.queryPrompt="query: "']);
  encoder = await loadEncoder(run.folder);
  writeFileSync(join(cwd, 'texts.jsonl'), TEXTS.map((text) => `${JSON.stringify({ text })}\n`).join(''));
}, 120_000);
afterAll(() => encoder.close());

let calls = 0;
/** The vectors that the command writes. */
async function encoded(...args: string[]): Promise<number[][]> {
  const output = `${calls++}.npy`;
  const { code, stderr } = await llmEmbedding(['encode', ...args, '--input', 'texts.jsonl', '--output', output], {
    cwd,
  });
  expect(code, stderr).toBe(0);
  const { data, shape } = await readNpy(join(cwd, output));
  return TEXTS.map((_, row) => Array.from(data.subarray(row * shape[1]!, (row + 1) * shape[1]!)));
}

function expectClose(found: readonly Float32Array[], expected: readonly number[][]): void {
  expect(found.map(({ length }) => length)).toEqual(expected.map(({ length }) => length));
  found.forEach((vector, row) => {
    vector.forEach((value, i) => {
      expect(Math.abs(value - expected[row]![i]!), `text ${row}`).toBeLessThan(1e-6);
    });
  });
}

describe('vectors', () => {
  it('are those of the command, with the prompts of the training where the role is known', async () => {
    expect(encoder).toMatchObject({ name: 'run', dimensions: 12 });
    expectClose(await encoder.encode(TEXTS), await encoded(run.folder));
    expectClose(await encoder.encodeDocuments(TEXTS), await encoded(run.folder));
    expectClose(await encoder.encodeQueries(TEXTS), await encoded(run.folder, '--prompt', 'query: '));
    expectClose(await encoder.encodeQueries(TEXTS, { prompt: '' }), await encoded(run.folder));
    expectClose(await encoder.encode(TEXTS, { dimensions: 5 }), await encoded(run.folder, '--dimensions', '5'));
    expect(await encoder.encode([])).toEqual([]);
  });

  it('are the same from the folder of the adapter, and others from the model', async () => {
    const adapter = await loadEncoder(join(run.folder, 'adapter'));
    const model = await loadEncoder(run.model);
    try {
      expectClose(await adapter.encodeQueries(TEXTS), await encoded(run.folder, '--prompt', 'query: '));
      expectClose(await model.encodeQueries(TEXTS), await encoded('--model', run.model));
      await expect(model.search('waves')).rejects.toThrow('model is a model, without papers');
    } finally {
      await adapter.close();
      await model.close();
    }
  });

  it('stay what they are when calls overlap', async () => {
    const together = await Promise.all(TEXTS.map((text) => encoder.encode([text])));
    expectClose(
      together.map(([vector]) => vector as Float32Array),
      await encoded(run.folder),
    );
  });

  it('are refused where there can be none, and the reason names the text or the number', async () => {
    await expect(encoder.encode(['waves'], { dimensions: 13 })).rejects.toThrow(
      'dimensions = 13: expected a whole number from 1 to 12',
    );
  });
});

describe('search', () => {
  it.each(['tuned', 'bm25', 'hybrid'])('finds with %s what the command finds among all papers', async (system) => {
    for (const query of ['black hole', run.papers[3]!.abstract]) {
      const args = ['search', run.folder, query, '--system', system, '--corpus', 'all', '--k', '7', '--json'];
      const { found } = jsonOf<{ found: unknown[] }>(await llmEmbedding(args, { cwd }));
      const asked = system === 'tuned' ? {} : { system: system as 'bm25' | 'hybrid' };
      expect(await encoder.search(query, 7, asked)).toEqual(found);
    }
  });

  it('finds texts of one’s own by their places or ids', async () => {
    const index = await encoder.index(['waves on a black hole', 'proteins fold']);
    expect(index.size).toBe(2);
    expect((await index.search('proteins', 5, { system: 'bm25' })).map(({ id }) => id)).toEqual(['1']);
    expect((await index.search('waves')).map(({ id }) => id).sort()).toEqual(['0', '1']);
    const named = await encoder.index(
      [
        { id: 'a', text: 'waves' },
        { id: 'b', text: '' },
      ].slice(0, 1),
    );
    expect((await named.search('waves', 1))[0]).toMatchObject({ id: 'a' });
  });

  it('refuses an empty query, an unknown system, and no documents', async () => {
    const index = await encoder.index(['waves']);
    await expect(index.search(' ')).rejects.toThrow('the query is empty');
    await expect(index.search('waves', 0)).rejects.toThrow('k = 0');
    await expect(index.search('waves', 1, { system: 'tuned' as 'bm25' })).rejects.toThrow(
      'expected encoder, bm25, hybrid',
    );
    await expect(encoder.index([])).rejects.toThrow('nothing to search');
  });
});

it('refuses a text without tokens, where the tokenizer adds none of its own', async () => {
  const folder = join(cwd, 'bare');
  cpSync(run.model, folder, { recursive: true });
  const tokenizer = JSON.parse(readFileSync(join(folder, 'tokenizer.json'), 'utf8'));
  writeFileSync(join(folder, 'tokenizer.json'), JSON.stringify({ ...tokenizer, post_processor: null }));
  const bare = await loadEncoder(folder);
  await expect(bare.encode(['waves', ''])).rejects.toThrow('text 1, "", has no tokens');
  await expect(bare.index([''])).rejects.toThrow('has no tokens');
  await bare.close();
});

it('says what is wrong with a source', async () => {
  await expect(loadEncoder('')).rejects.toThrow('the name of the encoder is empty');
  await expect(loadEncoder('no-such-model')).rejects.toThrow('model "no-such-model": expected');
  await expect(loadEncoder(run.folder, { settings: ['encoder.pooling=last'] })).rejects.toThrow(
    'trained with other settings',
  );
});
