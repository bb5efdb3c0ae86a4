import { expect, it } from 'vitest';
import { shop } from '../../tools/test/shop.ts';

/** A machine whose time can be set, and which can be left to run. */
function machine() {
  const time = { wall: 1_700_000_000_000, running: 5_000 };
  return {
    clock: { now: () => time.wall, monotonic: () => time.running },
    set: (ms: number) => {
      time.wall += ms;
    },
    pass: (ms: number) => {
      time.wall += ms;
      time.running += ms;
    },
  };
}

it('a clock that jumps is an event before any session ends by it', async () => {
  const { clock, set } = machine();
  const { sessions, events } = shop({ clock });
  const session = await sessions.open(null);
  session.login('alice');
  const [line] = await sessions.commit(session);
  events.length = 0;
  set(86_400_000);
  await sessions.open(line);
  expect(events.map(({ type }) => type)).toEqual(['clock-jumped', 'refused']);
  expect(events[0]).toMatchObject({ by: 86_400_000 });
  set(-86_400_000);
  await sessions.open(null);
  expect(events.at(-1)).toMatchObject({ type: 'clock-jumped', by: -86_400_000 });
});

it('time that passes, however much, and small corrections are no jump', async () => {
  const { clock, set, pass } = machine();
  const { sessions, events } = shop({ clock });
  await sessions.open(null);
  for (const step of [1, 1_000, 86_400_000]) {
    pass(step);
    set(20_000);
    await sessions.open(null);
  }
  expect(events).toEqual([]);
});
