import { subscribe, unsubscribe } from 'node:diagnostics_channel';
import { describe, expect, it } from 'vitest';
import manifest from '../../../package.json' with { type: 'json' };
import { useLab } from '../../../tools/test/lab.ts';
import { basic, bearer, createClient, type Har, type Trace, traceChannel, traceOf } from '../index.ts';

let a: string;
let b: string;
useLab((origins) => {
  ({ a, b } = origins);
});

type Kind = 'string' | 'number' | 'object' | 'array';

/** The fields that HAR 1.2 requires, object by object. http://www.softwareishard.com/blog/har-12-spec/ */
const required: Record<string, Record<string, Kind>> = {
  log: { version: 'string', creator: 'object', entries: 'array' },
  creator: { name: 'string', version: 'string' },
  entries: {
    startedDateTime: 'string',
    time: 'number',
    request: 'object',
    response: 'object',
    cache: 'object',
    timings: 'object',
  },
  request: {
    method: 'string',
    url: 'string',
    httpVersion: 'string',
    cookies: 'array',
    headers: 'array',
    queryString: 'array',
    headersSize: 'number',
    bodySize: 'number',
  },
  response: {
    status: 'number',
    statusText: 'string',
    httpVersion: 'string',
    cookies: 'array',
    headers: 'array',
    content: 'object',
    redirectURL: 'string',
    headersSize: 'number',
    bodySize: 'number',
  },
  content: { size: 'number', mimeType: 'string' },
  timings: { send: 'number', wait: 'number', receive: 'number' },
  cookies: { name: 'string', value: 'string' },
  headers: { name: 'string', value: 'string' },
  queryString: { name: 'string', value: 'string' },
};

/** What of an object, and of all below it, the specification does not allow. */
function faults(value: unknown, name: string): string[] {
  const fields = required[name] ?? {};
  const object = (value ?? {}) as Record<string, unknown>;
  const missing = Object.entries(fields)
    .filter(([field, kind]) => (Array.isArray(object[field]) ? 'array' : typeof object[field]) !== kind)
    .map(([field, kind]) => `${name}.${field} is no ${kind}`);
  const below = Object.keys(fields).flatMap((field) =>
    [object[field]].flat().flatMap((one) => (required[field] ? faults(one, field) : [])),
  );
  return [...missing, ...below];
}

async function record(): Promise<{ har: Har; trace: Trace }> {
  const client = createClient({
    credentials: [
      bearer('hp-secret-bearer', { for: a }),
      basic('u', 'hp-secret-pw', { for: 'https://other.test' }),
    ],
  });
  client.jar.set('own=hp-secret-own', a);
  const set = 'sid=hp-secret-sid;%20Path=/;%20HttpOnly;%20Max-Age=60&bad=hp-secret-bad;%20Secure';
  const url = `${a}/set-cookie?${set}&url=${encodeURIComponent(`${b}/headers?q=1#part`)}`;
  const trace = traceOf(await client.fetch(url));
  return { har: JSON.parse(JSON.stringify(trace.toHAR())), trace };
}

describe('toHAR', () => {
  it('has every field that HAR 1.2 requires, of its type', async () => {
    const { har } = await record();
    expect(faults(har.log, 'log')).toEqual([]);
    expect(faults({ ...har.log, entries: [{}] }, 'log')).not.toEqual([]);
    for (const { startedDateTime, time, timings } of har.log.entries) {
      expect(new Date(startedDateTime).toISOString()).toBe(startedDateTime);
      expect(timings.send + timings.wait + timings.receive).toBe(time);
    }
    expect(har.log.creator).toEqual({ name: 'hallpass', version: manifest.version });
  });

  it('tells hops, cookies and secrets, and no value of one', async () => {
    const { har, trace } = await record();
    const [first, second] = har.log.entries;
    expect(first?.request.headers).toEqual([{ name: 'authorization', value: '…' }]);
    expect(first?.request.cookies).toEqual([{ name: 'own', value: '…' }]);
    expect(first?.response).toMatchObject({
      status: 302,
      redirectURL: `${b}/headers?q=1#part`,
      cookies: [
        { name: 'sid', value: '…', path: '/', httpOnly: true, secure: false },
        { name: 'bad', secure: true, comment: expect.stringContaining('bad is Secure') },
      ],
      headers: [{ name: 'location', value: `${b}/headers?q=1#part` }],
    });
    expect(second?.response).toMatchObject({ status: 200, redirectURL: '', headers: [] });
    // What a cookie has not is absent from the object, too, and not there as undefined.
    expect(trace.toHAR().log.entries[0]?.response.cookies.map((cookie) => Object.keys(cookie))).toEqual([
      ['name', 'value', 'path', 'httpOnly', 'secure'],
      ['name', 'value', 'httpOnly', 'secure', 'comment'],
    ]);
    expect(second?.request).toMatchObject({
      url: `${b}/headers?q=1`,
      queryString: [{ name: 'q', value: '1' }],
      headers: [],
    });
    expect(second?._secrets[0]).toEqual({
      name: 'authorization',
      kind: 'bearer',
      sent: false,
      reasons: ['scope-other-host'],
    });
    const shown = JSON.stringify(har).replaceAll(/"(?:url|value)":"[^"]*set-cookie\?[^"]*"/g, '');
    expect(shown.match(/hp-secret-(?:bearer|pw|own)/)).toBeNull();
  });

  it('writes status 0 where no answer came', async () => {
    const error = await createClient()
      .fetch('http://127.0.0.1:1/x')
      .catch((failure) => failure);
    const { log } = (error.trace as Trace).toHAR();
    expect(faults(log, 'log')).toEqual([]);
    expect(log.entries[0]).toMatchObject({ response: { status: 0 }, comment: 'network' });
  });
});

describe('diagnostics_channel', () => {
  it('S51 gets the trace of every call, a failed one too', async () => {
    const traces: Trace[] = [];
    const listen = (trace: unknown) => void traces.push(trace as Trace);
    subscribe(traceChannel, listen);
    const client = createClient();
    await client.fetch(`${a}/headers`);
    await client.fetch(`${a}/loop`).catch(() => {});
    unsubscribe(traceChannel, listen);
    await client.fetch(`${a}/headers`);
    expect(traceChannel).toBe('hallpass:client:trace');
    expect(traces.map(({ hops }) => hops.at(-1)?.error)).toEqual([undefined, 'redirect-loop']);
  });
});
