/** `/v1/embeddings`: from a body to vectors, through the queue. */
import { quantity } from '../core/quantity.js';
import type { TextEncoder } from '../pipeline/text-encoder.js';
import { ApiError } from './api-error.js';
import { type BatchQueue, QueueFull } from './batch-queue.js';
import { type BodyMemory, readJsonBody } from './body.js';
import { ClientGone, withDeadline } from './deadline.js';
import { type EmbeddingsAnswer, embeddingsAnswer } from './embeddings-answer.js';
import { parseEmbeddingsRequest, withoutTokens } from './embeddings-request.js';
import type { ServerLimits } from './limits.js';
import type { ServedModel } from './model-names.js';

export interface EmbeddingsRoute {
  textEncoder: TextEncoder;
  queue: BatchQueue;
  model: ServedModel;
  limits: ServerLimits;
  memory: BodyMemory;
}

/** @throws ApiError for what cannot be answered, ClientGone where nobody waits any more */
export async function answerEmbeddings(request: Request, route: EmbeddingsRoute): Promise<EmbeddingsAnswer> {
  const { textEncoder, queue, model, limits, memory } = route;
  const body = await readJsonBody(request, limits.bodyBytes, memory).catch((error: unknown) => {
    throw request.signal.aborted ? new ClientGone('the client closed its connection') : error;
  });
  try {
    const { texts, role, dimensions, format } = parseEmbeddingsRequest(body.value, model, limits);
    return await withDeadline(request.signal, limits.workSeconds, async (signal) => {
      // before the work of tokenizing: a full queue stays full for a while
      if (queue.tokens >= limits.queuedTokens) throw busy(queue);
      const ids = await textEncoder.tokenize(texts, { role, signal, inThisThread: true });
      const empty = ids.findIndex(({ length }) => length === 0);
      if (empty >= 0) throw withoutTokens(empty);
      const rows = await queued(queue, ids, signal);
      const tokens = ids.reduce((sum, { length }) => sum + length, 0);
      return embeddingsAnswer(textEncoder.vectors(rows, dimensions), { format, model: model.names[0], tokens });
    });
  } finally {
    body.release();
  }
}

/** @throws ApiError 429 where the queue is full, 413 for what never fits it */
export async function queued(queue: BatchQueue, ids: Int32Array[], signal?: AbortSignal): Promise<Float32Array> {
  try {
    return await queue.embed(ids, signal);
  } catch (error) {
    if (!(error instanceof QueueFull)) throw error;
    if (error.tokens <= error.most) throw busy(queue);
    const message = `the texts have ${quantity(error.tokens, 'tokens')}: expected at most ${error.most} a request; send fewer at once`;
    throw new ApiError(413, message, { code: 'too_many_tokens', param: 'input' });
  }
}

function busy(queue: BatchQueue): ApiError {
  const retryAfter = Math.min(60, Math.max(1, Math.ceil(queue.secondsOfWork())));
  return new ApiError(429, `the queue is full: try again in ${retryAfter} s`, { code: 'queue_full', retryAfter });
}
