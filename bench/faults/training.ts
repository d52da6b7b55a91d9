/**
 * The long fault test of training: node dist/bench/faults/training.js MODEL [kills] [damages]
 *
 * Kills a training so many times (100) and damages its saved state so many times (200). The adapter and the loss curve
 * must be those of an undisturbed training, and TensorBoard must show each step once; a damage may also end in an error
 * that names it. Exits with 1 at the first other result.
 */
import { cpSync, mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { UserError } from '../../lib/core/errors.js';
import { Random } from '../../lib/core/random.js';
import { savedProgress } from '../../lib/training/checkpoint.js';
import { DAMAGES } from './damages.js';
import { readEvents } from './event-reader.js';
import { trainWithFaults } from './faulty-training.js';
import { killTraining } from './kill-training.js';

const [model, kills = '100', damages = '200'] = process.argv.slice(2);
if (!model) throw new Error('usage: node dist/bench/faults/training.js MODEL [kills] [damages]');
const root = mkdtempSync(join(tmpdir(), 'faults-'));
const random = new Random(1, 'faults');
/** Enough steps that every kill finds some left. */
const epochs = Math.max(4, Math.ceil(Number(kills) / 2));

const adapterOf = (folder: string): string => readFileSync(join(folder, 'adapter', 'adapter_model.safetensors'), 'hex');
const curveOf = async (folder: string): Promise<number[]> =>
  (await savedProgress(folder))!.history.steps.map(({ loss }) => loss);

try {
  const whole = join(root, 'whole');
  const { totalSteps } = await trainWithFaults({ model, folder: whole, epochs, resume: false });
  const expected = { adapter: adapterOf(whole), curve: JSON.stringify(await curveOf(whole)) };
  const check = async (folder: string, what: string): Promise<void> => {
    const curve = JSON.stringify(await curveOf(folder));
    if (adapterOf(folder) !== expected.adapter) throw new Error(`another adapter ${what}`);
    if (curve !== expected.curve) throw new Error(`another loss curve ${what}`);
    const steps = readEvents(join(folder, 'tensorboard'))
      .get('train/loss')!
      .map(({ step }) => step);
    if (steps.length !== totalSteps || new Set(steps).size !== totalSteps) {
      throw new Error(`${steps.length} events of ${totalSteps} steps ${what}`);
    }
  };

  const folder = join(root, 'killed');
  const training = { model, folder, epochs, resume: 'if-present' } as const;
  let killed = 0;
  while (killed < Number(kills) && (await killTraining(training, random, 3))) {
    killed++;
    if (killed === Math.ceil(Number(kills) / 2)) cpSync(folder, join(root, 'half'), { recursive: true });
  }
  await trainWithFaults(training);
  await check(folder, `after ${killed} kills`);
  console.log(`${killed} kills: adapter, loss curve and events as undisturbed`);

  const counts = { refused: 0, 'went back': 0, unnoticed: 0 };
  for (let i = 0; i < Number(damages); i++) {
    const copy = join(root, 'damaged');
    rmSync(copy, { recursive: true, force: true });
    cpSync(join(root, 'half'), copy, { recursive: true });
    const state = join(copy, 'training-state');
    const files = readdirSync(state, { recursive: true, withFileTypes: true }).filter((entry) => entry.isFile());
    // one file, or several at once
    for (let k = 1 + random.integer(3); k > 0; k--) {
      const { parentPath, name } = files[random.integer(files.length)]!;
      try {
        DAMAGES[random.integer(DAMAGES.length)]!(join(parentPath, name), random);
      } catch {
        // deleted before
      }
    }
    let wentBack = false;
    try {
      const onMessage = ({ text }: { text: string }): void => {
        wentBack ||= text.includes('damaged');
      };
      await trainWithFaults({ ...training, folder: copy, resume: true }, { onMessage });
    } catch (error) {
      if (!(error instanceof UserError) || !/(is|are) damaged/.test(error.message)) throw error;
      counts.refused++;
      continue;
    }
    counts[wentBack ? 'went back' : 'unnoticed']++;
    await check(copy, `after damage ${i}`);
  }
  console.log(`${damages} damages: ${JSON.stringify(counts)}; never another result`);
} finally {
  rmSync(root, { recursive: true, force: true });
}
