/**
 * When a training saves its state: after so many minutes or steps, but never so often that saving takes more than 5 % of
 * the time.
 */
import type { Config } from '../config/config.js';

/** Of the time from one save to the next, the save included. */
const MOST_STALL = 0.05;

export class CheckpointSchedule {
  private lastSave: number;
  private lastStep: number;
  /** Milliseconds of the last save. */
  private cost = 0;

  constructor(
    private readonly settings: Pick<Config['training']['checkpoints'], 'everyMinutes' | 'everySteps'>,
    step: number,
    private readonly now: () => number = () => performance.now(),
  ) {
    this.lastSave = now();
    this.lastStep = step;
  }

  /** Whether the state after `step` should be saved. */
  isDue(step: number): boolean {
    const { everyMinutes, everySteps } = this.settings;
    const elapsed = this.now() - this.lastSave;
    const wanted = elapsed >= everyMinutes * 60_000 || (everySteps !== null && step - this.lastStep >= everySteps);
    return wanted && this.isCheap();
  }

  /** Whether another save now, as is due after a validation, keeps to the share. */
  isCheap(): boolean {
    return this.cost <= MOST_STALL * (this.now() - this.lastSave + this.cost);
  }

  /** @param milliseconds that the save took */
  saved(step: number, milliseconds: number): void {
    this.lastSave = this.now();
    this.lastStep = step;
    this.cost = milliseconds;
  }
}
