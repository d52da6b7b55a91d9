/** The nine topics, the main one first. */
import type { TopicText } from '../bank.js';
import { astroPhCo } from './astro-ph-co.js';
import { condMatStatMech } from './cond-mat-stat-mech.js';
import { csAi } from './cs-ai.js';
import { csLg } from './cs-lg.js';
import { grQc } from './gr-qc.js';
import { hepTh } from './hep-th.js';
import { mathPh } from './math-ph.js';
import { qBio } from './q-bio.js';
import { statMl } from './stat-ml.js';

export const topics: readonly TopicText[] = [grQc, hepTh, astroPhCo, mathPh, condMatStatMech, csLg, csAi, statMl, qBio];
