import type { Case } from '../case.ts';
import type { World } from '../world.ts';
import { answers } from './answers.ts';
import { asFetch } from './as-fetch.ts';
import { bodies } from './bodies.ts';
import { octetCases } from './octets.ts';
import { redirects } from './redirects.ts';
import { requestObjects } from './request-objects.ts';
import { secrets } from './secrets.ts';

/** What `hallpass/client` promises, over real HTTP and TLS against a lab that runs outside. */
export function clientSuite(world: World): Case[] {
  return [
    ...secrets(world),
    ...redirects(world),
    ...answers(world),
    ...asFetch(world),
    ...requestObjects(world),
    ...octetCases(world),
    ...bodies(world),
  ];
}
