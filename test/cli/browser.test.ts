import { describe, expect, it } from 'vitest';
import { browserCommand } from '../../src/cli/live-page.js';

describe('browserCommand', () => {
  const url = 'http://127.0.0.1:1/';
  it.each([
    ['on a Linux desktop', { DISPLAY: ':0' }, 'linux', ['xdg-open', url]],
    ['under Wayland', { WAYLAND_DISPLAY: 'wayland-0' }, 'linux', ['xdg-open', url]],
    ['without a display', {}, 'linux', null],
    ['on macOS', {}, 'darwin', ['open', url]],
    ['in CI', { CI: 'true', DISPLAY: ':0' }, 'linux', null],
  ] as const)('%s', (_, env, platform, command) => {
    expect(browserCommand(url, env, platform)).toEqual(command);
  });
});
