import { pass } from './lib/pass';

export const proxy = pass.proxy();
export const config = { matcher: ['/((?!_next/|favicon.ico).*)'] };
