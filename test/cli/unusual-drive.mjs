/**
 * Loaded before a command (node --import): makes the drive below DRIVE_ROOT one of the kinds that cannot be mounted in a
 * test. DRIVE is a JSON object:
 *
 *   readOnlyFrom   from the first write to a path with this in it, every write fails with EROFS
 *   pauseAt        the first write to a path with this in it never returns; DRIVE_ROOT.paused says that it was met
 *   noReplace      renaming over a file that is there fails with this code
 *   noSync         waiting for the disk fails with this code
 *   room           bytes that may still be written: the write that fills the drive takes what fits, the next fails with ENOSPC
 *   slow           milliseconds that each write takes
 */
import fs from 'node:fs';
import { syncBuiltinESMExports } from 'node:module';
import { resolve } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';

const root = process.env.DRIVE_ROOT;
const { readOnlyFrom, pauseAt, noReplace, noSync, room, slow } = JSON.parse(process.env.DRIVE ?? '{}');
const { existsSync, writeFileSync } = fs;
let readOnly = false;
let left = room ?? Number.POSITIVE_INFINITY;

const isOn = (path) => typeof path === 'string' && resolve(path).startsWith(root);
const failure = (code, syscall, path) =>
  Object.assign(new Error(`${code}: refused, ${syscall} '${path}'`), { code, syscall, path });

/** What is wrong with a write; null where nothing is. */
function faultOf(syscall, path) {
  if (!isOn(path)) return null;
  readOnly ||= readOnlyFrom !== undefined && path.includes(readOnlyFrom);
  return readOnly ? failure('EROFS', syscall, path) : null;
}

const writes = (flags) => typeof flags === 'string' && /[wa+]/.test(flags);
const changesNothing = { open: (_, flags) => !writes(flags) };
const pauses = (path) => pauseAt !== undefined && isOn(path) && path.includes(pauseAt);

function pauseForever() {
  writeFileSync(`${root}.paused`, '');
  return new Promise(() => setInterval(() => {}, 1000));
}

for (const name of ['open', 'writeFile', 'mkdir', 'mkdtemp', 'rename', 'rm', 'rmdir', 'unlink', 'utimes']) {
  const inPromises = fs.promises[name];
  fs.promises[name] = async (path, ...rest) => {
    if (changesNothing[name]?.(path, ...rest)) return inPromises(path, ...rest);
    if (pauses(path) || (name === 'rename' && pauses(rest[0]))) await pauseForever();
    const fault = faultOf(name, path);
    if (fault) throw fault;
    if (name === 'rename' && noReplace && isOn(path) && existsSync(rest[0])) throw failure(noReplace, name, rest[0]);
    const result = await inPromises(path, ...rest);
    return name === 'open' && isOn(path) ? ofDrive(result, path) : result;
  };
  const inCallbacks = fs[name];
  fs[name] = (path, ...rest) => {
    const fault = changesNothing[name]?.(path, ...rest) ? null : faultOf(name, path);
    return fault ? process.nextTick(rest.at(-1), fault) : inCallbacks(path, ...rest);
  };
  const atOnce = fs[`${name}Sync`];
  fs[`${name}Sync`] = (path, ...rest) => {
    const fault = changesNothing[name]?.(path, ...rest) ? null : faultOf(name, path);
    if (fault) throw fault;
    if (name === 'rename' && noReplace && isOn(path) && existsSync(rest[0])) throw failure(noReplace, name, rest[0]);
    return atOnce(path, ...rest);
  };
}

function ofDrive(handle, path) {
  if (noSync) handle.sync = async () => Promise.reject(failure(noSync, 'fsync', path));
  const write = handle.write.bind(handle);
  handle.write = async (...all) => {
    const fault = faultOf('write', path);
    if (fault) throw fault;
    if (slow) await delay(slow);
    const [bytes, start = 0, length = bytes.length - start, at = null] = all;
    if (left <= 0) throw failure('ENOSPC', 'write', path);
    const taken = Math.min(length, left);
    left -= taken;
    return typeof bytes === 'string' ? write(...all) : write(bytes, start, taken, at);
  };
  return handle;
}

syncBuiltinESMExports();
