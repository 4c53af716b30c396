#!/usr/bin/env node
import module from 'node:module';
// What has been compiled once need not be at the next start; Node 20 cannot keep it.
module.enableCompileCache?.();
const { main } = await import('../dist/bundle/main.js');
process.exitCode = await main(process);
// Not for ever: a broker that has stopped answering may hold a connection open. A report that is being read is waited for.
if ([2, 130].includes(process.exitCode)) setTimeout(() => process.exit(), 3000).unref();
