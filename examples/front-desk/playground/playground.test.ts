import { describe, expect, test } from 'vitest';
import { threads } from '../../../conformance/threads/threads.ts';
import { judge, type Question } from './judge.ts';
import { fragmentOf, maskedText, questionOf } from './link.ts';

const codesOf = (question: Question) => {
  const answer = judge(question);
  if ('problem' in answer) return [answer.problem];
  return [...answer.cookies, ...answer.requests].flatMap(({ findings }) => findings.map(({ code }) => code));
};

describe('the playground', () => {
  test('names the cause of every thread that can be pasted, from its link too, values masked', () => {
    for (const { input, cause, source } of threads) {
      if (input.kind === 'program') continue;
      const question = {
        text: input.kind === 'line' ? `Set-Cookie: ${input.text}` : input.text,
        from: 'from' in input ? input.from : '',
        ...('journey' in input && { journey: input.journey as never }),
      };
      expect(codesOf(question), source).toContain(cause);
      const link = fragmentOf(question, false);
      // What is wrong with a value is gone with it.
      if (cause !== 'value-json') expect(codesOf(questionOf(link)!), source).toContain(cause);
    }
  });

  test('says what each of three engines does', () => {
    const answer = judge({ text: 'Set-Cookie: __Host-a=1; Path=/; SameSite=None', from: 'https://a.test/' });
    const outcomes = 'cookies' in answer ? answer.cookies[0]?.outcomes : undefined;
    const first = outcomes?.find(({ journey }) => journey === 'first-visit');
    expect(first?.outcome).toBe('not kept');
    expect(first?.engines.map(({ title, outcome }) => `${title} ${outcome}`)).toEqual([
      'Chromium not kept',
      'Firefox not kept',
      'WebKitGTK sent',
    ]);
  });

  test.each([
    ['', 'Paste something above, or pick an example.'],
    ['hello', expect.stringContaining('no Set-Cookie line')],
    ['x'.repeat(8_000_001), expect.stringContaining('8 MB')],
  ])('takes hostile input as text', (text, problem) => {
    expect(judge({ text })).toEqual({ problem });
  });

  test('judges a thousand cookies and requests at the most, and says so', () => {
    const lines = 'Set-Cookie: a=1\n'.repeat(1_001);
    const entries = Array(1_001).fill({ request: { url: 'https://a.test/' } });
    for (const text of [lines, JSON.stringify({ log: { entries } })])
      expect(judge({ text })).toEqual({ problem: expect.stringContaining('over 1,000') });
  });

  test('shows the first of very many findings of one cookie, and how many more there are', () => {
    const answer = judge({ text: `Set-Cookie: a=1${'; x'.repeat(20_000)}`, from: 'https://a.test/' });
    const [one] = 'cookies' in answer ? answer.cookies : [];
    expect(one?.findings).toHaveLength(50);
    expect(one?.more).toBeGreaterThan(19_900);
  });

  test.each([
    'Set-Cookie: a=\0\0; Path=/\0',
    'Set-Cookie: \ud800=\udfff; Path=/',
    'Set-Cookie: __proto__=<script>alert(1)</script>; __proto__=1',
    '{"log":{"__proto__":{"x":1},"entries":[null,3,{"request":{"__proto__":{"a":1},"url":5,"headers":"x"},"response":[]}]}}',
    `{"log":${'['.repeat(10_000)}`,
    '{"log":{"entries":[{"startedDateTime":{"toString":1},"request":{"url":"https://a.test/"},"response":{"status":{"valueOf":1}}}]}}',
    `x({ a: ${'{ b: '.repeat(3_000)}`,
  ])('answers hostile input, and nothing of it is left behind', (text) => {
    for (const journey of [undefined, '__proto__', 'constructor'])
      expect(judge({ text, from: 'https://a.test/', journey: journey as never })).toBeTypeOf('object');
    expect(questionOf(fragmentOf({ text }, false))?.text ?? '').not.toContain('alert(1)');
    expect(Object.keys(Object.prototype)).toEqual([]);
  });

  test('takes an address of the web only', () => {
    for (const from of ['javascript:alert(1)', 'file:///etc', 'nonsense'])
      expect(judge({ text: 'a=1', from })).toHaveProperty('problem');
  });
});

describe('a link', () => {
  const secret = 'S3CRET';
  test.each([
    `Set-Cookie: a=${secret}; Path=/`,
    `a=${secret}; Path=/`,
    `a=${secret}\nb=${secret}`,
    `res.cookie('id', '${secret}', { secure: true })`,
    `session({ name: 'id', secret: ['${secret}'], cookie: { secure: true } })`,
    `{ "name": "id", "value": "${secret}", "path": "/" }`,
    `> GET /?q=${secret} HTTP/1.1\n> Host: a.test\n> Cookie: a=${secret}; b=${secret}\n> Authorization: Bearer ${secret}\n> X-Api-Key: ${secret}\n< HTTP/1.1 302\n< Set-Cookie: a=${secret}\n< Location: /x?code=${secret}`,
    JSON.stringify({
      log: {
        entries: [
          {
            request: {
              url: `https://u:${secret}@a.test/?q=${secret}`,
              headers: [
                { name: 'Cookie', value: `a=${secret}` },
                { name: 'Authorization', value: secret },
                { name: 'X-Own', value: secret },
              ],
              postData: { text: secret },
            },
            response: {
              headers: [{ name: 'Set-Cookie', value: `a=${secret}\nb=${secret}; Path=/` }],
              content: { text: secret },
            },
          },
        ],
      },
    }),
    `res.setHeader('Set-Cookie',\n  'id=${secret}; Path=/');`,
    `res.setHeader('Set-Cookie', 'id=${secret}; Path=/')`,
    `setCookie(res,'id','${secret}', { path: '/' })`,
    `setCookie(res,'id','${secret}');`,
    `cookies().set('id','${secret}',\n{ secure: true })`,
    `cookie.serialize('id', '${secret}', { maxAge: 1 })`,
    `res.cookie(NAME, '${secret}', { path: '/' })`,
    `res.cookie('${secret}; Path', x, { path: '/' })`,
    `session({ key: '${secret}', cookie: { secure: true } })`,
    `verify(token, "${secret}", { secure: true }) // ${secret}`,
    `fetch('https://u:${secret}@a.test/?k=${secret}', { path: '/', maxAge: '${secret}' })`,
    `document.cookie = "id=${secret}; path=/"`,
    `Set-Cookie: a={"x":1;"y":"${secret}"}; Path=/; ${secret}; x=${secret}; HttpOnly=${secret}; SameSite=${secret}; Max-Age=${secret}; Expires=${secret}`,
    `Set-Cookie: ${secret}`,
    `Set-Cookie: f('${secret}', b)=1`,
    `${secret}=`,
    `Set-Cookie: ${secret}==; Path=/`,
    `Set-Cookie: ${secret}==--${secret}`,
    `> GET /;a=${secret}/b%3Bjsessionid=${secret} HTTP/1.1\n> Host: a.test\n> Cookie: ${secret}==; a=1; ${secret}=\n< HTTP/1.1 200`,
    'Set-Cookie: c2Vzc2lvbi1zZWNyZXQtdmFsdWUxS3CRETk=--0',
    JSON.stringify({
      log: {
        entries: [
          {
            request: {
              url: `https://a.test/app;jsessionid=${secret}`,
              headers: [{ name: 'Referer', value: `https://a.test/x;jsessionid=${secret}?a` }],
            },
            response: { headers: [{ name: 'Location', value: `app;jsessionid=${secret}` }] },
          },
        ],
      },
    }),
    `Set-Cookie: a=1\nX-Own: ${secret}\n${secret}`,
    `${secret}`,
    [
      `* Connected to a.test (192.0.2.1) port 80 ${secret}`,
      `> GET http://u:${secret}@a.test/x?${secret} HTTP/1.1`,
      '> Host: a.test',
      `> Origin: ${secret}`,
      `> User-Agent: curl/8 ${secret}`,
      `> Access-Control-Request-Headers: "${secret}"`,
      '>',
      `< HTTP/1.1 302 ${secret}`,
      `< Location: //u:${secret}@b.test/y`,
      `< Date: ${secret}`,
      `< Cache-Control: no-cache="${secret}"`,
      `< Access-Control-Allow-Origin: http://u:${secret}@c.test/${secret}`,
    ].join('\n'),
    JSON.stringify({
      log: {
        entries: [
          {
            startedDateTime: secret,
            request: { method: `G ${secret}`, url: 'https://a.test/', headers: [] },
            response: { status: secret, headers: [{ name: 'Location', value: `https:/u:${secret}@b.test` }] },
          },
        ],
      },
    }),
    [
      `* Added cookie sid="${secret}" for domain a.test`,
      `* [HTTP/2] [1] [authorization: Bearer ${secret}]`,
      `curl -H 'Authorization: Bearer ${secret}' -b 'sid=${secret}' http://a.test/`,
      `> GET /x?token=${secret} HTTP/1.1`,
      '> Host: a.test',
      `> Referer: http://u:${secret}@a.test/?code=${secret}`,
      `> X-Auth: ${secret}`,
      '>',
      '< HTTP/1.1 302 Found',
      `< location: /y#access_token=${secret}`,
      `< set-cookie: sid=${secret}; Path=/`,
      `{"sid":"${secret}"}`,
    ].join('\n'),
  ])('holds no value unless it is to', (text) => {
    expect(maskedText(text)).not.toContain(secret);
    expect(
      decodeURIComponent(
        fragmentOf({ text, from: `https://u:${secret}@a.test/;jsessionid=${secret}?${secret}` }, false),
      ),
    ).not.toContain(secret);
    expect(questionOf(fragmentOf({ text }, true))?.text).toBe(text);
  });

  test.each(['\n', 'key', '<\n', 'key: ', "cookie('", 'value:"', 'A', 'http://', '=', ' '])(
    'of %j again and again is made in no time, or not at all',
    (text) => {
      const link = fragmentOf({ text: text.repeat(100_000 / text.length) }, false);
      expect(link.length).toBeLessThanOrEqual(16_000);
      expect(
        fragmentOf({ text: `a:${text.repeat(100_000 / text.length)}x` }, false).length,
      ).toBeLessThanOrEqual(16_000);
      expect(fragmentOf({ text: text.repeat(1_000_001) }, false)).toBe('');
    },
  );

  test('is not looked for beyond its greatest length', () => {
    const attributes = (line: number) => Array.from({ length: 100 }, (_, at) => `;x${line}y${at}`).join('');
    const lines = Array.from({ length: 200 }, (_, at) => `Set-Cookie: a${attributes(at)}\n`).join('');
    const header = { name: 'Set-Cookie', value: lines.replaceAll('Set-Cookie: ', '').trim() };
    const har = {
      log: { entries: [{ request: { url: 'https://a.test/' }, response: { headers: [header] } }] },
    };
    const curl = `> GET / HTTP/1.1\n> Host: a.test\n< HTTP/1.1 200\n${lines.replaceAll(/^Set/gm, '< Set')}`;
    for (const text of [lines, JSON.stringify(har), curl]) {
      expect(fragmentOf({ text }, false)).toBe('');
      expect(maskedText(text).length).toBeLessThan(20_000);
    }
  });

  test('keeps a name that has a value, also where that is empty', () => {
    const text =
      'Set-Cookie: id=1; Path=/a\nSet-Cookie: id=; Path=/; Max-Age=0\nSet-Cookie: __Host-b2s=; Path=/';
    expect(maskedText(text).split('\n')).toEqual([
      'Set-Cookie: id=masked; Path=/a',
      'Set-Cookie: id=; Path=/; Max-Age=0',
      'Set-Cookie: __Host-xxx=; Path=/',
    ]);
  });

  test('leads nowhere when it says nothing', () => {
    expect(questionOf('')).toBeUndefined();
    expect(questionOf('#x')).toBeUndefined();
  });
});
