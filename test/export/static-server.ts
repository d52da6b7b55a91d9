/** Files of a folder below a path, as any web server hands them out; and what was asked of it. */
import { createReadStream } from 'node:fs';
import { stat } from 'node:fs/promises';
import { createServer } from 'node:http';
import { extname, join, normalize, sep } from 'node:path';

export interface StaticServer {
  /** Address of the folder, with a slash at its end. */
  url: string;
  /** Paths that were asked for. */
  asked: string[];
  close(): Promise<void>;
}

const KINDS: Readonly<Record<string, string>> = {
  '.html': 'text/html; charset=utf-8',
  '.js': 'text/javascript',
  '.mjs': 'text/javascript',
  '.css': 'text/css',
};

/** @param path that the folder is below, with a slash at both ends */
export async function serveFolder(folder: string, path = '/'): Promise<StaticServer> {
  const asked: string[] = [];
  const server = createServer(async (request, response) => {
    const { pathname } = new URL(request.url ?? '/', 'http://localhost');
    asked.push(pathname);
    const inside = normalize(pathname.startsWith(path) ? pathname.slice(path.length) : '..');
    const file = join(folder, inside === '.' || inside.endsWith(sep) ? join(inside, 'index.html') : inside);
    const found = inside.startsWith('..') ? null : await stat(file).catch(() => null);
    if (!found?.isFile()) {
      response.writeHead(404).end();
      return;
    }
    const kind = KINDS[extname(file)] ?? 'application/octet-stream';
    response.writeHead(200, { 'content-type': kind, 'content-length': found.size });
    createReadStream(file).pipe(response);
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const address = server.address();
  const port = typeof address === 'object' && address ? address.port : 0;
  return {
    url: `http://127.0.0.1:${port}${path}`,
    asked,
    close: () =>
      new Promise((resolve) => {
        server.closeAllConnections();
        server.close(() => resolve());
      }),
  };
}
