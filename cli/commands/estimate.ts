/** `llm-embedding estimate`: what a corpus takes, from some seconds of measuring this machine. */
import { Command } from 'commander';
import { estimateTables, estimateWork } from '../../lib/index.js';
import { runAction } from '../action.js';
import { addCommonOptions, addDataOption, addModelOption, type CommonOptions, configOf } from '../options.js';
import { wholeNumber } from '../whole-number.js';

interface EstimateCommandOptions extends CommonOptions {
  texts?: string;
  machines: string;
  price?: string;
  seconds: string;
}

export function estimateCommand(): Command {
  const command = new Command('estimate').description(
    'how long encoding, training and search take for a corpus of any size, and how much disk and memory: some seconds of measuring this machine',
  );
  return addModelOption(addDataOption(addCommonOptions(command)))
    .option('--texts <n>', 'abstracts of the corpus (default: as many as the data have)')
    .option('--machines <n>', 'machines like this one', '1')
    .option('--price <amount>', 'of an hour of one machine, in any currency')
    .option('--seconds <n>', 'how long to measure', '10')
    .action((options: EstimateCommandOptions) =>
      runAction(options.json ?? false, async ({ reporting, print }) => {
        const { texts, price } = options;
        const found = await estimateWork(await configOf(options), {
          ...reporting,
          ...(texts !== undefined && { texts: wholeNumber('--texts', texts) }),
          machines: wholeNumber('--machines', options.machines),
          ...(price !== undefined && { price: Number(price) }),
          seconds: Number(options.seconds),
        });
        print(found, estimateTables(found));
      }),
    );
}
