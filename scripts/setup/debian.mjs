/**
 * libfaiss from Debian's (or Ubuntu's) packages: installed where this process may, else the command that does it.
 */
import { spawnSync } from 'node:child_process';
import fs from 'node:fs';

// The reference BLAS that libfaiss-dev brings is ten times slower than OpenBLAS, which takes its place when installed.
const PACKAGES = ['libfaiss-dev', 'libopenblas0-openmp', 'g++'];

/** The one command for a user who is not root. */
export function installCommand() {
  if (process.platform === 'darwin') return 'brew install faiss';
  return `sudo apt-get update && sudo apt-get install -y ${PACKAGES.join(' ')}`;
}

/** @param {(line: string) => void} say @returns {string | null} what went wrong, with what the user can do */
export function installDebianFaiss(say) {
  const missing = `libfaiss is not installed: run \`${installCommand()}\`, then \`npm run setup\``;
  if (!fs.existsSync('/usr/bin/apt-get')) {
    return process.platform === 'darwin' ? missing : 'libfaiss is not installed, and this system has no apt-get';
  }
  if (process.getuid?.() !== 0) return missing;
  say(`setup: installing ${PACKAGES.join(' and ')} with apt-get (about 20 MB)`);
  // A fresh container has no package lists; elsewhere the update would only cost time.
  if (aptGet('install', '-y', '--no-install-recommends', ...PACKAGES)) return null;
  aptGet('update');
  if (aptGet('install', '-y', '--no-install-recommends', ...PACKAGES)) return null;
  return `apt-get cannot install ${PACKAGES.join(' and ')}`;
}

/** @param {string[]} args */
function aptGet(...args) {
  const { status } = spawnSync('apt-get', ['-q', '-o', 'DPkg::Lock::Timeout=60', '-o', 'Acquire::Retries=1', ...args], {
    env: { ...process.env, DEBIAN_FRONTEND: 'noninteractive' },
    stdio: 'ignore',
    timeout: 300_000,
  });
  return status === 0;
}
