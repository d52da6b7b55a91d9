/** Files of the page: out of the cache that makes it work offline, else from the server and into that cache. */

export interface LoadedFile {
  /** Without compression. */
  bytes: Uint8Array;
  /** Puts the file into the cache, unless it is there, or there is no room. */
  keep(): Promise<void>;
}

/** @param heard bytes that came, as they come */
export async function loadFile(url: URL, cacheName: string, heard: (bytes: number) => void): Promise<LoadedFile> {
  const cache = await openCache(cacheName);
  const known = await cache?.match(url);
  const response = known ?? (await fetch(url));
  const name = url.pathname.split('/').at(-1);
  if (!response.ok || !response.body) throw new Error(`${name} could not be loaded (${response.status})`);
  try {
    const stored = await bytesOf(response.body, heard);
    return {
      bytes: await unzipped(stored),
      async keep() {
        // where there is no room the page works as well, with a connection
        if (!known) await cache?.put(url, new Response(stored)).catch(() => undefined);
      },
    };
  } catch (error) {
    await cache?.delete(url);
    throw new Error(`${name} is damaged, or was cut off: ${(error as Error).message}`);
  }
}

/** Browsers have caches only where the page came by HTTPS, or from this machine. */
async function openCache(name: string): Promise<Cache | null> {
  try {
    return await caches.open(name);
  } catch {
    return null;
  }
}

async function bytesOf(
  body: ReadableStream<Uint8Array>,
  heard: (bytes: number) => void,
): Promise<Uint8Array<ArrayBuffer>> {
  const chunks: Uint8Array[] = [];
  const reader = body.getReader();
  for (let { done, value } = await reader.read(); !done; { done, value } = await reader.read()) {
    chunks.push(value as Uint8Array);
    heard((value as Uint8Array).length);
  }
  const all = new Uint8Array(chunks.reduce((sum, { length }) => sum + length, 0));
  let at = 0;
  for (const chunk of chunks) {
    all.set(chunk, at);
    at += chunk.length;
  }
  return all;
}

/** Some servers take the compression off by themselves. */
async function unzipped(bytes: Uint8Array): Promise<Uint8Array> {
  const isGzip = bytes[0] === 0x1f && bytes[1] === 0x8b;
  if (!isGzip) return bytes;
  const stream = new Blob([bytes as Uint8Array<ArrayBuffer>]).stream().pipeThrough(new DecompressionStream('gzip'));
  return new Uint8Array(await new Response(stream).arrayBuffer());
}
