/** A package index on loopback, as pip knows it (PEP 503), with small wheels in it, and faults on demand. */
import { createHash } from 'node:crypto';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import crc32 from 'crc-32';
import { fileName, type Wheel } from '../../scripts/setup-gpu/wheels.js';

export interface PackageIndex {
  url: string;
  /** File names in the order in which they were asked for. */
  fetched: string[];
  /** Files by name; replace one to serve something else. */
  files: Map<string, Buffer>;
  /** Names of files whose connection breaks halfway. */
  breaking: Set<string>;
  close(): Promise<void>;
}

export async function startPackageIndex(wheels: { wheel: Wheel; content: Buffer }[]): Promise<PackageIndex> {
  const files = new Map(wheels.map(({ wheel, content }) => [fileName(wheel), content]));
  const fetched: string[] = [];
  const breaking = new Set<string>();
  const server: Server = createServer((request, response) => {
    const name =
      decodeURIComponent(request.url ?? '')
        .split('/')
        .filter(Boolean)
        .at(-1) ?? '';
    const content = files.get(name);
    if (!content) {
      const links = [...files.keys()].filter((file) => file.startsWith(`${name.replaceAll('-', '_')}-`));
      response.writeHead(links.length > 0 ? 200 : 404, { 'content-type': 'text/html' });
      response.end(links.map((file) => `<a href="/files/${file}">${file}</a>`).join('\n'));
      return;
    }
    fetched.push(name);
    response.writeHead(200, { 'content-type': 'application/octet-stream', 'content-length': content.length });
    if (!breaking.has(name)) response.end(content);
    else response.write(content.subarray(0, content.length >> 1), () => response.destroy());
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}/simple`,
    fetched,
    files,
    breaking,
    close: () => new Promise((resolve) => server.close(() => resolve())),
  };
}

/** A wheel with the given files, and what has to be in every wheel. */
export function makeWheel(
  project: string,
  version: string,
  contents: Record<string, string>,
): { wheel: Wheel; content: Buffer } {
  const tags = { python: 'py3', abi: 'none', platform: 'manylinux2014_x86_64.manylinux_2_17_x86_64' };
  const information = `${project.replaceAll('-', '_')}-${version}.dist-info`;
  const content = zip({
    ...contents,
    [`${information}/METADATA`]: `Metadata-Version: 2.1\nName: ${project}\nVersion: ${version}\n`,
    [`${information}/WHEEL`]: 'Wheel-Version: 1.0\nRoot-Is-Purelib: false\nTag: py3-none-manylinux2014_x86_64\n',
    [`${information}/RECORD`]: '',
  });
  const wheel: Wheel = {
    project,
    version,
    tags,
    sha256: createHash('sha256').update(content).digest('hex'),
    size: content.length,
    unpackedSize: 1000,
    wanted: /^(tensorflow|nvidia)\//,
  };
  return { wheel, content };
}

/** A zip file whose entries are stored as they are. */
export function zip(entries: Record<string, string>): Buffer {
  const bodies: Buffer[] = [];
  const directory: Buffer[] = [];
  let offset = 0;
  for (const [name, text] of Object.entries(entries)) {
    const [path, data] = [Buffer.from(name), Buffer.from(text)];
    const common = Buffer.alloc(26);
    common.writeUInt16LE(20, 0);
    common.writeUInt32LE(crc32.buf(data) >>> 0, 10);
    common.writeUInt32LE(data.length, 14);
    common.writeUInt32LE(data.length, 18);
    common.writeUInt16LE(path.length, 22);
    const body = Buffer.concat([Buffer.from('PK\x03\x04'), common, path, data]);
    const tail = Buffer.alloc(14);
    tail.writeUInt32LE(offset, 10);
    directory.push(Buffer.concat([Buffer.from('PK\x01\x02\x14\x00'), common, tail, path]));
    bodies.push(body);
    offset += body.length;
  }
  const listing = Buffer.concat(directory);
  const end = Buffer.alloc(18);
  end.writeUInt16LE(directory.length, 4);
  end.writeUInt16LE(directory.length, 6);
  end.writeUInt32LE(listing.length, 8);
  end.writeUInt32LE(offset, 12);
  return Buffer.concat([...bodies, listing, Buffer.from('PK\x05\x06'), end]);
}
