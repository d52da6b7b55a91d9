/**
 * Runs side by side: the settings in which they differ, what their evaluations say about the same queries, and the curves
 * of their trainings.
 */
import { resolve } from 'node:path';
import { UserError } from '../../core/errors.js';
import { compareSystems } from '../../evaluation/comparisons.js';
import type { QueryScores } from '../../evaluation/evaluate-run.js';
import type { Comparison, Report } from '../../evaluation/report.js';
import { savedProgress } from '../../training/checkpoint.js';
import type { TrainingHistory } from '../../training/trainer.js';
import { readQueryScores } from '../query-scores.js';
import { completeSettings, differences, INPUT_NAMES, type RunIdentity } from '../run-identity.js';
import { type RunRecord, readRunRecord } from '../run-record.js';
import { type RunSummary, readReport, summarizeRun } from './list-runs.js';
import { checkSameQueries } from './same-queries.js';

/** Runs side by side. */
export interface RunComparison {
  schemaVersion: 1;
  runs: RunSummary[];
  /** Those that are not the same in all runs, by path; a value for each run, null where it has none. */
  settings: { path: string; values: unknown[] }[];
  /** Paired, over the same queries, in all metrics; a and b are names of runs. Of the evaluated runs alone. */
  differences: Comparison[];
  /** Queries behind the differences. */
  queries: number;
  /** Curves of each run; empty where nothing is saved. */
  histories: Pick<TrainingHistory, 'steps' | 'validations'>[];
  /** What a reader has to know: runs that were not evaluated, are unfinished, or are no more than their base. */
  notes: string[];
}

interface ComparedRun {
  folder: string;
  record: RunRecord;
  summary: RunSummary;
  report: Report | null;
}

/**
 * Compares runs: settings that differ, and paired differences over the same queries.
 *
 * @param folders of at least two runs
 * @throws UserError where two evaluated runs were not asked the same queries over the same documents
 */
export async function compareRuns(folders: readonly string[]): Promise<RunComparison> {
  const distinct = [...new Map(folders.map((folder) => [resolve(folder), folder])).values()];
  if (distinct.length < 2) throw new UserError('a comparison needs at least two runs: name another one');
  const runs = withNamesOfTheirOwn(await Promise.all(distinct.map(readRun)));
  const evaluated = runs.filter(({ summary }) => summary.evaluation);
  await checkSameQueries(evaluated.map(({ report, ...run }) => ({ ...run, report: report as Report })));
  const scores = new Map<string, QueryScores>();
  for (const { folder, summary } of evaluated) scores.set(summary.name, await readQueryScores(folder));
  const queryIds = [...scores.values()][0]?.queryIds ?? [];
  const { seed, evaluation } = evaluated[0]?.report?.config ?? {};
  const systems = evaluated.map(({ summary }) => ({ name: summary.name, kind: 'tuned' as const }));
  return {
    schemaVersion: 1,
    runs: runs.map(({ summary }) => summary),
    settings: differingSettings(runs),
    differences:
      evaluated.length < 2
        ? []
        : compareSystems(systems, inOrderOf(queryIds, scores), {
            seed: seed ?? 0,
            samples: evaluation?.bootstrapSamples,
          }),
    queries: evaluated.length < 2 ? 0 : queryIds.length,
    histories: await Promise.all(runs.map(historyOf)),
    notes: runs.flatMap(({ summary }) => notesOf(summary)),
  };
}

async function readRun(folder: string): Promise<ComparedRun> {
  const record = await readRunRecord(folder);
  if (!record) throw new UserError(`${folder} is not a run folder: it has no run.json`);
  const summary = await summarizeRun({ folder, record, name: record.name });
  return { folder, record, summary, report: await readReport(folder) };
}

/** A copy of a run has its name: such runs are told apart by their folders. */
function withNamesOfTheirOwn(runs: ComparedRun[]): ComparedRun[] {
  const names = runs.map(({ summary }) => summary.name);
  const isTwice = (name: string): boolean => names.indexOf(name) !== names.lastIndexOf(name);
  return runs.map((run) => {
    const { name, folder } = run.summary;
    return isTwice(name) ? { ...run, summary: { ...run.summary, name: `${name} (${folder})` } } : run;
  });
}

function differingSettings(runs: readonly ComparedRun[]): RunComparison['settings'] {
  const tables = runs.map(({ record: { identity } }): Record<string, unknown> => {
    const { engine, loss } = identity.inputs;
    return { ...completeSettings(identity), engine, ...(loss ? { loss } : {}) };
  });
  const paths = [...new Set(tables.flatMap(Object.keys))].sort();
  const rows = paths.map((path) => ({ path, values: tables.map((table) => table[path] ?? null) }));
  const differing = rows.filter(({ values }) => new Set(values.map((value) => JSON.stringify(value))).size > 1);
  return [...differing, ...differingInputs(runs)];
}

/** Inputs that differ though no setting does, such as a file that was changed where it lies; as short digests. */
function differingInputs(runs: readonly ComparedRun[]): RunComparison['settings'] {
  const identities = runs.map(({ record }) => record.identity);
  const told = new Set(
    identities.flatMap((one) => differences(identities[0] as RunIdentity, one)).map(({ what }) => what),
  );
  return (['dataset', 'model', 'adapter', 'negatives'] as const)
    .filter((key) => told.has(INPUT_NAMES[key]))
    .map((key) => ({
      path: INPUT_NAMES[key],
      values: identities.map(({ inputs }) => inputs[key]?.slice(0, 12) ?? null),
    }));
}

/** All scores in the order of the same queries; metrics that some run lacks are left out by the comparison. */
function inOrderOf(queryIds: readonly string[], scores: ReadonlyMap<string, QueryScores>): Map<string, QueryScores> {
  return new Map(
    [...scores].map(([name, { queryIds: own, values }]) => {
      const places = new Map(own.map((id, i) => [id, i]));
      const order = queryIds.map((id) => places.get(id) as number);
      const sorted = Object.entries(values).map(([metric, all]) => [
        metric,
        Float64Array.from(order, (place) => all[place] as number),
      ]);
      return [name, { queryIds: [...queryIds], values: Object.fromEntries(sorted) as QueryScores['values'] }];
    }),
  );
}

async function historyOf({ folder, report }: ComparedRun): Promise<RunComparison['histories'][number]> {
  const saved = await savedProgress(folder).catch(() => null);
  const { steps = [], validations = [] } = saved?.history ?? report?.training ?? {};
  return { steps, validations };
}

function notesOf({ name, folder, state, step, totalSteps, evaluation }: RunSummary): string[] {
  const notes: string[] = [];
  if (state !== 'finished') notes.push(`${name} is unfinished: ${state} at step ${step} of ${totalSteps || '?'}`);
  if (!evaluation)
    notes.push(`${name} is not evaluated: run "llm-embedding evaluate ${folder}" to compare its results`);
  else if (state === 'finished' && evaluation.unfinishedStep !== undefined) {
    notes.push(`the report of ${name} is of its step ${evaluation.unfinishedStep}: evaluate it again`);
  }
  if (evaluation?.strength === 0) notes.push(`${name} is its base: validation found no gain in what was learned`);
  return notes;
}
