#!/usr/bin/env node
// The command `llm-embedding`: starts the compiled command line, or says how to compile it.
import { existsSync } from 'node:fs';

const main = new URL('../dist/cli/main.js', import.meta.url);
if (!existsSync(main)) {
  console.error('llm-embedding: not built yet. Run `npm run build` in the project folder.');
  process.exit(1);
}
const { main: run } = await import(main.href);
await run(process.argv);
