import { expect, it } from 'vitest';
import { generateKey, keyRing } from '../seal/index.ts';
import { createSessions } from '../session/index.ts';
import { memoryStore } from '../store/memory/index.ts';
import { createTokens } from '../tokens/index.ts';
import { pipeline } from './index.ts';

/** Every name on an object, its own and inherited. */
function namesOn(object: object): string[] {
  const names = new Set<string | symbol>();
  for (let one = object; one !== Object.prototype; one = Object.getPrototypeOf(one)) {
    for (const name of Reflect.ownKeys(one)) names.add(name);
  }
  names.delete('constructor');
  return [...names].map(String).sort();
}

it('a context has what the handler may do, and nothing of what its host does', async () => {
  const store = memoryStore();
  const keys = keyRing(generateKey());
  const sessions = createSessions({ store });
  const tokens = createTokens({ keys, issuer: 'https://a.test', audience: 'https://a.test', store });
  const handler = pipeline({ sessions, tokens })((_request, context) => ({
    context: namesOn(context),
    cookies: namesOn(context.cookies),
    tokens: namesOn(context.tokens),
  }));
  const answer = await handler(new Request('https://a.test/'));
  expect(await answer.json()).toEqual({
    context: [
      'address',
      'cookies',
      'csrfToken',
      'fail',
      'keep',
      'requireUser',
      'session',
      'tokens',
      'user',
      'verifyCsrf',
    ],
    cookies: ['delete', 'get', 'set'],
    tokens: ['issue', 'refresh', 'revoke', 'visitor'],
  });
});
