/**
 * What can be told of a task from the events that it sends: how far, how fast, how long still. Drawn by the terminal and
 * by notebook cells.
 */
import type { ProgressEvent } from '../core/events.js';
import { formatCount, formatDuration, formatQuantity, formatRate } from './format.js';

/** Rates are taken over this many recent seconds, so that they follow a slow start or a change of pace. */
const WINDOW_SECONDS = 20;

export interface TaskState {
  event: ProgressEvent;
  /** Seconds since the first event. */
  elapsed: number;
  /** Units a second; null until two events tell. */
  rate: number | null;
  /** Seconds; null where the total or the rate is not known. */
  left: number | null;
  finished: boolean;
}

/** Follows one task. @param clock milliseconds that only grow */
export class TaskClock {
  private readonly samples: { at: number; done: number }[] = [];
  private readonly start: number;
  private first = 0;

  constructor(private readonly clock: () => number) {
    this.start = clock();
  }

  /** Takes in an event. A task that has already begun elsewhere (a resumed run) counts its rate from here. */
  update(event: ProgressEvent): TaskState {
    const now = this.clock();
    if (this.samples.length === 0) this.first = event.done;
    this.samples.push({ at: now, done: event.done });
    while (this.samples.length > 2 && now - this.samples[1]!.at > WINDOW_SECONDS * 1000) this.samples.shift();
    const oldest = this.samples[0]!;
    const seconds = (now - oldest.at) / 1000;
    const rate = seconds > 0 && event.done > oldest.done ? (event.done - oldest.done) / seconds : null;
    const remaining = event.total === undefined ? null : Math.max(0, event.total - event.done);
    return {
      event,
      elapsed: (now - this.start) / 1000,
      rate,
      left: remaining === null || rate === null ? null : remaining / rate,
      finished: event.total !== undefined && event.done >= event.total,
    };
  }

  /** Units a second over the whole task. */
  averageRate(state: TaskState): number | null {
    return state.elapsed > 0 && state.event.done > this.first ? (state.event.done - this.first) / state.elapsed : null;
  }
}

/** "120 of 400 steps", "512 papers", "0.5 MB of 1.4 MB". */
export function describeCount({ done, total, unit }: ProgressEvent): string {
  if (total === undefined) return formatQuantity(done, unit);
  const part = unit === 'bytes' ? formatQuantity(done, unit) : formatCount(done);
  return `${part} of ${formatQuantity(total, unit)}`;
}

/** "120 of 400 steps, 3.10 steps/s, 1 min 30 s left, loss 0.42": everything known of a task under way. */
export function describeState({ event, rate, left }: TaskState): string {
  const parts = [describeCount(event)];
  if (rate !== null) parts.push(formatRate(rate, event.unit));
  if (left !== null) parts.push(`${formatDuration(left)} left`);
  if (event.note) parts.push(event.note);
  return parts.join(', ');
}

/** "2,000 papers in 12 s (166 papers/s)": the one line that a task leaves behind. */
export function describeEnd(state: TaskState, averageRate: number | null): string {
  const { event, elapsed, finished } = state;
  const count = finished ? formatQuantity(event.done, event.unit) : describeCount(event);
  const time = averageRate === null ? '' : ` in ${formatDuration(elapsed)} (${formatRate(averageRate, event.unit)})`;
  return `${count}${time}${event.note ? `, ${event.note}` : ''}`;
}
