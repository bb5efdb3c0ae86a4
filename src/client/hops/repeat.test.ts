import { describe, expect, it } from 'vitest';
import { failure } from '../../../tools/test/failure.ts';
import { useLab } from '../../../tools/test/lab.ts';
import { useServers } from '../../../tools/test/serve.ts';
import { signature, signing } from '../../../tools/test/signing.ts';
import { traceOf } from '../index.ts';

let b: string;
useLab((origins) => {
  ({ b } = origins);
});
const serve = useServers();

describe('received', () => {
  /** Answers with these statuses in turn, the last for ever. */
  async function answering(...statuses: number[]) {
    const asked: string[] = [];
    const origin = await serve((request, response) => {
      const status = statuses[Math.min(asked.length, statuses.length - 1)] as number;
      asked.push(`${request.method} ${request.url}`);
      response.writeHead(status, { location: '/next', 'x-nonce': `n${asked.length}` }).end('text');
    });
    return { origin, asked };
  }

  it('hears the answer of every hop that its credential was asked at, whatever the status', async () => {
    const { origin, asked } = await answering(302, 503, 404);
    const responses: string[] = [];
    const client = signing(
      origin,
      {
        sign: signature,
        received: (response, hop) => {
          responses.push(
            `${hop.index} ${response.status} ${response.headers.get('x-nonce')} ${response.url}`,
          );
        },
      },
      { retry: { delay: 0 } },
    );
    expect((await client.fetch(`${origin}/`)).status).toBe(404);
    expect(responses).toEqual([`0 302 n1 ${origin}/`, `1 503 n2 ${origin}/next`, `1 404 n3 ${origin}/next`]);
    expect(asked).toHaveLength(3);
    await client.fetch(`${b}/headers`);
    expect(responses).toHaveLength(3);
  });

  it.each([400, 401, 200, 302])(
    'that always asks for a repeat has each hop repeated once, at %d',
    async (status) => {
      const { origin, asked } = await answering(status, status, 204);
      let signed = 0;
      const client = signing(
        origin,
        { sign: () => ({ headers: { signature: `s${++signed}` } }), received: () => true },
        { redirect: 'manual' },
      );
      const response = await client.post(`${origin}/`, { body: 'again' });
      expect([response.status, asked, signed]).toEqual([status, ['POST /', 'POST /'], 2]);
      expect(traceOf(response).hops.map(({ cause }) => cause)).toEqual(['start', 'challenge']);
      expect(`${traceOf(response)}`).toContain(`POST ${origin}/  (again, after the ${status})  →  ${status}`);
    },
  );

  it('repeats no request whose body is a stream', async () => {
    const { origin, asked } = await answering(400, 200);
    const client = signing(origin, { sign: signature, received: () => true });
    expect((await client.post(origin, { body: new Blob(['once']).stream() })).status).toBe(400);
    expect(asked).toHaveLength(1);
  });

  it('and challenge have a hop repeated once each, also across retries', async () => {
    const { origin, asked } = await answering(401, 401, 503, 401);
    const client = signing(
      origin,
      { sign: signature, received: ({ status }) => status === 401, challenge: () => true },
      { retry: { delay: 0, maxRetries: 1 } },
    );
    expect((await client.fetch(origin)).status).toBe(401);
    expect(asked).toHaveLength(4);
  });

  it('leaves the body to the caller: that of a clone can be read', async () => {
    const { origin } = await answering(400);
    const reader = signing(origin, {
      sign: signature,
      received: async (response) => void (await response.text()),
    });
    const error = await failure(reader.fetch(origin));
    expect(error).toBeInstanceOf(TypeError);
    expect(error.message).toMatch(/received of the credential signature read the body/);
    const bodies: string[] = [];
    const received = async (response: Response) => void bodies.push(await response.clone().text());
    const client = signing(origin, { sign: signature, received });
    expect([await (await client.fetch(origin)).text(), bodies]).toEqual(['text', ['text']]);
  });

  it('that fails ends the call: credential-failed', async () => {
    const { origin } = await answering(200);
    const cause = new Error('no');
    const received = () => Promise.reject(cause);
    const error = await failure(signing(origin, { sign: signature, received }).fetch(origin));
    expect(error).toMatchObject({ code: 'credential-failed', cause });
  });
});
