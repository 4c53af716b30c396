// Starts a target from the built package, says so, and waits to be killed.
const { ProcessGroup } = await import(new URL('../../../dist/experiment/process-group.js', import.meta.url));
const { startTarget } = await import(new URL('../../../dist/experiment/target/command.js', import.meta.url));
await startTarget(new ProcessGroup(), JSON.parse(process.argv[2]));
process.send('started');
setInterval(() => {}, 1000);
