/**
 * `npm run setup`: makes the native parts work that `npm ci` leaves unbuilt, as far as this machine can have them.
 * Quick and silent when all is in place, and never fails its caller: without FAISS an exact index on the engine's
 * matrix product gives the same results.
 *
 *   node scripts/setup.mjs            build what is missing
 *   node scripts/setup.mjs --force    try again although an earlier attempt failed
 *
 * Environment: CXX (compiler), FAISS_CXXFLAGS and FAISS_LDFLAGS (where libfaiss is, when not in the usual place),
 * LLM_EMBEDDING_PREBUILT=0 (do not look for the package's prebuilt binary).
 */
import { setUpFaiss } from './setup/faiss.mjs';

try {
  await setUpFaiss({ force: process.argv.includes('--force'), say: (line) => console.error(line) });
} catch (error) {
  const reason = error instanceof Error ? error.message : String(error);
  console.error(`setup: FAISS is not available (${reason.split('\n')[0]}); exact search on the engine takes its place`);
}
