/** Many clients of an embeddings server: each asks for a few texts, waits for their vectors, and asks for the next. */
import { Agent, request } from 'node:http';

/** What the clients got. */
export interface Load {
  requests: number;
  errors: number;
  seconds: number;
  /** As the server counted them. */
  tokens: number;
  /** Milliseconds of an answer. */
  p50: number;
  p99: number;
  /** The latest vector of each text, by its place. */
  vectors: Map<number, Float32Array>;
}

interface Embeddings {
  data: { embedding: string; index: number }[];
  usage: { total_tokens: number };
}

export async function loadServer(
  url: string,
  texts: readonly string[],
  { connections, seconds, textsPerRequest }: { connections: number; seconds: number; textsPerRequest: number },
): Promise<Load> {
  const agent = new Agent({ keepAlive: true, maxSockets: connections });
  const waits: number[] = [];
  const load: Load = { requests: 0, errors: 0, seconds: 0, tokens: 0, p50: 0, p99: 0, vectors: new Map() };
  const start = performance.now();
  let next = 0;
  const client = async (): Promise<void> => {
    while (performance.now() - start < seconds * 1000) {
      const first = next;
      next += textsPerRequest;
      const asked = Array.from({ length: textsPerRequest }, (_, i) => (first + i) % texts.length);
      const began = performance.now();
      load.requests++;
      try {
        const { data, usage } = await ask(
          agent,
          url,
          asked.map((text) => texts[text] as string),
        );
        waits.push(performance.now() - began);
        load.tokens += usage.total_tokens;
        for (const { embedding, index } of data) {
          const bytes = Uint8Array.from(Buffer.from(embedding, 'base64'));
          load.vectors.set(asked[index] as number, new Float32Array(bytes.buffer));
        }
      } catch {
        load.errors++;
      }
    }
  };
  await Promise.all(Array.from({ length: connections }, client));
  agent.destroy();
  waits.sort((a, b) => a - b);
  const at = (share: number): number =>
    waits[Math.min(waits.length - 1, Math.floor(share * waits.length))] ?? Number.NaN;
  return { ...load, seconds: (performance.now() - start) / 1000, p50: at(0.5), p99: at(0.99) };
}

function ask(agent: Agent, url: string, input: string[]): Promise<Embeddings> {
  const body = JSON.stringify({ input, encoding_format: 'base64' });
  const headers = { 'content-type': 'application/json', 'content-length': Buffer.byteLength(body) };
  return new Promise((resolve, reject) => {
    const asked = request(`${url}/v1/embeddings`, { agent, method: 'POST', headers }, (response) => {
      const chunks: Buffer[] = [];
      response.on('data', (chunk: Buffer) => chunks.push(chunk));
      response.on('error', reject);
      response.on('end', () => {
        const answer = Buffer.concat(chunks).toString('utf8');
        if (response.statusCode === 200) resolve(JSON.parse(answer) as Embeddings);
        else reject(new Error(`${response.statusCode}: ${answer}`));
      });
    });
    asked.on('error', reject).end(body);
  });
}
