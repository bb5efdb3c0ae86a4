import 'reflect-metadata';
import { Controller, Get, Module, Req } from '@nestjs/common';
import { NestFactory } from '@nestjs/core';
import type { Request } from 'express';
import { hallpass } from 'hallpass/express';
import { createSessions } from 'hallpass/session';
import { memoryStore } from 'hallpass/stores/memory';
import { afterAll, beforeAll, expect, it } from 'vitest';

const pass = hallpass({ sessions: createSessions({ store: memoryStore() }) });

class Desk {
  async me(req: Request): Promise<object> {
    return { user: await pass.context(req).requireUser() };
  }
}

// Decorators are calls: the sources hold none, as erasable syntax has none.
const me = Object.getOwnPropertyDescriptor(Desk.prototype, 'me') as PropertyDescriptor;
Req()(Desk.prototype, 'me', 0);
Get('me')(Desk.prototype, 'me', me);
Controller()(Desk);
class App {}
Module({ controllers: [Desk] })(App);

let app: Awaited<ReturnType<typeof NestFactory.create>>;
beforeAll(async () => {
  app = await NestFactory.create(App, { logger: false });
  app.use(pass);
  await app.listen(0, '127.0.0.1');
});
afterAll(() => app.close());

it("S158: Nest's own exception filter answers what our errors say, not 500", async () => {
  const refused = await fetch(`${await app.getUrl()}/me`);
  expect([refused.status, await refused.json()]).toEqual([
    401,
    { statusCode: 401, message: 'Sign in first.' },
  ]);
});
