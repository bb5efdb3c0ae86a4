import { describe, expect, expectTypeOf, it } from 'vitest';
import { z } from 'zod';
import { failure } from '../../tools/test/failure.ts';
import { useLab } from '../../tools/test/lab.ts';
import { createClient } from './index.ts';

let a: string;
const lab = useLab((origins) => {
  ({ a } = origins);
});

describe('a verb answers with a promise of the response that', () => {
  it('is one of fetch for who awaits it', async () => {
    const response = await createClient().get(`${a}/headers`);
    expectTypeOf(response).toEqualTypeOf<Response>();
    expect([response instanceof Response, response.status]).toEqual([true, 200]);
    expect(await response.json()).toMatchObject({ headers: { accept: '*/*' } });
    const call = createClient().get(`${a}/headers`);
    expect(call).toBeInstanceOf(Promise);
    expect((await call.finally(() => {})).status).toBe(200);
  });

  it('gives the JSON of a 2xx and asks for it', async () => {
    const value = await createClient().get(`${a}/headers`).json();
    expect(value).toMatchObject({ headers: { accept: 'application/json' } });
    expectTypeOf(value).toBeUnknown();
    expect(
      await createClient()
        .post(`${a}/echo`, { json: { x: 1 } })
        .json(),
    ).toMatchObject({
      method: 'POST',
      body: '{"x":1}',
    });
  });

  it("asks for JSON in no words but the caller's, when there are some", async () => {
    const asked = (headers: unknown) => ({ headers: { accept: headers } });
    const headers = { accept: 'text/x' };
    const client = createClient({ headers });
    expect(await client.get(`${a}/headers`).json()).toMatchObject(asked('text/x'));
    expect(await createClient().get(`${a}/headers`, { headers }).json()).toMatchObject(asked('text/x'));
    const request = new Request(`${a}/headers`, { headers });
    expect(await createClient().get(request).json()).toMatchObject(asked('text/x'));
    const late = createClient().get(`${a}/headers`);
    await late;
    expect(await late.json()).toMatchObject(asked('*/*'));
  });

  it('asks for JSON also when the body of a Request is read first', async () => {
    const request = new Request(`${a}/echo`, { method: 'POST', body: 'text' });
    expect(await createClient().post(request).json()).toMatchObject({
      body: 'text',
      headers: { accept: 'application/json' },
    });
  });

  it('checks it with a schema, which types it', async () => {
    const schema = z.object({ headers: z.object({ host: z.string() }) });
    const { headers } = await createClient().get(`${a}/headers`).json(schema);
    expectTypeOf(headers.host).toBeString();
    expect(headers.host).toBe(new URL(a).host);
    const call = createClient()
      .get(`${a}/headers`)
      .json(z.object({ headers: z.number() }));
    const error = await failure(call);
    expect(error).toMatchObject({
      name: 'InvalidBodyError',
      code: 'invalid-body',
      issues: [{ path: 'headers' }],
    });
    expect(error.trace.hops).toHaveLength(1);
  });

  it('takes what no library of schemas has made for misuse, and sends nothing', async () => {
    const json = 'json takes a schema of Standard Schema, as zod and valibot make them, or nothing.';
    for (const transport of [undefined, () => Promise.reject(new Error('down'))]) {
      const client = createClient(transport && { transport });
      for (const schema of [{}, null, 5, z.object({}).parse]) {
        const call = client.post(`${a}/echo`, { json: 1 });
        await expect(call.json(schema as never)).rejects.toThrow(new TypeError(json));
        await expect(call).rejects.toThrow(new TypeError(json));
      }
      for (const as of ['text', 'bytes'] as const) {
        const read: (given?: unknown) => Promise<unknown> = client.post(`${a}/echo`, { json: 1 })[as];
        await expect(read('utf8')).rejects.toThrow(new RegExp(`^${as}\\(\\) takes nothing`));
      }
    }
    expect(lab.log).toHaveLength(0);
  });

  it('takes it for misuse also when the call was sent already, whatever comes of it', async () => {
    const call = createClient({ transport: () => Promise.reject(new Error('down')) }).get(a);
    expect(await failure(call)).toMatchObject({ code: 'network' });
    await expect(call.json(5 as never)).rejects.toThrow(TypeError);
  });

  it('rejects where the body is asked for, and leaves no rejection of the call behind', async () => {
    const unhandled: unknown[] = [];
    const listen = (error: unknown) => void unhandled.push(error);
    process.on('unhandledRejection', listen);
    const transport = async () => Promise.reject(new Error('down'));
    const error = await failure(createClient({ transport }).get(a).json());
    await new Promise(setImmediate);
    process.off('unhandledRejection', listen);
    expect([error.code, unhandled]).toEqual(['network', []]);
  });

  it('reads a body once, as fetch does: after the response was awaited too', async () => {
    const call = createClient().get(`${a}/headers`);
    expect((await call).status).toBe(200);
    expect(await call.json()).toHaveProperty('headers');
    await expect(call.json()).rejects.toThrow(TypeError);
  });

  it('says that somebody else reads the body', async () => {
    const call = createClient().get(`${a}/headers`);
    const reader = (await call).body?.getReader();
    await expect(call.json()).rejects.toThrow(/has a reader of the body/);
    reader?.releaseLock();
    expect(await call.json()).toMatchObject({ headers: {} });
  });

  it('gives the text or the octets of a 2xx', async () => {
    const client = createClient();
    const sent = { body: 'text' };
    expect(await client.post(`${a}/echo`, sent).text()).toContain('"body":"text"');
    const octets = await client.post(`${a}/echo`, sent).bytes();
    expect(octets).toBeInstanceOf(Uint8Array);
    expect(JSON.parse(new TextDecoder().decode(octets))).toMatchObject({ body: 'text' });
  });

  it('names status, URL, Content-Type and redirects of an empty body', async () => {
    const error = await failure(createClient().get(`${a}/redirect-to?url=/empty`).json());
    expect(error).toMatchObject({ name: 'EmptyBodyError', code: 'empty-body' });
    expect(error.message).toContain(`200 of ${a}/empty (application/json, 1 redirect)`);
    expect(error.trace.hops).toHaveLength(2);
  });

  it.each(['json', 'text', 'bytes'] as const)('gives the answer along when it is not 2xx: %s', async (as) => {
    const error = await failure(createClient().get(`${a}/need`)[as]());
    expect(error).toMatchObject({ name: 'HttpStatusError', code: 'http-status', status: 401 });
    expect(await error.response.json()).toEqual({ authenticated: false });
  });

  it('says that a body is not JSON without repeating it', async () => {
    const transport = async () => new Response('hp-secret-<html>');
    const error = await failure(createClient({ transport }).get(a).json());
    expect(error).toMatchObject({ code: 'invalid-body', issues: [] });
    expect(error.message).not.toContain('hp-secret-');
  });

  it('leaves no unhandled rejection when only the body is awaited', async () => {
    const unhandled: unknown[] = [];
    const note = (error: unknown) => void unhandled.push(error);
    process.on('unhandledRejection', note);
    const failing = createClient({ transport: () => Promise.reject(new Error('down')) });
    expect(await failure(failing.get(a).json())).toMatchObject({ code: 'network' });
    expect(await failure(createClient().get('/relative').json())).toBeInstanceOf(TypeError);
    await new Promise((resolve) => setImmediate(resolve));
    process.off('unhandledRejection', note);
    expect(unhandled).toEqual([]);
  });

  it('is rejected when the client is disposed right after the call: nothing is sent', async () => {
    const client = createClient();
    const call = client.get(`${a}/headers`);
    const withBody = client.fetch(new Request(`${a}/headers`, { method: 'POST', body: 'text' }));
    const errors = await Promise.all([failure(call), failure(withBody), client[Symbol.asyncDispose]()]);
    expect([errors[0].name, errors[1].name, lab.log.length]).toEqual(['AbortError', 'AbortError', 0]);
    expect(await failure(client.get(`${a}/headers`))).toBeInstanceOf(TypeError);
  });
});
