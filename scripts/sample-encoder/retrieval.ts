/**
 * How well a bag of token vectors finds an abstract by its title: the quality of an encoder whose layers pass their
 * input through, computed without an engine.
 */

/** One token a row, [tokens, width], row-major; the vector of a text is the sum over its tokens. */
export interface TokenTable {
  values: Float32Array | Float64Array;
  width: number;
}

export interface RetrievalQuality {
  /** Share of the titles whose own abstract comes first. */
  hitAt1: number;
  /** Mean reciprocal rank of the own abstract, 0 beyond rank 10. */
  mrrAt10: number;
}

/**
 * Every title against all abstracts, by cosine. Ties count against the title.
 *
 * @param titles, abstracts token ids; title i belongs to abstract i
 */
export function measureRetrieval(
  table: TokenTable,
  titles: ArrayLike<number>[],
  abstracts: ArrayLike<number>[],
): RetrievalQuality {
  const queries = titles.map((ids) => textVector(table, ids));
  const documents = abstracts.map((ids) => textVector(table, ids));
  let hits = 0;
  let reciprocalRanks = 0;
  queries.forEach((query, own) => {
    const ownScore = dot(query, documents[own]!);
    let rank = 1;
    documents.forEach((document, other) => {
      if (other !== own && dot(query, document) >= ownScore) rank++;
    });
    if (rank === 1) hits++;
    if (rank <= 10) reciprocalRanks += 1 / rank;
  });
  return { hitAt1: hits / queries.length, mrrAt10: reciprocalRanks / queries.length };
}

/** Sum of the token vectors, scaled to length 1. */
export function textVector({ values, width }: TokenTable, ids: ArrayLike<number>): Float64Array {
  const out = new Float64Array(width);
  for (let i = 0; i < ids.length; i++) {
    const from = ids[i]! * width;
    for (let j = 0; j < width; j++) out[j]! += values[from + j]!;
  }
  const norm = Math.sqrt(dot(out, out)) || 1;
  return out.map((value) => value / norm);
}

function dot(a: Float64Array, b: Float64Array): number {
  let sum = 0;
  for (let j = 0; j < a.length; j++) sum += a[j]! * b[j]!;
  return sum;
}
