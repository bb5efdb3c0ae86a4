import { startLab } from 'hallpass/testing/lab';
import { decisionTableDemo } from './decision-table.ts';
import { show } from './demo.ts';
import { fix1 } from './fix-1-follow-by-hand.ts';
import { fix2 } from './fix-2-trusted-domains.ts';
import { fix3 } from './fix-3-credential-objects.ts';
import { fix4 } from './fix-4-hooks.ts';
import { fragilePattern } from './fragile-pattern.ts';

await using lab = await startLab();
const { a, a2, b, tls } = lab.origins;
console.log(`A is ${a}, its other port ${a2}, B is ${b}, A over TLS is ${tls}.`);
for (const demo of [fragilePattern, fix1, fix2, fix3, fix4, decisionTableDemo]) await show(demo, lab);
