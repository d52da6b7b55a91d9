/** All systems on one task: each runs once, hybrids on what their parts found, and optional ones may fail. */
import { Interrupted, UserError, WorkError } from '../core/errors.js';
import type { Reporting } from '../core/events.js';
import type { Run } from '../retrieval/ranking.js';
import type {
  RetrievalSystem,
  RetrievalTask,
  Retrieved,
  SkippedSystem,
} from '../retrieval/systems/retrieval-system.js';

export interface RetrieveAllOptions extends Reporting {
  task: RetrievalTask;
  /** Leaves out documents whose id is the query's. */
  dropSelf: boolean;
  /** Those that fail and may are added here, with the reason. */
  skipped: SkippedSystem[];
}

/** @throws UserError for a system that is listed twice; WorkError if none could run; whatever a system throws that may not fail */
export async function retrieveAll(
  systems: readonly RetrievalSystem[],
  { task, dropSelf, skipped, ...reporting }: RetrieveAllOptions,
): Promise<Map<RetrievalSystem, Retrieved>> {
  const known = new Map<RetrievalSystem, Promise<Retrieved>>();
  const find = (system: RetrievalSystem): Promise<Retrieved> => {
    const earlier = known.get(system);
    if (earlier) return earlier;
    const now = system.retrieve(task, reporting, find);
    known.set(system, now);
    return now;
  };
  const found = new Map<RetrievalSystem, Retrieved>();
  const names = new Set<string>();
  for (const system of systems) {
    if (names.has(system.name)) throw new UserError(`system "${system.name}" is listed twice: list it once`);
    names.add(system.name);
    try {
      found.set(system, await find(system));
    } catch (error) {
      if (!system.optional || error instanceof Interrupted) throw error;
      const reason = error instanceof Error ? error.message : String(error);
      skipped.push({ name: system.name, reason });
      reporting.onMessage?.({ level: 'warning', text: `${system.name} is left out: ${reason}` });
    }
  }
  if (found.size === 0) {
    const reasons = skipped.map(({ name, reason }) => `${name}: ${reason}`).join('; ');
    throw new WorkError(`no system could be evaluated${reasons ? ` (${reasons})` : ': expected at least one'}`);
  }
  if (dropSelf) {
    for (const { run, study } of found.values()) {
      const studied = [...(study?.truncated ?? []), ...(study?.quantized ?? [])];
      for (const each of [run, ...studied.map((other) => other.run)]) removeSelf(each);
    }
  }
  return found;
}

function removeSelf(run: Run): void {
  for (const [query, documents] of run) {
    run.set(
      query,
      documents.filter(({ id }) => id !== query),
    );
  }
}
