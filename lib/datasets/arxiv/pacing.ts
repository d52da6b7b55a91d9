/**
 * arXiv's terms of use in code: at most one request every three seconds over a single connection, for all processes of
 * this machine together (https://info.arxiv.org/help/api/tou.html). A file in the machine's temporary folder says who
 * has a request under way and when the last one ended. The interval counts from the end of an answer, which keeps the
 * requests at least that far apart wherever they are measured.
 */
import { randomUUID } from 'node:crypto';
import { chmod, mkdir } from 'node:fs/promises';
import { hostname, tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { throwIfAborted } from '../../core/errors.js';
import { changeGuarded } from '../../files/guarded-file.js';
import { type Clock, systemClock } from './clock.js';

/** Seconds between requests to arXiv. */
export const ARXIV_INTERVAL = 3;

export interface PacerOptions {
  /** Seconds from the end of one request to the start of the next. */
  interval: number;
  /** The file that the processes share. */
  lockFile: string;
  clock?: Clock;
  /** Called before a wait for another process. */
  onWait?: () => void;
}

interface PacingState {
  /** Who has a request under way; null where nobody has. */
  holder: { token: string; process: number; host: string; until: number } | null;
  /** When the last request ended, or began if its process died; milliseconds. */
  last: number;
}

/** Milliseconds after which a request is taken for dead even if its process cannot be asked. */
const LEASE = 10 * 60_000;
/** Milliseconds between looks at another process' request. */
const POLL = 50;

/** Where the processes of this machine meet; every service has its own pace. */
export function pacingFile(baseUrl: string): string {
  const host = new URL(baseUrl).host;
  const service = host === 'arxiv.org' || host.endsWith('.arxiv.org') ? 'arxiv.org' : host;
  return join(tmpdir(), 'llm-embedding-pacing', `${service.replace(/[^a-z0-9.-]/gi, '_')}.json`);
}

/** Lets requests through one at a time and no faster than the interval. */
export class Pacer {
  private readonly clock: Clock;
  private readonly token: string = randomUUID();

  constructor(private readonly options: PacerOptions) {
    this.clock = options.clock ?? systemClock;
  }

  async run<T>(request: () => Promise<T>, signal?: AbortSignal): Promise<T> {
    await this.openFolder();
    await this.acquire(signal);
    try {
      return await request();
    } finally {
      await this.release();
    }
  }

  private async acquire(signal: AbortSignal | undefined): Promise<void> {
    for (;;) {
      throwIfAborted(signal, 'the pages fetched so far are kept and the same command continues from there');
      const wait = await changeGuarded<PacingState, Wait>(this.options.lockFile, (state) => this.decide(state));
      if (wait.kind === 'go') return;
      if (wait.kind === 'until') await this.clock.sleep(wait.milliseconds, signal);
      else {
        this.options.onWait?.();
        // Real time, whatever the clock: the other process lives in it.
        await delay(POLL);
      }
    }
  }

  private decide(state: PacingState | null): { state?: PacingState; result: Wait } {
    const now = this.clock.now();
    const interval = this.options.interval * 1000;
    const holder = state?.holder ?? null;
    if (state && holder) {
      if (isAlive(holder)) return { result: { kind: 'other' } };
      // Its request may have gone out just before it died.
      return { state: { holder: null, last: now }, result: { kind: 'until', milliseconds: interval } };
    }
    // A time in the future comes from a clock that was set back; it must not stop the requests for longer than usual.
    const due = state ? Math.min(state.last, now) + interval : now;
    if (now < due) return { result: { kind: 'until', milliseconds: due - now } };
    const mine = { token: this.token, process: process.pid, host: hostname(), until: Date.now() + LEASE };
    return { state: { holder: mine, last: now }, result: { kind: 'go' } };
  }

  private async release(): Promise<void> {
    await changeGuarded<PacingState, void>(this.options.lockFile, (state) => {
      if (state?.holder?.token !== this.token) return { result: undefined };
      return { state: { holder: null, last: this.clock.now() }, result: undefined };
    });
  }

  private async openFolder(): Promise<void> {
    const folder = dirname(this.options.lockFile);
    const made = await mkdir(folder, { recursive: true });
    // Shared by all users of the machine, whatever the umask of the first.
    if (made !== undefined && folder.startsWith(tmpdir())) await chmod(folder, 0o777);
  }
}

type Wait = { kind: 'go' } | { kind: 'until'; milliseconds: number } | { kind: 'other' };

function isAlive(holder: { process: number; host: string; until: number }): boolean {
  if (Date.now() > holder.until) return false;
  if (holder.host !== hostname()) return true;
  try {
    process.kill(holder.process, 0);
    return true;
  } catch (error) {
    return (error as NodeJS.ErrnoException).code === 'EPERM';
  }
}
