import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { formFieldOf, isUrlencoded } from './form-field.ts';

const urlencoded = { 'content-type': 'application/x-www-form-urlencoded' };
const post = (body: BodyInit, headers: Record<string, string> = urlencoded) =>
  new Request('https://app.example.com/', { method: 'POST', body, headers, duplex: 'half' } as RequestInit);

describe('a form field', () => {
  it('is read without taking the body from the handler, whatever the form', async () => {
    await fc.assert(
      fc.asyncProperty(fc.string({ unit: 'binary' }), fc.string(), async (value, other) => {
        const body = new URLSearchParams({ other, token: value }).toString();
        const request = post(body);
        expect(await formFieldOf(request, 'token', 10_000)).toBe(new URLSearchParams(body).get('token'));
        expect(await request.text()).toBe(body);
      }),
      { numRuns: 50 },
    );
  });

  it.each<[string, Request]>([
    ['there is none of that name', post('other=1')],
    ['there is no body', new Request('https://app.example.com/', { headers: urlencoded })],
    ['the body is no form', post('token=1', { 'content-type': 'text/plain' })],
    [
      'the length that is said is over the limit',
      post('token=1', { ...urlencoded, 'content-length': '101' }),
    ],
    ['the body is over the limit', post(`token=1&x=${'x'.repeat(100)}`)],
  ])('is undefined when %s', async (_, request) => {
    expect(await formFieldOf(request, 'token', 100)).toBeUndefined();
  });

  it('is undefined when the body was read, is being read, or breaks off', async () => {
    const locked = post('token=1');
    locked.body?.getReader();
    expect(await formFieldOf(locked, 'token', 100)).toBeUndefined();
    const read = post('token=1');
    await read.text();
    expect(await formFieldOf(read, 'token', 100)).toBeUndefined();
    const broken = new ReadableStream({ pull: (controller) => controller.error(new Error('gone')) });
    expect(await formFieldOf(post(broken), 'token', 100)).toBeUndefined();
  });

  it('stops reading at the limit', async () => {
    let pulled = 0;
    const endless = new ReadableStream({
      pull: (controller) => {
        pulled += 1;
        controller.enqueue(new TextEncoder().encode('x'.repeat(60)));
      },
    });
    expect(await formFieldOf(post(endless), 'token', 100)).toBeUndefined();
    expect(pulled).toBeLessThan(8);
  });
});

it.each([
  ['application/x-www-form-urlencoded', true],
  ['Application/X-WWW-Form-Urlencoded ; charset=utf-8', true],
  ['application/x-www-form-urlencoded+json', false],
  ['multipart/form-data; boundary=x', false],
  ['', false],
  [null, false],
])('the media type %s is urlencoded: %s', (type, expected) => {
  expect(isUrlencoded(type)).toBe(expected);
});
