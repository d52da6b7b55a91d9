/** One thing that the doctor looked at. */

export interface Check {
  /** What was looked at: "Node.js", "FAISS". */
  name: string;
  /** ok: works. missing: the experiment needs it and it is not there. optional: not there, and the experiment runs without. */
  status: 'ok' | 'missing' | 'optional';
  /** What was found. */
  detail: string;
  /** What to do about it, where there is something to do. */
  fix: string | null;
}

export function ok(name: string, detail: string): Check {
  return { name, status: 'ok', detail, fix: null };
}

export function missing(name: string, detail: string, fix: string): Check {
  return { name, status: 'missing', detail, fix };
}

export function optional(name: string, detail: string, fix: string | null = null): Check {
  return { name, status: 'optional', detail, fix };
}

/** In another project's node_modules the npm scripts of this one are not at hand: what to run instead. */
const INSTALLED = import.meta.url.includes('/node_modules/');

export const FIXES = {
  packages: `install the packages again: npm ${INSTALLED ? 'install' : 'ci'}`,
  kernel: INSTALLED ? 'npm install --ignore-scripts tslab' : 'install the packages again: npm ci',
  faiss: INSTALLED
    ? 'npm install --ignore-scripts faiss-node && node node_modules/llm-embedding/scripts/setup.mjs'
    : 'npm run setup',
  tensorflow: INSTALLED
    ? 'npm install --ignore-scripts @tensorflow/tfjs-node-gpu && node node_modules/llm-embedding/dist/scripts/setup-gpu/index.js'
    : 'npm run setup:gpu',
} as const;

/** The first line of what was thrown. */
export function reasonOf(error: unknown): string {
  const text = error instanceof Error ? error.message : String(error);
  return text.trim().split('\n')[0] ?? '';
}
