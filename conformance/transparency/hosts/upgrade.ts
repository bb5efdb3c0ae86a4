import { createServer, type IncomingMessage } from 'node:http';
import type { Duplex } from 'node:stream';
import { type WebSocket, WebSocketServer } from 'ws';
import { nodePass } from '../hallpass.ts';
import { perform, Returned } from '../perform.ts';
import { Steps } from '../steps/steps.ts';
import { leaving, pauses } from '../steps/waits.ts';
import { clientOf, type Host, passOptions, type Run } from './host.ts';
import { listening } from './watch.ts';

interface UpgradeScope {
  readonly socket: Duplex;
  readonly lab: Run['lab'];
  readonly client: NonNullable<Run['client']>;
  accept(): Promise<WebSocket>;
}

const steps = new Steps<UpgradeScope>({
  head: { accept: ({ accept }) => accept() },
  end: {
    greet: async ({ accept }) => (await accept()).send('hello'),
    greetAndClose: async ({ accept }) => {
      const socket = await accept();
      socket.send('hello');
      socket.close();
    },
    refuse: ({ socket }) =>
      socket.end('HTTP/1.1 403 Forbidden\r\nContent-Length: 0\r\nConnection: close\r\n\r\n'),
    give: () => new Returned(undefined),
  },
  wait: {
    ...pauses,
    ...leaving,
  },
});

/** A server of WebSockets, as the guide to the adapters has it. */
export const upgradeHost: Host = {
  steps: steps.groups,
  show: steps.show,
  idioms: [['greet', 'pause'], ['greetAndClose'], ['greet', 'leaveByReset']],
  around: [],
  styles: ['async'],
  listen(run) {
    const { program, lab } = run;
    const pass = nodePass(passOptions(run));
    const server = createServer((_req, res) => void res.end('hello'));
    const sockets = new WebSocketServer({ noServer: true });
    const serve = (req: IncomingMessage, socket: Duplex, head: Buffer) => {
      const accept = () =>
        new Promise<WebSocket>((resolve) => sockets.handleUpgrade(req, socket, head, resolve));
      const scope: UpgradeScope = { socket, lab, client: clientOf(run), accept };
      return perform({ program, steps, scope, lab, look: () => '' });
    };
    server.on('upgrade', async (req, socket, head) => {
      lab.arrive();
      if (!run.hallpass) {
        await run.visit.open();
        return serve(req, socket, head);
      }
      const context = await pass.upgrade(req, socket);
      if (context === undefined) return;
      await context.user();
      return serve(req, socket, head);
    });
    return listening(server, run);
  },
};
