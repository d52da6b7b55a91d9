/**
 * A thread that tokenizes: loads the tokenizer once, then answers chunks of texts with their ids, all ids of a chunk
 * in one transferred buffer.
 */
import { parentPort, workerData } from 'node:worker_threads';
import { loadTokenizer, type Tokenizer } from './tokenizer.js';

/** What the thread is started with. */
export interface TokenizeWorkerData {
  folder: string;
  maxLength: number | undefined;
}

/** A chunk of work. */
export interface TokenizeRequest {
  chunk: number;
  texts: string[];
}

/** `ids` of all texts of the chunk, one after the other, and how many belong to each; or why there are none. */
export type TokenizeReply =
  | { chunk: number; ids: Int32Array; lengths: number[] }
  | { chunk: number; error: { message: string; isUserError: boolean } };

const port = parentPort;
if (port) {
  const { folder, maxLength } = workerData as TokenizeWorkerData;
  let tokenizer: Promise<Tokenizer> | undefined;
  port.on('message', async ({ chunk, texts }: TokenizeRequest) => {
    try {
      tokenizer ??= loadTokenizer(folder);
      const { encode } = await tokenizer;
      const rows = texts.map((text) => encode(text, maxLength));
      const lengths = rows.map((row) => row.length);
      const ids = new Int32Array(lengths.reduce((sum, length) => sum + length, 0));
      let offset = 0;
      for (const row of rows) {
        ids.set(row, offset);
        offset += row.length;
      }
      const reply: TokenizeReply = { chunk, ids, lengths };
      port.postMessage(reply, [ids.buffer]);
    } catch (error) {
      const { name, message } = error as Error;
      const reply: TokenizeReply = { chunk, error: { message, isUserError: name === 'UserError' } };
      port.postMessage(reply);
    }
  });
}
