/**
 * The kernel's side of the Jupyter messaging protocol, where tslab's falls short:
 * https://jupyter-client.readthedocs.io/en/stable/messaging.html
 *
 * tslab says "busy" to each request of a Run All at once and "idle" when the first has ended, so that a notebook looks idle
 * while it trains; so does a completion that is answered meanwhile. Here "busy" is said when a cell begins, and again after
 * the "idle" of any other request, as long as a cell runs. `history_request` and `comm_*` are answered.
 */
import { loadPatched } from './load-patched.js';

interface Message {
  header: { msg_type: string };
  content: Record<string, unknown>;
  createReply(): Message & { signAndSend(key: string, socket: unknown): void };
}

interface Server {
  connInfo: { key: string };
  publishStatus(status: 'busy' | 'idle', parent: Message): void;
  handleExecute(socket: unknown, message: Message): Promise<void>;
}

interface Handler {
  handleExecuteImpl(request: { code: string }, ...writers: unknown[]): Promise<{ count: number }>;
  handleKernel(): { language_info: { version: string } };
}

/** Lines of history that are kept. */
const MOST_HISTORY = 1000;

/** @param typescriptVersion told in kernel_info_reply */
export function mendProtocol(typescriptVersion: string): void {
  const exported = loadPatched('tslab/dist/jupyter.js', [
    {
      find: 'reply.header.msg_type = "complete_reply";\n        // comm',
      replace: 'reply.header.msg_type = "comm_info_reply";\n        // comm',
    },
    { find: 'content = { comms: {} }', replace: 'content = { status: "ok", comms: {} }' },
    { find: 'status = "abort"', replace: 'status = "aborted"' },
    {
      find: 'default:\n                    console.warn(',
      replace: 'default:\n                    exports.answer(this, sock, msg, ',
    },
  ]);
  const server = (exported.ZmqServer as { prototype: Server }).prototype;
  const handler = (exported.JupyterHandlerImpl as { prototype: Handler }).prototype;
  const history: [session: number, line: number, code: string][] = [];
  exported.answer = ({ connInfo }: Server, socket: unknown, message: Message): void => {
    // comm_open, comm_msg and comm_close have no reply, and there is nothing here to talk to
    if (message.header.msg_type !== 'history_request') return;
    const { n } = message.content;
    const reply = message.createReply();
    reply.header.msg_type = 'history_reply';
    reply.content = { status: 'ok', history: typeof n === 'number' && n > 0 ? history.slice(-n) : history };
    reply.signAndSend(connInfo.key, socket);
  };
  sayWhenBusy(server, handler, (code, line) => {
    history.push([1, line, code]);
    if (history.length > MOST_HISTORY) history.shift();
  });
  const { handleKernel } = handler;
  handler.handleKernel = function () {
    const info = handleKernel.call(this);
    info.language_info.version = typescriptVersion;
    return info;
  };
}

function sayWhenBusy(server: Server, handler: Handler, onEnd: (code: string, line: number) => void): void {
  const { publishStatus, handleExecute } = server;
  const { handleExecuteImpl } = handler;
  /** Says "busy" for the cell whose request has this content. */
  const begin = new WeakMap<object, () => void>();
  let running: Message | null = null;

  server.publishStatus = function (status, parent) {
    const executes = parent.header.msg_type === 'execute_request';
    if (status === 'busy' && executes) return;
    // a request that was turned away had no beginning
    if (status === 'idle' && executes && begin.has(parent.content)) publishStatus.call(this, 'busy', parent);
    publishStatus.call(this, status, parent);
    if (status === 'idle' && running && running !== parent) publishStatus.call(this, 'busy', running);
  };
  server.handleExecute = function (socket, message) {
    begin.set(message.content, () => {
      running = message;
      publishStatus.call(this, 'busy', message);
    });
    return handleExecute.call(this, socket, message);
  };
  handler.handleExecuteImpl = async function (request, ...writers) {
    begin.get(request)?.();
    begin.delete(request);
    const mine = running;
    // what the cell before has to tell goes out first: reading this one's code takes a moment
    await new Promise<void>((resolve) => setImmediate(resolve));
    try {
      const count = await handleExecuteImpl.call(this, request, ...writers);
      onEnd(request.code, count.count);
      return count;
    } finally {
      if (running === mine) running = null;
    }
  };
}
