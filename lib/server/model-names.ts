/**
 * Names under which the model is served. Clients that cannot send `input_type` choose the side of a search by the name:
 * "NAME:query" and "NAME:document".
 */
import type { TextRole } from '../pipeline/text-encoder.js';
import { ApiError, badRequest } from './api-error.js';

export interface ServedModel {
  /** The first is the one that answers have. */
  names: readonly [string, ...string[]];
  dimensions: number;
  /** Seconds since 1970. */
  created: number;
}

const ROLES: readonly TextRole[] = ['text', 'query', 'document'];

/** As `/v1/models` lists it. */
export interface ModelEntry {
  id: string;
  object: 'model';
  created: number;
  owned_by: string;
}

/** Every name, with and without a role. */
export function modelEntries({ names, created }: ServedModel): ModelEntry[] {
  return names.flatMap((name) =>
    ROLES.map((role) => ({
      id: role === 'text' ? name : `${name}:${role}`,
      object: 'model' as const,
      created,
      owned_by: 'llm-embedding',
    })),
  );
}

/** What a model's name says of the texts. @throws ApiError 404 for a model that is not served */
export function servedRole(model: ServedModel, asked: unknown): TextRole {
  if (asked === undefined) return 'text';
  if (typeof asked !== 'string') throw badRequest('model: expected the name of a model', 'model');
  for (const name of model.names) {
    const role = ROLES.find((one) => asked === (one === 'text' ? name : `${name}:${one}`));
    if (role) return role;
  }
  const shown = JSON.stringify(asked.slice(0, 80));
  throw new ApiError(404, `the model ${shown} is not served here: expected ${model.names.join(' or ')}`, {
    code: 'model_not_found',
    param: 'model',
  });
}
