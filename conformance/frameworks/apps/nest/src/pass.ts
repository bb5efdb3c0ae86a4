import { hallpass } from 'hallpass/express';
import { options } from './options.js';

export const pass = hallpass(options);
