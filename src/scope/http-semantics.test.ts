import { expect, it } from 'vitest';
import { hasNoBody, idempotentMethods, isForbiddenMethod, isSafeMethod } from './http-semantics.ts';

const methods = ['GET', 'HEAD', 'OPTIONS', 'TRACE', 'POST', 'PUT', 'PATCH', 'DELETE', 'CONNECT', 'QUERY'];

it('calls those methods safe that RFC 9110 §9.2.1 does, and idempotent PUT and DELETE beside them', () => {
  expect(methods.filter(isSafeMethod)).toEqual(['GET', 'HEAD', 'OPTIONS', 'TRACE']);
  expect([...idempotentMethods].sort()).toEqual(['DELETE', 'GET', 'HEAD', 'OPTIONS', 'PUT', 'TRACE']);
});

it('refuses the methods that Request refuses', () => {
  for (const method of [...methods, 'TRACK', 'track'])
    expect(refused(() => new Request('https://a.example', { method }))).toBe(isForbiddenMethod(method));
});

it('knows of every status that a Response can have whether its body may be one', () => {
  for (let status = 200; status < 600; status++)
    expect(refused(() => new Response('text', { status }))).toBe(hasNoBody('GET', status));
  expect(hasNoBody('HEAD', 200)).toBe(true);
});

function refused(make: () => unknown): boolean {
  try {
    make();
    return false;
  } catch {
    return true;
  }
}
