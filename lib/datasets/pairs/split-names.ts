/** The names that data sets give to the sides of a split. */
import type { Split } from '../paper.js';

const NAMES: Record<string, Split> = {
  train: 'train',
  training: 'train',
  validation: 'validation',
  valid: 'validation',
  val: 'validation',
  dev: 'validation',
  test: 'test',
  testing: 'test',
};

/** The side that a value of a column means; null for another word. */
export function splitOfName(name: string): Split | null {
  const key = name.trim().toLowerCase();
  return Object.hasOwn(NAMES, key) ? (NAMES[key] as Split) : null;
}

/** The side that a file's name or its folder's tells: "train-00000-of-00001.parquet", "qrels/dev.tsv"; null: none. */
export function splitOfPath(path: string): Split | null {
  for (const part of path.split(/[\\/]/).reverse()) {
    const word = /^[a-z]+/i.exec(part)?.[0];
    const side = word === undefined ? null : splitOfName(word);
    if (side !== null) return side;
  }
  return null;
}
