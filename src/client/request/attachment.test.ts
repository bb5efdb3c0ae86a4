import { describe, expect, it } from 'vitest';
import { useLab } from '../../../tools/test/lab.ts';
import { createClient, credential } from '../index.ts';

let a: string;
const lab = useLab((origins) => {
  ({ a } = origins);
});

const token = 'hp-secret-token';

describe('what a credential attaches', () => {
  const given = async (attachment: unknown, path = '/headers') => {
    const custom = credential({ name: 'custom', for: a, attach: () => attachment as object });
    return (await createClient({ credentials: custom }).fetch(a + path)).status;
  };
  const last = () => lab.log.at(-1);

  it.each([
    [new Headers({ 'X-Custom': token })],
    [new Map([['X-Custom', token]])],
    [[['X-Custom', token]]],
    [{ 'X-Custom': token }],
  ])('its headers in every form that a call takes, %#', async (headers) => {
    await given({ headers });
    expect(last()?.headers['x-custom']).toBe(token);
  });

  it.each([[new URLSearchParams({ key: token })], [new Map([['key', token]])], [{ key: token }]])(
    'its query in every form that a call takes, %#',
    async (query) => {
      await given({ query });
      expect(last()?.path).toContain(`key=${token}`);
    },
  );

  it.each([undefined, null, 3])(
    'no text is a TypeError that names credential and header: %s',
    async (value) => {
      const sentence = /header x-api-key that the credential custom gives is a string/;
      await expect(given({ headers: { 'x-api-key': value } })).rejects.toThrow(sentence);
      await expect(given({ query: { key: value } })).rejects.toThrow(/query parameter key .*custom/);
      const sign = () => ({ headers: { 'x-api-key': value } }) as never;
      const signer = credential({ name: 'custom', for: a, sign });
      await expect(createClient({ credentials: signer }).fetch(`${a}/headers`)).rejects.toThrow(sentence);
    },
  );

  it('a name that no header can have is a TypeError that says so and does not repeat it', async () => {
    const error = await given({ headers: { [`${token}\n`]: '1' } }).catch((failure) => failure);
    expect(error).toBeInstanceOf(TypeError);
    expect(error.message).toMatch(/header name/);
    expect(error.message).not.toContain(token);
  });

  it.each([new Date(), new Set(['ab']), 'a=1', 3])(
    'what would attach nothing is a TypeError: %s',
    async (headers) => {
      await expect(given({ headers })).rejects.toThrow(TypeError);
      await expect(given({ query: headers })).rejects.toThrow(TypeError);
    },
  );
});
