import { Agent, request } from 'node:http';
import { cookieOf } from '../races/visitor.ts';

/** How a call ended. `unreached`: nobody heard it. `cut`: nobody knows whether it was carried out. */
export type Answer =
  | { readonly outcome: 'answered'; readonly status: number; readonly cookie?: string; readonly body: Body }
  | { readonly outcome: 'unreached' }
  | { readonly outcome: 'cut'; readonly why: string };

interface Body {
  /** The code of a refusal, and its sentence. */
  readonly error?: string;
  readonly message?: string;
  readonly user?: string;
  readonly data?: Readonly<Record<string, number>>;
}

/** No server of ours takes longer, in ms. */
const patience = 60_000;

/** One keep-alive connection of a browser, to one process of the app. */
export class Connection {
  readonly #agent = new Agent({ keepAlive: true, maxSockets: 1 });

  call(port: number, method: 'GET' | 'POST', path: string, cookie: string): Promise<Answer> {
    const headers: Record<string, string> = { 'sec-fetch-site': 'same-origin' };
    if (cookie !== '') headers.cookie = cookie;
    const { promise, resolve } = Promise.withResolvers<Answer>();
    const outgoing = request({ agent: this.#agent, host: '127.0.0.1', port, method, path, headers });
    outgoing.setTimeout(patience, () => outgoing.destroy(new Error(`No answer within ${patience} ms`)));
    const cut = (error: NodeJS.ErrnoException) =>
      resolve({ outcome: 'cut', why: `${method} ${path}: ${error.message}` });
    outgoing.once('error', (error: NodeJS.ErrnoException) =>
      error.code === 'ECONNREFUSED' ? resolve({ outcome: 'unreached' }) : cut(error),
    );
    outgoing.once('response', (incoming) => {
      let text = '';
      incoming.setEncoding('utf8').on('data', (part: string) => {
        text += part;
      });
      incoming.once('error', cut);
      incoming.once('end', () => {
        const [line] = incoming.headers['set-cookie'] ?? [];
        const status = incoming.statusCode ?? 0;
        const cookie = line === undefined ? undefined : cookieOf(line);
        resolve({ outcome: 'answered', status, cookie, body: text === '' ? {} : JSON.parse(text) });
      });
    });
    outgoing.end();
    return promise;
  }

  close(): void {
    this.#agent.destroy();
  }
}
