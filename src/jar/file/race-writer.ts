// A process of race.test.ts: sets one cookie again and again, and says each value that a flush has written.
import { openJar } from './index.ts';

const [path = '', name = ''] = process.argv.slice(2);
const jar = await openJar(path);
for (let value = 1; ; value++) {
  jar.set(`n=${value}; Max-Age=99999`, `https://${name}.example/`);
  await jar.flush();
  if (!process.stdout.write(`${value}\n`))
    await new Promise((resolve) => process.stdout.once('drain', resolve));
}
