/** How an encoder is used: what its folder says, where the settings say nothing. */
import { UserError } from '../../core/errors.js';
import type { PoolingName } from '../pooling.js';
import type { SentenceConfig, TextKind } from './sentence-config.js';

/** Settings that win over the folder's; "auto" and null leave the choice to it. */
export interface SentenceSettings {
  pooling: PoolingName | 'auto';
  queryPrompt: string | null;
  documentPrompt: string | null;
  maxTokens: number | null;
  similarity: 'auto' | 'cosine';
}

export interface SentenceUse {
  pooling: PoolingName;
  /** Put before each text of a kind; may be empty. */
  prompts: Readonly<Record<TextKind, string>>;
  /** Longer texts are truncated; null: only as the positions of the model ask for. */
  maxTokens: number | null;
  /** Whether texts are put into lower case first. */
  lowerCase: boolean;
}

/** A folder that says nothing of its use. */
export const PLAIN_TRANSFORMER: SentenceConfig = {
  described: false,
  pooling: 'mean',
  includePrompt: true,
  dense: [],
  normalize: false,
  prompts: { query: '', document: '' },
  defaultPrompt: '',
  namedPrompts: {},
  maxTokens: null,
  lowerCase: false,
  similarity: 'cosine',
};

/** @throws UserError where the model is compared by what nothing here ranks by, or leaves prompts out of its pooling */
export function sentenceUse(settings: SentenceSettings, sentence: SentenceConfig): SentenceUse {
  const { prompts, similarity, normalize, includePrompt } = sentence;
  // of vectors of length 1, the dot product is the cosine and the distance ranks alike
  const ranksByCosine = similarity === 'cosine' || (normalize && similarity !== 'manhattan');
  if (!ranksByCosine && settings.similarity === 'auto') {
    throw new UserError(
      `the model was trained for the similarity "${similarity}" of vectors of any length, and vectors are compared by cosine here: set encoder.similarity=cosine to use it so all the same`,
    );
  }
  const used = {
    query: settings.queryPrompt ?? prompts.query,
    document: settings.documentPrompt ?? prompts.document,
  };
  if (!includePrompt && (used.query !== '' || used.document !== '')) {
    throw new UserError(
      'the model leaves prompts out of its pooling (include_prompt = false), which is not supported: set encoder.queryPrompt and encoder.documentPrompt to empty texts to use it without prompts',
    );
  }
  return {
    pooling: settings.pooling === 'auto' ? sentence.pooling : settings.pooling,
    prompts: used,
    maxTokens: settings.maxTokens ?? sentence.maxTokens,
    lowerCase: sentence.lowerCase,
  };
}

/** The smaller of a limit and that of the model. */
export function limitTokens(limit: number, { maxTokens }: SentenceUse): number {
  return maxTokens === null ? limit : Math.min(limit, maxTokens);
}

/** A text as the tokenizer gets it. */
export function preparedText(text: string, prompt: string, lowerCase: boolean): string {
  const prompted = prompt + text;
  return lowerCase ? prompted.toLowerCase() : prompted;
}
