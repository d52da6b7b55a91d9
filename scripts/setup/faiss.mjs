/**
 * Makes the package faiss-node work. In this order: the binary that is already there, the prebuilt one of the
 * package's releases, a build against the system's libfaiss (which root on Debian gets installed by itself).
 *
 * A binary takes its final place only after a child process has searched with it, and by renaming a folder, so that
 * an interrupted or parallel set-up leaves nothing half done. A failed attempt is remembered for a day, so that a
 * machine without FAISS does not pay for the attempt before each test run.
 */
import fs from 'node:fs';
import { createRequire } from 'node:module';
import os from 'node:os';
import path from 'node:path';
import { compileFaiss, systemFaiss } from './compile.mjs';
import { installCommand, installDebianFaiss } from './debian.mjs';
import { downloadPrebuilt } from './prebuilt.mjs';
import { loads, worksInChild } from './verify.mjs';

const require = createRequire(import.meta.url);
const DAY = 24 * 3600 * 1000;

/**
 * @typedef {object} SetupOptions
 * @property {(line: string) => void} say where notes for the user go
 * @property {boolean} [force] try again although an earlier attempt failed
 * @property {string} [packageFolder] folder of faiss-node; where it is installed unless told otherwise
 */

/**
 * @param {SetupOptions} options
 * @returns {Promise<'present' | 'prebuilt' | 'compiled' | 'absent'>} what it came to; silent when "present"
 */
export async function setUpFaiss({ say, force = false, packageFolder = findPackage() }) {
  if (!packageFolder) return giveUp(say, 'the package faiss-node is not installed');
  const folder = packageFolder;
  const binary = path.join(folder, 'build', 'Release', 'faiss-node.node');
  const stamp = path.join(folder, 'build', 'setup.json');
  if (fs.existsSync(binary) && isVerified(stamp, binary) && loads(binary)) return 'present';
  if (fs.existsSync(binary) && worksInChild(binary)) {
    writeStamp(stamp, binary);
    return 'present';
  }

  const memory = path.join(folder, 'setup-failed.json');
  const earlier = readJson(memory);
  const fresh = earlier?.machine === machine() && Date.now() - earlier.time < DAY;
  if (!force && fresh && !systemFaiss())
    return giveUp(say, `${earlier.reason}; \`npm run setup -- --force\` tries again`);

  const staging = path.join(folder, `build-${process.pid}`);
  try {
    /** @type {string[]} */
    const reasons = [];
    for (const [how, make] of /** @type {const} */ ([
      ['prebuilt', downloadPrebuilt],
      ['compiled', buildFromSource],
    ])) {
      fs.rmSync(staging, { recursive: true, force: true });
      const problem = make({ packageFolder: folder, staging, say });
      if (problem) {
        reasons.push(problem);
        continue;
      }
      const built = path.join(staging, 'Release', 'faiss-node.node');
      if (!worksInChild(built)) {
        reasons.push(`the ${how} binary does not run here`);
        continue;
      }
      writeStamp(path.join(staging, 'setup.json'), built);
      replaceFolder(path.join(folder, 'build'), staging);
      fs.rmSync(memory, { force: true });
      say(`setup: FAISS is ready (${how === 'prebuilt' ? 'prebuilt binary' : "built against the system's libfaiss"})`);
      return how;
    }
    const reason = reasons.at(-1) ?? 'no way to it worked';
    fs.writeFileSync(memory, JSON.stringify({ machine: machine(), time: Date.now(), reason, reasons }));
    return giveUp(say, reason);
  } finally {
    fs.rmSync(staging, { recursive: true, force: true });
  }
}

/** @type {(job: import('./prebuilt.mjs').Job) => string | null} */
function buildFromSource(job) {
  if (!systemFaiss()) {
    const problem = installDebianFaiss(job.say);
    if (problem) return problem;
  }
  if (!systemFaiss()) return `libfaiss is not installed: run \`${installCommand()}\`, then \`npm run setup\``;
  return compileFaiss(job);
}

function findPackage() {
  try {
    return path.dirname(require.resolve('faiss-node/package.json'));
  } catch {
    return null;
  }
}

/** @param {(line: string) => void} say @param {string} reason @returns {'absent'} */
function giveUp(say, reason) {
  say(`setup: FAISS is not available (${reason}); exact search on the engine takes its place`);
  return 'absent';
}

/** What a binary depends on beside itself. */
function machine() {
  return [process.platform, process.arch, os.release(), process.versions.modules].join(' ');
}

/** @param {string} binary */
function identity(binary) {
  const { size, mtimeMs } = fs.statSync(binary);
  return `${machine()} ${size} ${Math.floor(mtimeMs)}`;
}

/** @param {string} stamp @param {string} binary */
function isVerified(stamp, binary) {
  return readJson(stamp)?.identity === identity(binary);
}

/** @param {string} stamp @param {string} binary */
function writeStamp(stamp, binary) {
  try {
    fs.writeFileSync(stamp, JSON.stringify({ identity: identity(binary) }));
  } catch {
    // a read-only installation: the check in a child process is repeated the next time
  }
}

/** @param {string} file @returns {any} */
function readJson(file) {
  try {
    return JSON.parse(fs.readFileSync(file, 'utf8'));
  } catch {
    return null;
  }
}

/**
 * Puts `from` in the place of `to`. A parallel set-up may have been faster: then its folder is as good as ours.
 * @param {string} to @param {string} from
 */
function replaceFolder(to, from) {
  const old = `${from}-old`;
  try {
    if (fs.existsSync(to)) fs.renameSync(to, old);
    fs.renameSync(from, to);
  } catch (error) {
    if (!fs.existsSync(path.join(to, 'Release', 'faiss-node.node'))) throw error;
  } finally {
    fs.rmSync(old, { recursive: true, force: true });
  }
}
