/**
 * Every parser of a file, and of what services answer, on damaged ones: a result or a one-line error, within a second, in
 * bounded memory, and no other exception. LLM_EMBEDDING_FUZZ=100000 for the long run.
 */
import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { gzipSync } from 'node:zlib';
import { afterAll, describe, expect, it } from 'vitest';
import { resolveConfig } from '../../lib/config/config.js';
import { readConfigFile } from '../../lib/config/config-file.js';
import { UserError } from '../../lib/core/errors.js';
import { Random } from '../../lib/core/random.js';
import { readQrels } from '../../lib/datasets/beir/qrels.js';
import { emptyCounts } from '../../lib/datasets/json-lines.js';
import { locateSource } from '../../lib/datasets/sources/registry.js';
import { ReadContext } from '../../lib/datasets/sources/source.js';
import { readAdapterConfig } from '../../lib/encoder/adapter-config.js';
import { readBeir } from '../../lib/evaluation/formats/beir.js';
import { readRun } from '../../lib/evaluation/formats/trec.js';
import { readNpy, writeNpy } from '../../lib/files/npy.js';
import { openSafetensors, writeSafetensors } from '../../lib/files/safetensors.js';
import { readTextFile } from '../../lib/files/text-file.js';
import { explain, PATIENCE } from '../../lib/hub/connection.js';
import { shardNames } from '../../lib/hub/model-files.js';
import { listRepository } from '../../lib/hub/repository.js';
import { readModelConfig } from '../../lib/models/model-config.js';
import { readSentenceConfig } from '../../lib/models/sentence/sentence-config.js';
import { readEmbeddings } from '../../lib/retrieval/systems/openai-answer.js';
import { loadTokenizer } from '../../lib/tokens/tokenizer.js';
import { readHardNegatives } from '../../lib/training/hard-negatives.js';
import { mutated } from '../datasets/helpers/mutated.js';

const RUNS = Number(process.env.LLM_EMBEDDING_FUZZ ?? 60);
/** Milliseconds of a processor that one input may take. */
const LONGEST = 1000;
/** Bytes that one input, and all of them together, may leave in use or take; inputs have some kilobytes. */
const MOST_MEMORY = 512 * 2 ** 20;

const folder = mkdtempSync(join(tmpdir(), 'fuzz-files-'));
afterAll(() => rmSync(folder, { recursive: true }));
const sampleFile = (name: string): Buffer => readFileSync(new URL(`../../data/sample-base/${name}`, import.meta.url));
const model = await readModelConfig(new URL('../../data/sample-base', import.meta.url).pathname);

async function papersOf(path: string): Promise<void> {
  const config = resolveConfig({ input: { datasets: { source: path } } });
  const { source, path: found } = await locateSource({ config, topics: [], reporting: {}, fetching: {} });
  const context = new ReadContext(path, config.datasets, () => true, emptyCounts(), {});
  let records = 0;
  for await (const { id, title } of source.read(found, context)) if (id !== '' && title !== '') records++;
  expect(records).toBeLessThan(1000);
}

const rows = Array.from({ length: 6 }, (_, i) => ({
  id: `d${i}`,
  title: `Title, "${i}"`,
  text: 'some text; with\ttabs and "quotes"',
}));
const quoted = (text: string): string => `"${text.replaceAll('"', '""')}"`;
const csv = `id,title,text\n${rows.map((row) => Object.values(row).map(quoted).join(',')).join('\n')}\n`;
const tsv = `id\ttitle\ttext\n${rows.map(({ id, title }) => `${id}\t${title}\ttext`).join('\n')}\n`;
const jsonLines = rows.map((row) => JSON.stringify(row)).join('\n');
const snapshot = rows
  .map(({ id, title }) => JSON.stringify({ id, title, abstract: 'abstract', categories: 'gr-qc' }))
  .join('\n');
const run = rows.map(({ id }, i) => `q${i % 2} Q0 ${id} ${i} ${10 - i}.5 tag`).join('\n');
const qrels = rows.map(({ id }, i) => `q${i % 2} 0 ${id} ${i % 3}`).join('\n');
const beirQrels = `query-id\tcorpus-id\tscore\n${rows.map(({ id }, i) => `q${i % 2}\t${id}\t1`).join('\n')}`;
const negatives = rows
  .map(({ id }) => JSON.stringify({ query: id, own: null, negatives: [{ id: 'x', score: 1, rank: 1 }] }))
  .join('\n');
const adapter = JSON.stringify({ peft_type: 'LORA', r: 4, lora_alpha: 8, target_modules: '.*[qv]_proj', bias: 'none' });
const tokenizer = JSON.stringify({
  version: '1.0',
  added_tokens: [{ id: 3, content: '<end>', special: true }],
  pre_tokenizer: { type: 'ByteLevel', add_prefix_space: false, trim_offsets: true },
  decoder: { type: 'ByteLevel' },
  normalizer: null,
  post_processor: null,
  model: { type: 'BPE', vocab: { a: 0, b: 1, ab: 2 }, merges: ['a b'] },
});
const tensors = join(folder, 'whole.safetensors');
await writeSafetensors(tensors, {
  a: { dtype: 'F32', shape: [2, 3], data: new Float32Array(6) },
  b: { dtype: 'BF16', shape: [4], data: new Uint16Array(4) },
});
await writeNpy(join(folder, 'whole.npy'), new Float32Array(6), [2, 3]);

/** JSON, or the text itself: what a service answers is looked at in either case. */
function jsonOr(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return text;
  }
}

interface Parser {
  /** What is damaged: bytes as Latin-1, or text. */
  input: string | Buffer;
  name: string;
  /** @param path of the damaged file, alone in its folder */
  parse(path: string, folder: string): Promise<unknown>;
}

const beirWith =
  (name: string) =>
  async (path: string, root: string): Promise<unknown> => {
    mkdirSync(join(root, 'qrels'), { recursive: true });
    const files: Record<string, string> = {
      'corpus.jsonl': rows.map(({ id, text }) => JSON.stringify({ _id: id, text })).join('\n'),
      'queries.jsonl': ['q0', 'q1'].map((_id) => JSON.stringify({ _id, text: 'query' })).join('\n'),
      'qrels/test.tsv': beirQrels,
    };
    for (const [other, content] of Object.entries(files)) {
      writeFileSync(join(root, other), other === name ? readFileSync(path) : content);
    }
    return readBeir(root);
  };

const PARSERS: Record<string, Parser> = {
  safetensors: {
    name: 'model.safetensors',
    input: readFileSync(tensors),
    async parse(path) {
      const file = await openSafetensors(path);
      try {
        for (const name of file.tensors.keys()) await file.readFloat32(name);
      } finally {
        await file.close();
      }
    },
  },
  npy: { name: 'a.npy', input: readFileSync(join(folder, 'whole.npy')), parse: readNpy },
  'tokenizer.json': { name: 'tokenizer.json', input: tokenizer, parse: (_, root) => loadTokenizer(root) },
  'config.json': {
    name: 'config.json',
    input: sampleFile('config.json').toString(),
    parse: (_, root) => readModelConfig(root),
  },
  'adapter_config.json': {
    name: 'adapter_config.json',
    input: adapter,
    parse: (path) => readAdapterConfig(path, model),
  },
  'index of shards': { name: 'index.json', input: '{"weight_map": {"a": "b.safetensors"}}', parse: shardNames },
  'TREC run': { name: 'a.trec', input: run, parse: readRun },
  'TREC qrels': { name: 'a.qrels', input: qrels, parse: readQrels },
  'BEIR qrels': { name: 'a', input: beirQrels, parse: beirWith('qrels/test.tsv') },
  'BEIR corpus': { name: 'a', input: jsonLines.replaceAll('"id"', '"_id"'), parse: beirWith('corpus.jsonl') },
  'BEIR queries': { name: 'a', input: '{"_id": "q0", "text": "query"}', parse: beirWith('queries.jsonl') },
  'papers as CSV': { name: 'a.csv', input: csv, parse: papersOf },
  'papers as TSV': { name: 'a.tsv', input: tsv, parse: papersOf },
  'papers as JSON lines': { name: 'a.jsonl', input: jsonLines, parse: papersOf },
  'papers of a snapshot, gzip': { name: 'a.json.gz', input: gzipSync(snapshot), parse: papersOf },
  'a snapshot in UTF-16': { name: 'a.json', input: Buffer.from(`\uFEFF${snapshot}`, 'utf16le'), parse: papersOf },
  'texts as CSV': { name: 'a.csv', input: csv, parse: readTextFile },
  'texts of any kind': { name: 'a', input: jsonLines, parse: readTextFile },
  'hard negatives': { name: 'a.jsonl', input: negatives, parse: readHardNegatives },
  'modules.json': {
    name: 'modules.json',
    input: JSON.stringify([
      { idx: 0, name: '0', path: '', type: 'sentence_transformers.models.Transformer' },
      { idx: 1, name: '1', path: '1_Pooling', type: 'sentence_transformers.models.Pooling' },
    ]),
    parse: async (_, root) => {
      mkdirSync(join(root, '1_Pooling'), { recursive: true });
      writeFileSync(join(root, '1_Pooling/config.json'), '{"pooling_mode_mean_tokens": true}');
      await readSentenceConfig(root);
    },
  },
  'prompts of a model': {
    name: 'config_sentence_transformers.json',
    input: '{"prompts": {"query": "q: ", "document": ""}, "default_prompt_name": "query"}',
    parse: async (_, root) => readSentenceConfig(root),
  },
  'answers of an embeddings service': {
    name: 'answer.json',
    input: JSON.stringify({
      object: 'list',
      data: [0, 1].map((index) => ({ object: 'embedding', index, embedding: index ? [0.5, -1] : 'AAAAPwAAgL8=' })),
    }),
    async parse(path) {
      const answer = jsonOr(readFileSync(path, 'utf8'));
      for (const vector of readEmbeddings(answer, ['a', 'b'], 'openai'))
        expect(vector.every(Number.isFinite)).toBe(true);
    },
  },
  'listings of the hub': {
    name: 'listing.json',
    input: JSON.stringify([
      { type: 'file', oid: 'a'.repeat(40), size: 12, path: 'config.json' },
      {
        type: 'file',
        oid: 'b'.repeat(40),
        size: 9,
        path: 'a/b.bin',
        lfs: { oid: 'c'.repeat(64), size: 9, pointerSize: 1 },
      },
      { type: 'directory', oid: 'd'.repeat(40), size: 0, path: 'a' },
    ]),
    async parse(path, root) {
      const body = readFileSync(path);
      const answer = async (): Promise<Response> =>
        new Response(body, { headers: { 'content-type': 'application/json' } });
      const hub = {
        hubUrl: 'http://127.0.0.1:9',
        fetch: answer as typeof fetch,
        signal: undefined,
        patience: PATIENCE,
      };
      const entries = await listRepository(hub, 'a/b', 'e'.repeat(40)).catch((error: unknown) => {
        throw explain(error, hub, 'a/b', root);
      });
      expect(entries.length).toBeLessThan(1000);
    },
  },
  settings: {
    name: 'a.json',
    input: JSON.stringify(resolveConfig()),
    parse: async (path) => resolveConfig({ input: await readConfigFile(path) }),
  },
};

describe.each(Object.entries(PARSERS))('%s', (kind, { name, input, parse }) => {
  it(
    'damaged at random is read, or refused in one line',
    async () => {
      const random = new Random(5, 'fuzz files', kind);
      const root = join(folder, kind.replaceAll(' ', '-'));
      mkdirSync(root);
      const text = typeof input === 'string' ? input : input.toString('latin1');
      // an input that is refused as it stands would leave most of its parser untried
      writeFileSync(join(root, name), input);
      await parse(join(root, name), root);
      const before = process.memoryUsage().rss;
      for (let run = 0; run < RUNS; run++) {
        const bytes = Buffer.from(mutated(text, random), typeof input === 'string' ? 'utf8' : 'latin1');
        const path = join(root, name);
        writeFileSync(path, bytes);
        // not of the wall: others may be busy on the machine
        const start = process.cpuUsage();
        try {
          await parse(path, root);
        } catch (error) {
          const isOneLine = error instanceof UserError && !error.message.includes('\n');
          if (!isOneLine)
            throw new Error(`run ${run}: ${JSON.stringify(bytes.toString('latin1').slice(0, 500))}`, { cause: error });
        }
        const { user, system } = process.cpuUsage(start);
        expect((user + system) / 1000).toBeLessThan(LONGEST);
        if (run % 100 === 99) expect(process.memoryUsage().rss - before).toBeLessThan(MOST_MEMORY);
      }
    },
    600_000 + RUNS * 20,
  );
});
