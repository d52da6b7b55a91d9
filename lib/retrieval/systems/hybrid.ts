/** Two systems as one: their runs are fused, in the way that does best on validation queries where there are any. */
import type { Reporting } from '../../core/events.js';
import { chooseFusion, DEFAULT_FUSION, describeFusion, type Fusion, fuseRuns } from './fusion.js';
import type { RetrievalSystem, RetrievalTask, Retrieved } from './retrieval-system.js';

/**
 * A hybrid of two systems; uses what they have already found where they are evaluated themselves. With a validation task
 * (`RetrievalTask.validation`) the fusion is chosen on it, else it is reciprocal-rank fusion.
 */
export function hybridSystem(a: RetrievalSystem, b: RetrievalSystem, name = `${a.name}+${b.name}`): RetrievalSystem {
  return {
    name,
    kind: 'hybrid',
    ...(a.optional || b.optional ? { optional: true } : {}),
    async retrieve(task, reporting, retrieveOther) {
      const first = await retrieveOther(a);
      const second = await retrieveOther(b);
      const fusion = await fusionFor(a, b, name, task, reporting);
      const start = performance.now();
      const run = fuseRuns(first.run, second.run, task.depth, fusion);
      const seconds = (performance.now() - start) / 1000;
      return {
        run,
        dimensions: null,
        timing: {
          embedSeconds: first.timing.embedSeconds + second.timing.embedSeconds,
          indexSeconds: first.timing.indexSeconds + second.timing.indexSeconds,
          searchSeconds: first.timing.searchSeconds + second.timing.searchSeconds + seconds,
        },
      };
    },
  };
}

async function fusionFor(
  a: RetrievalSystem,
  b: RetrievalSystem,
  name: string,
  { validation }: RetrievalTask,
  reporting: Reporting,
): Promise<Fusion> {
  if (!validation) return DEFAULT_FUSION;
  const { corpus, queries, qrels, depth } = validation;
  const find = (system: RetrievalSystem): Promise<Retrieved> =>
    system.retrieve({ corpus, queries, depth, auxiliary: true }, reporting, find);
  const { fusion, mrr, queries: asked } = chooseFusion((await find(a)).run, (await find(b)).run, qrels, depth);
  const text = `${name}: ${describeFusion(fusion, b.name)}, chosen on ${asked} validation queries (MRR@10 ${mrr.toFixed(3)})`;
  reporting.onMessage?.({ level: 'info', text });
  return fusion;
}
