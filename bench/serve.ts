/**
 * `npm run bench:serve`: the server under many clients beside `encode` on the same texts, in turns, so that a machine that gets
 * slower does so for both.
 *
 *     npm run bench:serve -- [--model sample] [--connections 64] [--seconds 30] [--turns 2] [--texts 2000] [--texts-per-request 1]
 *
 * Texts are titles and abstracts of the sample corpus, one per request unless told otherwise. Between two turns the server is killed and started again.
 * The vectors that come back are compared with those that `encode` wrote.
 */
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';
import { readNpy } from '../lib/files/npy.js';
import { loadDataset, resolveConfig } from '../lib/index.js';
import { type Load, loadServer } from './serve-load.js';

const BINARY = fileURLToPath(new URL('../../bin/llm-embedding.mjs', import.meta.url));

const { values } = parseArgs({
  options: {
    model: { type: 'string', default: 'sample' },
    connections: { type: 'string', default: '64' },
    seconds: { type: 'string', default: '30' },
    turns: { type: 'string', default: '2' },
    texts: { type: 'string', default: '2000' },
    'texts-per-request': { type: 'string', default: '1' },
  },
});

interface Encoded {
  tokensPerSecond: number;
  tokens: number;
  paddingShare: number;
}

/** `encode` in a process of its own. */
async function encode(input: string, output: string): Promise<Encoded> {
  rmSync(output, { force: true });
  const args = [BINARY, 'encode', '--model', values.model, '--input', input, '--output', output, '--json'];
  const child = spawn(process.execPath, args, { stdio: ['ignore', 'pipe', 'ignore'] });
  const [line] = (await once(createInterface({ input: child.stdout }), 'line')) as [string];
  return JSON.parse(line) as Encoded;
}

/** The server in a process of its own, loaded, and killed without warning. */
async function serveTurn(texts: string[], port: number): Promise<{ load: Load; port: number; paddingShare: number }> {
  const args = [BINARY, 'serve', values.model, '--port', String(port), '--json'];
  const child = spawn(process.execPath, args, { stdio: ['ignore', 'pipe', 'inherit'] });
  const [line] = (await once(createInterface({ input: child.stdout }), 'line')) as [string];
  const server = JSON.parse(line) as { url: string; port: number };
  try {
    // the first micro-batches compile and warm up, as those of encode do
    const clients = {
      connections: Number(values.connections),
      textsPerRequest: Number(values['texts-per-request']),
    };
    await loadServer(server.url, texts, { ...clients, seconds: 1 });
    const load = await loadServer(server.url, texts, { ...clients, seconds: Number(values.seconds) });
    const metrics = await (await fetch(`${server.url}/metrics`)).text();
    const count = (name: string): number => Number(new RegExp(`\\n${name} (\\S+)`).exec(metrics)?.[1]);
    const paddingShare = 1 - count('llm_embedding_tokens_total') / count('llm_embedding_padded_tokens_total');
    return { load, port: server.port, paddingShare };
  } finally {
    child.kill('SIGKILL');
    await once(child, 'close');
  }
}

function largestDifference(vectors: ReadonlyMap<number, Float32Array>, expected: Float32Array, width: number): number {
  let largest = 0;
  for (const [text, vector] of vectors) {
    vector.forEach((value, i) => {
      largest = Math.max(largest, Math.abs(value - (expected[text * width + i] as number)));
    });
  }
  return largest;
}

async function main(): Promise<void> {
  const folder = mkdtempSync(join(tmpdir(), 'bench-serve-'));
  try {
    const { papers } = await loadDataset(resolveConfig());
    const texts = papers.flatMap(({ title, abstract }) => [title, abstract]).slice(0, Number(values.texts));
    const input = join(folder, 'texts.jsonl');
    const output = join(folder, 'vectors.npy');
    writeFileSync(input, texts.map((text) => `${JSON.stringify({ text })}\n`).join(''));
    let port = 0;
    const ratios: number[] = [];
    for (let turn = 0; turn < Number(values.turns); turn++) {
      const before = await encode(input, output);
      const served = await serveTurn(texts, port);
      const after = await encode(input, output);
      port = served.port;
      const { data, shape } = await readNpy(output);
      const { load } = served;
      const speed = (before.tokensPerSecond + after.tokensPerSecond) / 2;
      const ratio = load.tokens / load.seconds / speed;
      ratios.push(ratio);
      const difference = largestDifference(load.vectors, data as Float32Array, shape[1] as number);
      console.log(
        [
          `turn ${turn + 1}: encode ${speed.toFixed(0)} tokens/s (${(100 * after.paddingShare).toFixed(1)} % padding)`,
          `serve ${(load.tokens / load.seconds).toFixed(0)} tokens/s (${(100 * served.paddingShare).toFixed(1)} % padding), ${ratio.toFixed(2)} of encode`,
          `${load.requests} requests in ${load.seconds.toFixed(1)} s, ${load.errors} errors`,
          `p50 ${load.p50.toFixed(0)} ms, p99 ${load.p99.toFixed(0)} ms; largest difference ${difference.toExponential(1)}`,
        ].join('; '),
      );
    }
    console.log(`median ratio ${(ratios.sort((a, b) => a - b)[ratios.length >> 1] as number).toFixed(2)}`);
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

await main();
