/** What the experiment can use but does not need: the notebook kernel, JupyterLab, an OpenAI key, the model hub. */
import { createRequire } from 'node:module';
import { connection, isOffline } from '../hub/connection.js';
import { type Check, FIXES, ok, optional, reasonOf } from './check.js';
import { findJupyterLab } from './jupyter-lab.js';

const require = createRequire(import.meta.url);

/** The package that runs TypeScript in notebooks, and the native library by which it talks to Jupyter. */
export function checkKernel(): Check {
  const name = 'notebook kernel';
  const fix = FIXES.kernel;
  try {
    const { version } = require('tslab/package.json') as { version: string };
    try {
      createRequire(require.resolve('tslab/package.json'))('zeromq');
    } catch (error) {
      return optional(name, `tslab ${version} does not run: zeromq does not load (${reasonOf(error)})`, fix);
    }
    return ok(name, `tslab ${version}`);
  } catch {
    return optional(name, 'the package tslab is not installed', fix);
  }
}

/** @param environments Python environments to look into before the path; default: see {@link findJupyterLab} */
export async function checkJupyter(environments?: readonly string[]): Promise<Check> {
  const lab = await findJupyterLab(environments);
  if (lab?.recent) return ok('JupyterLab', lab.environment ? `${lab.version} in ${lab.environment}` : lab.version);
  const fix = 'npm run notebook installs it into .venv, or: pip install jupyterlab';
  if (lab) return optional('JupyterLab', `${lab.version}; the notebooks need version 4`, fix);
  return optional('JupyterLab', 'not found; only notebooks need it', fix);
}

/** The picture of a plot, for viewers that do not draw Plotly descriptions. */
export function checkPictures(): Check {
  const name = 'pictures of plots';
  try {
    require('@resvg/resvg-js');
    return ok(name, '@resvg/resvg-js');
  } catch (error) {
    const detail = `@resvg/resvg-js does not load (${reasonOf(error)}); JupyterLab and VS Code draw plots without it`;
    return optional(name, detail, FIXES.packages);
  }
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
