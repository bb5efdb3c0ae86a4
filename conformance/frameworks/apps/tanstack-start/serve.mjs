import { createServer } from 'node:http';
import { toNodeListener } from 'hallpass/node';
import app from './dist/server/server.js';

createServer(toNodeListener((request) => app.fetch(request))).listen(Number(process.env.PORT), 'localhost');
