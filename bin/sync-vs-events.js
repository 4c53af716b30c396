#!/usr/bin/env node
import { main } from '../dist/bundle/main.js';
process.exitCode = await main(process);
// Not for ever: a broker that has stopped answering may hold a connection open. A report that is being read is waited for.
if ([2, 130].includes(process.exitCode)) setTimeout(() => process.exit(), 3000).unref();
