import express from 'express';
import { hallpass } from 'hallpass/express';
import { createSessions } from 'hallpass/session';
import { memoryStore } from 'hallpass/stores/memory';

const pass = hallpass({
  sessions: createSessions({ store: memoryStore() }),
  origins: ['https://testserver'],
});

export const app = express();
app.use(pass);
app.post('/login', async (req, res) => {
  (await pass.session(req)).login('ada');
  res.json({ signedIn: true });
});
app.get('/me', async (req, res) => res.json({ user: (await pass.user(req)) ?? null }));
