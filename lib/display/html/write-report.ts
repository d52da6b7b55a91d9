/**
 * Leaves a report in a folder.
 */
import { mkdir } from 'node:fs/promises';
import { join } from 'node:path';
import type { Report } from '../../evaluation/report.js';
import { writeFileAtomic } from '../../files/atomic-file.js';
import { renderReport } from './report.js';

/**
 * Writes `report.json` and `report.html`, each whole or not at all. Numbers that JSON cannot hold become null.
 * @param folder made where it is missing
 * @returns the paths of both files
 */
export async function writeReport(folder: string, report: Report): Promise<{ json: string; html: string }> {
  const json = join(folder, 'report.json');
  const html = join(folder, 'report.html');
  await mkdir(folder, { recursive: true });
  await writeFileAtomic(json, `${JSON.stringify(report, null, 2)}\n`);
  await writeFileAtomic(html, renderReport(report));
  return { json, html };
}
