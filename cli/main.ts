/** The command `llm-embedding`: the steps of the experiment from a shell. One file a command in commands/. */
import { readFileSync } from 'node:fs';
import { Command, CommanderError } from 'commander';
import { PassingError, printable, UserError, WorkError } from '../lib/index.js';
import { EXIT_USAGE, report } from './action.js';
import { ablateCommand } from './commands/ablate.js';
import { batchesCommand } from './commands/batches.js';
import { doctorCommand } from './commands/doctor.js';
import { encodeCommand } from './commands/encode.js';
import { estimateCommand } from './commands/estimate.js';
import { evaluateCommand } from './commands/evaluate.js';
import { exportCommand } from './commands/export.js';
import { fetchCommand } from './commands/fetch.js';
import { indexCommand } from './commands/index-embeddings.js';
import { learningRateCommand } from './commands/lr-find.js';
import { mergeCommand } from './commands/merge.js';
import { metricsCommand } from './commands/metrics.js';
import { mineCommand } from './commands/mine.js';
import { pretrainCommand } from './commands/pretrain.js';
import { pullCommand } from './commands/pull.js';
import { pushCommand } from './commands/push.js';
import { resumeCommand } from './commands/resume.js';
import { runCommand } from './commands/run.js';
import { runsCommand } from './commands/runs.js';
import { searchCommand } from './commands/search.js';
import { serveCommand } from './commands/serve.js';
import { statusCommand } from './commands/status.js';
import { sweepCommand } from './commands/sweep.js';
import { tokensCommand } from './commands/tokens.js';
import { trainCommand } from './commands/train.js';
import { addHelp, HELP_STYLE } from './help.js';
import { HELP_TEXTS } from './help-texts.js';
import { usageError } from './usage-errors.js';

/** @param argv as of the process: interpreter, script, arguments */
export async function main(argv: string[]): Promise<void> {
  for (const stream of [process.stdout, process.stderr]) stream.off('error', onOutputError).on('error', onOutputError);
  if (!currentFolderExists()) {
    const text =
      'the current folder is gone, removed or unmounted: change to one that exists and run the command again';
    process.exitCode = report(new UserError(text));
    return;
  }
  const { version } = JSON.parse(readFileSync(new URL('../../package.json', import.meta.url), 'utf8')) as {
    version: string;
  };
  const program = new Command('llm-embedding')
    .description('Fine-tune a Qwen2.5 embedding model for scientific retrieval, and measure it honestly')
    .version(version);
  for (const make of [
    runCommand,
    runsCommand,
    fetchCommand,
    tokensCommand,
    batchesCommand,
    trainCommand,
    learningRateCommand,
    estimateCommand,
    encodeCommand,
    evaluateCommand,
    metricsCommand,
    mineCommand,
    ablateCommand,
    sweepCommand,
    indexCommand,
    statusCommand,
    resumeCommand,
    mergeCommand,
    searchCommand,
    exportCommand,
    pushCommand,
    pullCommand,
    serveCommand,
    pretrainCommand,
    doctorCommand,
  ]) {
    program.addCommand(make());
  }
  const failed: { in: Command } = { in: program };
  for (const command of allCommands(program)) {
    command.exitOverride().configureHelp(HELP_STYLE);
    const texts = HELP_TEXTS[pathOf(command)];
    if (texts) addHelp(command, texts);
    command.configureOutput({
      writeErr: (text) => process.stderr.write(printable(text)),
      outputError: () => {
        failed.in = command;
      },
    });
  }
  try {
    await program.parseAsync(argv);
  } catch (error) {
    if (!(error instanceof CommanderError)) process.exitCode = report(error);
    else if (error.exitCode === 0) process.exitCode = 0;
    // commander exits with 1 on bad usage; our contract says 2
    else if (error.code === 'commander.help') process.exitCode = EXIT_USAGE;
    else process.exitCode = report(new UserError(usageError(error, failed.in, argv.slice(2))));
  }
}

/** "runs compare": the words after the program's name. */
function pathOf(command: Command): string {
  const { parent } = command;
  return parent?.parent ? `${pathOf(parent)} ${command.name()}` : command.name();
}

function allCommands(command: Command): Command[] {
  return [command, ...command.commands.flatMap((inner) => allCommands(inner as Command))];
}

/**
 * A reader that has seen enough (`| head`) is no failure: the work goes on, and its results are in files. An output that is
 * full has lost the result: the work goes on for what it leaves in files, and the command fails at its end.
 */
function onOutputError(error: NodeJS.ErrnoException): void {
  if (error.code === 'EPIPE' || error.code === 'ERR_STREAM_DESTROYED') return;
  const failure =
    error.code === 'ENOSPC'
      ? new PassingError('cannot print the result: no space left; make room and run the same command again')
      : new WorkError(`cannot print the result: ${error.message}`);
  const code = report(failure);
  // at the very end, since the command may still set another
  process.once('exit', () => {
    process.exitCode ||= code;
  });
}

function currentFolderExists(): boolean {
  try {
    process.cwd();
    return true;
  } catch {
    return false;
  }
}
