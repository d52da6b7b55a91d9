/** The HTTP server below the routes: where it listens, how long it waits for slow clients, and how it stops. */
import { once } from 'node:events';
import type { Server } from 'node:http';
import type { AddressInfo, Socket } from 'node:net';
import { setTimeout as delay } from 'node:timers/promises';
import { createAdaptorServer, type HttpBindings } from '@hono/node-server';
import type { Hono } from 'hono';
import { UserError, WorkError } from '../core/errors.js';
import { ApiError } from './api-error.js';
import type { ServerLimits } from './limits.js';

export interface ListeningServer {
  /** "http://127.0.0.1:8080" */
  url: string;
  port: number;
  /** Takes no new connections, finishes what was accepted, and closes. */
  stop(): Promise<void>;
}

export interface ListenOptions {
  host: string;
  /** 0: any that is free. */
  port: number;
  limits: ServerLimits;
}

/** Milliseconds between two looks for connections that rest, while stopping. */
const LOOK = 50;

/** @throws UserError for an address or port that cannot be had */
export async function listen(app: Hono<{ Bindings: HttpBindings }>, options: ListenOptions): Promise<ListeningServer> {
  const { host, port, limits } = options;
  const server = createAdaptorServer({
    fetch: app.fetch,
    // whoever starts a server in a program keeps the program's own Request and Response
    overrideGlobalObjects: false,
    serverOptions: {
      headersTimeout: limits.headerSeconds * 1000,
      requestTimeout: limits.receiveSeconds * 1000,
      keepAliveTimeout: limits.idleSeconds * 1000,
      connectionsCheckingInterval: 1000,
    },
  }) as Server;
  server.maxConnections = limits.connections;
  // a client that reads nothing of its answer is no longer waited for
  server.timeout = (limits.workSeconds + limits.idleSeconds) * 1000;
  server.on('clientError', refuse);
  server.listen(port, host);
  try {
    await once(server, 'listening');
  } catch (error) {
    throw cannotListen(error as NodeJS.ErrnoException, host, port);
  }
  const { port: bound } = server.address() as AddressInfo;
  const name = host.includes(':') ? `[${host}]` : host;
  return {
    url: `http://${name}:${bound}`,
    port: bound,
    async stop() {
      const closed = new Promise<void>((resolve) => server.close(() => resolve()));
      const late = Date.now() + limits.graceSeconds * 1000;
      let isClosed = false;
      void closed.then(() => {
        isClosed = true;
      });
      while (!isClosed) {
        if (Date.now() > late) server.closeAllConnections();
        else server.closeIdleConnections();
        await Promise.race([closed, delay(LOOK)]);
      }
    },
  };
}

/** What is no HTTP, or comes too slowly, gets an answer too, and then its connection is closed. */
function refuse(error: NodeJS.ErrnoException, socket: Socket): void {
  if (!socket.writable || error.code === 'ECONNRESET') {
    socket.destroy();
    return;
  }
  const [status, reason, message] =
    error.code === 'ERR_HTTP_REQUEST_TIMEOUT'
      ? [408, 'Request Timeout', 'the request did not arrive in time']
      : error.code === 'HPE_HEADER_OVERFLOW'
        ? [431, 'Request Header Fields Too Large', 'the headers are too large']
        : [400, 'Bad Request', 'the request is not HTTP'];
  const body = JSON.stringify(new ApiError(status as number, message as string).body());
  const head = `HTTP/1.1 ${status} ${reason}\r\nContent-Type: application/json\r\nContent-Length: ${Buffer.byteLength(body)}\r\nConnection: close\r\n\r\n`;
  socket.end(head + body);
}

function cannotListen({ code, message }: NodeJS.ErrnoException, host: string, port: number): UserError {
  if (code === 'EADDRINUSE') return new UserError(`port ${port} of ${host} is in use: choose another with --port`);
  if (code === 'EACCES') return new UserError(`port ${port} may not be used by this user: choose one above 1023`);
  if (code === 'EADDRNOTAVAIL' || code === 'ENOTFOUND') {
    return new UserError(
      `--host ${host} is no address of this machine: expected 127.0.0.1, 0.0.0.0 or another of its own`,
    );
  }
  return new WorkError(`the server cannot listen on ${host}:${port}: ${message}`);
}
