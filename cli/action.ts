/** What surrounds every command: progress on standard error, Ctrl-C, the result on standard output, the exit code. */
import { createInterface } from 'node:readline/promises';
import {
  type ConfirmCost,
  diskError,
  formatQuantity,
  isWorthRetry,
  printable,
  printableJson,
  type Report,
  type Reporting,
  reportSummary,
  terminalReporting,
  UnkeptReport,
  UserError,
} from '../lib/index.js';

export const EXIT_FAILED = 1;
export const EXIT_USAGE = 2;
/** Of a shard: another try may do what this one could not (EX_TEMPFAIL of sysexits.h). */
export const EXIT_RETRY = 75;
export const EXIT_INTERRUPTED = 130;

/** How a command ends. */
export interface ActionOptions {
  /** An engine runs the command again: a stop with all kept, and a failure that may pass, end with {@link EXIT_RETRY}. */
  retried?: boolean;
}

export interface ActionContext {
  reporting: Reporting;
  /** The result: `value` where --json asks for it, else the text. */
  print(value: unknown, text: string): void;
  /** Asks before money is spent; absent where nobody sits at a terminal to answer. */
  confirmCost?: ConfirmCost;
  /** Asks before anything is lost; absent where nobody sits at a terminal to answer. */
  confirm?(question: string): Promise<boolean>;
}

/**
 * Runs a command's work. The first Ctrl-C or SIGTERM asks it to end cleanly, a second Ctrl-C ends the process at once.
 * Sets the exit code; what the user can mend is one line, anything else keeps its stack.
 */
export async function runAction(
  json: boolean,
  work: (context: ActionContext) => Promise<void>,
  { retried = false }: ActionOptions = {},
): Promise<void> {
  const terminal = terminalReporting();
  const controller = new AbortController();
  const interrupt = (signal: NodeJS.Signals): void => {
    if (!controller.signal.aborted) {
      controller.abort();
      process.stderr.write('\nstopping cleanly; press Ctrl-C again to stop at once\n');
    } else if (signal === 'SIGINT') {
      // by the signal and not by an exit, which a thread that is in ONNX Runtime would turn into an abort with a core
      process.off('SIGINT', interrupt);
      process.kill(process.pid, 'SIGINT');
    }
    // a second SIGTERM asks for what the first did: SLURM sends two at a time limit, and all who send it have SIGKILL
  };
  process.on('SIGINT', interrupt);
  process.on('SIGTERM', interrupt);
  // threads and processes at rest do not keep this one alive, and it must not end in silence before the work does
  const alive = setInterval(() => {}, 2 ** 30);
  try {
    await work({
      reporting: { ...terminal, signal: controller.signal },
      print: (value, text) => {
        terminal.done();
        process.stdout.write(`${json ? printableJson(value) : printable(text)}\n`);
      },
      ...(process.stdin.isTTY && process.stderr.isTTY
        ? {
            confirm: (question: string) => {
              terminal.done();
              return askYesNo(`${question} [y/N] `, controller.signal);
            },
            confirmCost: ({ model, texts, dollars, limit }) => {
              terminal.done();
              const what = `${formatQuantity(texts, 'texts')} with ${printable(model)} would cost about $${dollars.toPrecision(2)}, above the limit of $${limit}`;
              return askYesNo(`${what}. Spend it? [y/N] `, controller.signal);
            },
          }
        : {}),
    });
    terminal.done();
  } catch (error) {
    terminal.done();
    const code = report(error);
    process.exitCode = retried && isWorthRetry(error) ? EXIT_RETRY : code;
  } finally {
    clearInterval(alive);
    process.off('SIGINT', interrupt);
    // what was asked to stop ends with its exit code, whenever a second SIGTERM comes
    if (!controller.signal.aborted) process.off('SIGTERM', interrupt);
  }
}

/** Prints a report, also where its folder could not take it: then the command fails after all, and says where it is. */
export async function printReport({ print }: ActionContext, out: string, made: Promise<Report>): Promise<void> {
  try {
    const report = await made;
    print(report, `${reportSummary(report)}\n\nreport: ${out}/report.html`);
  } catch (error) {
    if (error instanceof UnkeptReport) print(error.report, reportSummary(error.report));
    throw error;
  }
}

async function askYesNo(question: string, signal: AbortSignal): Promise<boolean> {
  const terminal = createInterface({ input: process.stdin, output: process.stderr });
  try {
    return /^y(es)?$/i.test((await terminal.question(question, { signal })).trim());
  } catch {
    return false; // Ctrl-C is no yes
  } finally {
    terminal.close();
  }
}

/** Says what went wrong and returns the exit code. */
export function report(error: unknown): number {
  if (error instanceof UserError) {
    process.stderr.write(`llm-embedding: ${printable(error.message)}\n`);
    return error.exitCode;
  }
  const failure = diskError(error);
  if (failure) return report(failure);
  process.stderr.write(
    `llm-embedding: unexpected error, please report it\n${printable(String(error instanceof Error ? error.stack : error))}\n`,
  );
  return EXIT_FAILED;
}
