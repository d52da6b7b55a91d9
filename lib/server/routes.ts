/** What each address answers. Failures become answers in one place, and no message holds a text of a request. */
import type { HttpBindings } from '@hono/node-server';
import { type Context, Hono } from 'hono';
import { cors } from 'hono/cors';
import { UserError } from '../core/errors.js';
import type { Reporting } from '../core/events.js';
import { ApiError } from './api-error.js';
import { ClientGone, withDeadline } from './deadline.js';
import { answerEmbeddings, type EmbeddingsRoute } from './embeddings-route.js';
import type { ServerMetrics } from './metrics.js';
import { modelEntries } from './model-names.js';
import { renderSearchPage, SEARCH_PAGE_POLICY } from './search-page.js';
import { parseSearchRequest, type SearchRequest } from './search-request.js';
import type { SearchService } from './search-service.js';

export interface RoutesOptions extends EmbeddingsRoute, Pick<Reporting, 'onMessage'> {
  search: SearchService;
  metrics: ServerMetrics;
  checkAccess(headers: Headers, isPage: boolean): void;
  /** Origins whose pages may ask; none: browsers refuse them. */
  allowedOrigins: readonly string[];
  /** Whether no more work is taken. */
  isStopping(): boolean;
}

type Bindings = { Bindings: HttpBindings };
type ServerContext = Context<Bindings>;

/** Addresses, with the methods that they answer to. */
const ROUTES: Readonly<Record<string, string>> = {
  '/': 'GET, HEAD',
  '/health': 'GET, HEAD',
  '/metrics': 'GET, HEAD',
  '/search': 'GET, HEAD',
  '/v1/models': 'GET, HEAD',
  '/v1/embeddings': 'POST',
};
/** What nginx writes where a client has closed its connection; nobody reads it but the metrics. */
const CLIENT_GONE = 499;

export function routes(options: RoutesOptions): Hono<Bindings> {
  const { search, metrics, model } = options;
  const app = new Hono<Bindings>();
  app.use(async (c, next) => {
    const start = performance.now();
    await next();
    metrics.request(routeOf(c.req.path), c.res.status, (performance.now() - start) / 1000);
    c.header('x-content-type-options', 'nosniff');
    c.header('referrer-policy', 'no-referrer');
    c.header('cache-control', 'no-store');
    if (options.isStopping()) c.header('connection', 'close');
  });
  if (options.allowedOrigins.length > 0) {
    const allowed = { origin: [...options.allowedOrigins], allowMethods: ['GET', 'POST'], maxAge: 600 };
    app.use(cors({ ...allowed, allowHeaders: ['authorization', 'content-type'], exposeHeaders: ['retry-after'] }));
  }
  app.use(async (c, next) => {
    if (options.isStopping()) throw new ApiError(503, 'the server is stopping', { code: 'stopping', retryAfter: 5 });
    if (c.req.path !== '/health') options.checkAccess(c.req.raw.headers, wantsPage(c));
    await next();
  });
  app.get('/health', (c) => c.json({ status: 'ok', model: model.names[0], search: search.state.name }));
  app.get('/metrics', async (c) => c.body(await metrics.text(), 200, { 'content-type': metrics.contentType }));
  app.get('/v1/models', (c) => c.json({ object: 'list', data: modelEntries(model) }));
  app.get('/v1/models/*', (c) => {
    const id = decoded(c.req.path.slice('/v1/models/'.length));
    const entry = modelEntries(model).find((one) => one.id === id);
    if (!entry) throw new ApiError(404, 'there is no such model here: see /v1/models', { code: 'model_not_found' });
    return c.json(entry);
  });
  app.post('/v1/embeddings', async (c) => c.json(await answerEmbeddings(c.req.raw, options)));
  app.get('/search', (c) => answerSearch(c, options));
  app.get('/', (c) =>
    search.state.name === 'absent'
      ? c.json({ model: model.names[0], see: Object.keys(ROUTES) })
      : c.redirect('/search'),
  );
  app.notFound((c) => {
    const methods = Object.hasOwn(ROUTES, c.req.path) ? ROUTES[c.req.path] : undefined;
    const headers: Record<string, string> = methods === undefined ? {} : { allow: methods };
    const error =
      methods === undefined
        ? new ApiError(404, `there is nothing at this address: expected one of ${Object.keys(ROUTES).join(', ')}`)
        : new ApiError(405, `this address answers to ${methods} alone`, { headers });
    return answerError(c, error);
  });
  app.onError((error, c) => answerError(c, asApiError(error, options)));
  return app;
}

/** A page for browsers, JSON for programs. */
async function answerSearch(c: ServerContext, options: RoutesOptions): Promise<Response> {
  const { search, model, limits, textEncoder } = options;
  const { isTuned } = textEncoder.opened;
  const parameters = new URL(c.req.url).searchParams;
  const start = performance.now();
  let asked: SearchRequest = { query: parameters.get('q') ?? '', k: 10, system: search.usual };
  const answer = async (): Promise<Awaited<ReturnType<SearchService['search']>> | null> => {
    asked = parseSearchRequest(parameters, { usual: search.usual, most: limits.found, isTuned });
    if (asked.query === '' && wantsPage(c)) return null;
    return withDeadline(c.req.raw.signal, limits.workSeconds, (signal) =>
      search.search(asked.query, asked.k, asked.system, signal),
    );
  };
  if (!wantsPage(c)) {
    const found = (await answer()) ?? [];
    const { query, system } = asked;
    return c.json({ query, system: found[0]?.system ?? system, found }, 200, { vary: 'accept' });
  }
  const page = { model: model.names[0], papers: search.state.name === 'ready' ? search.state.papers : null };
  const headers = { 'content-security-policy': SEARCH_PAGE_POLICY, vary: 'accept' };
  try {
    const found = await answer();
    const seconds = (performance.now() - start) / 1000;
    return c.html(renderSearchPage({ ...page, ...asked, found, seconds }), 200, headers);
  } catch (error) {
    const { status, message, ...rest } = asApiError(error, options);
    if (status === CLIENT_GONE) throw error;
    const html = renderSearchPage({ ...page, ...asked, found: null, seconds: 0, problem: message });
    return new Response(html, {
      status,
      headers: {
        ...headers,
        ...new ApiError(status, message, rest.details).headers(),
        'content-type': 'text/html; charset=UTF-8',
      },
    });
  }
}

function wantsPage(c: ServerContext): boolean {
  return c.req.path === '/search' && (c.req.header('accept') ?? '').includes('text/html');
}

function answerError(c: ServerContext, error: ApiError): Response {
  return c.newResponse(JSON.stringify(error.body()), error.status as 400, {
    ...error.headers(),
    'content-type': 'application/json',
  });
}

/** Our own refusals keep their words; of anything else only the kind and the place are told, and only to the server's owner. */
function asApiError(error: unknown, { onMessage }: RoutesOptions): ApiError {
  if (error instanceof ApiError) return error;
  if (error instanceof ClientGone) return new ApiError(CLIENT_GONE, error.message);
  if (error instanceof UserError && error.exitCode === 2) return new ApiError(400, error.message);
  const { name = 'error', stack = '' } = error instanceof Error ? error : {};
  const place = /\n\s+at ([^\n]+)/.exec(stack)?.[1] ?? 'an unknown place';
  onMessage?.({ level: 'warning', text: `a request failed: ${name} at ${place}` });
  return new ApiError(500, 'the server failed to answer: see its messages', { code: 'internal_error' });
}

function routeOf(path: string): string {
  if (Object.hasOwn(ROUTES, path)) return path;
  return path.startsWith('/v1/models/') ? '/v1/models' : 'other';
}

function decoded(text: string): string {
  try {
    return decodeURIComponent(text);
  } catch {
    return text;
  }
}
