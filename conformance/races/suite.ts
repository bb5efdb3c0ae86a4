import type { SessionStore } from 'hallpass/store';
import { memoryStore } from 'hallpass/stores/memory';
import type { Case } from '../case.ts';
import { type Choose, explore, type Order, replay } from './interleave.ts';
import { type Operation, operations } from './operations.ts';
import { type Race, run } from './race.ts';

/** Every two operations, in the session of a user and, where one of them is a login, in that of an anonymous visitor. */
export const ofTwo: readonly Race[] = pairs(Object.values(operations)).flatMap((both) => {
  const logsIn = both.some((operation) => operation.kind === 'request' && operation.login !== undefined);
  return [true, false]
    .filter((signedIn) => signedIn || logsIn)
    .map((signedIn) => ({ signedIn, operations: both }));
});

const { read, writeSame, writeOther, update, rotate, login, logout, revokeAll, expire } = operations;

/** Three requests that leave the browser with the same cookie, chosen so that each kind of change meets each other kind. */
export const ofThree: readonly Race[] = [
  [update, update, update],
  [writeSame, writeSame, writeOther],
  [rotate, rotate, update],
  [rotate, read, writeOther],
  [rotate, logout, read],
  [rotate, login, update],
  [writeOther, logout, update],
  [login, logout, read],
  [login, revokeAll, writeOther],
  [rotate, revokeAll, writeOther],
  [writeOther, expire, rotate],
  [writeOther, expire, read],
]
  .map((three): Race => ({ signedIn: true, operations: three, together: true }))
  // One rotation after the other, while the third request is under way.
  .concat([read, writeOther].map((third) => ({ signedIn: true, operations: [rotate, rotate, third] })));

/** The orders of a race, which are the same over every store: of those that begin, half turn out to lead where another does. */
const known = new WeakMap<Race, readonly Order[]>();

/** Each race in every order that its steps can take. */
export function raceSuite(
  races: readonly Race[],
  open: () => Promise<SessionStore>,
  atOnce = 32,
): readonly Case[] {
  return races.map((race) => ({
    name: titleOf(race),
    async run() {
      const store = await open();
      const inOrder = (choose: Choose) => run(race, store, choose);
      const orders = known.get(race);
      if (orders === undefined) known.set(race, await explore(inOrder, atOnce));
      else await replay(inOrder, orders, atOnce);
    },
  }));
}

/** The races of two over a store in memory: short enough for every runtime. */
export function overMemory(): readonly Case[] {
  const store = memoryStore();
  return raceSuite(ofTwo, async () => store);
}

function titleOf({ signedIn, operations }: Race): string {
  const names = operations.map(({ name }) => name).join(', ');
  return `${names}: ${signedIn ? 'of a user' : 'of an anonymous visitor'}`;
}

function pairs(all: readonly Operation[]): (readonly [Operation, Operation])[] {
  return all.flatMap((one, index) => all.slice(index).map((other) => [one, other] as const));
}
