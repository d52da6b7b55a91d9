/** Disks that fail under a training: full, gone, read-only. On a small file system in memory where one can be mounted. */
import { execFileSync } from 'node:child_process';
import {
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  statSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type ConfigInput, resolveConfig } from '../../lib/config/config.js';
import { WorkError } from '../../lib/core/errors.js';
import type { MessageEvent, ProgressEvent } from '../../lib/core/events.js';
import { UnkeptReport } from '../../lib/pipeline/evaluate.js';
import { readProvenance } from '../../lib/pipeline/provenance.js';
import { runState } from '../../lib/pipeline/run-record.js';
import { openSession } from '../../lib/pipeline/session.js';
import { patientStore } from '../../lib/training/patient-store.js';
import type { TrainingStore } from '../../lib/training/training-options.js';

const scratch = mkdtempSync(join(tmpdir(), 'llm-embedding-disk-'));
const disk = join(scratch, 'disk');
mkdirSync(disk);
let mounted = true;
try {
  execFileSync('mount', ['-t', 'tmpfs', '-o', 'size=4m', 'tmpfs', disk], { stdio: 'ignore' });
} catch {
  mounted = false;
  console.warn('no file system can be mounted here: the tests of full disks are skipped');
}
const session = openSession({ runs: join(scratch, 'runs') });
afterAll(async () => {
  await session.close();
  if (mounted) execFileSync('umount', ['-l', disk]);
  rmSync(scratch, { recursive: true, force: true });
});

function configOf(others: ConfigInput = {}) {
  return resolveConfig({
    input: {
      cache: join(scratch, 'cache'),
      datasets: { maxPerCategory: 20 },
      tokens: { maxAbstractTokens: 32 },
      batches: { pairs: 16 },
      encoder: { lora: { rank: 2, alpha: 4 } },
      training: { maxSteps: 4, validateEvery: 2, checkpoints: { everySteps: 1 }, adapterStrengths: [] },
      evaluation: { queries: 'all', systems: ['tuned'], bootstrapSamples: 100 },
      ...others,
    },
  });
}

const config = configOf();
const filler = join(disk, 'filler');

/** Takes all the room there is, to the last byte. */
function fill(): void {
  for (const size of [2 ** 20, 2 ** 12, 1]) {
    try {
      for (;;) writeFileSync(filler, Buffer.alloc(size), { flag: 'a' });
    } catch {
      // full for pieces of this size
    }
  }
}

function weightsIn(folder: string): string {
  return readFileSync(join(folder, 'adapter_model.safetensors')).toString('base64');
}

/** Trains with something done after a step; what came of it and what was said. */
async function trainWith(folder: string, steps: Record<number, () => void>, settings = config) {
  const messages: MessageEvent[] = [];
  const outcome = await session
    .train(settings, {
      folder,
      onMessage: (event) => messages.push(event),
      onStep: ({ step }) => steps[step]?.(),
    })
    .catch((error: unknown) => error);
  const loud = messages.filter(({ level, text }) => level === 'warning' && !text.includes('TensorBoard gets'));
  return { outcome, messages, loud };
}

let undisturbed = '';
beforeAll(async () => {
  undisturbed = weightsIn((await session.train(config, { folder: join(scratch, 'undisturbed') })).trainedFolder);
});

describe.skipIf(!mounted)('a full disk', () => {
  it('under a training costs it nothing: the adapter is elsewhere, and named', async () => {
    const folder = join(disk, 'full');
    const { outcome, loud } = await trainWith(folder, { 1: fill });
    expect(outcome).toBeInstanceOf(WorkError);
    const { message } = outcome as WorkError;
    expect(message).toMatch(/cannot be written .*no space left.*: what was trained is in .* instead; .*--resume$/);
    const elsewhere = /is in (\S+) instead/.exec(message)?.[1] as string;
    expect(weightsIn(elsewhere)).toBe(undisturbed);
    expect((await readProvenance(elsewhere))?.progress.finished).toBe(true);
    rmSync(elsewhere, { recursive: true });
    expect(loud).toHaveLength(1);
    expect(loud[0]?.text).toMatch(/CANNOT BE WRITTEN, training goes on in memory: .*no space left/);
    const left = readdirSync(disk, { recursive: true }).map(String);
    expect(left.filter((name) => /\.tmp|\.next$/.test(name))).toEqual([]);
    rmSync(filler);
    const resumed = await session.train(config, { folder, resume: 'if-present' });
    expect(weightsIn(resumed.trainedFolder)).toBe(undisturbed);
    expect((await runState(folder)).state).toBe('finished');
    rmSync(folder, { recursive: true });
  }, 120_000);

  it('while the best adapter is replaced leaves the one before as it is described, also where nobody resumes', async () => {
    const folder = join(disk, 'replaced');
    const stop = new AbortController();
    const outcome = await session
      .train(config, {
        folder,
        signal: stop.signal,
        // after the first best, and before the second
        onStep: ({ step }) => step === 3 && fill(),
        onValidation: ({ step }) => step === 4 && stop.abort(),
      })
      .catch((error: unknown) => error);
    expect(outcome).toBeInstanceOf(Error);
    rmSync(filler);
    expect(await readProvenance(join(folder, 'adapter'))).toMatchObject({ step: 2, progress: { finished: false } });
    const report = await session.evaluate(config, { run: folder });
    expect(report.run).toMatchObject({ state: 'stopped', usedStep: 2 });
    rmSync(folder, { recursive: true });
  }, 120_000);

  it('at the end of an evaluation costs no report: it is elsewhere, and named', async () => {
    const folder = join(disk, 'evaluated');
    await session.train(config, { folder });
    const onProgress = ({ task }: ProgressEvent): void => {
      if (task === 'searching') fill();
    };
    const messages: string[] = [];
    const error = await session
      .evaluate(config, { run: folder, onProgress, onMessage: ({ text }) => messages.push(text) })
      .catch((failure: unknown) => failure);
    expect(error).toBeInstanceOf(UnkeptReport);
    const { message, report } = error as UnkeptReport;
    const elsewhere = /no space left.*: the report is in (\S+) instead$/.exec(message)?.[1] as string;
    expect(JSON.parse(readFileSync(join(elsewhere, 'report.json'), 'utf8'))).toEqual(
      JSON.parse(JSON.stringify(report)),
    );
    rmSync(elsewhere, { recursive: true });
    expect(messages).toContainEqual(expect.stringMatching(/projector is not written/));
    rmSync(filler);
    expect((await session.evaluate(config, { run: folder })).systems).toHaveLength(1);
    rmSync(folder, { recursive: true });
  }, 120_000);

  it('that gets room again holds the run as if nothing had been', async () => {
    const folder = join(disk, 'again');
    const { outcome, messages } = await trainWith(folder, { 1: fill, 3: () => rmSync(filler) });
    expect(outcome).toMatchObject({ folder });
    expect(weightsIn(join(folder, 'adapter'))).toBe(undisturbed);
    expect(messages.map(({ text }) => text)).toContainEqual(
      expect.stringMatching(/can be written again: all is saved/),
    );
    expect((await runState(folder)).state).toBe('finished');
    rmSync(folder, { recursive: true });
  }, 120_000);

  it('before a training is said in one line, before any step', async () => {
    fill();
    const { outcome } = await trainWith(join(disk, 'before'), { 1: () => expect.unreachable() });
    expect(outcome).toBeInstanceOf(WorkError);
    expect((outcome as Error).message).toMatch(/cannot write .*no space left/);
    rmSync(filler);
  });

  it('under the caches is worth a warning, and neither the training nor the evaluation', async () => {
    fill();
    const own = openSession({ runs: join(scratch, 'runs') });
    const settings = configOf({ cache: join(disk, 'cache') });
    const folder = join(scratch, 'no-cache');
    const messages: string[] = [];
    const onMessage = ({ text }: MessageEvent): void => void messages.push(text);
    await own.train(settings, { folder, onMessage });
    const report = await own.evaluate(settings, { run: folder, onMessage });
    await own.close();
    rmSync(filler);
    expect(weightsIn(join(folder, 'adapter'))).toBe(undisturbed);
    expect(report.systems.map(({ name }) => name)).toEqual(['tuned']);
    for (const what of ['papers', 'token ids', 'embeddings']) {
      expect(messages, what).toContainEqual(expect.stringMatching(new RegExp(`could not keep ${what}`)));
    }
  }, 120_000);
});

describe('a folder removed during the training', () => {
  it('is made again, which is said', async () => {
    const folder = join(scratch, 'removed');
    const { outcome, loud } = await trainWith(folder, { 1: () => rmSync(folder, { recursive: true }) });
    expect(outcome).toMatchObject({ folder });
    expect(loud.map(({ text }) => text)).toContainEqual(expect.stringMatching(/WAS REMOVED during the training/));
    for (const name of ['run.json', 'config.json', 'papers.jsonl']) expect(existsSync(join(folder, name))).toBe(true);
    expect(weightsIn(join(folder, 'adapter'))).toBe(undisturbed);
  });
});

describe('a place that is no folder', () => {
  it('is refused in one line', async () => {
    const file = join(scratch, 'a-file');
    writeFileSync(file, '');
    const { outcome } = await trainWith(join(file, 'run'), {});
    expect((outcome as Error).message).toMatch(/cannot write .*: a part of the path is a file/);
  });
});

describe('a store that never works', () => {
  const broken: TrainingStore = {
    configFingerprint: '',
    saveCheckpoint: () => Promise.reject(new Error('EIO')),
    saveBest: () => Promise.reject(new Error('EIO')),
    loadBest: () => Promise.reject(new Error('EIO')),
  };
  const best = new Map();

  it('goes from place to place, and says when there is none', async () => {
    const written: string[] = [];
    const writeTo = async (folder: string): Promise<void> => void written.push(folder);
    const nowhere = join(scratch, 'nowhere');
    const store = patientStore(broken, { run: '/runs/first', writeTo, fallbacks: [nowhere, scratch] });
    await store.saveBest(best, 1);
    expect(store.unsaved()).toBe('EIO');
    const folder = await store.finish();
    expect(written).toEqual([folder]);
    expect(dirname(folder as string)).toBe(scratch);
    expect(statSync(folder as string).isDirectory()).toBe(true);
    const lost = patientStore(broken, { run: '/runs/first', writeTo, fallbacks: [nowhere] });
    await lost.saveBest(best, 1);
    await expect(lost.finish()).rejects.toThrow(/cannot be written \(EIO\), nor can .*nowhere/);
  });
});
