import { expect, it } from 'vitest';
import { methodRewrite } from './redirect-method.ts';

it.each([
  ['POST', 301, 'post-becomes-get', { status: 301 }],
  ['POST', 302, 'post-becomes-get', { status: 302 }],
  ['POST', 303, 'see-other-becomes-get', { method: 'POST' }],
  ['PUT', 303, 'see-other-becomes-get', { method: 'PUT' }],
  ...['GET', 'HEAD'].map((method) => [method, 303, undefined, undefined] as const),
  ...['GET', 'PUT', 'DELETE'].flatMap((method) => [301, 302].map((status) => [method, status] as const)),
  ...[307, 308, 300].map((status) => ['POST', status] as const),
] as const)('%s after %i: %s', (method, status, code, facts) => {
  const rewrite = methodRewrite(method, status);
  expect([rewrite?.code, rewrite?.facts]).toEqual([code, facts]);
});
