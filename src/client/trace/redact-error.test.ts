import { inspect } from 'node:util';
import { describe, expect, it } from 'vitest';
import { failure } from '../../../tools/test/failure.ts';
import { bearer, createClient, credential } from '../index.ts';

describe('what a credential of the caller throws', () => {
  const held = 'hp-secret-of-another';
  const thrown = (error: unknown) => {
    const failing = credential({
      name: 'signature',
      for: 'https://a.example',
      covers: ['authorization'],
      sign: () => Promise.reject(error),
    });
    const credentials = [bearer(held, { for: 'https://a.example' }), failing];
    return failure(createClient({ credentials }).fetch('https://a.example/'));
  };
  const shown = (error: unknown) => inspect(error, { depth: 20, showHidden: true });

  it.each<[string, () => unknown]>([
    ['its words', () => new TypeError(`Bearer ${held} was refused`)],
    [
      'its words, escaped',
      () => new Error(`GET /?q=${[...held].map((c) => `%${c.charCodeAt(0).toString(16)}`).join('')}`),
    ],
    ['its cause', () => new Error('no', { cause: new Error('no', { cause: `Bearer ${held}` }) })],
    ['one of several', () => new AggregateError([new Error(held)], 'all failed')],
    [
      'its config',
      () => Object.assign(new Error('no'), { config: { headers: { authorization: `Bearer ${held}` } } }),
    ],
    ['headers that hang on it', () => Object.assign(new Error('no'), { headers: new Headers({ x: held }) })],
    [
      'a request that hangs on it',
      () => Object.assign(new Error('no'), { request: new Request(`https://h/${held}`) }),
    ],
    ['a code', () => Object.assign(new Error('no'), { code: held })],
    ['a text that is no error', () => `no ${held}`],
    ['an object that is no error', () => ({ token: held })],
    [
      'a circle',
      () => {
        const error = new Error(held);
        error.cause = Object.assign(new Error('no'), { cause: error });
        return error;
      },
    ],
  ])('is handed on without the secrets of the call: in %s', async (_, make) => {
    expect(shown(make())).toMatch(/hp-secret|%68%70/);
    const error = await thrown(make());
    expect(error).toMatchObject({ code: 'credential-failed' });
    expect(shown(error)).not.toMatch(/hp-secret|%68%70/);
  });

  it('keeps its words, its name and its codes otherwise, and is itself where it says none', async () => {
    const cause = Object.assign(new RangeError(`Bearer ${held} is no token of tenant 7`), {
      status: 403,
      code: 'E_TENANT',
    });
    const copy = (await thrown(cause)).cause;
    expect(copy).toMatchObject({
      name: 'RangeError',
      message: 'Bearer … is no token of tenant 7',
      status: 403,
      code: 'E_TENANT',
    });
    const plain = Object.assign(new Error('no'), { response: new Response('', { status: 403 }) });
    expect((await thrown(plain)).cause).toBe(plain);
    const several = (await thrown(new AggregateError([new Error(`a ${held}`)], 'all'))).cause;
    expect([several.message, several.errors[0].message]).toEqual(['all', 'a …']);
  });
});
