/** Ends what a process has started and left behind, however that process died: SIGKILL runs no handler of its own. */
import { spawn } from 'node:child_process';

/** Waits for the end of its process, and knows what to end then. */
export interface Reaper {
  /** Leads the process group to be ended; undefined: none does any more. */
  watch(leader: number | undefined): void;
}

/**
 * Reads lines until there is nobody left who could write any, then ends the group that the last one names, with the
 * leader's children that left it, and removes the folder: again, where something still wrote into it.
 */
const SCRIPT = `
while read -r line; do leader=$line; done
if [ -n "$leader" ]; then
  kill -s STOP -- "-$leader" 2>/dev/null
  ps -A -o ppid= -o pid= 2>/dev/null | while read -r parent child; do
    [ "$parent" != "$leader" ] || kill -s KILL "$child" 2>/dev/null
  done
  kill -s KILL -- "-$leader" 2>/dev/null
fi
rm -rf "$1" || { sleep 1; rm -rf "$1"; }`;

/**
 * Starts one. Its end is that of this process: an orderly one leaves it nothing to do.
 * @param folder removed with everything in it; absolute
 */
export function startReaper(folder: string): Reaper {
  // A session of its own: neither Ctrl-C nor a closed terminal reaches it.
  const shell = spawn('/bin/sh', ['-c', SCRIPT, 'reaper', folder], { cwd: '/', stdio: ['pipe', 'ignore', 'ignore'], detached: true });
  // Without one only the orderly ends are left.
  shell.on('error', () => {});
  shell.stdin.on('error', () => {});
  return { watch: (leader) => void shell.stdin.write(`${leader ?? ''}\n`) };
}
