import { handler } from './handler.ts';
import { pass } from './pass.ts';

Bun.serve({ port: Number(process.env.PORT), hostname: 'localhost', fetch: pass(handler) });
