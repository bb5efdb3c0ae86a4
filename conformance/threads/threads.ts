import { cookieThreads } from './cookies.ts';
import { requestThreads } from './requests.ts';
import { serverThreads } from './servers.ts';
import type { Thread } from './thread.ts';

/** Forty public threads about cookies, sessions and credentials that went missing. */
export const threads: readonly Thread[] = [...cookieThreads, ...requestThreads, ...serverThreads];
