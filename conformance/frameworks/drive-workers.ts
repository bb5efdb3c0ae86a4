import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { type Case, equal } from '../case.ts';
import { folderOf } from './install.ts';

/** What only a worker has: a bundle whose octets count. */
export function driveWorkers(): Case[] {
  return [
    {
      name: 'its bundle, with a pipeline, a store and a client, has no list of public suffixes',
      run() {
        const bundle = readFileSync(join(folderOf({ name: 'workers' }), 'build/worker.js'), 'utf8');
        equal([bundle.includes('SessionShard'), bundle.includes('chirurgiens-dentistes')], [true, false]);
      },
    },
  ];
}
