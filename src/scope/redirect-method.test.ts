import { expect, it } from 'vitest';
import { methodRewrite } from './redirect-method.ts';

it.each<[method: string, status: number, code?: string, facts?: object]>([
  ['POST', 301, 'post-becomes-get', { status: 301 }],
  ['POST', 302, 'post-becomes-get', { status: 302 }],
  ['POST', 303, 'see-other-becomes-get', { method: 'POST' }],
  ['PUT', 303, 'see-other-becomes-get', { method: 'PUT' }],
  ['GET', 303],
  ['HEAD', 303],
  ['GET', 301],
  ['PUT', 301],
  ['DELETE', 302],
  ['POST', 307],
  ['POST', 308],
  ['POST', 300],
])('%s after %i: %s', (method, status, code, facts) => {
  const rewrite = methodRewrite(method, status);
  expect([rewrite?.code, rewrite?.facts]).toEqual([code, facts]);
});
