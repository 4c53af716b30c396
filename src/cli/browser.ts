/** Opens a page in the user's browser, where there is one. */
import { spawn } from 'node:child_process';

/** The command that opens a page; null where no browser can be seen. */
export function browserCommand(url: string, env: NodeJS.ProcessEnv, platform: NodeJS.Platform): [string, ...string[]] | null {
  if (env.CI) return null;
  if (platform === 'darwin') return ['open', url];
  if (platform === 'win32') return ['cmd', '/c', 'start', '', url];
  return env.DISPLAY || env.WAYLAND_DISPLAY ? ['xdg-open', url] : null;
}

/** Whatever becomes of it is the browser's affair: the address has been printed. */
export function openBrowser(url: string, env: NodeJS.ProcessEnv): void {
  const command = browserCommand(url, env, process.platform);
  if (!command) return;
  const [program, ...args] = command;
  spawn(program, args, { stdio: 'ignore', detached: true }).on('error', () => {}).unref();
}
