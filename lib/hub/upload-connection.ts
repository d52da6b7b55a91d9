/**
 * A connection to the hub for uploads: bodies of gigabytes to the storage that the hub names, and the token for the
 * endpoint alone, whatever addresses its answers hold.
 */
import { UserError } from '../core/errors.js';
import { type Connection, connection, isOffline } from './connection.js';

export interface UploadConnection extends Connection {
  accessToken: string;
}

/** Seconds until the hub has to have answered; a commit of many files takes its time. */
const API_TIMEOUT = 300;

/** @throws UserError without a token, or where HF_HUB_OFFLINE is set */
export async function uploadConnection(signal: AbortSignal | undefined): Promise<UploadConnection> {
  if (isOffline()) throw new UserError('HF_HUB_OFFLINE is set: unset it to push a model');
  const { accessToken, hubUrl, patience } = await connection(signal);
  if (!accessToken) {
    throw new UserError(
      'no token for the hub: set HF_TOKEN to one that can write (https://huggingface.co/settings/tokens)',
    );
  }
  return { hubUrl, accessToken, signal, patience, fetch: uploadFetch(hubUrl, signal) };
}

function uploadFetch(hubUrl: string, signal: AbortSignal | undefined): typeof fetch {
  const { origin } = new URL(hubUrl);
  return (input, init) => {
    const url = new URL(input instanceof Request ? input.url : String(input));
    const headers = new Headers(input instanceof Request ? input.headers : undefined);
    for (const [name, value] of new Headers(init?.headers)) headers.set(name, value);
    const isHub = url.origin === origin;
    if (!isHub) headers.delete('authorization');
    const signals = [signal, init?.signal ?? undefined, isHub ? AbortSignal.timeout(1000 * API_TIMEOUT) : undefined];
    return fetch(url, {
      ...init,
      headers,
      signal: AbortSignal.any(signals.filter((one) => one !== undefined)),
    });
  };
}
