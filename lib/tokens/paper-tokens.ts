/** Token ids of papers by their ids, limits applied: in memory, or read from a file when they are asked for. */
import type { TokenFile } from './token-file.js';
import type { TokenizedPaper } from './token-statistics.js';

/** A Map is one. */
export interface PaperTokens {
  readonly size: number;
  /** Of the paper with that id; undefined where there is none. */
  get(id: string): TokenizedPaper | undefined;
}

/** @param truncated applies the limits */
export function tokensInFile(
  ids: readonly { id: string }[],
  file: TokenFile,
  truncated: (tokens: TokenizedPaper) => TokenizedPaper,
): PaperTokens {
  const places = new Map<string, number>();
  ids.forEach(({ id }, place) => {
    places.set(id, place);
  });
  return {
    size: places.size,
    get(id) {
      const place = places.get(id);
      return place === undefined ? undefined : truncated(file.paper(place));
    },
  };
}
