// `npm run release:check [-- TAG]`: is what stands here fit to publish, under that tag? Leaves the package and its bill of materials in .release/.
import { spawnSync } from 'node:child_process';
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { releaseFindings } from './findings.ts';
import { billOfMaterials, type Manifest, ownerOf, stage } from './stage.ts';

const root = fileURLToPath(new URL('../../', import.meta.url));
const read = (file: string) => readFileSync(join(root, file), 'utf8');
const owner = ownerOf(root);
const manifest = JSON.parse(read('package.json')) as Manifest;

console.log('Building and packing it twice.');
const first = readFileSync(stage(root, join(root, '.release'), owner));
const tarball = stage(root, join(root, '.release'), owner);
const second = readFileSync(tarball);
const materials = join(root, '.release/sbom.cdx.json');
writeFileSync(materials, billOfMaterials(join(root, '.release', manifest.name)));

const { stdout } = spawnSync('npm', ['view', 'tldts', 'version'], { encoding: 'utf8' });
const newestList = stdout.trim() || undefined;
const changelog = read('CHANGELOG.md');
const findings = releaseFindings(manifest, owner, changelog, [first, second], newestList, process.argv[2]);
for (const finding of findings) console.log(`✗ ${finding}`);
console.log(`${tarball}, ${(second.byteLength / 1024).toFixed(0)} KiB\n${materials}`);
console.log(findings.length === 0 ? 'Ready to publish.' : `Not ready: ${findings.length} findings.`);
process.exitCode = findings.length === 0 ? 0 : 1;
