/**
 * Progress below a notebook cell: a bar that moves in place, and one line when its task has ended.
 */

import type { MessageEvent, ProgressEvent, Reporting } from '../../core/events.js';
import { describeEnd, describeState, TaskClock, type TaskState } from '../progress.js';
import { escapeText } from '../svg/element.js';
import { type TerminalReporting, terminalReporting } from '../terminal/reporting.js';
import { interruptible } from './interruptible.js';
import { display, inNotebook, Output } from './output.js';

/** Milliseconds between two states of a bar. */
const UPDATE_INTERVAL = 250;
/** Seconds before a task is worth a bar, and a line. */
const NOTABLE_SECONDS = 0.5;

interface Task {
  clock: TaskClock;
  state: TaskState;
  shown: number;
}

/** What a cell is told while it runs. */
export interface NotebookReporting extends TerminalReporting {
  /** Shows the bar of a task now, above all that is shown later, however soon the task ends. */
  announce(event: ProgressEvent): void;
}

/**
 * Draws what steps report below the cell that runs; on standard error outside of a notebook.
 * @param clock milliseconds that only grow
 */
export function notebookReporting(clock: () => number = () => performance.now()): NotebookReporting {
  if (!inNotebook()) return { ...terminalReporting(), announce() {} };
  const tasks = new Map<string, Task>();
  // A task that comes again, such as a validation, takes the place it had.
  const places = new Map<string, Output>();
  const place = (name: string): Output => {
    const output = places.get(name) ?? new Output();
    places.set(name, output);
    return output;
  };
  const begin = (event: ProgressEvent): Task => {
    const taskClock = new TaskClock(clock);
    const task = { clock: taskClock, state: taskClock.update(event), shown: clock() - UPDATE_INTERVAL };
    tasks.set(event.task, task);
    return task;
  };
  const end = (name: string, task: Task): void => {
    tasks.delete(name);
    if (!places.has(name) && task.state.elapsed < NOTABLE_SECONDS) return;
    const mark = task.state.finished || task.state.event.total === undefined ? '✓' : '–';
    place(name).set(lineBundle(`${mark} ${name}: ${describeEnd(task.state, task.clock.averageRate(task.state))}`));
  };
  return {
    onProgress(event: ProgressEvent): void {
      const known = tasks.get(event.task);
      const task = known ?? begin(event);
      if (known) task.state = task.clock.update(event);
      if (task.state.finished) end(event.task, task);
      else if (task.state.elapsed >= NOTABLE_SECONDS && clock() - task.shown >= UPDATE_INTERVAL) {
        task.shown = clock();
        place(event.task).set(barBundle(task.state));
      }
    },
    announce(event: ProgressEvent): void {
      place(event.task).set(barBundle((tasks.get(event.task) ?? begin(event)).state));
    },
    onMessage({ level, text }: MessageEvent): void {
      showLine(`${level === 'warning' ? 'warning: ' : ''}${text}`);
    },
    done(): void {
      for (const [name, task] of [...tasks]) end(name, task);
    },
  };
}

/**
 * Runs a step with everything a cell wants: progress, messages, and the stop button.
 * @param work gets what to hand on to the step
 */
export async function withProgress<T>(
  work: (reporting: Required<Reporting> & Pick<NotebookReporting, 'announce'>) => Promise<T>,
): Promise<T> {
  const { onProgress, onMessage, announce, done } = notebookReporting();
  try {
    return await interruptible((signal) => work({ onProgress, onMessage, announce, signal }));
  } finally {
    done();
  }
}

function barBundle(state: TaskState): { 'text/html': string; 'text/plain': string } {
  const { event } = state;
  const bar =
    event.total === undefined
      ? '<progress style="width:16em"></progress>'
      : `<progress style="width:16em" value="${event.done}" max="${event.total}"></progress>`;
  const text = `${event.task}: ${describeState(state)}`;
  return { 'text/html': `<div>${bar} ${numbers(text)}</div>`, 'text/plain': text };
}

function lineBundle(text: string): { 'text/html': string; 'text/plain': string } {
  return { 'text/html': `<div>${numbers(text)}</div>`, 'text/plain': text };
}

/** A sentence below the cell, in the look of what progress leaves there. */
export function showLine(text: string): void {
  display(lineBundle(text));
}

/** Digits of one width, so that the text beside a bar does not tremble. */
function numbers(text: string): string {
  return `<span style="font-variant-numeric:tabular-nums">${escapeText(text)}</span>`;
}
