/**
 * The stop button of a notebook, and Ctrl-C of a terminal, as an AbortSignal.
 */
import { Interrupted } from '../../core/errors.js';

/**
 * Runs work that can be stopped: the first interrupt fires the signal, and the work ends as it does when its signal
 * fires; a second one reaches whoever listened before. The kernel's own handler would end the cell at once and let the
 * work run on unseen.
 */
export async function interruptible<T>(work: (signal: AbortSignal) => Promise<T>): Promise<T> {
  // The kernel starts a cell inside of a scope that takes over the interrupt; it is left with the next turn of the loop.
  await new Promise<void>((resolve) => setImmediate(resolve));
  const controller = new AbortController();
  const before = process.listeners('SIGINT');
  const restore = (): void => {
    process.removeListener('SIGINT', stop);
    for (const listener of before) if (!process.listeners('SIGINT').includes(listener)) process.on('SIGINT', listener);
  };
  const stop = (): void => {
    controller.abort(new Interrupted('stopped by the reader'));
    restore();
  };
  process.removeAllListeners('SIGINT');
  process.on('SIGINT', stop);
  try {
    return await work(controller.signal);
  } finally {
    restore();
  }
}
