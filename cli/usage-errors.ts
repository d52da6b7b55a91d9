/**
 * What is wrong with a command line, said as every other error is: one line with the value, what was expected and the fix.
 * Options of other libraries, and names of settings taken for options, are answered with the setting's name.
 */
import type { Command, CommanderError } from 'commander';
import { allSettings, didYouMean, resolveConfig } from '../lib/index.js';

/** What other tools call settings and options of this one. */
const OTHER_NAMES: Record<string, string> = {
  lr: 'training.learningRate',
  'num-epochs': 'training.epochs',
  'num-train-epochs': 'training.epochs',
  'train-epochs': 'training.epochs',
  steps: 'training.maxSteps',
  'train-steps': 'training.maxSteps',
  'batch-size': 'batches.pairs',
  batch: 'batches.pairs',
  'per-device-train-batch-size': 'batches.pairs',
  'mini-batch-size': 'batches.tokenBudget',
  'gradient-accumulation-steps': 'training.accumulationSteps',
  'lr-scheduler': 'training.schedule',
  'lr-scheduler-type': 'training.schedule',
  scheduler: 'training.schedule',
  warmup: 'training.warmupShare',
  'warmup-ratio': 'training.warmupShare',
  'warmup-steps': 'training.warmupShare',
  'max-grad-norm': 'training.maxGradientNorm',
  tau: 'training.temperature',
  'lora-rank': 'encoder.lora.rank',
  'lora-r': 'encoder.lora.rank',
  r: 'encoder.lora.rank',
  'lora-alpha': 'encoder.lora.alpha',
  'lora-dropout': 'encoder.lora.dropout',
  'max-length': 'tokens.maxAbstractTokens',
  'max-seq-length': 'tokens.maxAbstractTokens',
  'early-stopping-patience': 'training.patience',
  'eval-steps': 'training.validateEvery',
  'save-steps': 'training.checkpoints.everySteps',
  dtype: 'precision',
  bf16: 'precision',
  fp16: 'precision',
  'cache-dir': 'cache',
  'num-workers': 'threads',
  workers: 'threads',
  systems: 'evaluation.systems',
  metrics: 'evaluation.metrics',
  device: '--engine',
  gpu: '--engine',
  cuda: '--engine',
  backend: '--engine',
  'model-name': '--model',
  'model-name-or-path': '--model',
  'base-model': '--model',
  'model-path': '--model',
  dataset: '--data',
  'data-path': '--data',
  'train-file': '--data',
  corpus: '--data',
  input: '--input',
  output: '--out',
  'output-dir': '--out',
  'out-dir': '--out',
  'save-dir': '--out',
  'run-name': '--name',
  'random-seed': '--seed',
  'top-k': '--k',
  topk: '--k',
  category: '--field',
  'resume-from-checkpoint': '--resume',
  force: '--restart',
  overwrite: '--restart',
};

/** The line for an error of the parser. @param command in which it was met @param args those of the process */
export function usageError(error: CommanderError, command: Command, args: readonly string[]): string {
  const name = nameOf(command);
  const more = `; ${name} --help lists ${command.commands.length > 0 ? 'the commands' : 'the options'}`;
  const quoted = /'([^']*)'/.exec(error.message)?.[1] ?? '';
  switch (error.code) {
    case 'commander.unknownOption':
      return `unknown option ${flagOf(quoted)}${betterOption(command, quoted, args) ?? more}`;
    case 'commander.unknownCommand': {
      const known = command.commands.map((one) => one.name());
      return `unknown command "${quoted}"${didYouMean(quoted, known) || more}`;
    }
    case 'commander.missingArgument': {
      const argument = command.registeredArguments.find((one) => one.name() === quoted);
      return `no ${quoted} is given: expected ${argument?.description || quoted}${more}`;
    }
    case 'commander.missingMandatoryOptionValue': {
      // the parser looks for what is missing first, which may be there under another name
      const unknown = args.find((arg) => arg.startsWith('--') && !isKnown(command, flagOf(arg)));
      if (unknown !== undefined)
        return `unknown option ${flagOf(unknown)}${betterOption(command, unknown, args) ?? more}`;
      return `${flagOf(quoted)} is required: ${descriptionOf(command, quoted)}${more}`;
    }
    case 'commander.optionMissingArgument':
      return `${flagOf(quoted)} has no value: expected ${descriptionOf(command, quoted)}${more}`;
    case 'commander.excessArguments': {
      const takes = command.registeredArguments.length;
      const extra = command.args[takes] ?? '';
      const most = ['none', 'one', 'two'][takes] ?? String(takes);
      return `too many arguments: ${name} takes ${most}, and there is "${extra}" too${more}`;
    }
    default:
      return `${error.message.replace(/^error: /, '').split('\n')[0]}${more}`;
  }
}

function nameOf(command: Command): string {
  return command.parent ? `${nameOf(command.parent)} ${command.name()}` : command.name();
}

/** "--data" of "--data <source>" and "--data=x". */
function flagOf(text: string): string {
  return text.split(/[ =,]/)[0] ?? text;
}

function isKnown(command: Command, flag: string): boolean {
  return flag === '--help' || flag === '--' || command.options.some(({ long }) => long === flag);
}

function descriptionOf(command: Command, flags: string): string {
  return command.options.find((option) => option.flags === flags)?.description ?? flags;
}

/** What was meant by an option that there is not; null where nobody knows. */
function betterOption(command: Command, text: string, args: readonly string[]): string | null {
  const flag = flagOf(text);
  const word = flag.replace(/^-+/, '');
  const options = command.options.filter(({ hidden }) => !hidden).flatMap(({ long }) => (long ? [long] : []));
  const other = OTHER_NAMES[word.toLowerCase().replaceAll('_', '-')];
  if (other?.startsWith('--')) {
    const own = options.find((option) => option === other || (other === '--out' && option === '--output'));
    if (own) return `: expected ${own}, see ${nameOf(command)} --help`;
  }
  if (options.includes('--set')) {
    const paths = other && !other.startsWith('--') ? [other] : settingsNamed(word, command.name());
    const value = text.includes('=') ? text.slice(text.indexOf('=') + 1) : valueAfter(text, args);
    if (paths.length > 0) return `: a setting, use ${paths.map((path) => `--set ${path}=${value}`).join(' or ')}`;
  }
  return didYouMean(flag, options) || null;
}

/** Paths of the settings that a word names: "learning-rate" and "learningRate" are training.learningRate. */
function settingsNamed(word: string, command: string): string[] {
  const key = word.replace(/[-_](\w)/g, (_, letter: string) => letter.toUpperCase());
  const paths = allSettings(resolveConfig()).map(({ name }) => name);
  const found = paths.filter((path) => path === word || path === key || path.endsWith(`.${key}`));
  const pretraining = found.filter((path) => path.startsWith('pretraining.'));
  const others = found.filter((path) => !pretraining.includes(path));
  if (command === 'pretrain' && pretraining.length > 0) return pretraining;
  return (others.length > 0 ? others : pretraining).slice(0, 3);
}

function valueAfter(flag: string, args: readonly string[]): string {
  const next = args[args.indexOf(flag) + 1];
  return next === undefined || /^--?[a-z]/i.test(next) ? '…' : next;
}
