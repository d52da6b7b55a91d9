/**
 * Keeps what running the notebooks adds to them out of git: a clean filter (strip-outputs.mjs) for notebooks/, set for this
 * clone alone, in .git/config and .git/info/attributes. https://git-scm.com/docs/gitattributes#_filter
 *
 * To take it back: `git config --remove-section filter.notebook-outputs` and the line out of .git/info/attributes.
 */
import { spawnSync } from 'node:child_process';
import { appendFileSync, existsSync, mkdirSync, readFileSync } from 'node:fs';
import { dirname, resolve } from 'node:path';
import { PROJECT } from './project.js';

const FILTER = 'notebook-outputs';
/** Run by git in the top folder of the clone. */
const CLEAN = 'node scripts/notebook/strip-outputs.mjs';
const ATTRIBUTES = `notebooks/*.ipynb filter=${FILTER}`;

/**
 * Sets the filter where it is not set.
 * @returns what was done, or why not, for people; null where there is nothing to tell
 */
export function filterOutputs(project: string = PROJECT): string | null {
  const git = (...args: string[]): string | null => {
    const { status, stdout } = spawnSync('git', ['-C', project, ...args], { encoding: 'utf8' });
    return status === 0 ? stdout.trim() : null;
  };
  const top = git('rev-parse', '--show-toplevel');
  if (top === null || resolve(top) !== resolve(project)) return null;
  // settings of a linked worktree are those of all its worktrees, which may be of a time before the filter
  if (git('rev-parse', '--git-dir') !== git('rev-parse', '--git-common-dir')) {
    return 'a linked worktree of git shares its settings with others: outputs of notebooks are not filtered out here';
  }
  const path = resolve(project, git('rev-parse', '--git-path', 'info/attributes') as string);
  const attributes = existsSync(path) ? readFileSync(path, 'utf8') : '';
  const hasLine = attributes.split('\n').includes(ATTRIBUTES);
  if (hasLine && git('config', '--local', `filter.${FILTER}.clean`) === CLEAN) return null;
  if (git('config', '--local', `filter.${FILTER}.clean`, CLEAN) === null) return null;
  if (!hasLine) {
    mkdirSync(dirname(path), { recursive: true });
    appendFileSync(path, `${attributes === '' || attributes.endsWith('\n') ? '' : '\n'}${ATTRIBUTES}\n`);
  }
  return 'git sees the notebooks of this clone without their outputs from now on (docs/notebooks.md)';
}
