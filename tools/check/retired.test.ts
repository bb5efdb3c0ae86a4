import { expect, test } from 'vitest';
import { wordsOf } from './identifiers.ts';
import { retiredInBlocks, retiredInCode, retiredInText } from './retired.ts';

test('a name is taken apart into its words', () => {
  expect(wordsOf('isSignedIn')).toEqual(['is', 'signed', 'in']);
  expect(wordsOf('HTTPServer')).toEqual(['http', 'server']);
  expect(wordsOf('deferred-response')).toEqual(['deferred', 'response']);
});

test('a retired word in a name of the library is caught, in values, types, members and the name of the file', () => {
  const source =
    'class LegHop { #heard = 1; hold() { return this.#heard; } }\nconst legend = "tell"; // hold';
  expect(retiredInCode('src/client/leg.ts', source)).toEqual([
    'src/client/leg.ts: the name of the file',
    'src/client/leg.ts:1: LegHop',
    'src/client/leg.ts:1: heard',
    'src/client/leg.ts:1: hold',
    'src/client/leg.ts:1: heard',
  ]);
});

test('a test of the library may visit and have handles, and use none of the other names', () => {
  expect(retiredInCode('src/a.test.ts', 'tab.visit(page); let a: Slot;')).toEqual(['src/a.test.ts:1: Slot']);
  expect(retiredInCode('src/a.test.ts', 'const { handle } = stream;')).toEqual([]);
  expect(retiredInCode('src/a.ts', 'session.handle; guardWith(handler);')).toEqual([
    'src/a.ts:1: handle',
    'src/a.ts:1: guardWith',
    'src/a.ts:1: session.handle',
  ]);
});

test.each(['src/a.test.ts', 'examples/a/src/a.ts', 'e2e/a.test.ts', 'docs/a.test.ts', 'conformance/a.ts'])(
  'none of the words is used in %s',
  (file) => {
    expect(retiredInCode(file, 'const legends = hear(hold);')).toEqual([
      `${file}:1: hear`,
      `${file}:1: hold`,
    ]);
  },
);

test('benches use none of the words, and may call what other libraries and a visitor have', () => {
  expect(retiredInCode('bench/a.ts', 'let legends = pass.visit(); let said;')).toEqual([
    'bench/a.ts:1: said',
  ]);
  expect(retiredInCode('examples/a.ts', 'const lastVisit: Pass = 1;')).toEqual(['examples/a.ts:1: Pass']);
});

test('a slot is a word of Redis alone, and a visit one of what surrounds the library', () => {
  expect(retiredInCode('src/store/redis/slot.ts', 'slotOf(key);')).toEqual([]);
  expect(retiredInCode('src/cli/race/slot.ts', 'readSlots(given);')).toEqual([
    'src/cli/race/slot.ts: the name of the file',
    'src/cli/race/slot.ts:1: readSlots',
  ]);
  expect(retiredInCode('src/cli/visit.ts', 'firstVisit();')).toEqual([
    'src/cli/visit.ts: the name of the file',
    'src/cli/visit.ts:1: firstVisit',
  ]);
  expect(retiredInCode('examples/a/src/last-visit.ts', 'lastVisit();')).toEqual([]);
});

test('a guard is one against forged requests, and applications alone have a pass', () => {
  expect(retiredInCode('src/client/undici/guard.ts', 'let guard;')).toEqual([]);
  expect(retiredInCode('src/store/guard.ts', 'let guard;')).toEqual([
    'src/store/guard.ts: the name of the file',
    'src/store/guard.ts:1: guard',
  ]);
  expect(retiredInCode('src/a.ts', 'let pass, password, bypassed;')).toEqual(['src/a.ts:1: pass']);
  expect(retiredInCode('examples/a/src/a.ts', 'let pass;')).toEqual([]);
});

test('two words are caught together, and the words of our own papers in the library and its tests', () => {
  expect(retiredInCode('src/client/known-secrets.ts', 'let known, secrets, aKnownSecret;')).toEqual([
    'src/client/known-secrets.ts: the name of the file',
    'src/client/known-secrets.ts:1: aKnownSecret',
  ]);
  expect(retiredInCode('src/a.test.ts', 'publicDoors(makeRoom);')).toEqual(['src/a.test.ts:1: publicDoors']);
  expect(retiredInCode('tools/a.ts', 'publicDoors();')).toEqual([]);
});

test('a retired noun is caught in comments, and no verb, nor what stands in code', () => {
  const comments = '/** What all Rooms hold. */\nlet a; // tell `slots`, a legend\n// a leg';
  expect(retiredInCode('src/a.ts', comments)).toEqual([
    'src/a.ts:1: rooms, in a comment',
    'src/a.ts:3: leg, in a comment',
  ]);
  expect(retiredInCode('src/store/redis/a.ts', '// a slot')).toEqual([]);
  expect(retiredInCode('tools/a.ts', '// a door')).toEqual([]);
});

test('a retired name is caught in the blocks of a guide and in the examples of docstrings', () => {
  const guide =
    '# A\n\n```tsx\nconst told = <p>held</p>;\n```\n\n```sh\ntell me\n```\n\n```ts tls\nlet a;\nlet held: Pass;\n```\n';
  expect(retiredInBlocks('docs/a.md', guide)).toEqual(['docs/a.md:4: told', 'docs/a.md:13: Pass']);
  const docstring =
    '/**\n * A.\n * @example\n * ```ts\n * const slot = 1;\n * ```\n */\nexport const a = 1;\n';
  expect(retiredInCode('src/a.ts', docstring)).toEqual(['src/a.ts:1: slot, in its @example']);
});

test('a retired turn of phrase is caught with its line', () => {
  expect(retiredInText('docs/a.md', 'One\n10 s unless said')).toEqual(['docs/a.md:2: unless said']);
  expect(retiredInText('docs/a.md', 'Unless said it is 10 s')).toEqual(['docs/a.md:1: Unless said']);
  expect(retiredInText('docs/a.md', '`redirect: { max: 5 }`')).toEqual(['docs/a.md:1: redirect: { max: ']);
});

test('a guide has no rooms and doors, and a link may lead to them', () => {
  const text =
    'A chunk for each room\nthe Doors\n[0004](decisions/0004-a-chunk-for-each-room.md), tools/check/rooms.ts';
  expect(retiredInText('docs/moving/a.md', text)).toEqual([
    'docs/moving/a.md:1: room',
    'docs/moving/a.md:2: Doors',
  ]);
  expect(retiredInText('src/a.ts', text)).toEqual([]);
});
