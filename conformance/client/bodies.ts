import { bearer, createClient, TimeoutError, traceOf } from 'hallpass/client';
import { type Case, equal } from '../case.ts';
import type { World } from '../world.ts';
import { echoed, failure } from './lab.ts';

/** More than goes out at once. */
const large = 300_000;

async function* letters(): AsyncGenerator<Uint8Array<ArrayBuffer>> {
  for (const letter of 'abc') yield new TextEncoder().encode(letter);
}

function streamed(): ReadableStream<Uint8Array<ArrayBuffer>> {
  const pieces = letters();
  return new ReadableStream({
    async pull(controller) {
      const { done, value } = await pieces.next();
      if (done === true) controller.close();
      else controller.enqueue(value);
    },
  });
}

/** Bodies up and down: each runtime has streams, forms and digests of its own. */
export function bodies({ origins: { a } }: World): Case[] {
  return [
    {
      name: 'a body goes out whole, whatever it is made of',
      async run() {
        const client = createClient();
        const given: [string, BodyInit, number][] = [
          ['text', 'x'.repeat(large), large],
          ['octets', new Uint8Array(large).fill(0x78), large],
          ['a Blob', new Blob(['x'.repeat(large)]), large],
          ['a stream', streamed(), 3],
          ['an iterable', letters() as unknown as BodyInit, 3],
        ];
        for (const [what, body, octets] of given) {
          const echo = await echoed(await client.post(`${a}/echo`, { body }));
          equal(echo.body.length, octets, what);
        }
      },
    },
    {
      name: 'a stream of which somebody has read is refused, for the rest of it is not the body',
      async run() {
        for (const end of ['read', 'cancel'] as const) {
          const body = streamed();
          const reader = body.getReader();
          await reader[end]();
          reader.releaseLock();
          const { error } = await failure(createClient().post(`${a}/echo`, { body }));
          equal(error instanceof TypeError && error.message.includes('read before'), true, end);
        }
      },
    },
    {
      name: 'a body is what it was when the call was made, whatever is done to it afterwards',
      async run() {
        const octets = new TextEncoder().encode('text');
        const form = new URLSearchParams('a=1');
        const credentials = bearer(async () => 'token', { for: a });
        const client = createClient({ credentials });
        const calls = [client.post(`${a}/echo`, { body: octets }), client.post(`${a}/echo`, { body: form })];
        octets.fill(0x30);
        form.set('a', '2');
        const [first, second] = await Promise.all(calls);
        equal((await echoed(first as Response)).body, 'text', 'octets');
        equal((await echoed(second as Response)).body, 'a=1', 'a query');
      },
    },
    {
      name: 'a form with a file goes out as one, large or small',
      async run() {
        for (const octets of [3, large]) {
          const form = new FormData();
          form.set('name', 'one\r\ntwo');
          form.set('file', new Blob(['x'.repeat(octets)], { type: 'application/pdf' }), 'a.pdf');
          const { headers, body } = await echoed(await createClient().post(`${a}/echo`, { body: form }));
          const again = await new Response(body, {
            headers: { 'content-type': headers['content-type'] ?? '' },
          }).formData();
          const file = again.get('file') as File;
          equal(
            [again.get('name'), file.name, file.type, file.size],
            ['one\r\ntwo', 'a.pdf', 'application/pdf', octets],
            'the form',
          );
        }
      },
    },
    {
      name: 'a body can be read as a stream, into memory of one’s own, and by both ends of a clone',
      async run() {
        const response = await createClient().get(`${a}/drip?s=0.01`);
        const copy = response.clone();
        const reader = (response.body as ReadableStream<Uint8Array>).getReader();
        let octets = 0;
        for (let read = await reader.read(); !read.done; read = await reader.read())
          octets += read.value.byteLength;
        equal([octets, response.bodyUsed, (await copy.text()).length], [octets, true, octets], 'octets');
        equal(traceOf(copy).hops.length, 1, 'the trace');
      },
    },
    {
      name: 'S32: a stream does not outlive the total that was set, though only the stream is held',
      async run() {
        const { body } = await createClient({ timeout: '400ms' }).get(`${a}/drip?s=60`);
        const { error } = await failure(new Response(body).text());
        equal(error instanceof TimeoutError && error.phase, 'total', 'the phase');
      },
    },
    {
      name: 'integrity is judged over the body',
      async run() {
        const echo = () =>
          createClient().post(`${a}/echo?integrity`, { body: 'x', integrity: 'sha256-AAAA' });
        equal((await failure(echo())).code, 'integrity-mismatch', 'the error');
      },
    },
  ];
}
