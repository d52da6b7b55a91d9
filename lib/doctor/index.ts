/**
 * What this machine can do: everything that the experiment needs or can use is tried, not only looked for.
 * Nothing is installed or changed, and only the model hub is asked over the network.
 */
import { type Config, resolveConfig } from '../config/config.js';
import { throwIfAborted } from '../core/errors.js';
import type { Reporting } from '../core/events.js';
import { SAMPLE_ENCODERS } from '../hub/resolve-model.js';
import type { Check } from './check.js';
import { checkEngines, checkFaiss } from './engines.js';
import { checkDisk, checkGpu, checkMemory, checkNode } from './machine.js';
import { checkSampleCorpus, checkSampleEncoder } from './sample-data.js';
import { checkStepSpeed, isTensorflowOnCpu } from './step-speed.js';
import { checkHub, checkJupyter, checkKernel, checkOpenAi, checkPictures } from './surroundings.js';

export type { Check } from './check.js';

export interface DoctorReport {
  /** Whether the default experiment works here: nothing that it needs is missing. */
  works: boolean;
  checks: Check[];
}

export interface DoctorOptions extends Reporting {
  /** Milliseconds that the model hub has to answer. */
  hubTimeout?: number;
}

/** The encoder of this package that the configuration names, or else that of the default experiment. */
function sampleModelOf({ encoder }: Config): string {
  return Object.hasOwn(SAMPLE_ENCODERS, encoder.model) ? encoder.model : resolveConfig().encoder.model;
}

/** Takes ten seconds. @param config its engine, threads and cache folder are what is tried */
export async function runDoctor(config: Config, options: DoctorOptions = {}): Promise<DoctorReport> {
  const { hubTimeout = 3000, onProgress, signal } = options;
  // one after the other: the engines share tfjs' choice of backend
  const steps: (() => Check | Check[] | Promise<Check | Check[]>)[] = [
    () => checkNode(process.version),
    async () => {
      const engines = await checkEngines(config);
      const tensorflow = engines.find(({ name }) => name === 'engine tensorflow');
      return [...engines, await checkStepSpeed(config, isTensorflowOnCpu(tensorflow))];
    },
    checkFaiss,
    () => checkSampleEncoder(sampleModelOf(config)),
    () => checkSampleCorpus(),
    checkMemory,
    () => checkDisk(config.cache),
    checkGpu,
    checkKernel,
    () => checkJupyter(),
    checkPictures,
    checkOpenAi,
    () => checkHub(hubTimeout),
  ];
  const checks: Check[] = [];
  for (const [done, step] of steps.entries()) {
    throwIfAborted(signal, 'nothing was changed');
    onProgress?.({ task: 'examining', done, total: steps.length, unit: 'checks' });
    checks.push(...[await step()].flat());
  }
  onProgress?.({ task: 'examining', done: steps.length, total: steps.length, unit: 'checks' });
  return { works: checks.every(({ status }) => status !== 'missing'), checks };
}
