/**
 * A client of the real kernel over the Jupyter messaging protocol, without Python:
 * https://jupyter-client.readthedocs.io/en/stable/messaging.html
 */
import { type ChildProcess, spawn } from 'node:child_process';
import { createHmac, randomUUID } from 'node:crypto';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout } from 'node:timers/promises';
import { Dealer, Subscriber } from 'zeromq';

/** What a cell left below itself; an output that was updated holds its last content. */
export type Output =
  | { type: 'stream'; name: 'stdout' | 'stderr'; text: string }
  | { type: 'display'; data: Record<string, unknown>; updates: number };

export interface CellResult {
  status: 'ok' | 'error';
  outputs: Output[];
  /** Seconds. */
  seconds: number;
}

export interface Kernel {
  readonly pid: number;
  execute(code: string, onOutput?: (outputs: Output[]) => void): Promise<CellResult>;
  complete(code: string, cursor: number): Promise<string[]>;
  inspect(code: string, cursor: number): Promise<string>;
  /** The code of the last cells, as a notebook asks for it. */
  history(count: number): Promise<string[]>;
  /** Measures from now on for how long the kernel says that it is idle, between being busy. */
  watchStatus(): { end(): { idleMilliseconds: number } };
  /** What the stop button sends where interrupt_mode is "signal". */
  interrupt(): void;
  stop(): Promise<void>;
}

export interface Kernelspec {
  argv: string[];
  env: Record<string, string>;
}

interface Message {
  header: { msg_type: string };
  parent: { msg_id?: string };
  content: Record<string, unknown>;
}

/** @param cwd the folder of the notebook, in which Jupyter starts kernels */
export async function startKernel(spec: Kernelspec, cwd: string): Promise<Kernel> {
  const folder = mkdtempSync(join(tmpdir(), 'llm-embedding-kernel-'));
  const key = randomUUID();
  const [shell_port, iopub_port, stdin_port, control_port, hb_port] = await freePorts(5);
  const file = join(folder, 'connection.json');
  const ports = { shell_port, iopub_port, stdin_port, control_port, hb_port };
  const connection = { transport: 'tcp', ip: '127.0.0.1', key, signature_scheme: 'hmac-sha256', ...ports };
  writeFileSync(file, JSON.stringify(connection));
  const [program = '', ...args] = spec.argv.map((argument) => argument.replace('{connection_file}', file));
  const child = spawn(program, args, { cwd, env: { ...process.env, ...spec.env }, stdio: ['ignore', 'pipe', 'pipe'] });
  let printed = '';
  for (const stream of [child.stdout, child.stderr])
    stream.on('data', (chunk: Buffer) => (printed += chunk.toString()));

  const shell = new Dealer();
  const iopub = new Subscriber();
  shell.connect(`tcp://127.0.0.1:${shell_port}`);
  iopub.connect(`tcp://127.0.0.1:${iopub_port}`);
  iopub.subscribe();
  const replies = new Map<string, (message: Message) => void>();
  const published = new Map<string, (message: Message) => void>();
  const died = new Promise<never>((_, reject) => {
    child.once('exit', (code, signal) =>
      reject(new Error(`the kernel ended (${signal ?? code}): ${printed.slice(-2000)}`)),
    );
  });
  died.catch(() => {});
  const statusWatchers = new Set<(state: unknown) => void>();
  void forward(shell, replies);
  void forward(iopub, published, ({ header, content }) => {
    if (header.msg_type === 'status') for (const watcher of statusWatchers) watcher(content.execution_state);
  });

  const session = randomUUID();
  async function send(type: string, content: object): Promise<string> {
    const id = randomUUID();
    const date = new Date().toISOString();
    const header = { msg_id: id, session, username: 'test', date, msg_type: type, version: '5.3' };
    const parts = [header, {}, {}, content].map((part) => JSON.stringify(part));
    const signature = createHmac('sha256', key);
    for (const part of parts) signature.update(part);
    await shell.send(['<IDS|MSG>', signature.digest('hex'), ...parts]);
    return id;
  }
  /** The reply, when the kernel is idle again too. */
  async function request(
    type: string,
    content: object,
    onPublished: (message: Message) => void = () => {},
  ): Promise<Message> {
    const id = await send(type, content);
    const reply = new Promise<Message>((resolve) => replies.set(id, resolve));
    const idle = new Promise<void>((resolve) => {
      published.set(id, (message) => {
        onPublished(message);
        if (message.header.msg_type === 'status' && message.content.execution_state === 'idle') resolve();
      });
    });
    const [answer] = await Promise.race([Promise.all([reply, idle]), died]);
    replies.delete(id);
    return answer;
  }

  // The subscription takes a moment: until a status arrives, published messages are lost.
  for (let ready = false; !ready; ) {
    const timeout = setTimeout(2000, false as const);
    ready = await Promise.race([request('kernel_info_request', {}).then(() => true), timeout, died]);
  }

  return {
    pid: child.pid as number,
    async execute(code, onOutput = () => {}) {
      const outputs: Output[] = [];
      const byId = new Map<string, Extract<Output, { type: 'display' }>>();
      const start = performance.now();
      const options = {
        silent: false,
        store_history: true,
        user_expressions: {},
        allow_stdin: false,
        stop_on_error: true,
      };
      const reply = await request('execute_request', { code, ...options }, ({ header, content }) => {
        collect(header.msg_type, content, outputs, byId);
        onOutput(outputs);
      });
      const seconds = (performance.now() - start) / 1000;
      const status = reply.content.status === 'ok' ? 'ok' : 'error';
      // After an error the kernel turns away, for 200 ms, whatever was asked for in a row with it.
      if (status === 'error') await setTimeout(400);
      return { status, outputs, seconds };
    },
    async complete(code, cursor) {
      const { content } = await request('complete_request', { code, cursor_pos: cursor });
      return content.matches as string[];
    },
    async inspect(code, cursor) {
      const { content } = await request('inspect_request', { code, cursor_pos: cursor, detail_level: 0 });
      return String((content.data as Record<string, unknown> | undefined)?.['text/plain'] ?? '');
    },
    async history(n) {
      const { content } = await request('history_request', { hist_access_type: 'tail', n, raw: true, output: false });
      return (content.history as [number, number, string][]).map(([, , code]) => code);
    },
    watchStatus() {
      let idleMilliseconds = 0;
      let idleSince: number | null = null;
      const watcher = (state: unknown): void => {
        if (state === 'idle') idleSince ??= performance.now();
        if (state !== 'busy' || idleSince === null) return;
        idleMilliseconds += performance.now() - idleSince;
        idleSince = null;
      };
      statusWatchers.add(watcher);
      return {
        end() {
          statusWatchers.delete(watcher);
          return { idleMilliseconds };
        },
      };
    },
    interrupt() {
      child.kill('SIGINT');
    },
    async stop() {
      await end(child);
      shell.close();
      iopub.close();
      rmSync(folder, { recursive: true, force: true });
    },
  };
}

function collect(
  type: string,
  content: Record<string, unknown>,
  outputs: Output[],
  byId: Map<string, Extract<Output, { type: 'display' }>>,
): void {
  if (type === 'stream') {
    const name = content.name as 'stdout' | 'stderr';
    const last = outputs.at(-1);
    if (last?.type === 'stream' && last.name === name) last.text += content.text;
    else outputs.push({ type: 'stream', name, text: String(content.text) });
    return;
  }
  if (type !== 'display_data' && type !== 'update_display_data') return;
  const data = content.data as Record<string, unknown>;
  const id = (content.transient as { display_id?: string } | undefined)?.display_id;
  const shown = type === 'update_display_data' && id ? byId.get(id) : undefined;
  if (shown) {
    shown.data = data;
    shown.updates++;
    return;
  }
  const output = { type: 'display' as const, data, updates: 0 };
  outputs.push(output);
  if (id) byId.set(id, output);
}

async function forward(
  socket: Dealer | Subscriber,
  listeners: Map<string, (message: Message) => void>,
  onAny: (message: Message) => void = () => {},
): Promise<void> {
  for await (const frames of socket) {
    const parts = frames.map((frame) => frame.toString());
    const start = parts.indexOf('<IDS|MSG>') + 2;
    const [header, parent, , content] = parts.slice(start).map((part) => JSON.parse(part) as object);
    const message = { header, parent, content } as Message;
    onAny(message);
    listeners.get(message.parent.msg_id ?? '')?.(message);
  }
}

async function end(child: ChildProcess): Promise<void> {
  if (child.exitCode !== null || child.signalCode !== null) return;
  const ended = new Promise((resolve) => child.once('exit', resolve));
  child.kill('SIGTERM');
  const timely = await Promise.race([ended.then(() => true), setTimeout(5000, false)]);
  if (!timely) child.kill('SIGKILL');
  await ended;
}

async function freePorts(count: number): Promise<number[]> {
  const servers = await Promise.all(
    Array.from(
      { length: count },
      () =>
        new Promise<ReturnType<typeof createServer>>((resolve) => {
          const server = createServer().listen(0, '127.0.0.1', () => resolve(server));
        }),
    ),
  );
  const ports = servers.map((server) => (server.address() as { port: number }).port);
  await Promise.all(servers.map((server) => new Promise((resolve) => server.close(resolve))));
  return ports;
}
