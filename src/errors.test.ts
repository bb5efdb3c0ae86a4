import { inspect } from 'node:util';
import { expect, it } from 'vitest';
import { HallpassError, HttpError } from './errors.ts';

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
