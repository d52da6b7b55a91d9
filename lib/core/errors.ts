/**
 * Errors whose message is all the reader needs: it names the value, what was expected, and the fix.
 * The command line prints them as one line; a notebook cell shows them without a stack.
 */
import { printable } from './printable.js';

/** `inspect.custom` of node:util, by the name that all share, so that browsers can have these errors too. */
const INSPECT = Symbol.for('nodejs.util.inspect.custom');

/** Something the user can mend: a wrong file, option or hyperparameter. The command line exits with 2. */
export class UserError extends Error {
  override name = 'UserError';
  readonly exitCode: number = 2;

  /** The message is one line: line breaks in what it quotes are shown as "\\n". */
  constructor(message: string, options?: ErrorOptions) {
    super(message.replace(/\r\n|\r|\n/g, '\\n'), options);
  }

  [INSPECT](): string {
    return printable(`${this.name}: ${this.message}`);
  }
}

/** The work itself failed (a diverged loss, a service that does not answer). The command line exits with 1. */
export class WorkError extends UserError {
  override name = 'WorkError';
  override readonly exitCode = 1;
}

/** A failure that may pass by itself: a full disk, a network that is down. The same work is worth another try. */
export class PassingError extends WorkError {
  override name = 'PassingError';
}

/** Ended by Ctrl-C or the notebook's stop button; what was done is kept. The command line exits with 130. */
export class Interrupted extends UserError {
  override name = 'Interrupted';
  override readonly exitCode = 130;
}

/** Codes of a disk that is full, or as full as a user may fill it. */
const FULL_CODES = ['ENOSPC', 'EDQUOT'];

/** Whether a disk, or what one may use of it, is full. */
export function isFull(error: unknown): boolean {
  return FULL_CODES.includes((error as NodeJS.ErrnoException | null)?.code ?? '');
}

/**
 * Whether the same work may succeed when it is run again as it is: what was done is kept, and the cause may be gone. What an
 * error was caused by counts too.
 */
export function isWorthRetry(error: unknown): boolean {
  if (!(error instanceof Error)) return false;
  return error instanceof Interrupted || error instanceof PassingError || isFull(error) || isWorthRetry(error.cause);
}

/** Throws {@link Interrupted} if the signal has fired; `kept` says what remains of the work. */
export function throwIfAborted(signal: AbortSignal | undefined, kept: string): void {
  if (signal?.aborted) throw new Interrupted(`stopped; ${kept}`);
}
