/**
 * A run or a model as a server: `/v1/embeddings` and `/v1/models` as OpenAI has them, `/search` over the papers of a run,
 * `/health` and `/metrics`. docs/serve.md says what each answers and what is refused.
 */

import { UserError } from '../core/errors.js';
import type { Reporting } from '../core/events.js';
import { type EncoderParts, type LoadEncoderOptions, loadEncoderParts } from '../pipeline/load-encoder.js';
import { openPaperIndex } from '../pipeline/paper-index.js';
import { bestSystem } from '../pipeline/search.js';
import { accessCheck, checkBinding, readKeys } from './access.js';
import { type BatchQueue, openBatchQueue } from './batch-queue.js';
import { BodyMemory } from './body.js';
import { queued } from './embeddings-route.js';
import { listen } from './http-server.js';
import { DEFAULT_LIMITS, type ServerLimits } from './limits.js';
import { openMetrics, type ServerMetrics } from './metrics.js';
import { routes } from './routes.js';
import { noSearch, openSearchService, type SearchService } from './search-service.js';

/** Where to serve, to whom, and under which name. */
export interface ServeOptions extends LoadEncoderOptions {
  /** 127.0.0.1 unless told otherwise, which other machines do not reach; another needs a key. */
  host?: string;
  /** 8080 unless told otherwise; 0 takes one that is free. */
  port?: number;
  /** File with keys, one a line, of which requests must have one; absent: LLM_EMBEDDING_API_KEY, where it is set. */
  apiKeyFile?: string;
  /** Names of the model, instead of the run's or the folder's. */
  names?: readonly string[];
  /** Names for the Host header beside those of this machine, for a proxy in front of a server without a key. */
  hostNames?: readonly string[];
  /** Origins whose pages may ask: "https://example.org". */
  allowedOrigins?: readonly string[];
  /** Whether `/search` is there; absent: for runs. */
  search?: boolean;
  limits?: Partial<ServerLimits>;
}

/** A server that answers. */
export interface RunningServer {
  /** "http://127.0.0.1:8080" */
  readonly url: string;
  readonly port: number;
  /** The model's name. */
  readonly model: string;
  readonly dimensions: number;
  /** Takes no new requests, finishes those that were accepted, and frees the engine. */
  stop(): Promise<void>;
}

/**
 * Loads an encoder and serves it; the papers of a run are indexed meanwhile.
 *
 * @param source as {@link loadEncoder} takes it
 * @throws UserError for a source that is none, an address that cannot be had, or one that others reach without a key
 */
export async function serveEncoder(source: string, options: ServeOptions = {}): Promise<RunningServer> {
  const { host = '127.0.0.1', port = 8080, hostNames = [], allowedOrigins = [] } = options;
  checkPort(port);
  checkOrigins(allowedOrigins);
  const access = { host, keys: await readKeys(options.apiKeyFile), hostNames };
  checkBinding(access);
  const limits = { ...DEFAULT_LIMITS, ...options.limits };
  const parts = await loadEncoderParts(source, options);
  const { textEncoder } = parts;
  const metrics = openMetrics();
  const queue = encoderQueue(parts, metrics, limits);
  metrics.watch(queue);
  const [first = parts.name, ...others] = options.names ?? [];
  const { dimensions } = textEncoder.opened.encoder;
  const model = { names: [first, ...others] as const, dimensions, created: Math.floor(Date.now() / 1000) };
  let isStopping = false;
  let search: SearchService = noSearch();
  try {
    if (options.search ?? parts.run !== null) search = await searchOf(parts, queue, options);
    const app = routes({
      ...{ textEncoder, queue, model, limits, search, metrics, allowedOrigins },
      memory: new BodyMemory(limits.allBodyBytes),
      checkAccess: accessCheck(access),
      isStopping: () => isStopping,
      ...(options.onMessage && { onMessage: options.onMessage }),
    });
    const server = await listen(app, { host, port, limits });
    return {
      url: server.url,
      port: server.port,
      model: first,
      dimensions,
      async stop() {
        isStopping = true;
        await server.stop();
        await search.close();
        // what a client left behind may still be computed, on the engine that is freed next
        await queue.settled();
        await parts.close();
      },
    };
  } catch (error) {
    await search.close();
    await parts.close();
    throw error;
  }
}

/**
 * Tokens that a processor computes while it begins another micro-batch: 20 to 30, whether texts are short or long. Few texts wait
 * at once here, so that they are cut more finely than for a device, where a beginning costs more.
 */
const GROUP_COST_OF_CPU = 32;

function encoderQueue({ textEncoder, config }: EncoderParts, metrics: ServerMetrics, limits: ServerLimits): BatchQueue {
  const { encoder } = textEncoder.opened;
  return openBatchQueue({
    dimensions: encoder.dimensions,
    tokenBudget: config.batches.tokenBudget,
    most: limits.queuedTokens,
    ...(config.provider === 'cpu' && { groupCost: GROUP_COST_OF_CPU }),
    onBatch: metrics.batch,
    embed: (ids, padded) =>
      encoder.embed(ids, { longAlone: true, onBatch: ({ paddedTokens }) => padded(paddedTokens) }),
  });
}

async function searchOf(
  { run, results, config, textEncoder }: EncoderParts,
  queue: BatchQueue,
  reporting: Reporting,
): Promise<SearchService> {
  const best = run === null ? null : (await bestSystem(run, textEncoder.opened.isTuned)).name;
  const usual = best === 'bm25' || best === 'hybrid' ? best : 'encoder';
  const { onMessage, onProgress } = reporting;
  const told = { ...(onMessage && { onMessage }), ...(onProgress && { onProgress }) };
  return openSearchService(
    usual,
    (during) =>
      openPaperIndex(results, config, textEncoder, {
        ...during,
        embedQuery: (ids, { signal }) => queued(queue, ids, signal),
      }),
    told,
  );
}

function checkPort(port: number): void {
  if (Number.isInteger(port) && port >= 0 && port <= 65_535) return;
  throw new UserError(`port ${port}: expected a whole number from 0 to 65535`);
}

function checkOrigins(origins: readonly string[]): void {
  for (const origin of origins) {
    if (URL.canParse(origin) && new URL(origin).origin === origin) continue;
    throw new UserError(`the origin "${origin}": expected one such as https://example.org, without a path`);
  }
}
