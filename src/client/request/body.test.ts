import { describe, expect, it } from 'vitest';
import { useLab } from '../../../tools/test/lab.ts';
import { bearer, createClient } from '../index.ts';
import { undiciTransport } from '../undici/index.ts';

let a: string;
useLab((origins) => {
  ({ a } = origins);
});

describe('a body is what it was when it was given', () => {
  const clients = {
    fetch: () => createClient(),
    'fetch, with a credential to wait for': () =>
      createClient({ credentials: bearer(async () => 'token', { for: a }) }),
    undici: () => createClient({ transport: undiciTransport() }),
  };
  const octets = () => new TextEncoder().encode('text');
  const wipe = (body: Uint8Array) => void body.fill(0x30);

  describe.each(Object.keys(clients) as (keyof typeof clients)[])('over %s', (name) => {
    it.each<[string, () => [body: BodyInit, change: () => void], string]>([
      [
        'bytes',
        () => {
          const body = octets();
          return [body, () => wipe(body)];
        },
        'text',
      ],
      [
        'a buffer',
        () => {
          const { buffer } = octets();
          return [buffer, () => wipe(new Uint8Array(buffer))];
        },
        'text',
      ],
      [
        'a view',
        () => {
          const { buffer } = octets();
          return [new DataView(buffer, 1, 2), () => wipe(new Uint8Array(buffer))];
        },
        'ex',
      ],
      [
        'a query',
        () => {
          const body = new URLSearchParams('a=1');
          return [body, () => body.set('a', '2')];
        },
        'a=1',
      ],
      [
        'a form',
        () => {
          const body = new FormData();
          body.set('a', 'one');
          return [body, () => body.set('a', 'two')];
        },
        'one',
      ],
    ])('%s', async (_, make, expected) => {
      const client = clients[name]();
      const [body, change] = make();
      const [other, changeOther] = make();
      const calls = [
        client.post(`${a}/echo`, { body }),
        client.fetch(`${a}/echo`, { method: 'POST', body: other }),
      ];
      change();
      changeOther();
      for (const call of calls) expect((await (await call).json()).body).toContain(expected);
    });
  });
});
