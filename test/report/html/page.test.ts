import { expect, it } from 'vitest';
import { htmlReport } from '../../../src/report/html/page.js';
import { checkoutRecord } from '../../support/record.js';

it('the page of the default bench stays below 1 MB', () => {
  expect(htmlReport(checkoutRecord()).length).toBeLessThan(1e6);
});
