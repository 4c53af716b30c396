import { XMLValidator } from 'fast-xml-parser';
import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { stringify } from 'yaml';
import { sequencesOf } from '../../../src/report/sequence/layout.js';
import { sequencePicture } from '../../../src/report/sequence/picture.js';
import { builtIn, builtInNames } from '../../../src/scenarios/library/library.js';
import { scenarioFile } from '../../scenarios/arbitrary.js';
import { parse } from '../../scenarios/support.js';

function sequence(name: string, title: string) {
  const found = sequencesOf(builtIn(name)!).find((one) => one.title.startsWith(`${title}:`));
  if (!found) throw new Error(`no ${title} in ${name}`);
  return found;
}

describe('a sequence', () => {
  it('has calls one after another, and the reply at the end', () => {
    const { title, lifelines, happenings } = sequence('checkout', 'sync');
    expect(title).toBe('sync: reply 1050 ms, all done 1050 ms');
    expect(lifelines).toEqual(['client', 'server', 'payment', 'inventory', 'email', 'analytics']);
    expect(happenings.filter(({ kind }) => kind === 'call').map(({ at, text }) => [at, text])).toEqual([
      [0, 'request'], [0, 'payment 300 ms'], [300, 'inventory 200 ms'], [500, 'email 400 ms'], [900, 'analytics 150 ms'],
    ]);
  });

  it('has consumers behind the event, and those that come after others behind theirs', () => {
    const { title, happenings } = sequence('image-upload', 'hybrid');
    expect(title).toBe('hybrid: reply 120 ms, all done 700 ms');
    expect(happenings.filter(({ kind }) => kind === 'publish' || kind === 'deliver').map(({ at, from, to }) => [at, from, to])).toEqual([
      [120, 'server', 'events'],
      [120, 'events', 'resize'], [520, 'resize', 'events'],
      [120, 'events', 'moderation'], [620, 'moderation', 'events'], [620, 'events', 'search'],
    ]);
  });

  it('is drawn for each kind of request: who publishes nothing has no events', () => {
    expect(sequencesOf(builtIn('booking-hold')!).map(({ title }) => title)).toEqual([
      'sync[search]: reply 50 ms, all done 50 ms', 'sync[book]: reply 570 ms, all done 570 ms',
      'hybrid[search]: reply 50 ms, all done 50 ms', 'hybrid[book]: reply 350 ms, all done 530 ms',
    ]);
    expect(sequence('booking-hold', 'hybrid[search]').lifelines).not.toContain('events');
  });

  it('has the worker of submissions as somebody who calls', () => {
    const { happenings } = sequence('telemetry', 'event-driven');
    expect(happenings.filter(({ from, kind }) => from === 'orders' && kind === 'call').map(({ to }) => to)).toEqual(['devices', 'series']);
  });
});

describe('a picture', () => {
  it.each(builtInNames())('of %s is SVG', (name) => {
    expect(XMLValidator.validate(sequencePicture(builtIn(name)!)!)).toBe(true);
  });

  it('is SVG whatever the scenario', () => {
    fc.assert(
      fc.property(scenarioFile, (file) => {
        const picture = sequencePicture(parse(stringify(file)));
        expect(picture === null || XMLValidator.validate(picture) === true).toBe(true);
        expect(picture ?? '').not.toMatch(/NaN|undefined|Infinity/);
      }),
    );
  });

  it('is none where nothing is arranged', () => {
    expect(sequencePicture(parse('targets: { mine: http://127.0.0.1:1/ }'))).toBeNull();
  });
});
