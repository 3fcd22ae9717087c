// V8's inspector of a workerd: questions and answers as text frames of a WebSocket (RFC 6455), whole and short ones alone.
import { randomBytes } from 'node:crypto';
import { request } from 'node:http';
import type { Socket } from 'node:net';

export type Inspector = {
  /** @throws Error with what the inspector says where it declines */
  ask(method: string, params?: object): Promise<Record<string, unknown>>;
  /** Calls `heard` with what comes unasked. */
  onEvent(heard: (method: string, params: Record<string, unknown>) => void): void;
  close(): void;
};

/** A masked text frame, as clients send them. */
function frameOf(text: string): Buffer {
  const data = Buffer.from(text);
  const mask = randomBytes(4);
  const head = Buffer.from([0x81, 0x80 | 126, data.length >> 8, data.length & 255]);
  return Buffer.concat([head, mask, data.map((byte, i) => byte ^ mask[i & 3]!)]);
}

/** The first frame in `data`: its text, and where it ends; nothing while it is incomplete. */
function firstFrame(data: Buffer): { text: string; end: number } | undefined {
  if (data.length < 10) return;
  const short = data[1]! & 127;
  const [start, length] =
    short < 126
      ? [2, short]
      : short === 126
        ? [4, data.readUInt16BE(2)]
        : [10, Number(data.readBigUInt64BE(2))];
  if (data.length < start + length) return;
  return { text: data.toString('utf8', start, start + length), end: start + length };
}

const open = (url: URL): Promise<Socket> =>
  new Promise((resolve, reject) => {
    const headers = {
      Connection: 'Upgrade',
      Upgrade: 'websocket',
      'Sec-WebSocket-Version': '13',
      'Sec-WebSocket-Key': randomBytes(16).toString('base64'),
    };
    const outgoing = request(`http://${url.host}${url.pathname}`, { headers });
    outgoing.on('upgrade', (_, socket) => resolve(socket as Socket));
    outgoing.on('error', reject);
    outgoing.end();
  });

/** The inspector of the worker `name` at `address`, `127.0.0.1:<port>`. */
export async function inspect(address: string, name: string): Promise<Inspector> {
  const list = (await (await fetch(`http://${address}/json`)).json()) as {
    id: string;
    webSocketDebuggerUrl: string;
  }[];
  const target = list.find(({ id }) => id === name);
  if (!target) throw new Error(`inspector: ${address} must have ${name}, has ${list.map(({ id }) => id)}`);
  const socket = await open(new URL(target.webSocketDebuggerUrl));
  const waiting = new Map<number, (answer: Record<string, unknown>) => void>();
  let heard: (method: string, params: Record<string, unknown>) => void = () => {};
  let asked = 0;
  let data: Buffer = Buffer.alloc(0);
  socket.on('data', (part) => {
    data = Buffer.concat([data, part]);
    for (let frame = firstFrame(data); frame; frame = firstFrame(data)) {
      data = data.subarray(frame.end);
      const { id, method, params, ...answer } = JSON.parse(frame.text);
      if (method) heard(method, params);
      else waiting.get(id)?.(answer);
      waiting.delete(id);
    }
  });
  return {
    async ask(method, params = {}) {
      const id = asked++;
      const answer = new Promise<Record<string, unknown>>((resolve) => waiting.set(id, resolve));
      socket.write(frameOf(JSON.stringify({ id, method, params })));
      const { error, result } = await answer;
      if (error) throw new Error(`inspector: ${method}: ${JSON.stringify(error)}`);
      return result as Record<string, unknown>;
    },
    onEvent(hear) {
      heard = hear;
    },
    close: () => socket.destroy(),
  };
}
