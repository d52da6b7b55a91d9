/**
 * Compiles faiss-node's single source file against the system's libfaiss: one call of the C++ compiler, without the
 * package's own build, which clones and compiles all of FAISS.
 */
import { spawnSync } from 'node:child_process';
import fs from 'node:fs';
import { createRequire } from 'node:module';
import path from 'node:path';

const require = createRequire(import.meta.url);
const INCLUDE_FOLDERS = ['/usr/include', '/usr/local/include', '/opt/homebrew/include', '/opt/local/include'];

// faiss-node is written for 1.7.4 and later, where idx_t is no longer a member of Index.
const COMPATIBILITY_HEADER = `#pragma once
#include <faiss/Index.h>
#if FAISS_VERSION_MAJOR == 1 && (FAISS_VERSION_MINOR < 7 || (FAISS_VERSION_MINOR == 7 && FAISS_VERSION_PATCH < 4))
namespace faiss { using idx_t = Index::idx_t; }
#endif
`;

/** The include folder that has libfaiss' headers, or null. */
export function systemFaiss() {
  const told = (process.env.FAISS_CXXFLAGS ?? '')
    .split(/\s+/)
    .filter((flag) => flag.startsWith('-I'))
    .map((flag) => flag.slice(2));
  return [...told, ...INCLUDE_FOLDERS].find((folder) => fs.existsSync(path.join(folder, 'faiss', 'Index.h'))) ?? null;
}

/** @param {import('./prebuilt.mjs').Job} job @returns {string | null} what went wrong */
export function compileFaiss({ packageFolder, staging }) {
  const compiler = process.env.CXX || 'g++';
  const release = path.join(staging, 'Release');
  fs.mkdirSync(release, { recursive: true });
  const header = path.join(staging, 'compatibility.h');
  fs.writeFileSync(header, COMPATIBILITY_HEADER);
  const link = process.env.FAISS_LDFLAGS ?? (process.platform === 'darwin' ? '-lfaiss' : '-lfaiss -lblas -llapack');
  const result = spawnSync(
    compiler,
    [
      ...['-std=c++17', '-O3', '-DNDEBUG', '-fPIC', '-shared', '-fvisibility=hidden'],
      ...(process.platform === 'darwin' ? ['-undefined', 'dynamic_lookup'] : ['-fopenmp', '-s']),
      ...['-DNAPI_VERSION=6', '-DNODE_GYP_MODULE_NAME=faiss_node', '-include', header],
      ...[`-I${require('node-api-headers').include_dir}`, `-I${require('node-addon-api').include_dir}`],
      ...words(process.env.FAISS_CXXFLAGS ?? `-I${systemFaiss()}`),
      path.join(packageFolder, 'src', 'faiss.cc'),
      ...['-o', path.join(release, 'faiss-node.node')],
      ...words(link),
    ],
    { encoding: 'utf8', timeout: 300_000 },
  );
  fs.rmSync(header, { force: true });
  if (result.error) return `the C++ compiler ${compiler} is missing: run \`apt-get install -y g++\` or set CXX`;
  if (result.status === 0) return null;
  const line = result.stderr.split('\n').find((text) => /error|cannot|undefined/.test(text)) ?? 'no message';
  return `faiss-node does not compile: ${line.trim()}`;
}

/** @param {string} flags */
function words(flags) {
  return flags.split(/\s+/).filter(Boolean);
}
