/** `llm-embedding encode`: texts to embeddings in a file. */
import { Command } from 'commander';
import { encodeFile, poolingHelp, readRunConfig, UserError } from '../../lib/index.js';
import { runAction } from '../action.js';
import { addCommonOptions, addModelOption, type CommonOptions, configOf } from '../options.js';

interface EncodeOptions extends CommonOptions {
  adapter?: string;
  input: string;
  output: string;
  pooling?: string;
  normalize: string;
  prompt: string;
  dimensions?: string;
  maxLength?: string;
}

export function encodeCommand(): Command {
  const command = new Command('encode')
    .description('texts to embeddings, in the order of the input')
    .argument('[run]', 'a run folder, whose encoder is used as it was trained');
  addModelOption(addCommonOptions(command))
    .option('--adapter <folder>', 'LoRA adapter, as PEFT or a run writes it')
    .requiredOption('--input <file>', 'one text a line, or .jsonl with "text" and optionally "id"; plain, .gz or .zip')
    .requiredOption('--output <file>', '.safetensors (tensor "embeddings" [n, d], 32-bit) or .npy')
    .option('--pooling <how>', `${poolingHelp()} (default: mean)`)
    .option('--normalize <true|false>', 'scale every embedding to length 1', 'true')
    .option('--prompt <text>', 'put before every text', '')
    .option('--dimensions <n>', 'keep the first n of each embedding (Matryoshka), before normalizing')
    .option('--max-length <n>', 'truncate longer texts to n tokens (default: what the model can take)');
  return command.action((run: string | undefined, options: EncodeOptions) =>
    runAction(options.json ?? false, async ({ reporting, print }) => {
      const set = [...options.set, ...(options.pooling ? [`encoder.pooling=${options.pooling}`] : [])];
      const config = await configOf({ ...options, set }, run === undefined ? undefined : await readRunConfig(run));
      if (options.normalize !== 'true' && options.normalize !== 'false') {
        throw new UserError(`--normalize ${options.normalize}: expected true or false`);
      }
      const result = await encodeFile(config, {
        ...reporting,
        input: options.input,
        output: options.output,
        ...(run === undefined ? {} : { run }),
        adapter: options.adapter ?? (run === undefined ? (config.encoder.adapter ?? undefined) : undefined),
        normalize: options.normalize === 'true',
        prompt: options.prompt,
        given: options.pooling === undefined ? [] : ['pooling'],
        dimensions: wholeNumber('--dimensions', options.dimensions),
        maxLength: wholeNumber('--max-length', options.maxLength),
      });
      const { texts, dimensions, output, tokens, paddingShare, tokensPerSecond } = result;
      print(
        result,
        `${texts} embeddings of ${dimensions} dimensions in ${output}\n` +
          `${tokens} tokens at ${tokensPerSecond.toFixed(0)} a second, ${(100 * paddingShare).toFixed(1)} % padding`,
      );
    }),
  );
}

function wholeNumber(name: string, text: string | undefined): number | undefined {
  if (text === undefined) return undefined;
  const value = Number(text);
  if (!Number.isInteger(value) || value < 1)
    throw new UserError(`${name} ${text}: expected a whole number of at least 1`);
  return value;
}
