import { inspect } from 'node:util';
import { runInNewContext } from 'node:vm';
import { expect, it } from 'vitest';
import { HallpassError, HttpError, notify } from './errors.ts';

it('an error carries its stable code and the name of its class', () => {
  class NetworkError extends HallpassError {}
  const error = new NetworkError('network', 'The connection was refused.', {
    cause: new Error('ECONNREFUSED'),
  });
  expect(error).toMatchObject({
    name: 'NetworkError',
    code: 'network',
    message: 'The connection was refused.',
  });
  expect(inspect(error)).toContain('ECONNREFUSED');
});

it('an error that is printed or logged says the command that explains it, and its answer to a stranger does not', async () => {
  const error = new HttpError('store-unavailable', 503, 'Try again.');
  expect(inspect(error)).toContain("why: 'npx hallpass why store-unavailable'");
  expect(Object.entries(error)).toContainEqual(['why', 'npx hallpass why store-unavailable']);
  expect(error.message).toBe('Try again.');
  expect(await error.getResponse().text()).not.toContain('npx');
});

it('an HTTP-facing error answers with its status, its code and its sentence, and is never cached', async () => {
  const error = new HttpError('store-unavailable', 503, 'Try again.', {
    headers: { 'retry-after': '1' },
  });
  const response = error.getResponse();
  expect([error.status, error.statusCode, response.status]).toEqual([503, 503, 503]);
  expect(response.headers.get('retry-after')).toBe('1');
  expect(response.headers.get('cache-control')).toBe('no-store');
  expect(await response.json()).toEqual({ error: 'store-unavailable', message: 'Try again.' });
});

it('a listener that throws breaks nothing and leaves no work', () => {
  const work = notify(() => {
    throw new Error('mine');
  });
  expect(work).toBeUndefined();
  expect(notify(() => 'done')).toBeUndefined();
  expect(notify(() => null)).toBeUndefined();
});

it('what an asynchronous listener still does can be waited for, and never rejects', async () => {
  let done = false;
  await notify(async () => {
    await undefined;
    done = true;
  });
  expect(done).toBe(true);
  await expect(notify(() => Promise.reject(new Error('mine')))).resolves.toBeUndefined();
});

it('a promise of another realm, or of a library of its own, is one too', async () => {
  const foreign: unknown = runInNewContext('Promise.reject(new Error("theirs"))');
  expect(foreign instanceof Promise).toBe(false);
  await expect(notify(() => foreign)).resolves.toBeUndefined();
  const own = Object.defineProperty({}, 'then', {
    value: (_: unknown, reject: (error: Error) => void) => reject(new Error('own')),
  });
  await expect(notify(() => own)).resolves.toBeUndefined();
});

it('a thenable whose then cannot even be read breaks nothing', () => {
  const broken = Object.defineProperty({}, 'then', {
    get() {
      throw new Error('mine');
    },
  });
  expect(notify(() => broken)).toBeUndefined();
});

it('an HTTP-facing error has the shape of http-errors: what is not the fault of the server is for the client to read', () => {
  const refusal = new HttpError('unauthenticated', 401, 'Sign in first.');
  const failure = new HttpError('store-unavailable', 503, 'Try again.');
  expect(refusal).toMatchObject({ status: 401, statusCode: 401, expose: true });
  expect(failure).toMatchObject({ status: 503, statusCode: 503, expose: false });
});
