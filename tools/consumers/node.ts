// What runs on Node, as a consumer writes it.
import { createServer } from 'node:http';
import { openJar } from 'hallpass/jar/file';
import { fromNodeListener, hallpass, toNodeListener } from 'hallpass/node';
import { createSessions } from 'hallpass/session';
import { sqliteStore } from 'hallpass/stores/sqlite';

export const pass = hallpass({ sessions: createSessions({ store: sqliteStore(':memory:') }) });
export const server = createServer(toNodeListener((request) => new Response(request.url)));
export const app = fromNodeListener((_request, response) => response.end());
export const jar = () => openJar('cookies.json');
