import { expect, it } from 'vitest';
import { Browser, shop } from '../../tools/test/shop.ts';
import type { SessionStore } from './contract.ts';
import { memoryStore } from './memory/index.ts';

/** The writes of the epoch of everything. */
function withWrites(): { store: SessionStore; writes: string[] } {
  const inner = memoryStore();
  const writes: string[] = [];
  const store: SessionStore = {
    ...inner,
    create(record, o) {
      if (record.selector.startsWith('everything-')) writes.push('create');
      return inner.create(record, o);
    },
    patch(selector, patch) {
      if (selector.startsWith('everything-')) writes.push('patch');
      return inner.patch(selector, patch);
    },
  };
  return { store, writes };
}

it('the end of everything is one write, the first time and later', async () => {
  const { store, writes } = withWrites();
  const { sessions } = shop({ store });
  await sessions.revokeEverything();
  expect(writes).toEqual(['create']);
  await sessions.revokeEverything();
  expect(writes).toEqual(['create', 'patch']);
});

it('an end of everything that was overtaken by another is written again, above that', async () => {
  const { store, writes } = withWrites();
  const [here, there] = [shop({ store }), shop({ store })];
  await here.sessions.revokeEverything();
  writes.length = 0;
  await Promise.all([here.sessions.revokeEverything(), there.sessions.revokeEverything()]);
  expect(writes).toEqual(['patch', 'patch', 'patch']);
  const browser = new Browser(there.sessions);
  await browser.visit((session) => session.login('ada'));
  expect(await browser.user()).toBe('ada');
});
