/** Until when a request is worth working on: its client waits, and not too long. */
import { ApiError } from './api-error.js';

/** The client has closed its connection; nobody reads the answer. */
export class ClientGone extends Error {
  override name = 'ClientGone';
}

/** Runs work with a signal that fires when the client is gone or the time is over. */
export async function withDeadline<T>(
  client: AbortSignal,
  seconds: number,
  work: (signal: AbortSignal) => Promise<T>,
): Promise<T> {
  const controller = new AbortController();
  const gone = (): void => controller.abort(new ClientGone('the client closed its connection'));
  const timer = setTimeout(() => {
    const message = `the work took longer than ${seconds} s: send fewer texts at once, or try again`;
    controller.abort(new ApiError(503, message, { code: 'timeout', retryAfter: 5 }));
  }, seconds * 1000);
  if (client.aborted) gone();
  else client.addEventListener('abort', gone, { once: true });
  try {
    return await work(controller.signal);
  } catch (error) {
    throw controller.signal.aborted ? controller.signal.reason : error;
  } finally {
    clearTimeout(timer);
    client.removeEventListener('abort', gone);
  }
}
