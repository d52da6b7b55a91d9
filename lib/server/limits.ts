/** What the server accepts, and how long it waits. What is beyond is refused by name, see docs/serve.md. */
export interface ServerLimits {
  /** Bytes of a request's body. */
  bodyBytes: number;
  /** Bytes of all bodies that are being read or worked on. */
  allBodyBytes: number;
  /** Texts of a request; OpenAI's limit. */
  texts: number;
  /** Characters of a text, before it is truncated to the tokens that the model reads. */
  textCharacters: number;
  /** Tokens that wait for the encoder, of all requests together. */
  queuedTokens: number;
  /** Papers of one search. */
  found: number;
  connections: number;
  /** Seconds for the headers of a request to arrive. */
  headerSeconds: number;
  /** Seconds for a whole request to arrive. */
  receiveSeconds: number;
  /** Seconds until accepted work is given up. */
  workSeconds: number;
  /** Seconds that a connection may rest between requests. */
  idleSeconds: number;
  /** Seconds that accepted work gets to finish when the server stops. */
  graceSeconds: number;
}

export const DEFAULT_LIMITS: Readonly<ServerLimits> = {
  bodyBytes: 16 * 2 ** 20,
  allBodyBytes: 256 * 2 ** 20,
  texts: 2048,
  textCharacters: 50_000,
  queuedTokens: 500_000,
  found: 100,
  connections: 1024,
  headerSeconds: 10,
  receiveSeconds: 60,
  workSeconds: 120,
  idleSeconds: 30,
  graceSeconds: 30,
};
