import type { AddressInfo } from 'node:net';
import { WebSocketServer, type WebSocket } from 'ws';
import type { ClientFrame, ServerFrame } from './frames';
import { joined, welcome } from './testFrames';

/** A real server on a free port; the test writes what each connection does. */
export class TestServer {
  private readonly server = new WebSocketServer({ port: 0, host: '127.0.0.1' });
  readonly sockets: WebSocket[] = [];
  readonly received: ClientFrame[][] = [];
  onFrame: (frame: ClientFrame, reply: (frame: ServerFrame) => void, connection: number) => void = () =>
    undefined;

  constructor() {
    this.server.on('connection', (socket) => {
      const frames: ClientFrame[] = [];
      const connection = this.sockets.push(socket) - 1;
      this.received.push(frames);
      const reply = (frame: ServerFrame) => socket.send(JSON.stringify(frame));
      reply(welcome());
      socket.on('message', (data) => {
        const frame = JSON.parse(String(data)) as ClientFrame;
        frames.push(frame);
        if (frame.type === 'join') reply(joined());
        this.onFrame(frame, reply, connection);
      });
    });
  }

  listening(): Promise<unknown> {
    return new Promise((done) => this.server.once('listening', done));
  }

  get url() {
    return `ws://127.0.0.1:${(this.server.address() as AddressInfo).port}/ws/the-cookie-jar`;
  }

  get messages() {
    return this.received.flat().filter((frame) => frame.type === 'chat_message');
  }

  joins(connection: number) {
    return (this.received[connection] ?? []).filter((frame) => frame.type === 'join');
  }

  async close() {
    this.server.clients.forEach((socket) => socket.terminate());
    await new Promise((done) => this.server.close(done));
  }
}
