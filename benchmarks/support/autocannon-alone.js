// autocannon as it is: node autocannon-alone.js <url> <connections> <seconds>. Tells its parent what it measured.
import autocannon from 'autocannon';

const [url, connections, duration] = process.argv.slice(2);
const before = process.cpuUsage();
const { requests, latency } = await autocannon({ url, connections: Number(connections), duration: Number(duration) });
const { user, system } = process.cpuUsage(before);
process.send({ requests: requests.total, rate: requests.average, cpu: (user + system) / 1000, p50: latency.p50, p99: latency.p99 });
process.disconnect();
