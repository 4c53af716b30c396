import * as fs from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { fileTarget } from '../../src/report/targets.js';

let folder = '';
beforeEach(() => (folder = fs.mkdtempSync(join(tmpdir(), 'targets-'))));
afterEach(() => fs.rmSync(folder, { recursive: true, force: true }));

const files = (): string[] => fs.readdirSync(folder);
const read = (name: string): string => fs.readFileSync(join(folder, name), 'utf8');

describe('fileTarget', () => {
  it('creates a file only when it is written', () => {
    const target = fileTarget('run.json', folder);
    expect(files()).toEqual([]);
    target.write('one');
    target.write('two');
    expect(target.replaceable).toBe(true);
    expect(files()).toEqual(['run.json']);
    expect(read('run.json')).toBe('two');
  });

  it('leaves an existing file alone until it is written, and keeps its mode', () => {
    fs.writeFileSync(join(folder, 'run.json'), 'old', { mode: 0o640 });
    const target = fileTarget('run.json', folder);
    expect(read('run.json')).toBe('old');
    target.write('new');
    expect(read('run.json')).toBe('new');
    expect(fs.statSync(join(folder, 'run.json')).mode & 0o777).toBe(0o640);
  });

  it('is never seen half written', () => {
    fs.writeFileSync(join(folder, 'run.json'), 'old');
    const before = fs.statSync(join(folder, 'run.json')).ino;
    fileTarget('run.json', folder).write('new');
    // Another file has taken its place: who had the old one open still reads the whole old one.
    expect(fs.statSync(join(folder, 'run.json')).ino).not.toBe(before);
  });

  it('writes through a link to where it points', () => {
    fs.writeFileSync(join(folder, 'real.json'), 'old');
    fs.symlinkSync('real.json', join(folder, 'link.json'));
    fileTarget('link.json', folder).write('new');
    expect(fs.lstatSync(join(folder, 'link.json')).isSymbolicLink()).toBe(true);
    expect(read('real.json')).toBe('new');
  });

  it.each([
    ['missing/run.json', 'the folder missing does not exist: create it first'],
    ['.', 'this is a folder: name a file in it'],
    ['file/run.json', 'file is not a folder'],
    ['readonly.json', 'this file is read-only'],
    [`${'x'.repeat(300)}.json`, 'the name is too long'],
    ['/dev/full', 'no space is left there'],
  ])('refuses %s', (path, reason) => {
    fs.writeFileSync(join(folder, 'file'), '');
    fs.writeFileSync(join(folder, 'readonly.json'), 'old', { mode: 0o444 });
    expect(() => fileTarget(path, folder)).toThrow(reason);
    expect(files().toSorted()).toEqual(['file', 'readonly.json']);
  });

  it('leaves nothing behind when the disk fills up while writing', () => {
    fs.mkdirSync(join(folder, 'later'));
    const target = fileTarget('later/run.json', folder);
    fs.rmSync(join(folder, 'later'), { recursive: true });
    expect(() => target.write('text')).toThrow('the folder later does not exist');
  });

  it('writes to a device as it is', () => {
    const target = fileTarget('/dev/null', folder);
    expect(target.replaceable).toBe(false);
    target.write('text');
    expect(fs.statSync('/dev/null').isCharacterDevice()).toBe(true);
  });
});
