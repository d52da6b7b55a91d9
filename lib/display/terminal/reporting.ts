/**
 * Progress and messages on a terminal: a bar for each task under way, one line for each that ended. Where nobody watches
 * (a pipe, a log file) there are plain lines instead, few of them.
 */
import { type Bar, type GenericFormatter, MultiBar } from 'cli-progress';
import picocolors from 'picocolors';
import type { MessageEvent, ProgressEvent, Reporting } from '../../core/events.js';
import { printable, printableLine } from '../../core/printable.js';
import { describeCount, describeEnd, describeState, TaskClock, type TaskState } from '../progress.js';

/** Seconds between the lines about a task where there is no terminal. */
const PLAIN_INTERVAL = 15;
/** A task that comes again and again (a validation) leaves a line only where it took this many seconds. */
const NOTABLE_SECONDS = 2;
const BAR_WIDTH = 24;

interface Task {
  clock: TaskClock;
  state: TaskState;
  bar: Bar | null;
  /** Milliseconds of the last plain line. */
  told: number;
}

export interface TerminalReporting {
  onProgress: (event: ProgressEvent) => void;
  onMessage: (event: MessageEvent) => void;
  /** Ends all bars, with a line for each task that was still under way, and leaves the cursor on a line of its own. */
  done(): void;
}

/**
 * Draws what steps report.
 * @param stream where to; standard output stays free for results
 * @param clock milliseconds that only grow
 */
export function terminalReporting(
  stream: NodeJS.WriteStream = process.stderr,
  clock: () => number = () => performance.now(),
): TerminalReporting & Reporting {
  const live = stream.isTTY === true;
  const colours = picocolors.createColors(live && picocolors.isColorSupported);
  const tasks = new Map<string, Task>();
  const ended = new Set<string>();
  let bars: MultiBar | null = null;

  const writeLine = (line: string): void => {
    if (bars) {
      bars.log(`${line}\n`);
      bars.update();
    } else stream.write(`${line}\n`);
  };
  const startBars = (): MultiBar => {
    process.once('exit', stopBars);
    const format = drawBar(colours);
    return new MultiBar({ stream, format, linewrap: false, clearOnComplete: true, gracefulExit: false, fps: 8 });
  };
  // Bars turn off line wrapping: a process that ends in the middle must not leave the terminal so.
  const stopBars = (): void => {
    bars?.stop();
    bars = null;
    process.removeListener('exit', stopBars);
  };
  const begin = (event: ProgressEvent): Task => {
    const taskClock = new TaskClock(clock);
    const state = taskClock.update(event);
    let bar: Bar | null = null;
    if (live) {
      bars ??= startBars();
      bar = bars.create(event.total ?? 0, event.done, { task: event.task, state });
    }
    const task = { clock: taskClock, state, bar, told: clock() };
    tasks.set(event.task, task);
    return task;
  };
  const end = (name: string, task: Task): void => {
    tasks.delete(name);
    if (task.bar) bars?.remove(task.bar);
    if (tasks.size === 0) stopBars();
    if (ended.has(name) && task.state.elapsed < NOTABLE_SECONDS) return;
    ended.add(name);
    const mark = task.state.finished || task.state.event.total === undefined ? colours.green('✓') : colours.yellow('–');
    writeLine(`${mark} ${printableLine(`${name}: ${describeEnd(task.state, task.clock.averageRate(task.state))}`)}`);
  };

  return {
    onProgress(event: ProgressEvent): void {
      const known = tasks.get(event.task);
      const task = known ?? begin(event);
      if (known) task.state = task.clock.update(event);
      task.bar?.setTotal(event.total ?? 0);
      task.bar?.update(event.done, { task: event.task, state: task.state });
      if (task.state.finished) end(event.task, task);
      else if (!live && clock() - task.told >= PLAIN_INTERVAL * 1000) {
        task.told = clock();
        writeLine(`  ${printableLine(`${event.task}: ${describeState(task.state)}`)}`);
      }
    },
    onMessage({ level, text }: MessageEvent): void {
      const shown = printable(text);
      writeLine(level === 'warning' ? `${colours.yellow('warning:')} ${shown}` : shown);
    },
    done(): void {
      for (const [name, task] of [...tasks]) end(name, task);
    },
  };
}

/** One bar as text: "encoding abstracts ━━━━━───── 120 of 400 papers, 31 papers/s, 9 s left". */
function drawBar(colours: ReturnType<typeof picocolors.createColors>): GenericFormatter {
  return (_options, _params, payload: { task: string; state: TaskState }) => {
    const { event } = payload.state;
    const state = printableLine(describeState(payload.state));
    const name = printableLine(payload.task);
    if (!event.total) return `  ${name}: ${state}`;
    const filled = Math.round(Math.min(1, event.done / event.total) * BAR_WIDTH);
    const bar = colours.cyan('━'.repeat(filled)) + colours.dim('─'.repeat(BAR_WIDTH - filled));
    const counted = describeCount(event);
    return `  ${name} ${bar} ${counted}${colours.dim(state.slice(counted.length))}`;
  };
}
