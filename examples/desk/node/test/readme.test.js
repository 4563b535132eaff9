// README.md says what its code prints.
import assert from 'node:assert/strict';
import { execFile, spawn } from 'node:child_process';
import { once } from 'node:events';
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { test } from 'node:test';
import { promisify } from 'node:util';
import { here, program } from '../testing.js';

const readme = await readFile(join(here, 'README.md'), 'utf8');
const node = (...args) => promisify(execFile)(process.execPath, args, { cwd: here, env: { ...process.env, DESK: program } });

test('example.js', async () => {
  const { stdout } = await node('example.js');
  const [, said] = readme.match(/<!-- example\.js -->\n```text\n([^]*?)```\n<!-- \/example\.js -->/);
  assert.equal(said, stdout, 'README.md is out of date: DESK=… node example.js');
});

const blocks = [...readme.matchAll(/^## (.*)\n(?:(?!^## )[^])*?```js\n([^]*?)```\n\n```text\n([^]*?)```/gm)];

test('every block of code has its output', () => {
  assert.equal(blocks.length, readme.match(/```js\n/g).length);
});

for (const [, title, code, said] of blocks) {
  test(title, async (t) => {
    let ours = code.replaceAll("'./desk'", JSON.stringify(program));
    if (code.includes('http://')) {
      const server = spawn(program, ['-http', '127.0.0.1:0'], { stdio: ['ignore', 'ignore', 'pipe'] });
      t.after(() => server.kill());
      const [line] = await once(server.stderr.setEncoding('utf8'), 'data');
      ours = code.replace('http://127.0.0.1:8080', line.match(/http:\/\/\S+/)[0]);
    }
    const { stdout } = await node('--input-type=module', '--eval', ours);
    assert.equal(stdout, said);
  });
}

test('the states and codes of index.d.ts are told', async () => {
  const types = await readFile(join(here, 'index.d.ts'), 'utf8');
  for (const list of [types.match(/state: (.*);/)[1], types.match(/type DeskErrorCode =([^;]*);/)[1]]) {
    for (const [, name] of list.matchAll(/'(\w+)'/g)) assert.ok(readme.includes(`\`${name}\``), name);
  }
});
