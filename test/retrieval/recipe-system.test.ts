/** Systems written outside the library: one without vectors, one with. One definition and one call each. */
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, describe, expect, it } from 'vitest';
import { evaluate } from '../../lib/evaluation/evaluate.js';
import {
  checkEvaluation,
  registerSystem,
  resolveConfig,
  type SystemDefinition,
  systemHelp,
  systemUsages,
} from '../../lib/index.js';
import { referenceMatmul } from '../../lib/retrieval/index/matmul-candidates.js';
import { createSystems } from '../../lib/retrieval/systems/create-systems.js';

const cache = mkdtempSync(join(tmpdir(), 'recipe-system-'));
afterAll(() => rmSync(cache, { recursive: true, force: true }));

const corpus = ['black holes', 'white dwarfs', 'neutron stars'].map((text, i) => ({ id: `d${i}`, text }));
const queries = corpus.map(({ text }, i) => ({ id: `q${i}`, text }));
const qrels = new Map(queries.map(({ id }, i) => [id, new Map([[`d${i}`, 1]])]));

/** Documents by the letters that they share with the query. */
const letters: SystemDefinition = {
  usage: 'letters',
  description: 'documents by shared letters',
  async create(name) {
    return {
      name,
      kind: 'custom',
      async retrieve({ corpus, queries, depth }) {
        const shared = (a: string, b: string) => [...new Set(a)].filter((letter) => b.includes(letter)).length;
        const run = new Map(
          queries.map(({ id, text }) => {
            const found = corpus.map((document) => ({ id: document.id, score: shared(text, document.text) }));
            return [id, found.sort((a, b) => b.score - a.score).slice(0, depth)];
          }),
        );
        return { run, dimensions: null, timing: { embedSeconds: 0, indexSeconds: 0, searchSeconds: 0 } };
      },
    };
  },
};

/** Letter counts as vectors: caching, index and study come with it. */
const letterVectors: SystemDefinition = {
  usage: 'letter-vectors:FIRST',
  description: 'cosine of letter counts',
  matches: (name) => name.startsWith('letter-vectors:'),
  check(name) {
    if (!/:[a-z]$/.test(name)) throw new Error(`${name}: expected one letter`);
  },
  async create(name, { embedding }) {
    const first = name.charCodeAt(name.length - 1);
    return embedding({
      name,
      kind: 'custom',
      dimensions: 20,
      fingerprint: name,
      async embed(texts) {
        return Float32Array.from(
          texts.flatMap((text) =>
            Array.from({ length: 20 }, (_, i) => text.split(String.fromCharCode(first + i)).length - 1),
          ),
        );
      },
    });
  },
};

describe('systems from outside', () => {
  it('work in configuration, evaluation, hybrids, report and help', async () => {
    registerSystem(letters);
    registerSystem(letterVectors);
    const systems = ['letters', 'letter-vectors:a', 'bm25+letters'];
    const config = resolveConfig({ input: { cache, evaluation: { systems, bootstrapSamples: 100 } } });
    checkEvaluation(config);
    const none = () => Promise.reject(new Error('no encoder takes part'));
    const created = await createSystems({ config, matmul: referenceMatmul, untuned: none, tuned: null });
    const { report } = await evaluate({ config, corpus, queries, qrels, ...created });
    await created.close();
    expect(report.systems.map(({ name, kind, dimensions }) => [name, kind, dimensions])).toEqual([
      ['letters', 'custom', null],
      ['letter-vectors:a', 'custom', 20],
      ['bm25+letters', 'hybrid', null],
    ]);
    for (const { metrics } of report.systems) expect(metrics['success@1']!.value).toBe(1);
    expect(systemUsages()).toContain('letters');
    expect(systemHelp()).toMatch(/^letters +documents by shared letters$/m);
  });

  it('check their names before any work, in hybrids too', () => {
    registerSystem(letters);
    registerSystem(letterVectors);
    const check = (name: string) => checkEvaluation(resolveConfig({ input: { evaluation: { systems: [name] } } }));
    expect(() => check('letter-vectors:abc')).toThrow(/expected one letter/);
    expect(() => check('bm25+letter-vectors:abc')).toThrow(/expected one letter/);
    expect(() => check('leters')).toThrow(/unknown system "leters": expected .*did you mean "letters"/);
    expect(() => check('bm25+tunde')).toThrow(/unknown system "tunde".*did you mean "tuned"/);
    for (const name of ['constructor', '__proto__', 'openai:']) expect(() => check(name)).toThrow(/unknown system/);
  });

  it('may not take the name of one that comes with the library', () => {
    expect(() => registerSystem({ ...letters, usage: 'bm25' })).toThrow(/comes with the library/);
  });
});
