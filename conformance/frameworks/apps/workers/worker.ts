import { handler } from './handler.ts';
import { pass } from './pass.ts';

export { SessionShard } from 'hallpass/stores/durable-object';
export default { fetch: pass(handler) } satisfies ExportedHandler<Cloudflare.Env>;
