/** What surrounds every command: progress on standard error, Ctrl-C, the result on standard output, the exit code. */
import { type Reporting, terminalReporting, UserError } from '../lib/index.js';

export const EXIT_FAILED = 1;
export const EXIT_USAGE = 2;
export const EXIT_INTERRUPTED = 130;

export interface ActionContext {
  reporting: Reporting;
  /** The result: `value` where --json asks for it, else the text. */
  print(value: unknown, text: string): void;
}

/**
 * Runs a command's work. The first Ctrl-C asks it to end cleanly, a second ends the process at once.
 * Sets the exit code; what the user can mend is one line, anything else keeps its stack.
 */
export async function runAction(json: boolean, work: (context: ActionContext) => Promise<void>): Promise<void> {
  const terminal = terminalReporting();
  const controller = new AbortController();
  const interrupt = (): void => {
    if (controller.signal.aborted) process.exit(EXIT_INTERRUPTED);
    controller.abort();
    process.stderr.write('\nstopping cleanly; press Ctrl-C again to stop at once\n');
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
        process.stdout.write(json ? `${JSON.stringify(value)}\n` : `${text}\n`);
      },
    });
    terminal.done();
  } catch (error) {
    terminal.done();
    process.exitCode = report(error);
  } finally {
    clearInterval(alive);
    process.off('SIGINT', interrupt);
    process.off('SIGTERM', interrupt);
  }
}

/** Says what went wrong and returns the exit code. */
export function report(error: unknown): number {
  if (error instanceof UserError) {
    process.stderr.write(`llm-embedding: ${error.message}\n`);
    return error.exitCode;
  }
  process.stderr.write(
    `llm-embedding: unexpected error, please report it\n${error instanceof Error ? error.stack : error}\n`,
  );
  return EXIT_FAILED;
}
