/**
 * The prebuilt binary of faiss-node's releases, fetched by the package's own tool with a short time-out: many
 * machines do not reach the host it lies on.
 */
import { spawnSync } from 'node:child_process';
import fs from 'node:fs';
import { createRequire } from 'node:module';
import path from 'node:path';

const TIMEOUT_MS = 20_000;

/**
 * @typedef {object} Job
 * @property {string} packageFolder folder of faiss-node
 * @property {string} staging where the build goes until it is verified; becomes faiss-node's `build`
 * @property {(line: string) => void} say
 */

/** @param {Job} job @returns {string | null} what went wrong */
export function downloadPrebuilt({ packageFolder, staging }) {
  if (process.env.LLM_EMBEDDING_PREBUILT === '0') return 'the prebuilt binary is switched off';
  let tool;
  try {
    tool = createRequire(path.join(packageFolder, 'package.json')).resolve('prebuild-install/bin.js');
  } catch {
    return 'prebuild-install is not installed';
  }
  // The tool unpacks `build/Release/…` beside the package.json it reads: it gets a copy in a folder of its own.
  const work = path.join(staging, 'work');
  fs.mkdirSync(work, { recursive: true });
  fs.copyFileSync(path.join(packageFolder, 'package.json'), path.join(work, 'package.json'));
  const { status } = spawnSync(process.execPath, [tool, '--runtime', 'napi'], {
    cwd: work,
    stdio: 'ignore',
    timeout: TIMEOUT_MS,
  });
  const unpacked = path.join(work, 'build', 'Release');
  if (status !== 0 || !fs.existsSync(unpacked)) return 'the prebuilt binary cannot be downloaded';
  fs.renameSync(unpacked, path.join(staging, 'Release'));
  fs.rmSync(work, { recursive: true, force: true });
  return null;
}
