import { hallpass } from 'hallpass/fastify';
import { options } from './options.js';

export const pass = hallpass(options);
