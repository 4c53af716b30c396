// Loads the API with autocannon.
import autocannon from 'autocannon';

const [port, connections, duration] = process.argv.slice(2).map(Number);
const options = {
  url: `http://127.0.0.1:${port}/orders`,
  method: 'POST',
  headers: { 'content-type': 'application/json' },
  body: JSON.stringify({ userId: 'u-1' }),
  connections,
  timeout: 10,
};

await autocannon({ ...options, duration: 3 });
process.send({ started: true });
const before = process.cpuUsage();
const { requests, latency, non2xx, errors } = await autocannon({ ...options, duration });
const { user, system } = process.cpuUsage(before);
process.send({ rate: requests.average, total: requests.total, p50: latency.p50, p99: latency.p99, failed: non2xx + errors, cpu: (user + system) / 1000 });
process.disconnect();
