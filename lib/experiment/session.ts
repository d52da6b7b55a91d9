/**
 * The pipeline joined to the display: a session whose reports are also written as pages. Notebooks and the command line
 * open this one.
 */
import { effectsFigure } from '../display/figures/effects.js';
import { renderReport } from '../display/html/report.js';
import { renderSvg } from '../display/svg/render.js';
import { sweepMarkdown } from '../display/sweep-table.js';
import { effectMarkdown } from '../display/terminal/effect-table.js';
import type { AblationReport } from '../evaluation/ablation.js';
import type { Report } from '../evaluation/report.js';
import { openSession as openPlainSession, type Session, type SessionOptions } from '../pipeline/session.js';
import type { SweepReport } from '../pipeline/sweep-report.js';

/** Opens the six steps; each evaluation leaves `report.html` beside `report.json`. Close it to free engine and models. */
export function openSession(options: Pick<SessionOptions, 'runs'> = {}): Session {
  return openPlainSession({ ...options, renderReport: reportPages });
}

function reportPages(report: Report): { name: string; text: string }[] {
  return [{ name: 'report.html', text: renderReport(report) }];
}

/** The effect table of an ablation, to read and to look at. */
export function ablationPages(report: AblationReport): { name: string; text: string }[] {
  const table = { name: 'ablation.md', text: effectMarkdown(report) };
  if (report.effects.length === 0) return [table];
  return [table, { name: 'ablation.svg', text: renderSvg(effectsFigure(report)) }];
}

/** The table of a sweep, to read. */
export function sweepPages(report: SweepReport): { name: string; text: string }[] {
  return [{ name: 'sweep.md', text: sweepMarkdown(report) }];
}
