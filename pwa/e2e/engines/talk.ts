/** Questions and answers over a WebSocket, matched by their number, as debugging protocols have them. */
import WebSocket from 'ws';

type Message = { id?: number; method?: string; params?: unknown; result?: unknown; error?: unknown; type?: string };

/** Opens a connection; `heard` gets what comes without having been asked for. */
export async function talk(url: string, heard: (method: string, params: never) => void = () => undefined) {
  const socket = new WebSocket(url, { perMessageDeflate: false });
  const waiting = new Map<number, { done: (result: unknown) => void; failed: (why: Error) => void }>();
  let number = 0;
  socket.on('message', (data: Buffer) => {
    const message = JSON.parse(data.toString()) as Message;
    const asked = message.id === undefined ? undefined : waiting.get(message.id);
    if (message.id !== undefined) waiting.delete(message.id);
    if (message.method !== undefined) heard(message.method, message.params as never);
    else if (message.error !== undefined) asked?.failed(new Error(JSON.stringify(message)));
    else asked?.done(message.result);
  });
  socket.on('close', () => waiting.forEach(({ failed }) => failed(new Error('the browser hung up'))));
  await new Promise((opened, failed) => socket.once('open', opened).once('error', failed));
  socket.on('error', () => undefined); // the close that follows tells those who wait
  return {
    ask: (method: string, params: object = {}): Promise<unknown> =>
      new Promise((done, failed) => {
        const id = ++number;
        waiting.set(id, { done, failed });
        socket.send(JSON.stringify({ id, method, params }), (error) => error && failed(error));
      }),
    hangUp: () => socket.close(),
  };
}
