// The npm package pac-resolver answers for PAC scripts: one job a line (JSON: script, questions of URL and host), one
// line of answers each. A virtual machine of its own for each script: a reused one keeps functions of the script before.
// usage: NODE_PACKAGES=FOLDER node pac_resolver.mjs      FOLDER has node_modules
import fs from 'node:fs';
import path from 'node:path';
import readline from 'node:readline';
import { pathToFileURL } from 'node:url';

const packages = path.join(process.env.NODE_PACKAGES, 'node_modules');
const described = (name) => JSON.parse(fs.readFileSync(path.join(packages, name, 'package.json'), 'utf8'));
const entry = (exported) => typeof exported === 'string' ? exported
  : exported && (entry(exported['.']) ?? entry(exported.import) ?? entry(exported.node) ?? entry(exported.default));
const load = (name) => import(pathToFileURL(path.join(packages, name, entry(described(name).exports) ?? described(name).main)));

const { createPacResolver } = await load('pac-resolver');
const { QuickJS } = await load('quickjs-wasi');
console.log(JSON.stringify({ version: described('pac-resolver').version, modern: true }));
for await (const line of readline.createInterface({ input: process.stdin })) {
  const { script, questions } = JSON.parse(line);
  let done;
  try {
    const ask = createPacResolver(await QuickJS.create(), script);
    const answers = [];
    for (const [url, host] of questions) answers.push(await ask(url, host));
    done = { answers };
  } catch (why) {
    done = { error: String(why).slice(0, 300) };
  }
  console.log(JSON.stringify(done));
}
