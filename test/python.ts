/**
 * Python for tests against transformers, PEFT and sentence-transformers. LLM_EMBEDDING_PYTHON names an interpreter that has
 * them; LLM_EMBEDDING_PYTHON_TESTS=1 installs them into an environment of its own, once, which takes minutes and gigabytes.
 */
import { execFileSync } from 'node:child_process';
import { existsSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

const PACKAGES = ['torch', 'transformers', 'peft', 'sentence-transformers', 'onnxruntime'];
const ENVIRONMENT = join(tmpdir(), 'llm-embedding-python-tests');

/** Of the tests that are skipped without one. */
export const PYTHON_HINT = 'needs LLM_EMBEDDING_PYTHON=<interpreter>, or LLM_EMBEDDING_PYTHON_TESTS=1 to install one';

/** Whether tests that need Python are to run. */
export const WITH_PYTHON =
  process.env.LLM_EMBEDDING_PYTHON !== undefined || process.env.LLM_EMBEDDING_PYTHON_TESTS === '1';

/** The interpreter, installed where none is named. */
export function python(): string {
  const named = process.env.LLM_EMBEDDING_PYTHON;
  if (named !== undefined) return named;
  const own = join(ENVIRONMENT, 'bin', 'python');
  const done = join(ENVIRONMENT, 'installed');
  if (existsSync(done)) return own;
  execFileSync('python3', ['-m', 'venv', ENVIRONMENT]);
  const index = ['--extra-index-url', 'https://download.pytorch.org/whl/cpu'];
  execFileSync(own, ['-m', 'pip', 'install', '--quiet', ...index, ...PACKAGES], {
    stdio: ['ignore', 'ignore', 'inherit'],
  });
  execFileSync(own, ['-c', `open(${JSON.stringify(done)}, 'w').close()`]);
  return own;
}

/** What a script prints, read as JSON. */
export function runPython<T>(script: string, ...args: string[]): T {
  const env = { ...process.env, OMP_NUM_THREADS: '1', HF_HUB_OFFLINE: '1', TOKENIZERS_PARALLELISM: 'false' };
  const out = execFileSync(python(), [script, ...args], { encoding: 'utf8', env, maxBuffer: 2 ** 28 });
  return JSON.parse(out.trim().split('\n').at(-1) as string) as T;
}
