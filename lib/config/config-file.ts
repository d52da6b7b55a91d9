/** A file of settings, any part of a configuration, as JSON. */
import { UserError } from '../core/errors.js';
import { jsonProblem, parseJson } from '../files/json.js';
import { readText } from '../files/json-file.js';

/**
 * Settings from a JSON file, for `resolveConfig`; they are checked there.
 *
 * @throws UserError if the file is missing, or is not JSON
 */
export async function readConfigFile(path: string): Promise<unknown> {
  const text = await readText(path);
  try {
    return parseJson(text);
  } catch (error) {
    throw new UserError(`${path} can't be read as JSON: ${jsonProblem(error)}; expected an object of settings`);
  }
}
