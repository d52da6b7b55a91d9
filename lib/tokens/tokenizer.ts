/** The tokenizer of a model folder, from its tokenizer.json. */
import { join } from 'node:path';
import { UserError } from '../core/errors.js';
import { isThere } from '../files/is-there.js';
import { readJsonValue } from '../files/json-file.js';
import { type Tokenizer, type TokenizerSettings, tokenizerOf } from './described-tokenizer.js';
import { type TimeLimit, timeLimit } from './time-limit.js';
import { checkTokenizerDescription } from './tokenizer-description.js';

export type { Tokenizer, TokenPiece } from './described-tokenizer.js';

/**
 * Loads the tokenizer of a model folder; nothing is read from the network.
 *
 * @throws UserError when tokenizer.json is missing, isn't JSON, or describes a tokenizer that isn't supported
 */
export async function loadTokenizer(folder: string): Promise<Tokenizer> {
  const description = await readTokenizerDescription(folder);
  const settings = ((await readJson(join(folder, 'tokenizer_config.json'))) ?? {}) as TokenizerSettings;
  const path = join(folder, 'tokenizer.json');
  const limit = timeLimit(path, description);
  try {
    return tokenizerOf(description, settings, limit);
  } catch (error) {
    if (error instanceof UserError) throw error;
    // what JavaScript says of a part that is not as expected tells nobody anything
    const { message } = error as Error;
    const reason = error instanceof TypeError ? 'a part of it has another form than the format says' : message;
    throw new UserError(`${path} isn't a tokenizer that can be used: ${reason}`);
  }
}

/** The time limit for whoever tokenizes with the same file by other means. @throws UserError as {@link loadTokenizer} */
export async function tokenizerTimeLimit(folder: string): Promise<TimeLimit> {
  return timeLimit(join(folder, 'tokenizer.json'), await readTokenizerDescription(folder));
}

async function readTokenizerDescription(folder: string): Promise<object> {
  const path = join(folder, 'tokenizer.json');
  const description = await readJson(path);
  if (description === null) {
    const fix = `save it with Python's AutoTokenizer.from_pretrained(FOLDER).save_pretrained(FOLDER)`;
    const older = (await isThere(join(folder, 'vocab.json'))) ? ' (vocab.json alone is the older form)' : '';
    throw new UserError(`no tokenizer.json in ${folder}${older}: expected the file of a fast tokenizer; ${fix}`);
  }
  checkTokenizerDescription(path, description);
  return description;
}

/** Null when there is no such file. */
async function readJson(path: string): Promise<object | null> {
  if (!(await isThere(path))) return null;
  const value = await readJsonValue(path, 'copy or download it again');
  if (typeof value === 'object' && value !== null) return value;
  throw new UserError(`${path} isn't a JSON object: the file is damaged; copy or download it again`);
}
