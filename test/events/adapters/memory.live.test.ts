import { loadAdapter } from '../../../src/events/load-adapter.js';
import { describeContract } from '../contract.js';

describeContract(await loadAdapter('memory'), () => '');
