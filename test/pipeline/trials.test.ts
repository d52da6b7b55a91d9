/** Which failures leave one trial out, and which end all. */
import { expect, it } from 'vitest';
import { resolveConfig } from '../../lib/config/config.js';
import { PassingError, UserError, WorkError } from '../../lib/core/errors.js';
import type { Session } from '../../lib/pipeline/session.js';
import { runTrials } from '../../lib/pipeline/trials.js';

const trialThatFails = (error: Error) => ({
  label: 'rate',
  config: resolveConfig(),
  folderOf: () => Promise.reject(error),
});
const options = { seeds: [1], task: 'sweep', onTrial: async () => {} };
const run = (error: Error) => runTrials({} as Session, [trialThatFails(error)], options);

it('leaves out a training that fails by itself', async () => {
  const { failed } = await run(new WorkError('the loss diverged'));
  expect(failed).toEqual([{ label: 'rate', reason: 'the loss diverged' }]);
});

it.each([
  ['a full disk', Object.assign(new Error('write'), { code: 'ENOSPC' })],
  ['a network that is down', new PassingError('no answer')],
  ['a folder in use', new UserError('in use', { cause: new PassingError('locked') })],
])('ends at %s, which another try may not meet', async (_, error) => {
  await expect(run(error)).rejects.toBe(error);
});
