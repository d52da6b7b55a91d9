/** `llm-embedding resume`: continues a job in shards. */
import { Command } from 'commander';
import { PLACES, type Place, type ResumedJob, resumeJob, shardList, UserError } from '../../lib/index.js';
import { runAction } from '../action.js';
import { addCommonOptions, type CommonOptions } from '../options.js';
import { submittedText } from '../shards.js';

interface ResumeCommandOptions extends CommonOptions {
  on?: string;
}

export function resumeCommand(): Command {
  const command = new Command('resume')
    .description('make the shards of a job that are missing or damaged, and merge')
    .argument('<folder>', 'of the shards: OUTPUT.shards of an encoding, --out of a sweep or an ablation');
  return addCommonOptions(command)
    .option('--on <place>', `${PLACES.join(' or ')} (default: where the job was submitted)`)
    .action((folder: string, { json, on }: ResumeCommandOptions) =>
      runAction(
        json ?? false,
        async ({ reporting, print }) => {
          if (on !== undefined && !PLACES.includes(on as Place)) {
            throw new UserError(`--on ${on}: expected ${PLACES.join(' or ')}`);
          }
          const resumed = await resumeJob(folder, { ...reporting, on: on as Place | undefined });
          print(resumed, resumedText(resumed));
        },
        { retried: true },
      ),
    );
}

function resumedText({ folder, resumed, waiting, submitted, merged }: ResumedJob): string {
  if (submitted) return `${shardList(resumed)} again; ${submittedText(submitted)}`;
  if (merged)
    return resumed.length > 0 ? `${shardList(resumed)} made, and all merged` : `${folder} is complete and merged`;
  return `${shardList(waiting)} wait or run already: llm-embedding status ${folder}`;
}
