/**
 * Keeps the page for use without a connection. Files below the folder of a version never change and come from the cache; the
 * page itself comes from the server where that answers, so that a new export is seen.
 */

import { cacheName, cachePrefix } from './cache-name.js';

interface Site {
  version: string;
  /** Relative to this script. */
  files: string[];
}

/** Put before this script by the export. */
declare const SITE: Site;

/** What TypeScript's library for pages does not have. */
interface WaitingEvent extends Event {
  waitUntil(work: Promise<unknown>): void;
}
interface RequestEvent extends Event {
  readonly request: Request;
  respondWith(response: Promise<Response>): void;
}
interface ServiceWorkerScope {
  skipWaiting(): Promise<void>;
  readonly clients: { claim(): Promise<void> };
}
const scope = self as unknown as ServiceWorkerScope;
const folder = new URL('./', location.href);
const CACHE = cacheName(folder, SITE.version);

addEventListener('install', (event) => {
  (event as WaitingEvent).waitUntil(fill().then(() => scope.skipWaiting()));
});

addEventListener('activate', (event) => {
  (event as WaitingEvent).waitUntil(dropOthers().then(() => scope.clients.claim()));
});

addEventListener('fetch', (event) => {
  const { request } = event as RequestEvent;
  const isOwn = request.url.startsWith(folder.href);
  if (request.method !== 'GET' || !isOwn) return;
  (event as RequestEvent).respondWith(request.mode === 'navigate' ? page(request) : file(request));
});

/** The large files are there already: the page put them there as they came. */
async function fill(): Promise<void> {
  const cache = await caches.open(CACHE);
  await Promise.all(
    SITE.files.map(async (name) => {
      const url = new URL(name, folder);
      if (name.includes('/') && (await cache.match(url))) return;
      await cache.add(new Request(url, { cache: name.includes('/') ? 'default' : 'no-cache' }));
    }),
  );
}

async function dropOthers(): Promise<void> {
  const names = await caches.keys();
  await Promise.all(
    names.filter((name) => name.startsWith(cachePrefix(folder)) && name !== CACHE).map((name) => caches.delete(name)),
  );
}

async function page(request: Request): Promise<Response> {
  try {
    const response = await fetch(request);
    if (response.ok) return response;
  } catch {
    // there is no connection
  }
  return (await caches.match(folder, { ignoreSearch: true })) ?? Response.error();
}

async function file(request: Request): Promise<Response> {
  return (await caches.match(request)) ?? fetch(request);
}
