/** A training that is killed and whose saved state is damaged; the long variant is bench/faults/training.ts. */
import { cpSync, existsSync, mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { DAMAGES } from '../../bench/faults/damages.js';
import { readEvents } from '../../bench/faults/event-reader.js';
import { trainWithFaults } from '../../bench/faults/faulty-training.js';
import { killTraining } from '../../bench/faults/kill-training.js';
import { UserError } from '../../lib/core/errors.js';
import { Random } from '../../lib/core/random.js';
import { savedProgress } from '../../lib/training/checkpoint.js';
import { MODEL_FOLDER } from '../encoder/tiny-models.js';

const root = mkdtempSync(join(tmpdir(), 'faults-'));
afterAll(() => rmSync(root, { recursive: true }));

const EPOCHS = 12;
const training = (name: string, resume: boolean | 'if-present') => ({
  model: MODEL_FOLDER,
  folder: join(root, name),
  epochs: EPOCHS,
  resume,
});

/** What must not depend on kills and damages. */
async function resultOf(name: string) {
  const folder = join(root, name);
  const { history, bestValidation } = (await savedProgress(folder))!;
  const events = readEvents(join(folder, 'tensorboard'));
  return {
    adapter: readFileSync(join(folder, 'adapter', 'adapter_model.safetensors'), 'hex'),
    losses: history.steps.map(({ loss }) => loss),
    validations: history.validations,
    best: bestValidation,
    shownLosses: events.get('train/loss'),
    shownScores: events.get('validation/mrr@10'),
  };
}

describe('a training with Matryoshka, hard negatives, dropout and GradCache', () => {
  let whole: Awaited<ReturnType<typeof resultOf>>;
  beforeAll(async () => {
    const { totalSteps } = await trainWithFaults(training('whole', false));
    whole = await resultOf('whole');
    expect(whole.shownLosses!.map(({ step }) => step)).toEqual(Array.from({ length: totalSteps }, (_, i) => i + 1));
  });

  it('ends the same after kills at random moments, and shows each step once', async () => {
    const random = new Random(3, 'kills');
    for (let i = 0; i < 4; i++) {
      if (!(await killTraining(training('killed', 'if-present'), random, 8))) break;
      if (i === 2) cpSync(join(root, 'killed'), join(root, 'half'), { recursive: true });
    }
    await trainWithFaults(training('killed', 'if-present'));
    expect(await resultOf('killed')).toEqual(whole);
  }, 240_000);

  it('ends the same or in an error that names the damage, whatever file of its state is damaged', async () => {
    const half = existsSync(join(root, 'half', 'training-state')) ? 'half' : 'whole';
    const random = new Random(4, 'damages');
    const state = (name: string): string => join(root, name, 'training-state');
    for (const [i, damage] of [...DAMAGES, ...DAMAGES].entries()) {
      const name = `copy-${i}`;
      cpSync(join(root, half), join(root, name), { recursive: true });
      const folders = readdirSync(state(name)).sort();
      const folder = folders.at(-1 - (i % 2)) ?? folders[0]!;
      const files = readdirSync(join(state(name), folder));
      const file = files[random.integer(files.length)]!;
      damage(join(state(name), folder, file), random);
      const messages: string[] = [];
      try {
        await trainWithFaults(training(name, true), { onMessage: ({ text }) => void messages.push(text) });
      } catch (error) {
        expect(error).toBeInstanceOf(UserError);
        expect((error as Error).message).toMatch(/(is|are) damaged \(|no saved state is whole/);
        continue;
      }
      const { shownLosses: _, shownScores: __, ...result } = await resultOf(name);
      const { shownLosses: ___, shownScores: ____, ...expected } = whole;
      expect(result, `${damage.name} of ${folder}/${file}: ${messages}`).toEqual(expected);
    }
  }, 240_000);
});
