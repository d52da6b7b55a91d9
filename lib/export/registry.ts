/** The ways in which a model leaves the house. To add one: its file in targets/, and its line here. */
import { didYouMean } from '../core/did-you-mean.js';
import { UserError } from '../core/errors.js';
import type { ExportTarget } from './target.js';
import { mergedTarget } from './targets/merged.js';
import { onnxTarget } from './targets/onnx.js';
import { peftTarget } from './targets/peft.js';
import { sentenceTransformersTarget } from './targets/sentence-transformers.js';
import { siteTarget } from './targets/site.js';

const TARGETS: readonly ExportTarget[] = [mergedTarget, sentenceTransformersTarget, peftTarget, onnxTarget, siteTarget];

/** @throws UserError for a name that is none, with those that are */
export function findTarget(name: string): ExportTarget {
  const names = TARGETS.map((target) => target.name);
  const target = TARGETS.find((one) => one.name === name);
  if (target) return target;
  throw new UserError(`--to ${name}: expected ${names.join(', ')}${didYouMean(name, names)}`);
}

/** The targets with what they make, for the help of a command. */
export function exportHelp(): string {
  return TARGETS.map(({ name, description }) => `${name} (${description})`).join('; ');
}

/** What each target takes as precision, for the help of a command. */
export function precisionHelp(): string {
  const taken = TARGETS.filter(({ precisions }) => precisions.length > 0);
  return taken
    .map(({ name, precisions, several }) => `${name}: ${precisions.join(several ? ', ' : ' or ')}`)
    .join('; ');
}

/**
 * The precisions to write, from what was asked for.
 *
 * @throws UserError for one that the target does not make, or more than it makes at once
 */
export function chosenPrecisions(target: ExportTarget, asked: readonly string[] | undefined): readonly string[] {
  const { name, precisions, several } = target;
  if (asked === undefined) return several ? precisions : [];
  const foreign = asked.find((one) => !precisions.includes(one));
  if (precisions.length === 0) {
    throw new UserError(`--precision does not go with --to ${name}: it is written as it was trained`);
  }
  if (foreign !== undefined || asked.length === 0) {
    throw new UserError(`--precision ${foreign ?? ''}: --to ${name} takes ${precisions.join(', ')}`);
  }
  if (!several && asked.length > 1) throw new UserError(`--precision ${asked.join(',')}: --to ${name} takes one`);
  return precisions.filter((one) => asked.includes(one));
}
