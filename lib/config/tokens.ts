/** Step 2: where texts are truncated. */
import { z } from 'zod';
import { count } from './numbers.js';

export const tokensSchema = z.strictObject({
  maxTitleTokens: count().max(32768).default(64).describe('tokens; p99 of arXiv titles is about 40'),
  maxAbstractTokens: count().max(32768).default(512).describe('tokens; p99 of arXiv abstracts is 421 Qwen2.5 tokens'),
});
