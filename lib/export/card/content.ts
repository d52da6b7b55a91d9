/** What a model card is made of. */
import { join } from 'node:path';
import { UserError } from '../../core/errors.js';
import { isThere } from '../../files/is-there.js';
import { papersOfRun } from '../../pipeline/runs/sides.js';
import type { Measures } from '../measure.js';
import type { ExportSource } from '../source.js';
import type { ExportedVariant, ExportTarget } from '../target.js';

/** What nobody but the author knows, and the base's card may say. */
export interface CardOptions {
  /** Of the exported model, as the hub calls it: "apache-2.0". Absent: that of the base, where its card names one. */
  licence?: string;
  /** Ids of data sets on the hub. */
  datasets?: readonly string[];
}

/** Ids on the hub: "apache-2.0", "beir/scifact". */
const LICENCE = /^[a-z0-9][a-z0-9.+-]{0,60}$/;
const DATASET = /^[\w-][\w.-]*(?:\/[\w-][\w.-]*)?$/;

/** @throws UserError for what the head of a card cannot say */
export function checkCardOptions({ licence, datasets = [] }: CardOptions): void {
  if (licence !== undefined && !LICENCE.test(licence)) {
    throw new UserError(`--license ${licence}: expected the hub's word for a licence, such as apache-2.0 or cc-by-4.0`);
  }
  const odd = datasets.find((id) => !DATASET.test(id));
  if (odd !== undefined) {
    throw new UserError(`--datasets "${odd}": expected ids of data sets on the hub, such as beir/scifact`);
  }
}

export interface CardContent {
  source: ExportSource;
  target: ExportTarget;
  title: string;
  licence: string | null;
  /** Whether the base has that licence too. */
  isLicenceOfBase: boolean;
  language: unknown;
  datasets: readonly string[];
  variants: readonly ExportedVariant[];
  measures: Measures | null;
  /** Papers, or pairs, by split; null where the run does not say. */
  papers: Readonly<Record<string, number>> | null;
  /** Whether the run was trained on pairs, of queries and documents. */
  ofPairs: boolean;
  version: string;
}

export async function cardContent(
  made: Pick<CardContent, 'source' | 'target' | 'variants' | 'measures' | 'version'>,
  options: CardOptions,
): Promise<CardContent> {
  const { source } = made;
  const base = baseMetadata(source.baseCard);
  return {
    ...made,
    title: source.name,
    licence: options.licence ?? base.license ?? null,
    isLicenceOfBase: (options.licence ?? base.license) === base.license,
    language: base.language ?? null,
    datasets: options.datasets ?? [],
    ...(await sidesOf(source.run?.folder)),
  };
}

/** Two fields of the head of a card, where they are plain words; whatever else a head holds is its own. */
function baseMetadata(card: string): { license?: string; language?: string } {
  const head = /^---\r?\n([\s\S]*?)\r?\n---/.exec(card)?.[1] ?? '';
  const field = (name: string): string | undefined =>
    new RegExp(`^${name}:[ \\t]*["']?([A-Za-z0-9][A-Za-z0-9.+-]*)["']?[ \\t]*$`, 'm').exec(head)?.[1];
  const [license, language] = [field('license'), field('language')];
  return { ...(license ? { license } : {}), ...(language ? { language } : {}) };
}

/** How many papers the run has on each side; null where its list is not there, or damaged. */
async function sidesOf(folder: string | undefined): Promise<Pick<CardContent, 'papers' | 'ofPairs'>> {
  const nothing = { papers: null, ofPairs: false };
  if (folder === undefined || !(await isThere(join(folder, 'papers.jsonl')))) return nothing;
  const papers: Record<string, number> = { train: 0, validation: 0, test: 0 };
  let ofPairs = false;
  try {
    for await (const { split, query } of papersOfRun(folder)) {
      if (Object.hasOwn(papers, split)) papers[split]!++;
      ofPairs ||= query !== undefined;
    }
  } catch {
    return nothing;
  }
  return { papers, ofPairs };
}
