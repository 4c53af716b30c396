// What noting the spans of every request costs the response times: one server with -o otlp and one without it, held against each
// other in pairs of blocks by bench --compare, whose exit code is that of this bench; 2 when no spans were written.
// Usage: npm run bench:otlp [-- hybrid checkout [what bench --compare takes, such as --users 50]]
import { readFileSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { Commands } from './support/commands.js';

const [architecture = 'hybrid', scenario = 'checkout', ...options] = process.argv.slice(2);
const commands = new Commands();

/** A server, and where it takes orders. */
async function served(...more) {
  const server = commands.start('serve', architecture, scenario, ...more);
  return { ...server, url: `${await server.says(/serves at (\S+)/)}/orders` };
}

try {
  const [plain, traced] = [await served(), await served('-o', 'otlp=spans.jsonl')];
  const targets = Object.fromEntries(Object.entries({ plain, traced }).map(([name, { url }]) => [name, { url, method: 'POST' }]));
  writeFileSync(path.join(commands.folder, 'servers.json'), JSON.stringify({ targets }));
  const { code, said } = await commands.run('bench', 'servers.json', '--compare', 'plain,traced', ...options);
  console.log(said);
  traced.process.kill('SIGINT');
  await traced.ended;
  const written = readFileSync(path.join(commands.folder, 'spans.jsonl'), 'utf8').match(/"spanId"/g)?.length ?? 0;
  console.log(`${written} spans were written by the server that noted them.`);
  process.exitCode = written > 0 ? code : 2;
} finally {
  await commands.end();
}
