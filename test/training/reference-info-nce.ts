/**
 * InfoNCE a second time, in float64 with plain loops: the loss as its definition reads, and its gradient by the chain
 * rule written out.
 */
export interface ReferenceLoss {
  loss: number;
  /** Rows as given. */
  queryGradient: Float64Array[];
  documentGradient: Float64Array[];
  /** Pairs left out as false negatives. */
  masked: number;
}

type Row = ArrayLike<number>;

/**
 * @param queries Q rows  @param documents M rows, the first Q belonging to the queries
 * @param margin leaves out a document whose cosine with a query exceeds that of its own by more
 * @param lists of each query, places of the documents that alone stand against its own; without any a query has no share
 * @param relevant to each query, places of documents that stand against nothing
 */
export function referenceInfoNce(
  queries: Row[],
  documents: Row[],
  {
    temperature,
    symmetric: both,
    margin = null,
    lists,
    relevant,
  }: { temperature: number; symmetric: boolean; margin?: number | null; lists?: number[][]; relevant?: number[][] },
): ReferenceLoss {
  const cosines = queries.map((query) =>
    documents.map((document) => dot(query, document) / (norm(query) * norm(document))),
  );
  const symmetric = both && !lists;
  const isListed = (i: number, j: number): boolean => !lists || j === i || lists[i]!.includes(j);
  const isRelevant = (i: number, j: number): boolean => j !== i && isListed(i, j) && !!relevant?.[i]?.includes(j);
  const isFalse = (i: number, j: number): boolean =>
    margin !== null && j !== i && isListed(i, j) && cosines[i]![j]! > cosines[i]![i]! + margin;
  const left = cosines.map((line, i) => line.map((_, j) => isRelevant(i, j) || isFalse(i, j)));
  const out = cosines.map((line, i) => line.map((_, j) => !isListed(i, j) || left[i]![j]!));
  const learning = queries.map((_, i) => !lists || lists[i]!.length > 0);
  const count = learning.filter(Boolean).length;
  const score = (i: number, j: number): number =>
    out[i]?.[j] ? Number.NEGATIVE_INFINITY : cosines[i]![j]! / temperature;

  // gradient of the loss by each cosine: (probability - target) / (count * temperature)
  const byCosine = cosines.map((line) => line.map(() => 0));
  let loss = 0;
  const share = symmetric ? 0.5 : 1;
  queries.forEach((_, i) => {
    if (!learning[i]) return;
    const probabilities = softmax(documents.map((__, j) => score(i, j)));
    loss -= (share * Math.log(probabilities[i]!)) / count;
    probabilities.forEach((p, j) => {
      byCosine[i]![j]! += (share * (p - (i === j ? 1 : 0))) / (count * temperature);
    });
  });
  if (symmetric) {
    queries.forEach((_, j) => {
      const probabilities = softmax(queries.map((__, i) => score(i, j)));
      loss -= (share * Math.log(probabilities[j]!)) / count;
      probabilities.forEach((p, i) => {
        byCosine[i]![j]! += (share * (p - (i === j ? 1 : 0))) / (count * temperature);
      });
    });
  }

  const queryGradient = queries.map((query) => new Float64Array(query.length));
  const documentGradient = documents.map((document) => new Float64Array(document.length));
  cosines.forEach((line, i) => {
    line.forEach((cosine, j) => {
      const [q, d] = [queries[i]!, documents[j]!];
      for (let k = 0; k < q.length; k++) {
        const [u, v] = [q[k]! / norm(q), d[k]! / norm(d)];
        queryGradient[i]![k]! += (byCosine[i]![j]! * (v - cosine * u)) / norm(q);
        documentGradient[j]![k]! += (byCosine[i]![j]! * (u - cosine * v)) / norm(d);
      }
    });
  });
  return { loss, queryGradient, documentGradient, masked: left.flat().filter(Boolean).length };
}

function softmax(scores: number[]): number[] {
  const highest = Math.max(...scores);
  const exponentials = scores.map((score) => Math.exp(score - highest));
  const sum = exponentials.reduce((total, value) => total + value, 0);
  return exponentials.map((value) => value / sum);
}

function dot(a: Row, b: Row): number {
  let sum = 0;
  for (let i = 0; i < a.length; i++) sum += a[i]! * b[i]!;
  return sum;
}

function norm(x: Row): number {
  return Math.sqrt(dot(x, x));
}
