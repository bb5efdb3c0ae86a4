// Runs before `npm start`, `npm test`, `npm run conformance`, `npm run bench` and `npm run check`, on the system's own Node (20 or later) with nothing installed.
// It brings what is missing, says what it does, and costs milliseconds when all stands.
import { dirname } from 'node:path';
import { fileURLToPath } from 'node:url';
import { ensureBuild } from './build.mjs';
import { ensurePackages } from './packages.mjs';
import { ensureParts, ofBenches, ofTests, runtimes } from './parts.mjs';
import { Stop } from './step.mjs';

const steps = {
  start: [ensurePackages, ensureBuild],
  test: [ensurePackages, ensureBuild, () => ensureParts(ofTests)],
  conformance: [ensurePackages, ensureBuild, () => ensureParts(runtimes)],
  bench: [ensurePackages, ensureBuild, () => ensureParts(ofBenches)],
  check: [ensurePackages],
};

const root = dirname(dirname(dirname(fileURLToPath(import.meta.url))));
const job = process.argv[2];

try {
  if (!Object.hasOwn(steps, job)) throw new Stop(`Say what to set up for: ${Object.keys(steps).join(', ')}.`);
  for (const step of steps[job]) await step(root);
} catch (error) {
  if (!(error instanceof Stop)) throw error;
  process.stderr.write(`${error.output}\nsetup: ${error.message}\n`);
  process.exitCode = 1;
}
