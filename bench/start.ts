/**
 * `npm run bench`: the traced engine beside others on the CPU (index.ts), or with `--engine` one engine of this project
 * by the size of its micro-batches, as `npm run bench:gpu` (gpu.ts).
 */
if (process.argv.some((argument) => /^--engine(=|$)/.test(argument))) await import('./gpu.js');
else await import('./index.js');

export {};
