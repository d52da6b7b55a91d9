/** Runs at a glance: what each is, how far it came, what differs from the preset, what its evaluation found. */
import { join } from 'node:path';
import type { MetricValue, Report } from '../../evaluation/report.js';
import { readJsonValue } from '../../files/json-file.js';
import { type RunRecord, type RunState, runState } from '../run-record.js';
import { type FoundRun, findRuns } from './find-runs.js';
import { type PresetDifferences, presetDifferences } from './preset-differences.js';

/** A run in one line: its name, state, settings and headline metric. */
export interface RunSummary {
  name: string;
  folder: string;
  /** ISO dates; null where unknown, or not ended. */
  created: string | null;
  ended: string | null;
  state: RunState['state'] | 'damaged';
  /** Steps that are saved, of those wanted. */
  step: number;
  totalSteps: number;
  /** Absent for a damaged run. */
  differs?: PresetDifferences;
  /** Of the tuned encoder, as the report beside the run has them; absent where it was not evaluated. */
  evaluation?: RunEvaluationSummary;
}

export interface RunEvaluationSummary {
  split: Report['config']['evaluation']['split'];
  queries: number;
  metrics: Record<string, MetricValue>;
  /** Step of the evaluated weights, where the training has gone further since; absent where it is the final result. */
  unfinishedStep?: number;
  /** How much of what was learned is kept; 0: the encoder is the base. Absent where it was not chosen. */
  strength?: number;
}

/** The runs in a folder, the latest first. */
export async function listRuns(folder: string): Promise<RunSummary[]> {
  const runs = await Promise.all(findRuns(folder).map(summarizeRun));
  return runs.sort((a, b) => ((a.created ?? '') < (b.created ?? '') ? 1 : -1));
}

export async function summarizeRun({ folder, record, name }: FoundRun): Promise<RunSummary> {
  const state = record === null ? null : await runState(folder).catch(() => null);
  if (record === null || state === null) {
    return { name, folder, created: record?.created ?? null, ended: null, state: 'damaged', step: 0, totalSteps: 0 };
  }
  const evaluation = evaluationSummary(await readReport(folder), record);
  return {
    name,
    folder,
    created: record.created,
    ended: record.ended,
    ...state,
    differs: presetDifferences(record.identity),
    ...(evaluation ? { evaluation } : {}),
  };
}

/** The report beside a run; null where there is none, or it is damaged. */
export async function readReport(folder: string): Promise<Report | null> {
  try {
    const report = (await readJsonValue(join(folder, 'report.json'), '')) as Report;
    return Array.isArray(report.systems) && report.corpus && report.config ? report : null;
  } catch {
    return null;
  }
}

function evaluationSummary(report: Report | null, record: RunRecord): RunEvaluationSummary | null {
  const tuned = report?.systems.find(({ name }) => name === 'tuned');
  // a report of another training tells nothing of this one
  if (!report || !tuned || report.run?.fingerprint !== record.identity.fingerprint) return null;
  const { state, usedStep, strength } = report.run;
  return {
    split: report.config.evaluation.split,
    queries: report.corpus.queries,
    metrics: tuned.metrics,
    ...(state === 'finished' ? {} : { unfinishedStep: usedStep ?? report.run.step }),
    ...(strength ? { strength: strength.strength } : {}),
  };
}
