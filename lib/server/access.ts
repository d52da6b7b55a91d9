/**
 * Who may ask. Without a key only programs of this machine, by a name of this machine: a page elsewhere whose name suddenly
 * means 127.0.0.1 (DNS rebinding) comes with its own name in the Host header. With a key, whoever has it.
 */
import { createHash, timingSafeEqual } from 'node:crypto';
import { readFile } from 'node:fs/promises';
import { isIP } from 'node:net';
import { UserError } from '../core/errors.js';
import { ApiError } from './api-error.js';

export interface AccessOptions {
  /** The address that is bound. */
  host: string;
  /** Any of them opens the server; none: no key is asked for. */
  keys: readonly string[];
  /** Further names of this machine for the Host header. */
  hostNames?: readonly string[];
}

const SHORTEST_KEY = 16;
/** The environment's place for the key. */
export const KEY_VARIABLE = 'LLM_EMBEDDING_API_KEY';

/**
 * The keys of a file, one a line, or that of the environment; none where neither is there.
 *
 * @throws UserError for a file without a key, or a key that is easily guessed or cannot be sent
 */
export async function readKeys(file: string | undefined): Promise<string[]> {
  const fromEnvironment = process.env[KEY_VARIABLE];
  if (file === undefined && fromEnvironment === undefined) return [];
  let text = fromEnvironment ?? '';
  if (file !== undefined) {
    text = await readFile(file, 'utf8').catch((error: NodeJS.ErrnoException) => {
      throw new UserError(`the key file ${file} cannot be read (${error.code}): check its path and permissions`);
    });
  }
  const keys = text
    .split(/\r?\n/)
    .map((line) => line.trim())
    .filter((line) => line !== '');
  const source = file ?? KEY_VARIABLE;
  if (keys.length === 0)
    throw new UserError(`${source} holds no key: write one of at least ${SHORTEST_KEY} characters`);
  if (keys.some((key) => key.length < SHORTEST_KEY || !/^[\x21-\x7e]+$/.test(key))) {
    throw new UserError(
      `a key in ${source} is too short or holds other than ASCII: expected at least ${SHORTEST_KEY} characters, as "openssl rand -hex 32" prints`,
    );
  }
  return keys;
}

/** @throws UserError for an address that others reach, without a key */
export function checkBinding({ host, keys }: AccessOptions): void {
  if (keys.length > 0 || isLoopback(host)) return;
  throw new UserError(
    `--host ${host} lets other machines ask, and there is no key: set ${KEY_VARIABLE} or give --api-key-file, or leave out --host`,
  );
}

/** @returns a check of each request's headers, which throws ApiError 401 or 403 */
export function accessCheck({
  host,
  keys,
  hostNames = [],
}: AccessOptions): (headers: Headers, isPage: boolean) => void {
  const digests = keys.map(digest);
  const own = new Set(['localhost', host.toLowerCase(), ...hostNames.map((name) => name.toLowerCase())]);
  return (headers, isPage) => {
    if (digests.length === 0) {
      const name = hostName(headers.get('host') ?? '');
      if (own.has(name) || isLoopback(name)) return;
      throw new ApiError(403, 'the Host header does not name this machine: ask 127.0.0.1, or start with --allow-host');
    }
    const given = givenKey(headers.get('authorization') ?? '');
    // all are compared, in the same time whatever they are
    const matches = digests.filter((one) => timingSafeEqual(one, digest(given)));
    if (given !== '' && matches.length > 0) return;
    throw new ApiError(401, 'the key is missing or wrong: send it as "Authorization: Bearer KEY"', {
      code: 'invalid_api_key',
      headers: { 'www-authenticate': isPage ? 'Basic realm="llm-embedding", charset="UTF-8"' : 'Bearer' },
    });
  };
}

/** 127.0.0.1 and its like, ::1, localhost. */
export function isLoopback(host: string): boolean {
  const name = host.replace(/^\[|\]$/g, '').toLowerCase();
  return name === 'localhost' || name === '::1' || (isIP(name) === 4 && name.startsWith('127.'));
}

/** The name without its port. */
function hostName(header: string): string {
  return (/^(\[[^\]]*\]|[^:]*)(?::\d{1,5})?$/.exec(header)?.[1] ?? '').toLowerCase();
}

/** Programs send a bearer; browsers ask for a password, of any user. */
function givenKey(header: string): string {
  const [, scheme = '', value = ''] = /^(bearer|basic) +(\S+)$/i.exec(header) ?? [];
  if (scheme.toLowerCase() !== 'basic') return value;
  return Buffer.from(value, 'base64')
    .toString('utf8')
    .replace(/^[^:]*:/, '');
}

function digest(text: string): Buffer {
  return createHash('sha256').update(text).digest();
}
