import { pass } from './lib/pass';

export const middleware = pass.proxy();
export const config = { matcher: ['/((?!_next/|favicon.ico).*)'], runtime: 'nodejs' };
