/** Names of caches: sites of one origin, such as those of one user on GitHub Pages, share their store. */

/** What the names of all caches of a site begin with. @param folder that the site lies in, of its address */
export function cachePrefix(folder: URL): string {
  return `llm-embedding:${folder.pathname}:`;
}

export function cacheName(folder: URL, version: string): string {
  return cachePrefix(folder) + version;
}
