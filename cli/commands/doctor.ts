/** `llm-embedding doctor`: what this machine can do, and what to do about the rest. */
import { Command } from 'commander';
import { type Check, runDoctor, textTable } from '../../lib/index.js';
import { EXIT_FAILED, runAction } from '../action.js';
import { addCommonOptions, type CommonOptions, configOf } from '../options.js';

const MARKS: Record<Check['status'], string> = { ok: '✓', missing: '✗', optional: '–' };

export function doctorCommand(): Command {
  const command = new Command('doctor').description(
    'what this machine can do; exit 0 when the default experiment works',
  );
  return addCommonOptions(command).action((options: CommonOptions) =>
    runAction(options.json ?? false, async ({ reporting, print }) => {
      const report = await runDoctor(await configOf(options), reporting);
      const rows = report.checks.flatMap(({ name, status, detail, fix }) => [
        [MARKS[status], name, detail],
        ...(fix ? [['', '', `→ ${fix}`]] : []),
      ]);
      const lacking = report.checks.filter(({ status }) => status === 'missing').map(({ name }) => name);
      const verdict = report.works
        ? 'The default experiment works here: npm run experiment'
        : `The default experiment does not work here: see ${lacking.join(', ')}`;
      print(report, `${textTable(['', 'check', 'found'], rows)}\n${verdict}`);
      if (!report.works) process.exitCode = EXIT_FAILED;
    }),
  );
}
