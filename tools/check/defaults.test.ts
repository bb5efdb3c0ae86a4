import { expect, test } from 'vitest';
import { withoutDefault } from './defaults.ts';

const member = { type: 'string', required: false };
const members = [
  { ...member, name: 'path', doc: 'Where. Default: `/`.' },
  { ...member, name: 'host', doc: 'Which.' },
  { ...member, name: 'store', doc: 'Where they live.', required: true },
];

test('an option that may be left out says what happens then', () => {
  const one = {
    name: 'ShopOptions',
    kind: 'type',
    file: 'src/shop.ts',
    line: 3,
    doc: '',
    members,
    bases: [],
  } as const;
  const cart = { ...one, name: 'Cart', line: 9 };
  expect(withoutDefault([{ name: 'hallpass/shop', file: 'src/shop.ts', exports: [one, cart] }])).toEqual([
    'src/shop.ts:3: host of ShopOptions does not say "Default: …"',
  ]);
});
