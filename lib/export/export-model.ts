/**
 * A run, or a model, as a folder for others: checks first, then writes beside the final place, measures what was written,
 * describes it in a card, and only then gives it its name.
 */

import { writeFile } from 'node:fs/promises';
import { basename, join, resolve } from 'node:path';
import type { Config } from '../config/config.js';
import { UserError } from '../core/errors.js';
import { type Reporting, reportingOf } from '../core/events.js';
import type { StepResults } from '../pipeline/step-results.js';
import { modelCard } from './card/card.js';
import { type CardOptions, cardContent, checkCardOptions } from './card/content.js';
import { checkExportFolder, writeExportFolder, writeManifest } from './export-folder.js';
import { type Measures, measureVariants } from './measure.js';
import { chosenPrecisions, findTarget } from './registry.js';
import { SHARD_BYTES } from './sharded-safetensors.js';
import { siteCard } from './site/card.js';
import { openSource } from './source.js';
import type { ExportedVariant } from './target.js';
import { libraryVersion } from './version.js';

/** What to export, as what, and where to. */
export interface ExportOptions extends Reporting {
  /** merged, sentence-transformers, peft, onnx or site. */
  to: string;
  /** A run folder, whose encoder is exported as it was trained; absent: the model that the configuration names. */
  run?: string;
  /** Absent: the run's folder with the name of the target behind it. */
  out?: string;
  /** Of the weights; absent: the base's, and all of them in ONNX. */
  precisions?: readonly string[];
  /** Replace an export that is there. */
  overwrite?: boolean;
  /**
   * Texts of the evaluated side that what was written is measured on; 0 for none. Absent: 1,000 for a run, none for a
   * model that no run made.
   */
  measure?: number;
  /** Largest file of weights in bytes; absent: 5 GB, as transformers has it. */
  shardBytes?: number;
  card?: CardOptions;
}

/** What was exported. */
export interface ExportedModel {
  /** Its folder. */
  folder: string;
  target: string;
  /** Of the run or model. */
  name: string;
  /** Bytes by file. */
  files: Record<string, number>;
  variants: Omit<ExportedVariant, 'open'>[];
  /** Absent where nothing was measured. */
  measures?: Measures;
}

const MEASURED_TEXTS = 1000;

/** @throws UserError where something is missing, does not fit together, or is in the way: nothing is written then */
export async function exportModel(
  results: StepResults,
  config: Config,
  options: ExportOptions,
): Promise<ExportedModel> {
  const { to, run, overwrite = false, shardBytes = SHARD_BYTES, card = {} } = options;
  const reporting = reportingOf(options);
  const target = findTarget(to);
  const precisions = chosenPrecisions(target, options.precisions);
  const limit = options.measure ?? (run === undefined ? 0 : MEASURED_TEXTS);
  if (!Number.isInteger(limit) || limit < 0) {
    throw new UserError(`--measure ${limit}: expected a number of texts, 0 for none`);
  }
  if (!(shardBytes > 0)) {
    throw new UserError(`--max-file-size ${shardBytes / 1e9}: expected a number of GB above 0`);
  }
  checkCardOptions(card);
  const folder = resolve(options.out ?? `${resolve(run ?? basename(config.encoder.model))}-${target.name}`);
  await checkExportFolder(folder, overwrite);
  const source = await openSource(config, run, reporting);
  await target.check?.(source);

  return writeExportFolder(folder, async (staging) => {
    const variants = await target.write(staging, source, { precisions, shardBytes, results, ...reporting });
    const measures = await measureVariants(results, source, staging, variants, { limit, ...reporting });
    const version = libraryVersion();
    const content = await cardContent({ source, target, variants, measures, version }, card);
    await writeFile(join(staging, 'README.md'), target.library === null ? siteCard(content) : modelCard(content));
    const fingerprint = source.run?.reported.fingerprint ?? null;
    const manifest = await writeManifest(staging, { target: target.name, name: source.name, fingerprint, version });
    return {
      folder,
      target: target.name,
      name: source.name,
      files: Object.fromEntries(Object.entries(manifest.files).map(([file, { bytes }]) => [file, bytes])),
      variants: variants.map(({ open: _, ...variant }) => variant),
      ...(measures ? { measures } : {}),
    };
  });
}
