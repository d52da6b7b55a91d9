/** Every export in Python: what transformers, sentence-transformers and PEFT make of it is what `encode` gives. */
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { fullParameters, writeFullModel } from '../../lib/encoder/full-parameters.js';
import { createOnnxEngine } from '../../lib/engine/onnx/engine.js';
import type { Engine } from '../../lib/engine/types.js';
import { exportModel } from '../../lib/export/export-model.js';
import { loadBaseModel } from '../../lib/models/base-model.js';
import { tokenTableName } from '../../lib/models/parameters.js';
import type { PoolingName } from '../../lib/models/pooling.js';
import { openStepResults } from '../../lib/pipeline/step-results.js';
import { relativeError } from '../encoder/tiny-models.js';
import { PYTHON_HINT, runPython, WITH_PYTHON } from '../python.js';
import { ARCHITECTURES, adapterFolder, configOf, encoded, modelFolder, TEXTS } from './models.js';

const SCRIPT = fileURLToPath(new URL('../fixtures/export/embed_exports.py', import.meta.url));
const root = mkdtempSync(join(tmpdir(), 'export-python-'));
const results = openStepResults();
let engine: Engine;
beforeAll(() => {
  engine = createOnnxEngine({ threads: 1 });
});
afterAll(async () => {
  await engine.close();
  await results.close();
  rmSync(root, { recursive: true });
});

interface Case {
  kind: 'merged' | 'sentence-transformers' | 'peft';
  folder: string;
  base?: string;
  prompt?: string;
}

/** One process for all of them, since torch takes seconds to load. */
function inPython(cases: readonly Case[]): number[][][] {
  return runPython(SCRIPT, JSON.stringify({ texts: TEXTS, cases }));
}

/** As a full training leaves it: other weights, the token table among them, in a folder of their own. */
async function trainedModel(model: string, folder: string): Promise<string> {
  const base = await loadBaseModel(model, engine);
  const parameters = await fullParameters(base);
  const table = tokenTableName(base.config);
  for (const [name, { data }] of parameters) {
    data.forEach((value, i) => {
      data[i] = value * (1 + 0.05 * Math.sin(i + name.length)) + (name === table ? 0.01 * Math.cos(i) : 0);
    });
  }
  await writeFullModel(folder, base, parameters);
  base.dispose();
  return folder;
}

describe.skipIf(!WITH_PYTHON)(`exports in Python (${PYTHON_HINT})`, () => {
  it.each(ARCHITECTURES)(
    'of %s, with an adapter and after full training',
    async (name) => {
      const model = await modelFolder(name, join(root, name));
      const adapter = await adapterFolder(model, join(root, `${name}-adapter`));
      const whole = await trainedModel(model, join(root, `${name}-full`));
      const prompts = { queryPrompt: 'black star ', documentPrompt: 'the ' };
      const wanted: { case: Case; expected: Float32Array; limit: number; label: string }[] = [];
      const add = async (
        kind: Case['kind'],
        limit: number,
        {
          encoder = {},
          precision,
          prompt,
        }: { encoder?: Parameters<typeof configOf>[1]; precision?: string; prompt?: string },
      ): Promise<void> => {
        const out = join(root, `${name}-out-${wanted.length}`);
        const source = encoder.adapter === null ? whole : model;
        const own = encoder.adapter === null ? {} : { adapter };
        const options = { to: kind, out, ...(precision ? { precisions: [precision] } : {}) };
        await exportModel(results, configOf(source, { ...encoder, ...own }), options);
        const pooling = encoder.pooling as PoolingName | undefined;
        const text = prompt === 'query' ? prompts.queryPrompt : prompt === 'document' ? prompts.documentPrompt : '';
        // what is rounded is in the files: from these Python computes what is computed here
        const [from, adapted] = precision === 'bf16' ? [out, {}] : [source, own];
        const expected = await encoded(engine, from, { ...adapted, ...(pooling ? { pooling } : {}), prompt: text });
        wanted.push({
          case: { kind, folder: out, ...(kind === 'peft' ? { base: model } : {}), ...(prompt ? { prompt } : {}) },
          expected,
          limit,
          label: [kind, precision, JSON.stringify(encoder), prompt].join(' '),
        });
      };
      await add('peft', 1e-5, {});
      for (const encoder of [{}, { adapter: null }]) {
        await add('merged', 1e-5, { encoder, precision: 'f32' });
        await add('sentence-transformers', 1e-5, { encoder, precision: 'f32' });
        await add('sentence-transformers', 1e-5, { encoder, precision: 'bf16' });
      }
      for (const pooling of ['cls', 'last', 'max', 'weighted_mean', 'mean_sqrt_len'] as const) {
        await add('sentence-transformers', 1e-5, { encoder: { pooling }, precision: 'f32' });
      }
      for (const prompt of ['query', 'document']) {
        await add('sentence-transformers', 1e-5, { encoder: prompts, precision: 'f32', prompt });
      }
      const found = inPython(wanted.map((one) => one.case));
      for (const [i, { expected, limit, label }] of wanted.entries()) {
        expect(relativeError(found[i]!.flat(), expected), label).toBeLessThan(limit);
      }
    },
    900_000,
  );

  it.each(['sample-base', 'sample'])(
    'of the encoder "%s", whose tokenizer has rules of its own',
    async (model) => {
      const out = join(root, model);
      const options = { to: 'sentence-transformers', out, precisions: ['f32'] };
      const { folder } = await exportModel(results, configOf(model), options);
      const [rows] = inPython([{ kind: 'sentence-transformers', folder }]);
      expect(relativeError(rows!.flat(), await encoded(engine, folder))).toBeLessThan(1e-5);
    },
    900_000,
  );
});
