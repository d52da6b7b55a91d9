/** arXiv on loopback: the API and the OAI-PMH interface over papers of our own, with faults on demand. */
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { atomFeed, oaiRecord, type TestPaper } from './corpus.js';

/** What can go wrong with one answer. */
export const FAULTS = [
  'drop',
  'drop in the body',
  '429',
  '429 with Retry-After',
  '503',
  '503 until a date',
  'empty page without total',
  'empty page',
  'truncated body',
  'HTML page',
  'wrong content type',
  'slow drip',
  'entries of the page before',
  'another total',
  'not XML',
] as const;
/** Of OAI-PMH also: a part of a list that does not say whether more follows. */
export const OAI_FAULTS = [...FAULTS, 'no token'] as const;
export type Fault = (typeof OAI_FAULTS)[number];

export interface SeenRequest {
  url: URL;
  arrived: number;
  ended: number;
  fault: Fault | null;
}

export interface ArxivServer {
  baseUrl: string;
  oaiUrl: string;
  requests: SeenRequest[];
  papers: TestPaper[];
  /** Decides the fault of the n-th request (from 0). */
  faultOf: (index: number, url: URL) => Fault | null;
  /** Called when a request has arrived. */
  onRequest: () => void;
  now: () => number;
  /** Points to another address for each query. */
  moved: boolean;
  /** Milliseconds until an answer. */
  latency: number;
  /** Results that a query can reach. */
  queryLimit: number;
  /** Records an OAI page has. */
  oaiPage: number;
  /** Tokens issued before this many requests are expired. */
  oaiExpiredBefore: number;
  close(): Promise<void>;
}

export async function startArxiv(papers: TestPaper[]): Promise<ArxivServer> {
  const http = createServer((incoming, response) => answer(incoming, response, server));
  await new Promise<void>((resolve) => http.listen(0, '127.0.0.1', resolve));
  const address = `http://127.0.0.1:${(http.address() as AddressInfo).port}`;
  const server: ArxivServer = {
    baseUrl: `${address}/api/query`,
    oaiUrl: `${address}/oai`,
    requests: [],
    papers,
    faultOf: () => null,
    onRequest: () => {},
    now: () => performance.now(),
    moved: false,
    latency: 0,
    queryLimit: 30_000,
    oaiPage: 10,
    oaiExpiredBefore: 0,
    close: () =>
      new Promise((resolve) => {
        http.close(() => resolve());
        http.closeAllConnections();
      }),
  };
  return server;
}

function answer(incoming: IncomingMessage, response: ServerResponse, server: ArxivServer): void {
  const url = new URL(incoming.url ?? '/', 'http://localhost');
  const index = server.requests.length;
  const fault = server.faultOf(index, url);
  const seen: SeenRequest = { url, arrived: server.now(), ended: Number.NaN, fault };
  server.requests.push(seen);
  response.on('close', () => {
    seen.ended = server.now();
  });
  server.onRequest();
  if (server.moved && !url.searchParams.has('new')) {
    response.writeHead(301, { location: `${url.pathname}${url.search}&new=1` }).end();
    return;
  }
  if (Number(url.searchParams.get('start')) + Number(url.searchParams.get('max_results')) > server.queryLimit) {
    response.writeHead(400).end(errorFeed('results beyond the limit'));
    return;
  }
  const body = url.pathname === '/oai' ? oaiAnswer(url, server, index, fault) : apiAnswer(url, server, fault);
  if (server.latency === 0) send(response, body, fault, server.now());
  else setTimeout(() => send(response, body, fault, server.now()), server.latency);
}

function send(response: ServerResponse, body: string, fault: Fault | null, now: number): void {
  switch (fault) {
    case 'drop':
      response.destroy();
      return;
    case 'drop in the body':
      response.writeHead(200, { 'content-type': 'application/atom+xml', 'content-length': Buffer.byteLength(body) });
      response.write(body.slice(0, body.length / 2), () => response.destroy());
      return;
    case '429':
      response.writeHead(429).end('Rate exceeded.');
      return;
    case '429 with Retry-After':
      response.writeHead(429, { 'retry-after': '17' }).end('Rate exceeded.');
      return;
    case '503':
      response.writeHead(503).end();
      return;
    case '503 until a date':
      response.writeHead(503, { 'retry-after': new Date(now + 30_000).toUTCString() }).end();
      return;
    case 'truncated body':
      response.writeHead(200, { 'content-type': 'application/atom+xml' }).end(body.slice(0, (body.length * 2) / 3));
      return;
    case 'HTML page':
      response
        .writeHead(200, { 'content-type': 'text/html' })
        .end('<!DOCTYPE html><html><body><h1>Service temporarily busy</h1></body></html>');
      return;
    case 'not XML':
      response.writeHead(200, { 'content-type': 'application/atom+xml' }).end('{"error": "busy"}');
      return;
    case 'slow drip': {
      response.writeHead(200, { 'content-type': 'application/atom+xml' });
      const timer = setInterval(() => response.write(' '), 20);
      response.on('close', () => clearInterval(timer));
      return;
    }
    default:
      response
        .writeHead(200, { 'content-type': fault === 'wrong content type' ? 'text/plain' : 'application/atom+xml' })
        .end(body);
  }
}

function apiAnswer(url: URL, server: ArxivServer, fault: Fault | null): string {
  const query = url.searchParams.get('search_query') ?? '';
  const start = Number(url.searchParams.get('start'));
  const size = Number(url.searchParams.get('max_results'));
  const found = search(query, server.papers);
  if (url.searchParams.get('sortOrder') === 'descending') found.reverse();
  if (fault === 'empty page') return atomFeed([], found.length, start);
  if (fault === 'empty page without total') return atomFeed([], 0, start);
  const first = fault === 'entries of the page before' ? Math.max(0, start - 3) : start;
  const total = fault === 'another total' ? (start * 7 + found.length * 3) % 50 : found.length;
  return atomFeed(found.slice(first, first + size), total, start);
}

function errorFeed(message: string): string {
  return `<?xml version="1.0"?><feed xmlns="http://www.w3.org/2005/Atom"><entry><id>http://arxiv.org/api/errors#x</id><title>Error</title><summary>${message}</summary></entry></feed>`;
}

function search(query: string, papers: readonly TestPaper[]): TestPaper[] {
  const wanted = [...query.matchAll(/cat:([^\s)]+)/g)].map(([, category]) => category as string);
  const window = /submittedDate:\[(\d{12}) TO (\d{12})\]/.exec(query);
  const stamp = (paper: TestPaper): string => paper.published.replace(/\D/g, '').slice(0, 12);
  return papers
    .filter((paper) => paper.categories.some((name) => wanted.some((category) => matches(name, category))))
    .filter((paper) => !window || (stamp(paper) >= (window[1] ?? '') && stamp(paper) <= (window[2] ?? '')))
    .sort((a, b) => (a.published < b.published ? -1 : 1));
}

function matches(name: string, pattern: string): boolean {
  return pattern.endsWith('*') ? name.startsWith(pattern.slice(0, -1)) : name === pattern;
}

function oaiAnswer(url: URL, server: ArxivServer, index: number, fault: Fault | null): string {
  const wrap = (content: string): string =>
    `<?xml version="1.0"?><OAI-PMH xmlns="http://www.openarchives.org/OAI/2.0/"><responseDate>2026-01-01T00:00:00Z</responseDate>${content}</OAI-PMH>`;
  const token = url.searchParams.get('resumptionToken');
  const [set, start, issued] = token?.split('|') ?? [url.searchParams.get('set') ?? '', '0', String(index)];
  if (Number(issued) < server.oaiExpiredBefore)
    return wrap('<error code="badResumptionToken">The token is expired</error>');
  const category = (set as string)
    .split(':')
    .slice(-2)
    .join('.')
    .replace(/^physics\./, '');
  const found = server.papers.filter((paper) => paper.categories.includes(category));
  if (found.length === 0 || fault === 'empty page without total') {
    return wrap('<error code="noRecordsMatch">nothing</error>');
  }
  if (fault === 'empty page') return wrap('<ListRecords></ListRecords>');
  const first = Number(start);
  const next = first + server.oaiPage;
  const before = fault === 'entries of the page before' ? 3 : 0;
  const records = found
    .slice(Math.max(0, first - before), next)
    .map(oaiRecord)
    .join('\n');
  const resumption = next < found.length ? `${set}|${next}|${index}` : '';
  const deleted =
    '<record><header status="deleted"><identifier>oai:arXiv.org:0000.00000</identifier></header></record>';
  if (fault === 'no token') return wrap(`<ListRecords>${records}${deleted}</ListRecords>`);
  // Each page has a deleted record beside its papers.
  const whole = found.length + Math.ceil(found.length / server.oaiPage);
  const size = fault === 'another total' ? (first * 7 + whole * 3) % 50 : whole;
  return wrap(
    `<ListRecords>${records}${deleted}<resumptionToken cursor="${first}" completeListSize="${size}">${resumption}</resumptionToken></ListRecords>`,
  );
}
