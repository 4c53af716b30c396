import { loadAdapter } from '../../../src/events/adapter.js';
import { describeContract } from '../contract.js';

describeContract(await loadAdapter('memory'), () => '');
