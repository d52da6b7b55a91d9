/** What the experiment can use but does not need: the notebook kernel, JupyterLab, an OpenAI key, the model hub. */
import { createRequire } from 'node:module';
import { connection, isOffline } from '../hub/connection.js';
import { type Check, ok, optional, reasonOf } from './check.js';
import { programVersion } from './machine.js';

const require = createRequire(import.meta.url);

/** The package that runs TypeScript in notebooks. */
export function checkKernel(): Check {
  try {
    const { version } = require('tslab/package.json') as { version: string };
    return ok('notebook kernel', `tslab ${version}`);
  } catch {
    return optional('notebook kernel', 'the package tslab is not installed', 'install the packages again: npm ci');
  }
}

export async function checkJupyter(): Promise<Check> {
  const version = await programVersion('jupyter-lab');
  if (version !== null) return ok('JupyterLab', version);
  return optional('JupyterLab', 'not found; only notebooks need it', 'pip install jupyterlab');
}

export function checkOpenAi(): Check {
  if (process.env.OPENAI_API_KEY?.trim()) return ok('OpenAI key', 'OPENAI_API_KEY is set');
  const detail = 'OPENAI_API_KEY is not set; the report lists the system "openai" as skipped';
  return optional('OpenAI key', detail, 'set OPENAI_API_KEY to compare with OpenAI embeddings, which cost money');
}

/**
 * Asks the hub for anything, unless HF_HUB_OFFLINE forbids it.
 * @param timeout milliseconds
 */
export async function checkHub(timeout: number): Promise<Check> {
  const name = 'model hub';
  const without = 'models in a folder or downloaded before, and the sample encoder, work';
  if (isOffline()) return optional(name, `HF_HUB_OFFLINE is set; ${without}`);
  try {
    const { hubUrl } = await connection(undefined);
    const answer = await fetch(hubUrl, { method: 'HEAD', signal: AbortSignal.timeout(timeout) });
    if (answer.ok) return ok(name, `${hubUrl} answers`);
    return optional(
      name,
      `${hubUrl} answers with HTTP ${answer.status}; ${without}`,
      'check the network or HF_ENDPOINT',
    );
  } catch (error) {
    return optional(name, `not usable (${describe(error)}); ${without}`, 'check the network, HF_ENDPOINT and HF_TOKEN');
  }
}

/** fetch hides why in its cause. */
function describe(error: unknown): string {
  if (error instanceof Error && error.name === 'TimeoutError') return 'no answer in time';
  const cause = error instanceof Error ? error.cause : undefined;
  if (cause instanceof Error) return (cause as NodeJS.ErrnoException).code ?? reasonOf(cause);
  return reasonOf(error);
}
