/** The `config.json` of a model folder, as an architecture reads it: by a schema, with errors that name the file. */
import type { z } from 'zod';
import { UserError } from '../core/errors.js';
import { checkJson } from '../files/json-file.js';

export class ConfigFile {
  constructor(
    readonly path: string,
    private readonly content: unknown,
  ) {}

  /** @throws UserError naming the first field that does not fit */
  read<T>(schema: z.ZodType<T>): T {
    return checkJson(this.path, this.content, schema, 'download the model again');
  }

  /** Says that the file is at fault, and how. */
  fail(problem: string): never {
    throw new UserError(`${this.path}: ${problem}`);
  }

  /** Of a setting that the architecture does not compute: `hidden_act = "tanh"`, `"gelu"`. */
  refuse(what: string, expected: string): never {
    return this.fail(`${what} is not supported: expected ${expected}`);
  }
}
