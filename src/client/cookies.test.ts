import { describe, expect, it } from 'vitest';
import { useLab } from '../../tools/test/lab.ts';
import { createClient, traceOf } from './index.ts';

let a: string;
let b: string;
const lab = useLab((origins) => {
  ({ a, b } = origins);
});

const setAndGo = (origin: string, cookie: string, target: string) =>
  `${origin}/set-cookie?${cookie}&url=${encodeURIComponent(target)}`;
const cookies = () => lab.log.map(({ headers }) => headers.cookie);

describe("the jar's cookies", () => {
  it('that came on a redirect are used by the next hop, on their own host only', async () => {
    const client = createClient();
    const url = setAndGo(a, 'sid=1', setAndGo(b, 'other=2', `${a}/cookies`));
    const response = await client.fetch(url);
    expect(cookies()).toEqual([undefined, undefined, 'sid=1']);
    const { hops } = traceOf(response);
    expect(hops.map((hop) => hop.cookies.set.map(({ name, verdict }) => [name, verdict.allowed]))).toEqual([
      [['sid', true]],
      [['other', true]],
      [],
    ]);
    const codes = hops.map((hop) =>
      Object.fromEntries(hop.secrets.map(({ name, verdict }) => [name, verdict.reasons[0]?.code ?? 'sent'])),
    );
    expect(codes).toEqual([{}, {}, { sid: 'sent' }]);
    expect(hops.map(({ otherCookies }) => otherCookies)).toEqual([0, 1, 1]);
  });

  it('beyond ASCII go back as the octets that came, and are text in the trace', async () => {
    const client = createClient();
    const trace = traceOf(await client.fetch(setAndGo(a, '%E6%97%A5=caf%C3%A9', `${a}/cookies`)));
    expect(cookies()).toEqual([undefined, '\xe6\x97\xa5=caf\xc3\xa9']);
    expect(trace.hops[0]?.cookies.set[0]?.name).toBe('日');
    expect(trace.hops[1]?.secrets).toMatchObject([{ name: '日', verdict: { allowed: true } }]);
    const literal = await client.get(`${a}/cookies`, { headers: { cookie: '\xe6\x97\xa5=1' } });
    expect(cookies().at(-1)).toBe('\xe6\x97\xa5=1');
    expect(traceOf(literal).hops[0]?.secrets.map(({ name }) => name)).toEqual(['日', '日']);
    expect(traceOf(literal).hops[0]?.secrets[1]?.verdict.reasons[0]?.code).toBe('explicit-wins');
  });

  it('that are refused do not fail the call: the trace says why', async () => {
    const response = await createClient().fetch(`${a}/set-cookie?bad=1;%20Domain=evil.test&good=2`);
    const [hop] = traceOf(response).hops;
    expect(hop?.cookies.set.map(({ name, verdict }) => [name, verdict.reasons[0]?.code])).toEqual([
      ['bad', 'domain-foreign'],
      ['good', undefined],
    ]);
  });

  it('that a hop deletes are gone at the next', async () => {
    const client = createClient();
    client.jar.set('sid=1', a);
    await client.fetch(setAndGo(a, 'sid=;%20Max-Age=0', `${a}/cookies`));
    expect(cookies()).toEqual(['sid=1', undefined]);
  });

  it('are shared by clients made with `with`, and by no others', async () => {
    const client = createClient({ baseUrl: `${a}/` });
    await client.get('set-cookie?sid=1');
    await client.with({ headers: { 'x-a': '1' } }).get('cookies');
    await createClient().fetch(`${a}/cookies`);
    expect(cookies()).toEqual([undefined, 'sid=1', undefined]);
  });

  it('are kept by no client without a jar', async () => {
    const client = createClient({ jar: false });
    await client.fetch(setAndGo(a, 'sid=1', `${a}/cookies`));
    expect(cookies()).toEqual([undefined, undefined]);
    expect(() => client.jar).toThrow(/jar: false/);
  });

  it('are traced as they were at the hop, whatever happens to the jar later', async () => {
    const client = createClient();
    client.jar.set('sid=1', a);
    const response = await client.fetch(`${a}/cookies`);
    client.jar.clear();
    client.jar.set('later=1', a);
    expect(traceOf(response).hops[0]?.secrets.map(({ name }) => name)).toEqual(['sid']);
  });
});

describe('a Cookie header of the client', () => {
  it('gives way for good to a cookie of its name that the server sets, in every later call', async () => {
    const client = createClient({ baseUrl: `${a}/`, headers: { cookie: 'sid=hp-secret-old; extra=1' } });
    await client.get('cookies');
    await client.get('set-cookie?sid=new');
    await client.get('cookies');
    await client.with({ timeout: '5s' }).get('cookies');
    expect(cookies().filter((_, at) => at !== 1)).toEqual([
      'sid=hp-secret-old; extra=1',
      'sid=new; extra=1',
      'sid=new; extra=1',
    ]);
    await client.with({ headers: { cookie: 'sid=hp-secret-own' } }).get('cookies');
    expect(cookies().at(-1)).toBe('sid=hp-secret-own');
  });

  it('gives way at that origin only, where it goes to each', async () => {
    const client = createClient({ headers: { cookie: 'sid=hp-secret-old' } });
    await client.get(`${a}/set-cookie?sid=new`);
    await client.get(`${a}/cookies`);
    await client.get(`${b}/cookies`);
    expect(cookies().slice(1)).toEqual(['sid=new', 'sid=hp-secret-old']);
  });
});

describe('a literal Cookie header', () => {
  const headers = { cookie: 'sid=hp-secret-own; extra=hp-secret-two' };

  it('S45 stays on its origin, in place of cookies of that name in the jar', async () => {
    const client = createClient();
    client.jar.set('sid=jar', a);
    client.jar.set('more=jar', a);
    client.jar.set('sid=b', b);
    const url = `${a}/redirect-to?url=${encodeURIComponent(`${b}/cookies`)}`;
    const response = await client.fetch(url, { headers });
    expect(cookies()).toEqual(['more=jar; sid=hp-secret-own; extra=hp-secret-two', 'sid=b']);
    const [first] = traceOf(response).hops;
    expect(first?.secrets.map(({ name, verdict }) => [name, verdict.reasons[0]?.code ?? 'sent'])).toEqual(
      expect.arrayContaining([
        ['sid', 'sent'],
        ['sid', 'explicit-wins'],
        ['extra', 'sent'],
        ['more', 'sent'],
      ]),
    );
  });

  it('does not come back, A→B→A', async () => {
    const inner = `${b}/redirect-to?url=${encodeURIComponent(`${a}/cookies`)}`;
    await createClient().fetch(`${a}/redirect-to?url=${encodeURIComponent(inner)}`, { headers });
    expect(cookies()).toEqual([headers.cookie, undefined, undefined]);
  });

  it('is replaced where the server sets a cookie of that name', async () => {
    await createClient().fetch(setAndGo(a, 'sid=new', `${a}/cookies`), { headers });
    expect(cookies()).toEqual([headers.cookie, 'sid=new; extra=hp-secret-two']);
  });
});
