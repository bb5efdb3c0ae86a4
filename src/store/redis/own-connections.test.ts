import { EventEmitter } from 'node:events';
import { expect, it } from 'vitest';
import { OwnConnections } from './own-connections.ts';

it('a connection that could not be opened takes none with it that was begun after it', async () => {
  const openings: PromiseWithResolvers<{ connection: never; isOpen(): boolean; end(): void }>[] = [];
  const connections = new OwnConnections<EventEmitter>(() => {
    const opening =
      Promise.withResolvers<(typeof openings)[0] extends PromiseWithResolvers<infer T> ? T : never>();
    openings.push(opening);
    return opening.promise;
  });
  const node = new EventEmitter();
  const turn = () => new Promise((resolve) => setImmediate(resolve));
  const first = connections.to(node);
  await turn();
  node.emit('end');
  const second = connections.to(node);
  await turn();
  const own = { connection: {} as never, isOpen: () => true, end() {} };
  openings[0]?.reject(new Error('away'));
  await expect(first).rejects.toThrow('away');
  openings[1]?.resolve(own);
  expect(await second).toBe(own.connection);
  expect(await connections.to(node)).toBe(own.connection);
  expect(openings).toHaveLength(2);
});

it('one that could not be opened is opened anew by the next call', async () => {
  let tries = 0;
  const connections = new OwnConnections<EventEmitter>(async () => {
    tries += 1;
    if (tries === 1) throw new Error('away');
    return { connection: {} as never, isOpen: () => true, end() {} };
  });
  const node = new EventEmitter();
  await expect(connections.to(node)).rejects.toThrow('away');
  await connections.to(node);
  await connections.to(node);
  expect(tries).toBe(2);
});
