/** Which database an address means. */
import { UserError } from '../../core/errors.js';
import { openLanceDb } from './lancedb.js';
import type { VectorDatabase } from './vector-database.js';

const DATABASES: Readonly<Record<string, (place: string, table: string) => Promise<VectorDatabase>>> = {
  lancedb: openLanceDb,
};

/**
 * @param address "lancedb:FOLDER", or a URI that the database knows, such as "lancedb:s3://bucket/path"
 * @throws UserError for another database, or one whose package is not installed
 */
export async function openVectorDatabase(address: string, table: string): Promise<VectorDatabase> {
  const colon = address.indexOf(':');
  const open = colon > 0 ? DATABASES[address.slice(0, colon)] : undefined;
  const place = address.slice(colon + 1);
  if (!open || place === '') {
    const known = Object.keys(DATABASES).map((name) => `${name}:FOLDER`);
    throw new UserError(`store "${address}": expected ${known.join(' or ')}`);
  }
  if (!/^[A-Za-z0-9_.-]+$/.test(table))
    throw new UserError(`table "${table}": expected letters, digits, "_", "-" and "."`);
  return open(place, table);
}
