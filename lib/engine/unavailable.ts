/** An engine that this machine cannot load: where it was not asked for by name, another takes its place. */
import { UserError } from '../core/errors.js';

export class EngineUnavailable extends UserError {
  override name = 'EngineUnavailable';
}
