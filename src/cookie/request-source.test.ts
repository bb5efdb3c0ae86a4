import { Hono } from 'hono';
import { expect, it } from 'vitest';
import { headerOf, type RequestSource } from './request-source.ts';

it.each<[string, RequestSource]>([
  ['a Request', new Request('https://a.test/', { headers: { cookie: 'a=1' } })],
  ['Headers', new Headers({ cookie: 'a=1' })],
  ['a request of Node', { headers: { cookie: 'a=1' } }],
  ['an object of headers in any case of letters', { headers: { COOKIES: 'b=2', Cookie: 'a=1' } }],
  ['a request that gives headers by name', { header: (name) => (name === 'cookie' ? 'a=1' : undefined) }],
  ['the text of a Cookie header', 'a=1'],
])('the Cookie header is read from %s', (_, from) => {
  expect(headerOf(from, 'cookie')).toBe('a=1');
  expect(headerOf(from, 'x-none')).toBeUndefined();
});

it('lines of a header that came as a list are one text, joined as HTTP joins cookies, and others', () => {
  const headers = { cookie: ['a=1', 'b=2'], 'x-list': ['a', 'b'] };
  expect(headerOf({ headers }, 'cookie')).toBe('a=1; b=2');
  expect(headerOf({ headers }, 'x-list')).toBe('a, b');
});

it.each([null, undefined])('%s is a request without cookies', (nothing) => {
  expect(headerOf(nothing, 'cookie')).toBeUndefined();
});

it.each([[42], [{}], [true], [() => {}]])('%s is no request, and the sentence says what is', (wrong) => {
  expect(() => headerOf(wrong as never, 'cookie')).toThrow('This is no request: pass a Request');
});

it("Hono's context is not its request", async () => {
  const app = new Hono().get('/', (c) => {
    expect(headerOf(c.req, 'cookie')).toBe('a=1');
    expect(() => headerOf(c as never, 'cookie')).toThrow('c.req');
    return c.text('ok');
  });
  expect(await (await app.request('/', { headers: { cookie: 'a=1' } })).text()).toBe('ok');
});
