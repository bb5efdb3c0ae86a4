// `npm run docs` writes docs/threads.md: it asks the command and the panel, as conformance/threads/threads.test.ts does.
import { writeFileSync } from 'node:fs';
import { askAll, tableOf } from '../../conformance/threads/table.ts';

writeFileSync(new URL('../../docs/threads.md', import.meta.url), tableOf(await askAll()));
console.log('docs/threads.md is written.');
