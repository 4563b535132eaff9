// The program that tests ask: that of the environment variable DESK, else one built for them.
import { execFileSync } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';

export const here = fileURLToPath(new URL('.', import.meta.url));
export const program = process.env.DESK ? resolve(process.env.DESK) : build();

function build() {
  const folder = mkdtempSync(join(tmpdir(), 'sla-desk-'));
  process.on('exit', () => rmSync(folder, { recursive: true, force: true }));
  const file = join(folder, process.platform === 'win32' ? 'desk.exe' : 'desk');
  execFileSync('go', ['build', '-o', file, '.'], { cwd: join(here, '..'), stdio: 'inherit' });
  return file;
}
