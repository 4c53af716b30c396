import { defineScenario } from 'sync-vs-events';

// Also as a file: npx sync-vs-events simulate shop.js
export default defineScenario({
  name: 'shop',
  services: {
    payment: { latency: '30ms', workers: 20 },
    email: { latency: '60ms', workers: 20 },
  },
  steps: [{ call: 'payment', critical: true }, { call: 'email' }],
  load: { users: 5, duration: '2s', warmup: '500ms' },
});
