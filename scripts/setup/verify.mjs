/**
 * Whether a build of the FAISS addon works: once with certainty, in a child process that may crash, and from then on
 * quickly, by loading it.
 */
import { spawnSync } from 'node:child_process';

const PROBE = `
const loaded = { exports: {} };
process.dlopen(loaded, process.argv[1]);
const { Index, IndexFlatIP, MetricType } = loaded.exports;
const index = new IndexFlatIP(2);
index.add([1, 0, 0, 1]);
const found = index.search([0, 1], 1);
if (found.labels[0] !== 1 || found.distances[0] !== 1) process.exit(1);
if (Index.fromFactory(2, 'HNSW8', 0).ntotal() !== 0) process.exit(1);
`;

/**
 * Searches with the addon in a process of its own, since a binary made for another processor ends its process.
 * @param {string} binary
 */
export function worksInChild(binary) {
  const { status } = spawnSync(process.execPath, ['-e', PROBE, binary], { stdio: 'ignore', timeout: 20_000 });
  return status === 0;
}

/**
 * Whether an addon that has been verified before still finds the libraries it is linked to.
 * @param {string} binary
 */
export function loads(binary) {
  try {
    process.dlopen({ exports: {} }, binary);
    return true;
  } catch {
    return false;
  }
}
