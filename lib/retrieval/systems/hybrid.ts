/** Two systems as one: their runs are fused, in the way that does best on validation queries where there are any. */
import { existsSync } from 'node:fs';
import type { Reporting } from '../../core/events.js';
import { fusedScorer } from './document-scorer.js';
import { chooseFusion, DEFAULT_FUSION, describeFusion, type FusionUse, fuseRuns } from './fusion.js';
import type { RetrievalSystem, RetrievalTask, Retrieved } from './retrieval-system.js';
import { isSkipped, type SystemDefinition } from './system-definition.js';

export const hybridDefinition: SystemDefinition = {
  usage: 'hybrid, A+B',
  description: 'two systems fused: BM25 with the encoder under test, or any two',
  matches: (name) => name === 'hybrid' || partsOf(name) !== null,
  check(name, checkOther) {
    for (const part of partsOf(name) ?? []) checkOther(part);
  },
  async create(name, { tuned, find }) {
    const [a, b] = partsOf(name) ?? ['bm25', tuned ? 'tuned' : 'untuned'];
    const first = await find(a);
    const second = await find(b);
    if (isSkipped(first)) return { name, reason: first.reason };
    if (isSkipped(second)) return { name, reason: second.reason };
    return hybridSystem(first, second, name);
  },
};

/** The two names of "A+B"; null where the name has no plus sign, or is a folder's. */
function partsOf(name: string): [string, string] | null {
  const plus = name.indexOf('+');
  if (plus < 1 || plus === name.length - 1 || existsSync(name)) return null;
  return [name.slice(0, plus), name.slice(plus + 1)];
}

/**
 * A hybrid of two systems; uses what they have already found where they are evaluated themselves. With a validation task
 * (`RetrievalTask.validation`) the fusion is chosen on it, else it is a weighted sum of equal weights.
 */
export function hybridSystem(a: RetrievalSystem, b: RetrievalSystem, name = `${a.name}+${b.name}`): RetrievalSystem {
  return {
    name,
    kind: 'hybrid',
    parts: [a, b],
    ...(a.optional || b.optional ? { optional: true } : {}),
    scorer: (texts, reporting) => fusedScorer(a, b, texts, reporting),
    async retrieve(task, reporting, retrieveOther) {
      const first = await retrieveOther(a);
      const second = await retrieveOther(b);
      const use = await fusionFor(a, b, name, task, reporting);
      const start = performance.now();
      const run = fuseRuns(first.run, second.run, task.depth, use.fusion);
      const seconds = (performance.now() - start) / 1000;
      return {
        run,
        fusion: use,
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
): Promise<FusionUse> {
  if (!validation) {
    return { fusion: DEFAULT_FUSION, description: describeFusion(DEFAULT_FUSION, b.name), chosenOn: null };
  }
  const { corpus, queries, qrels, depth, keptOut } = validation;
  const find = (system: RetrievalSystem): Promise<Retrieved> =>
    system.retrieve({ corpus, queries, depth, auxiliary: true }, reporting, find);
  const { fusion, mrr, queries: asked } = chooseFusion((await find(a)).run, (await find(b)).run, qrels, depth);
  const description = describeFusion(fusion, b.name);
  const by = keptOut ? 'queries kept out of the report' : 'validation queries';
  const text = `${name}: ${description}, chosen on ${asked} ${by} (MRR@10 ${mrr.toFixed(3).replace(/^0/, '')})`;
  reporting.onMessage?.({ level: 'info', text });
  return { fusion, description, chosenOn: { queries: asked, mrr, ...(keptOut && { keptOut }) } };
}
