// The npm package acorn says whether a script is ECMAScript 3: one job a line (JSON: script), one line of answer each.
// usage: NODE_PACKAGES=FOLDER node acorn.mjs      FOLDER has node_modules
import { createRequire } from 'node:module';
import path from 'node:path';
import readline from 'node:readline';

const acorn = createRequire(path.join(process.env.NODE_PACKAGES, 'x.js'))('acorn');
console.log(JSON.stringify({ version: acorn.version }));
for await (const line of readline.createInterface({ input: process.stdin })) {
  let done;
  try {
    const tree = acorn.parse(JSON.parse(line).script, { ecmaVersion: 3 });
    done = { names: tree.body.flatMap((each) => each.id?.name ?? each.declarations?.map((one) => one.id.name) ?? []) };
  } catch (why) {
    done = { error: String(why) };
  }
  console.log(JSON.stringify(done));
}
