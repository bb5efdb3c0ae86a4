import { engines } from '../scope/engines.ts';
import { type Check, oneOf } from './misuse.ts';

/** What an option `engine` takes. Apart from the other kinds, so that who checks those does not carry the engines' rules. */
export const anEngine: Check = oneOf(Object.keys(engines), ['rules like those of an engine', 'object']);
