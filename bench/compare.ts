/**
 * `npm run bench:compare -- [EARLIER.json [LATER.json]]`: what changed between two results of the benchmark; without
 * names, the two latest of bench/results/. Times are comparable on one machine; ratios are on similar ones.
 */
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { textTable } from '../lib/display/terminal/text-table.js';
import type { BenchmarkResults } from './results.js';

const folder = fileURLToPath(new URL('../../bench/results/', import.meta.url));

function latest(): string[] {
  const files = readdirSync(folder).filter((name) => name.endsWith('.json'));
  return files.sort().map((name) => join(folder, name));
}

/** Everything that was measured, by a name of its own. */
function quantities(results: BenchmarkResults): Map<string, number> {
  const found = new Map<string, number>();
  for (const { shape, rows } of results.shapes) {
    for (const row of rows) {
      found.set(`(${shape}) ${row.name}: seconds`, row.median);
      found.set(`(${shape}) ${row.name}: peak GB`, row.peakBytes / 1e9);
      if (row !== rows[0]) found.set(`(${shape}) ${row.name}: times`, row.ratio);
    }
  }
  for (const { axis, value, note, seconds } of results.growth?.points ?? []) {
    found.set(`${axis} ${value}, ${note}: seconds`, seconds);
  }
  for (const { pairs, work, ratio } of results.growth?.gradCache ?? []) {
    found.set(`${pairs} pairs, ${work}: times`, ratio);
  }
  for (const row of results.epoch?.rows ?? []) {
    found.set(`epoch, ${row.name}: seconds`, row.median);
    found.set(`epoch, ${row.name}: peak GB`, row.peakBytes / 1e9);
    found.set(`epoch, ${row.name}: times`, row.ratio);
  }
  return found;
}

const given = process.argv.slice(2);
const files = given.length === 2 ? given : given.length === 1 ? [given[0]!, latest().at(-1)!] : latest().slice(-2);
if (files.length < 2) {
  console.error(`two results are needed, ${folder} has ${files.length}: run npm run bench, or name two files`);
  process.exitCode = 2;
} else {
  const [earlier, later] = files.map((file) => JSON.parse(readFileSync(file, 'utf8')) as BenchmarkResults);
  for (const results of [earlier!, later!]) {
    console.log(`${results.started}: ${Object.values(results.environment).join(', ')}`);
  }
  const before = quantities(earlier!);
  const rows = [...quantities(later!)].flatMap(([name, now]) => {
    const then = before.get(name);
    return then === undefined
      ? []
      : [[name, then.toFixed(3), now.toFixed(3), `${((now / then - 1) * 100).toFixed(1)} %`]];
  });
  console.log(
    `\n${textTable(['', { name: 'earlier', align: 'right' }, { name: 'later', align: 'right' }, { name: 'change', align: 'right' }], rows)}`,
  );
}
