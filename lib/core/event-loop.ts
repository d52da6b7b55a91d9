/** Long loops of plain computation, kept polite: progress is drawn and Ctrl-C is heard while they run. */
import { throwIfAborted } from './errors.js';
import type { ProgressEvent, Reporting } from './events.js';

/** Milliseconds that a loop may compute before others have their turn. */
const TURN = 50;

/**
 * A function to await in every pass of a loop. It costs next to nothing until a turn is over; then it lets timers,
 * progress and signals through.
 *
 * @param kept what remains of the work when it is stopped
 * @throws Interrupted from the returned function when the signal has fired
 */
export function politely({ signal }: Pick<Reporting, 'signal'>, kept: string): () => Promise<void> {
  let turn = performance.now();
  throwIfAborted(signal, kept);
  return async () => {
    if (performance.now() - turn < TURN) return;
    await new Promise((resolve) => setImmediate(resolve));
    throwIfAborted(signal, kept);
    turn = performance.now();
  };
}

/** Milliseconds from one report of progress to the next. */
const BETWEEN_REPORTS = 500;

/**
 * As {@link politely}, with how much is done at every pass, which is reported now and then; nothing of a loop that takes no
 * time to speak of.
 *
 * @throws Interrupted from the returned function when the signal has fired
 */
export function tellingTurns(
  { task, total, unit }: Required<Pick<ProgressEvent, 'task' | 'total' | 'unit'>>,
  reporting: Reporting,
  kept: string,
): (done: number) => Promise<void> {
  const turn = politely(reporting, kept);
  let told = false;
  let next = performance.now() + BETWEEN_REPORTS;
  return async (done) => {
    await turn();
    if (done < total ? performance.now() < next : !told) return;
    told = true;
    next = performance.now() + BETWEEN_REPORTS;
    reporting.onProgress?.({ task, done, total, unit });
  };
}
