// A process of race.test.ts: sets one cookie again and again, and says each value that a flush has written.
import { flushCompileCache } from 'node:module';
import { openJar } from './index.ts';

// At its end it would do so by itself, but it is killed.
flushCompileCache();

const [path = '', name = ''] = process.argv.slice(2);
const jar = await openJar(path);
for (let value = 1; ; value++) {
  jar.set(`n=${value}; Max-Age=99999`, `https://${name}.example/`);
  await jar.flush();
  if (!process.stdout.write(`${value}\n`))
    await new Promise((resolve) => process.stdout.once('drain', resolve));
}
