import { createHash } from 'node:crypto';
import { inspect } from 'node:util';
import { describe, expect, it, onTestFinished } from 'vitest';
import { useServers } from '../../../tools/test/serve.ts';
import { createClient, digest, traceOf } from '../index.ts';
import { answer, readChallenge } from './digest-answer.ts';
import { parseChallenges } from './www-authenticate.ts';

const serve = useServers();

type Space = NonNullable<ReturnType<typeof readChallenge>>;

const user = 'Mufasa';
const password = 'hp-secret Circle of Life';

const nodeName: Record<string, string> = { 'sha-256': 'sha256', 'sha-512-256': 'sha512-256' };

interface Guard {
  origin: string;
  /** The fields of each Authorization that came, `{}` for none. */
  seen: Record<string, string>[];
  /** Makes the next nonce. */
  renew(): void;
  paths: string[];
}

/** A server that asks for Digest and checks it by itself, with node:crypto. */
async function guard(
  o: { challenge?: string; algorithm?: string; stale?: boolean; realm?: string } = {},
): Promise<Guard> {
  const { algorithm = 'SHA-256', realm = 'pride rock', stale = true } = o;
  const hash = (...parts: string[]) =>
    createHash(nodeName[algorithm.toLowerCase().replace('-sess', '')] ?? 'md5')
      .update(parts.join(':'))
      .digest('hex');
  const counts = new Set<string>();
  let round = 0;
  const nonce = () => `nonce-${realm}-${round}`;
  const it: Guard = { origin: '', seen: [], renew: () => void round++, paths: [] };
  const isRight = (f: Record<string, string>, method: string | undefined, url: string | undefined) => {
    if (f.nonce !== nonce() || counts.has(`${f.nonce} ${f.nc}`) || f.uri !== url) return false;
    counts.add(`${f.nonce} ${f.nc}`);
    const secret = hash(user, realm, password);
    const key = algorithm.endsWith('-sess') ? hash(secret, f.nonce, f.cnonce ?? '') : secret;
    return f.response === hash(key, f.nonce, f.nc ?? '', f.cnonce ?? '', 'auth', hash(`${method}`, `${url}`));
  };
  it.origin = await serve((request, response) => {
    const [given] = parseChallenges(request.headers.authorization ?? '');
    const fields = Object.fromEntries(given?.parameters ?? []);
    it.seen.push(fields);
    it.paths.push(request.url ?? '');
    if (given?.scheme === 'digest' && isRight(fields, request.method, request.url))
      return void response.end('in');
    const old = stale && fields.nonce !== undefined && fields.nonce !== nonce();
    const asks =
      o.challenge ??
      `Digest realm="${realm}", qop="auth-int, auth", algorithm=${algorithm}, nonce="${nonce()}", opaque="o\\"p"${old ? ', stale=true' : ''}`;
    response.writeHead(401, { 'www-authenticate': asks }).end('out');
  });
  return it;
}

const clientFor = (guard: Guard, secret = password) =>
  createClient({ credentials: digest(user, secret, { for: guard.origin }) });

describe('digest', () => {
  it.each(['SHA-256', 'SHA-256-sess', 'SHA-512-256', 'SHA-512-256-sess', 'MD5', 'MD5-sess', 'md5'])(
    'answers a challenge of %s, and from then on at once, counting',
    async (algorithm) => {
      const server = await guard({ algorithm });
      const client = clientFor(server);
      const first = await client.fetch(`${server.origin}/a?b=c d#e`);
      expect(await first.text()).toBe('in');
      expect((await client.post(`${server.origin}/post`, { body: 'x' })).status).toBe(200);
      expect(server.seen.map(({ nc }) => nc)).toEqual([undefined, '00000001', '00000002']);
      expect(server.seen[1]).toMatchObject({
        username: user,
        algorithm,
        opaque: 'o"p',
        qop: 'auth',
        uri: '/a?b=c%20d',
      });
      expect(
        traceOf(first).hops.map(({ cause, status, secrets }) => [
          cause,
          status,
          secrets[0]?.verdict.reasons[0]?.code,
        ]),
      ).toEqual([
        ['start', 401, 'nothing-attached'],
        ['challenge', 200, undefined],
      ]);
    },
  );

  it('computes what RFC 7616 §3.9.1 computes', async () => {
    const example = (algorithm: string): Space => ({
      ...(readChallenge(
        `Digest realm="http-auth@example.org", qop="auth, auth-int", algorithm=${algorithm}, nonce="7ypf/xlj9XXwfDPEoM4URrv/xwf94BcCAzFZH4GiTo0v", opaque="FQhe/qaU925kfnzjCev0ciny7QMkPqMAFRtzCUYo5tdS"`,
      ) as Space),
      cnonce: 'f2/wE4q74E6zIJEtWaHKaf5wv/H5QzzpXusqGemxURZJ',
      count: 1,
    });
    const value = (algorithm: string) =>
      answer(example(algorithm), 'Mufasa', 'Circle of Life', 'GET', '/dir/index.html');
    expect(await value('MD5')).toContain('response="8ca523f5e9506fed4657c9700eebdbec"');
    expect(await value('SHA-256')).toContain(
      'response="753927fa0e85d155564e2e272a28d1802ca10daf4496794697cf8db5856cb6c1"',
    );
  });

  it('computes what RFC 7616 §3.9.2 should (erratum 4897)', async () => {
    const space = readChallenge(
      'Digest realm="api@example.org", qop="auth", algorithm=SHA-512-256, nonce="5TsQWLVdgBdmrQ0XsxbDODV+57QdFR34I9HAbC/RVvkK", opaque="HRPCssKJSGjCrkzDg8OhwpzCiGPChXYjwrI2QmXDnsOS", charset=UTF-8, userhash=true',
    ) as Space;
    const known = { ...space, cnonce: 'NTg6RKcb9boFIAS3KrFK9BGeh+iDa/sm6jUMp2wds69v', count: 1 };
    const value = await answer(known, 'Jäsøn Doe', 'Secret, or not?', 'GET', '/doe.json');
    expect(value).toContain('response="3798d4131c277846293534c3edc11bd8a5e4cdcbff78b05db9d95eeb1cec68a5"');
    expect(value).toContain('username="793263caabb707a56211940d90411ea4a575adeccb7e360aeb624ed06ece9b0b"');
  });

  it('answers the next challenge where the runtime has no SHA-512/256', () => {
    const { getBuiltinModule } = process;
    onTestFinished(() => void Object.assign(process, { getBuiltinModule }));
    Object.assign(process, { getBuiltinModule: () => undefined });
    const both =
      'Digest realm="r", nonce="n1", algorithm=SHA-512-256, Digest realm="r", nonce="n2", algorithm=MD5';
    expect(readChallenge(both)?.nonce).toBe('n2');
  });

  it('hashes the user where the server asks for it, and writes one that is not ASCII in the extended notation', async () => {
    const space = readChallenge(
      'Digest realm="r", nonce="n", qop=auth, algorithm=SHA-256, userhash=true',
    ) as Space;
    const hashed = createHash('sha256').update('Jäsøn:r').digest('hex');
    const header = await answer(space, 'Jäsøn', 'x', 'GET', '/');
    expect(header).toContain(`username="${hashed}"`);
    expect(header).toContain('userhash=true');
    const plain = readChallenge('Digest realm="r", nonce="n", qop=auth') as Space;
    expect(await answer(plain, "Jäsøn'", 'x', 'GET', '/')).toContain("username*=UTF-8''J%C3%A4s%C3%B8n%27");
  });

  it('hashes the octets of a realm that is not ASCII, UTF-8 or not, and sends them back', async () => {
    for (const realm of [Buffer.from('caf\u00e9 \u65e5\u672c').toString('latin1'), 'caf\xe9']) {
      const space = readChallenge(`Digest realm="${realm}", nonce="n"`) as Space;
      const hash = (octets: string) => createHash('md5').update(octets, 'latin1').digest('hex');
      const secret = hash(`u:${realm}:${Buffer.from('p\u00e4ss').toString('latin1')}`);
      const header = await answer(space, 'u', 'p\u00e4ss', 'GET', '/x');
      expect(header).toContain(`realm="${realm}"`);
      expect(header).toContain(`response="${hash(`${secret}:n:${hash('GET:/x')}`)}"`);
    }
  });

  it('speaks RFC 2069 with a server that knows no qop, or names none', async () => {
    for (const qop of ['', ', qop=""', ', qop=" , "']) {
      const space = readChallenge(`Digest realm="r", nonce="n"${qop}`) as Space;
      const hash = (text: string) => createHash('md5').update(text).digest('hex');
      const header = await answer(space, 'u', 'p', 'GET', '/x');
      expect(header).toContain(`response="${hash(`${hash('u:r:p')}:n:${hash('GET:/x')}`)}"`);
      expect(header).not.toContain('nc=');
    }
  });

  it('takes a fresh nonce when the old one is stale, and asks for no other', async () => {
    const server = await guard();
    const client = clientFor(server);
    await client.fetch(server.origin);
    server.renew();
    const response = await client.fetch(server.origin);
    expect(response.status).toBe(200);
    expect(server.seen.map(({ nonce, nc }) => [nonce, nc])).toEqual([
      [undefined, undefined],
      ['nonce-pride rock-0', '00000001'],
      ['nonce-pride rock-0', '00000002'],
      ['nonce-pride rock-1', '00000001'],
    ]);
  });

  it('answers the new nonce of a server that forgets its nonces and does not say stale', async () => {
    const server = await guard({ stale: false });
    const client = clientFor(server);
    for (let call = 0; call < 4; call += 1) {
      expect((await client.fetch(server.origin)).status).toBe(200);
      server.renew();
    }
    expect(server.seen).toHaveLength(8);
  });

  it('gives up a wrong password after one answer a challenge, and begins anew in the next call', async () => {
    const server = await guard();
    const client = clientFor(server, 'wrong');
    expect((await client.fetch(server.origin)).status).toBe(401);
    expect(server.seen).toHaveLength(2);
    expect((await client.fetch(server.origin)).status).toBe(401);
    expect(server.seen).toHaveLength(3);
    expect((await client.fetch(server.origin)).status).toBe(401);
    expect(server.seen).toHaveLength(5);
  });

  it('S22 S27 is judged at every hop, and what one origin asked for is never used at another', async () => {
    const [a, b, c] = [await guard({ realm: 'a' }), await guard({ realm: 'b' }), await guard({ realm: 'c' })];
    const client = createClient({ credentials: digest(user, password, { for: [a.origin, b.origin] }) });
    for (const { origin } of [a, b, c, a, b]) await client.fetch(origin);
    expect(c.seen).toEqual([{}]);
    expect(a.seen.map(({ realm }) => realm)).toEqual([undefined, 'a', 'a']);
    expect(b.seen.map(({ realm }) => realm)).toEqual([undefined, 'b', 'b']);
  });

  it('answers each of many calls at once with a count of its own', async () => {
    const server = await guard();
    const client = clientFor(server);
    await client.fetch(server.origin);
    const answers = await Promise.all(Array.from({ length: 20 }, () => client.fetch(server.origin)));
    expect(answers.every(({ status }) => status === 200)).toBe(true);
    expect(new Set(server.seen.map(({ nc }) => nc)).size).toBe(22);
  });

  it.each([
    'Basic realm="x"',
    'Digest realm="x"',
    'Digest nonce="x"',
    'Digest realm="x", nonce="y", algorithm=SHA-3',
    'Digest realm="x", nonce="y", qop="auth-int"',
    '',
  ])('leaves the 401 of %j as the answer', async (challenge) => {
    const server = await guard({ challenge });
    expect((await clientFor(server).fetch(server.origin)).status).toBe(401);
    expect(server.seen).toHaveLength(1);
  });

  it('takes the first challenge that it can answer', () => {
    const space = readChallenge(
      'Digest realm="x", nonce="1", algorithm=SHA-3, Digest realm="x", nonce="2", algorithm=SHA-256, Digest realm="x", nonce="3"',
    );
    expect(space?.nonce).toBe('2');
  });

  it('shows no password, and refuses a user with a colon', async () => {
    const server = await guard();
    const client = clientFor(server);
    const shown = `${inspect([digest(user, password), client], { depth: 9, showHidden: true })}${traceOf(await client.fetch(server.origin))}`;
    expect(shown).not.toContain('hp-secret');
    expect(() => digest('a:b', 'x')).toThrow(TypeError);
  });
});
