/**
 * Hard negatives in training: documents that a system ranks near a query's own but that are not it (Xiong et al., 2021,
 * arXiv:2007.00808). They are mined by retrieval/hard-negatives into a file of one JSON object a line,
 *
 *   {"query": id, "own": {"score", "rank"} or null, "negatives": [{"id", "score", "rank"}, ...]}
 *
 * and join the documents of a batch: InfoNCE takes documents after the first Q as negatives of all queries.
 */

import { createHash } from 'node:crypto';
import { access } from 'node:fs/promises';
import { z } from 'zod';
import { UserError } from '../core/errors.js';
import { quantity } from '../core/quantity.js';
import { Random } from '../core/random.js';
import { textKey } from '../datasets/text-key.js';
import { jsonObjectOf } from '../files/json.js';
import { textLines } from '../files/text-lines.js';

const foundSchema = z.object({ score: z.number(), rank: z.number().int().min(1) });
const lineSchema = z.object({
  query: z.string().min(1),
  /** Where the query's own document was found; null: not among the first. */
  own: foundSchema.nullable(),
  negatives: z.array(foundSchema.extend({ id: z.string().min(1) })),
});

/** The negatives of one query, hardest first. */
export type HardNegatives = z.infer<typeof lineSchema>;

export interface HardNegativesFile {
  byQuery: Map<string, HardNegatives>;
  /** Of the file's lines: a training resumes with the same negatives only. */
  contentHash: string;
}

/** Whether a line is one of such a file. */
export function isHardNegatives(text: string): boolean {
  return lineSchema.safeParse(jsonObjectOf(text)).success;
}

/** @throws UserError if the file is missing, empty, or has a line that is no such object */
export async function readHardNegatives(file: string): Promise<HardNegativesFile> {
  await access(file).catch((error: NodeJS.ErrnoException) => {
    throw new UserError(
      `training.hardNegatives.file = "${file}" cannot be read (${error.code}): make it with "llm-embedding mine"`,
    );
  });
  const byQuery = new Map<string, HardNegatives>();
  const hash = createHash('sha256');
  for await (const { text, line } of textLines(file)) {
    hash.update(`${text}\n`);
    const object = jsonObjectOf(text);
    if (typeof object === 'string') throw new UserError(`"${file}" line ${line}: ${object}; mine the file again`);
    const parsed = lineSchema.safeParse(object);
    if (!parsed.success) {
      const { path, message } = parsed.error.issues[0] as z.core.$ZodIssue;
      throw new UserError(`"${file}" line ${line}: ${path.join('.') || 'the line'}: ${message}; mine the file again`);
    }
    if (byQuery.has(parsed.data.query)) {
      throw new UserError(`"${file}" line ${line}: query "${parsed.data.query}" occurs twice: mine the file again`);
    }
    byQuery.set(parsed.data.query, parsed.data);
  }
  if (byQuery.size === 0) throw new UserError(`"${file}" has no negatives: expected one JSON object a line`);
  return { byQuery, contentHash: hash.digest('hex') };
}

/** What is known of a paper that pairs and negatives are made of. */
export interface NegativePaper {
  id: string;
  title: string;
  abstract: string;
}

/** The hard negatives of a batch. */
export interface SampledNegatives {
  /** Places in `papers` of those that join its documents: none twice, none that is a document of the batch or has its text. */
  places: number[];
  /** For each pair, its negatives as places among the documents of the batch, those of `places` behind its own. */
  lists: number[][];
}

/**
 * @param papers those trained on, in the order that batches index
 * @param perPair negatives a pair and batch, drawn from its list anew in each epoch
 * @param alone the lists are all that the loss takes, so that a document of the batch counts as one of `perPair`
 * @returns draws the negatives of a batch
 * @throws UserError if the file names papers that are not trained on, such as those of the test split
 */
export function hardNegativeSampler(
  papers: readonly NegativePaper[],
  { byQuery }: HardNegativesFile,
  { perPair, seed, alone = false }: { perPair: number; seed: number; alone?: boolean },
): (pairs: readonly number[], epoch: number) => SampledNegatives {
  const placeOf = new Map(papers.map(({ id }, place) => [id, place]));
  const lists = papers.map(({ id }) =>
    (byQuery.get(id)?.negatives ?? []).map((negative) => {
      const place = placeOf.get(negative.id);
      if (place === undefined) {
        throw new UserError(
          `the hard negative "${negative.id}" of "${id}" is not among the ${quantity(papers.length, 'papers')} trained on: mine the negatives again, with the settings of this training`,
        );
      }
      return place;
    }),
  );
  if (lists.every((list) => list.length === 0)) {
    throw new UserError('no paper that is trained on has a hard negative: mine them with the data of this training');
  }
  const titles = papers.map(({ title }) => textKey(title));
  const abstracts = papers.map(({ abstract }) => textKey(abstract));
  return (pairs, epoch) => {
    // where a text stands among the documents; its title tells the same paper under another id
    const atTitle = new Map(pairs.map((place, i) => [titles[place], i]));
    const atAbstract = new Map(pairs.map((place, i) => [abstracts[place], i]));
    const places: number[] = [];
    const drawn = pairs.map((pair, own): number[] => {
      const list = new Random(seed, 'hard negatives', epoch, papers[pair]?.id ?? '').shuffle(lists[pair] ?? []);
      const negatives = new Set<number>();
      let taken = 0;
      for (const place of list) {
        if (taken === perPair) break;
        const [title, abstract] = [titles[place], abstracts[place]];
        const there = atAbstract.get(abstract) ?? atTitle.get(title);
        if (there !== undefined) {
          if (there === own || negatives.has(there)) continue;
          negatives.add(there);
          if (alone) taken++;
          continue;
        }
        const behind = pairs.length + places.length;
        atTitle.set(title, behind);
        atAbstract.set(abstract, behind);
        places.push(place);
        negatives.add(behind);
        taken++;
      }
      return [...negatives];
    });
    return { places, lists: drawn };
  };
}
