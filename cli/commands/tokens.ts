/** `llm-embedding tokens`: step 2, how long the texts are in tokens. */
import { Command } from 'commander';
import {
  formatPercent,
  openSession,
  renderSvg,
  tokenLengthFigure,
  tokenLengthTable,
  topicRoles,
  writeFileAtomic,
} from '../../lib/index.js';
import { runAction } from '../action.js';
import { addCommonOptions, addDataOption, addModelOption, type CommonOptions, configOf } from '../options.js';

export function tokensCommand(): Command {
  const command = new Command('tokens').description('step 2: token lengths by topic, and the limits they propose');
  addModelOption(addDataOption(addCommonOptions(command)));
  command.option('--plot <file.svg>', 'write the histogram of the abstracts');
  return command.action((options: CommonOptions & { plot?: string }) =>
    runAction(options.json ?? false, async ({ reporting, print }) => {
      const config = await configOf(options);
      const { statistics } = await openSession().tokens(config, reporting);
      const { summaries, histogram } = statistics.abstracts;
      const roles = topicRoles(
        config.datasets.categories,
        summaries.slice(1).map(({ topic }) => topic),
      );
      if (options.plot) {
        const tokens = { summaries, histogram, maxAbstractTokens: config.tokens.maxAbstractTokens };
        await writeFileAtomic(options.plot, renderSvg(tokenLengthFigure(tokens, roles), { theme: 'light' }));
      }
      const { proposal, padding } = statistics;
      const lines = [
        'Abstracts, tokens',
        tokenLengthTable({ summaries }, roles),
        'Titles, tokens',
        tokenLengthTable({ summaries: statistics.titles.summaries }, roles),
        'Padding',
        ...padding.map(({ strategy, waste }) => `  ${strategy}: ${formatPercent(waste)} of the work`),
        'Proposed',
        ...Object.entries(proposal).map(([key, { value, reason }]) => `  ${key} ${value}: ${reason}`),
      ];
      print({ abstracts: statistics.abstracts, titles: statistics.titles, padding, proposal }, lines.join('\n'));
    }),
  );
}
