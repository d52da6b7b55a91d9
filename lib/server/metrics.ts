/** What the server counts, for Prometheus: https://prometheus.io/docs/practices/naming. No label comes from a request's text. */
import { Counter, collectDefaultMetrics, Gauge, Histogram, Registry } from 'prom-client';
import type { BatchQueue } from './batch-queue.js';

const SECONDS = [0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 30, 60, 120];
const TEXTS = [1, 2, 4, 8, 16, 32, 64, 128, 256, 512];

export interface ServerMetrics {
  /** @param route as the server names it */
  request(route: string, status: number, seconds: number): void;
  batch(batch: { texts: number; tokens: number; paddedTokens: number }): void;
  watch(queue: Pick<BatchQueue, 'tokens' | 'texts'>): void;
  /** The text that Prometheus reads, and its type. */
  contentType: string;
  text(): Promise<string>;
}

export function openMetrics(): ServerMetrics {
  const registry = new Registry();
  const registers = [registry];
  collectDefaultMetrics({ register: registry });
  const requests = new Counter({
    name: 'llm_embedding_http_requests_total',
    help: 'Answered requests',
    labelNames: ['route', 'status'],
    registers,
  });
  const seconds = new Histogram({
    name: 'llm_embedding_http_request_seconds',
    help: 'Seconds from the headers of a request to its answer',
    labelNames: ['route'],
    buckets: SECONDS,
    registers,
  });
  const counter = (name: string, help: string): Counter => new Counter({ name, help, registers });
  const texts = counter('llm_embedding_texts_total', 'Texts that were encoded');
  const tokens = counter('llm_embedding_tokens_total', 'Tokens that were encoded, without padding');
  const padded = counter('llm_embedding_padded_tokens_total', 'Tokens that were encoded, with padding');
  const batchTexts = new Histogram({
    name: 'llm_embedding_batch_texts',
    help: 'Texts of a micro-batch',
    buckets: TEXTS,
    registers,
  });
  return {
    request(route, status, took) {
      requests.inc({ route, status });
      seconds.observe({ route }, took);
    },
    batch(batch) {
      texts.inc(batch.texts);
      tokens.inc(batch.tokens);
      padded.inc(batch.paddedTokens);
      batchTexts.observe(batch.texts);
    },
    watch(queue) {
      const gauge = (name: string, help: string, value: () => number): Gauge =>
        new Gauge({
          name,
          help,
          registers,
          collect() {
            this.set(value());
          },
        });
      gauge('llm_embedding_queue_tokens', 'Tokens that wait for the encoder', () => queue.tokens);
      gauge('llm_embedding_queue_texts', 'Texts that wait for the encoder', () => queue.texts);
    },
    contentType: registry.contentType,
    text: () => registry.metrics(),
  };
}
