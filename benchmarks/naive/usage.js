/** Answers each message of the parent with the CPU time used so far, ms; ends with the parent. */
export function reportUsage() {
  process.on('message', () => {
    const { user, system } = process.cpuUsage();
    process.send({ cpu: (user + system) / 1000 });
  });
  process.on('disconnect', () => process.exit(0));
}
