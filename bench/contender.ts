/**
 * One side of a comparison: a process of its own, so that its peak memory is its own, which waits for "go" on standard
 * input, does the work once and answers with one line of JSON. Sides take turns, so that a machine that gets slower or
 * faster does so for all of them.
 */
import { type ChildProcess, spawn } from 'node:child_process';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';

/** What a process says when it is set up. */
export interface Ready {
  /** Versions, threads: whatever names the contender. */
  description: string;
  /** Seconds from start to ready, model loaded. */
  loadSeconds: number;
  /** The same, of processor time. */
  loadProcessorSeconds: number;
  /** After loading, before the first run. */
  peakBytes: number;
}

/** What it says of one run. */
export interface Run {
  seconds: number;
  /** Of all threads; tells what the work cost where other processes take turns on the cores. */
  processorSeconds: number;
  /** Highest resident memory so far. */
  peakBytes: number;
  /** Numbers that should be the same for all contenders: the first is compared. */
  result: number[];
  /** Milliseconds of tracing and of creating sessions, of the first run. */
  traceMilliseconds?: number;
  sessionMilliseconds?: number;
  /** GFLOP/s of one bare float32 product of the shape that dominates Qwen2.5-0.5B, right after the run. */
  productGigaflops?: number;
}

export class Contender {
  private readonly child: ChildProcess;
  private readonly lines: AsyncIterator<string>;
  private errors = '';

  constructor(
    readonly name: string,
    command: string,
    args: string[],
    options: object,
  ) {
    this.child = spawn(command, [...args, JSON.stringify(options)], { stdio: ['pipe', 'pipe', 'pipe'] });
    this.child.stderr?.on('data', (data: Buffer) => {
      this.errors = (this.errors + data.toString()).slice(-4000);
    });
    // a process that did not start ends the lines, which is where the error is reported
    this.child.on('error', (error) => {
      this.errors += error.message;
    });
    this.child.stdin?.on('error', () => undefined);
    this.lines = createInterface({ input: this.child.stdout as NodeJS.ReadableStream })[Symbol.asyncIterator]();
  }

  ready(): Promise<Ready> {
    return this.answer<Ready>();
  }

  run(): Promise<Run> {
    this.child.stdin?.write('go\n');
    return this.answer<Run>();
  }

  /** Ends the process; no answer is outstanding when it is called. */
  async end(): Promise<void> {
    if (this.child.exitCode !== null || this.child.signalCode !== null) return;
    const ended = new Promise((resolve) => this.child.once('close', resolve));
    this.child.stdin?.end();
    await ended;
  }

  private async answer<T>(): Promise<T> {
    for (;;) {
      const { value, done } = await this.lines.next();
      if (done) throw new Error(`${this.name} ended without an answer:\n${this.errors}`);
      // libraries may print lines of their own
      if (value.startsWith('{')) return JSON.parse(value) as T;
    }
  }
}

/** A compiled module of this folder as a contender. */
export function nodeContender(name: string, module: string, options: object): Contender {
  const path = fileURLToPath(new URL(`./contenders/${module}.js`, import.meta.url));
  return new Contender(name, process.execPath, [path], options);
}

/** A Python script of this folder as a contender; it lies beside the source, not the compiled files. */
export function pythonContender(name: string, python: string, script: string, options: object): Contender {
  const path = fileURLToPath(new URL(`../../bench/contenders/${script}.py`, import.meta.url));
  return new Contender(name, python, [path], options);
}
