/** The device has no room for what was asked: less at once may fit. */
import { WorkError } from '../core/errors.js';

export class OutOfMemory extends WorkError {
  override name = 'OutOfMemory';
}
