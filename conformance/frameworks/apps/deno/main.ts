import { handler } from './handler.ts';
import { pass } from './pass.ts';

Deno.serve({ port: Number(Deno.env.get('PORT')), hostname: 'localhost' }, pass(handler));
