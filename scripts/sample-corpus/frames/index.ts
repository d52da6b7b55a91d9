/** All sentence frames: the general ones and those of each style. */
import type { Style } from '../bank.js';
import { biology } from './biology.js';
import type { Frames } from './frames.js';
import { general } from './general.js';
import { learning } from './learning.js';
import { observation } from './observation.js';
import { proof } from './proof.js';
import { simulation } from './simulation.js';
import { statistics } from './statistics.js';
import { theory } from './theory.js';

export { general };

export const styleFrames: Record<Style, Frames> = {
  theory,
  proof,
  simulation,
  observation,
  learning,
  statistics,
  biology,
};
