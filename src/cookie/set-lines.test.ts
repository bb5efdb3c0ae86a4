import { expect, it } from 'vitest';
import { putSetCookie, replaceLines, withSetCookie } from './set-lines.ts';

it('replaces the line of the same name, domain and path, and leaves others alone', () => {
  const lines = [
    'a=1; Path=/',
    'a=1; Path=/x',
    'A=1; Path=/',
    'a=1; Path=/; Domain=example.com',
    'b=1; Path=/',
  ];
  expect(replaceLines(lines, ['a=2; Secure; Path=/'])).toEqual([...lines.slice(1), 'a=2; Secure; Path=/']);
  expect(replaceLines(lines, ['a=2; Path=/; Domain=.EXAMPLE.com'])).toEqual([
    ...lines.slice(0, 3),
    'b=1; Path=/',
    'a=2; Path=/; Domain=.EXAMPLE.com',
  ]);
});

it('leaves a line alone that nobody reads', () => {
  expect(replaceLines(['', '=', 'a=1'], ['a=2'])).toEqual(['', '=', 'a=2']);
});

it('writes into headers, with commas and all', () => {
  const headers = new Headers();
  headers.append('set-cookie', 'a=1; Path=/; Expires=Thu, 01 Jan 1970 00:00:00 GMT');
  putSetCookie(headers, ['b=1; Path=/']);
  putSetCookie(headers, ['a=2; Path=/']);
  expect(headers.getSetCookie()).toEqual(['b=1; Path=/', 'a=2; Path=/']);
});

it('takes the place of every earlier line about the same cookie, however many others wrote', () => {
  const headers = new Headers();
  for (const line of ['a=1; Path=/', 'a=2; Path=/', 'b=1; Path=/']) headers.append('set-cookie', line);
  putSetCookie(headers, ['a=3; Path=/']);
  expect(headers.getSetCookie()).toEqual(['b=1; Path=/', 'a=3; Path=/']);
});

it('changes a response where it can, and copies it where its headers are immutable', async () => {
  const open = new Response('body');
  expect(withSetCookie(open, ['a=1'])).toBe(open);

  const closed = Response.redirect('https://example.com/', 303);
  const copy = withSetCookie(closed, ['a=1']);
  expect(copy).not.toBe(closed);
  expect([copy.status, copy.headers.get('location'), copy.headers.getSetCookie()]).toEqual([
    303,
    'https://example.com/',
    ['a=1'],
  ]);
});

it('writes other headers beside the lines, also where a response is immutable and there is no line', () => {
  const closed = Response.redirect('https://example.com/', 303);
  const copy = withSetCookie(closed, [], [['cache-control', 'no-store']]);
  expect([copy.headers.get('cache-control'), copy.headers.getSetCookie()]).toEqual(['no-store', []]);

  const appended: string[][] = [];
  const head = { append: (...pair: string[]) => appended.push(pair) };
  expect(withSetCookie(head, ['a=1', 'b=1'], [['vary', 'cookie']])).toBe(head);
  expect(appended).toEqual([
    ['Set-Cookie', 'a=1'],
    ['Set-Cookie', 'b=1'],
    ['vary', 'cookie'],
  ]);
});
