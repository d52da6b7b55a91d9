/**
 * How a step tells what it is doing without knowing who looks: a terminal, a notebook cell, a test.
 * Steps call the listeners they are given; `display/` draws what it hears.
 */

/** One report of a long task; the listener computes rate and time left. */
export interface ProgressEvent {
  /** What is being done, as a short phrase: "encoding abstracts". One bar per task. */
  task: string;
  /** How much is done, in `unit`. */
  done: number;
  /** How much there is; absent where nobody can know. */
  total?: number;
  /** Plural noun of what is counted: "papers", "tokens", "steps". */
  unit: string;
  /** A short addition, such as the current loss. */
  note?: string;
}

/** A remark for the reader: something skipped, chosen or worked around. */
export interface MessageEvent {
  level: 'info' | 'warning';
  text: string;
}

/** What every long-running library call accepts beside its own options. */
export interface Reporting {
  onProgress?: (event: ProgressEvent) => void;
  onMessage?: (event: MessageEvent) => void;
  /** Ends the work cleanly; what was done is kept. */
  signal?: AbortSignal;
}

/** The reporting among a call's options, to hand on without the others. */
export function reportingOf({ onProgress, onMessage, signal }: Reporting): Reporting {
  return { ...(onProgress && { onProgress }), ...(onMessage && { onMessage }), ...(signal && { signal }) };
}
