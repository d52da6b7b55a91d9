/**
 * Tells git that a notebook of which only outputs changed is unchanged: git takes a file of another size for a changed one
 * and asks no filter. Run by JupyterLab after each save: node refresh-index.mjs NOTEBOOK
 */
import { spawnSync } from 'node:child_process';
import { basename, dirname } from 'node:path';

const path = process.argv[2];
const git = (...args) => {
  const { status, stdout } = spawnSync('git', ['-C', dirname(path), ...args], { encoding: 'utf8' });
  return status === 0 ? stdout.trim() : '';
};
const [, known] = git('ls-files', '--stage', '--', basename(path)).split(/\s+/);
// with the filter applied; adding what is there already stages nothing
if (known && git('hash-object', '--', basename(path)) === known) git('add', '--', basename(path));
