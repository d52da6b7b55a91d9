/** Work that several ranks do together: each joins the job, rank 0 alone speaks, and an error of any ends all of them. */
import { setTimeout as delay } from 'node:timers/promises';
import { diskError, isWorthRetry, joinMpi, type OpenCommunicator, UserError } from '../lib/index.js';
import { type ActionContext, EXIT_RETRY, report } from './action.js';

/** How long other ranks leave an error to rank 0, which most often has the same, in milliseconds. */
const LEAVE_TO_FIRST = 1_000;

/**
 * Where nothing is given, the work is done by this process.
 *
 * @param name of `--distributed`
 */
export async function overRanks(
  name: string | undefined,
  context: ActionContext,
  work: (context: ActionContext, communicator?: OpenCommunicator) => Promise<void>,
): Promise<void> {
  if (name === undefined) return work(context);
  if (name !== 'mpi') throw new UserError(`--distributed ${name}: expected mpi`);
  const communicator = await joinMpi();
  const { rank, size, description } = communicator;
  const { signal, ...spoken } = context.reporting;
  const stop = signal ? { signal } : {};
  if (rank === 0) spoken.onMessage?.({ level: 'info', text: `${size} ranks, ${description}` });
  try {
    await work({ ...context, reporting: rank === 0 ? context.reporting : stop }, communicator);
  } catch (error) {
    if (rank > 0) await delay(LEAVE_TO_FIRST);
    if (rank > 0) process.stderr.write(`rank ${rank}: `);
    const code = report(error);
    await communicator.abort(isWorthRetry(diskError(error) ?? error) ? EXIT_RETRY : code);
  }
  communicator.close();
}
