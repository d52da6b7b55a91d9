/** Step 6 below a cell. */
import type { Config } from '../config/config.js';
import { withProgress } from '../display/notebook/progress.js';
import type { Report } from '../evaluation/report.js';
import { UnkeptReport } from '../pipeline/evaluate.js';
import type { Session } from '../pipeline/session.js';

/** Evaluates a run. A report that its folder could not take is returned all the same, with a warning that says where it is. */
export function evaluateLive(session: Session, config: Config, runFor: () => Promise<string>): Promise<Report> {
  return withProgress(async ({ onMessage, ...reporting }) => {
    try {
      return await session.evaluate(config, {
        ...reporting,
        run: await runFor(),
        // what was left out stands in the report, and is shown with it
        onMessage: (event) => event.level === 'warning' && onMessage(event),
      });
    } catch (error) {
      if (!(error instanceof UnkeptReport)) throw error;
      onMessage({ level: 'warning', text: error.message });
      return error.report;
    }
  });
}
