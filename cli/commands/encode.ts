/** `llm-embedding encode`: texts to embeddings in a file. */
import { Command } from 'commander';
import {
  type Config,
  EMBEDDING_PRECISIONS,
  type EncodeFileOptions,
  embeddingPrecision,
  encodeFile,
  encodeShard,
  formatCount,
  formatPercent,
  formatQuantity,
  poolingHelp,
  readRunConfig,
  shardFolder,
  shardText,
  UserError,
} from '../../lib/index.js';
import { runAction } from '../action.js';
import { addCommonOptions, addModelOption, type CommonOptions, configOf, onlyOnce } from '../options.js';
import { addShardOptions, type ShardOptions, shardOf, submitted, submittedText } from '../shards.js';
import { wholeNumber } from '../whole-number.js';

interface EncodeOptions extends CommonOptions, ShardOptions {
  adapter?: string;
  input: string;
  output: string;
  pooling?: string;
  normalize?: string;
  prompt?: string;
  promptName?: string;
  dimensions?: string;
  precision?: string;
  calibrateWith?: string;
  maxLength?: string;
}

export function encodeCommand(): Command {
  const command = new Command('encode')
    .description('texts to embeddings, in the order of the input')
    .argument('[run]', 'a run folder, whose encoder is used as it was trained');
  addModelOption(addCommonOptions(command))
    .option('--adapter <folder>', 'LoRA adapter, as PEFT or a run writes it', onlyOnce('--adapter'))
    .requiredOption(
      '--input <file>',
      'one text per line, or .jsonl with "text" and optionally "id"; plain, .gz or .zip',
    )
    .requiredOption('--output <file>', '.safetensors (tensor "embeddings" [n, d]) or .npy')
    .option('--pooling <how>', `${poolingHelp()} (default: as the folder of the model says, else mean)`)
    .option(
      '--normalize <true|false>',
      'scale every embedding to length 1 (default: as the folder of the model says, else true)',
    )
    .option('--prompt <text>', 'put before every text (default: as the folder of the model says, else none)')
    .option('--prompt-name <name>', "one of the prompts that the model's folder names, such as query")
    .option('--dimensions <n>', 'keep the first n of each embedding (Matryoshka), before normalizing')
    .option(
      '--precision <how>',
      `${EMBEDDING_PRECISIONS.join(', ')}: bits of a number, as quantize_embeddings of sentence-transformers has them (default: float32)`,
    )
    .option(
      '--calibrate-with <file>',
      "embeddings whose ranges int8 and uint8 take, such as the corpus' where the texts are queries (default: those of the input)",
    )
    .option('--max-length <n>', 'truncate longer texts to n tokens (default: as the folder of the model says)');
  addShardOptions(command);
  return command.action((run: string | undefined, options: EncodeOptions) =>
    runAction(
      options.json ?? false,
      async ({ reporting, print }) => {
        const shard = shardOf(options);
        const { config, settings } = await encodingOf(run, options);
        const { output: name } = options;
        const job = await submitted(command, options, { kind: 'encode', folder: shardFolder(name), output: name });
        if (job) return print(job, submittedText(job));
        if (shard) {
          const encoded = await encodeShard(config, { ...reporting, ...settings, shard });
          print(encoded, `${shardText(encoded)} in ${encoded.folder}${encoded.skipped ? ', done before' : ''}`);
          return;
        }
        const result = await encodeFile(config, { ...reporting, ...settings });
        const { texts, dimensions, precision, output, tokens, paddingShare, tokensPerSecond, plan } = result;
        print(
          result,
          `${formatQuantity(texts, 'embeddings')} of ${formatQuantity(dimensions, 'dimensions')}${precision === 'float32' ? '' : `, ${precision},`} in ${output}\n` +
            `${formatQuantity(tokens, 'tokens')} at ${formatCount(tokensPerSecond)} per second, ${formatPercent(paddingShare)} padding, plan ${plan}`,
        );
      },
      { retried: options.shard !== undefined },
    ),
  );
}

/** What the options ask for. */
async function encodingOf(
  run: string | undefined,
  options: EncodeOptions,
): Promise<{ config: Config; settings: EncodeFileOptions }> {
  const { input, output, adapter, pooling, normalize, prompt, promptName, precision, calibrateWith } = options;
  const set = [...options.set, ...(pooling ? [`encoder.pooling=${pooling}`] : [])];
  const config = await configOf({ ...options, set }, run === undefined ? undefined : await readRunConfig(run));
  if (normalize !== undefined && !['true', 'false'].includes(normalize)) {
    throw new UserError(`--normalize ${normalize}: expected true or false`);
  }
  const settings: EncodeFileOptions = {
    input,
    output,
    run,
    adapter: adapter ?? (run === undefined ? (config.encoder.adapter ?? undefined) : undefined),
    normalize: normalize === undefined ? undefined : normalize === 'true',
    prompt,
    promptName,
    given: pooling === undefined ? [] : ['pooling'],
    precision: precision === undefined ? undefined : embeddingPrecision(precision),
    calibration: calibrateWith,
    dimensions: options.dimensions === undefined ? undefined : wholeNumber('--dimensions', options.dimensions),
    maxLength: options.maxLength === undefined ? undefined : wholeNumber('--max-length', options.maxLength),
  };
  return { config, settings };
}
