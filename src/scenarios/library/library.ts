/** The built-in scenarios, by name: YAML texts, read by the same parser as a user's files. */
import { parseScenario } from '../parse.js';
import type { Scenario } from '../scenario.js';
import { auditAndThirdParty } from './audit-and-third-party.js';
import { bloatedPayload } from './bloated-payload.js';
import { CHAINS } from './chains/chains.js';
import { checkout } from './checkout.js';
import { clientCase } from './client-case.js';
import { convertOneStep } from './convert-one-step.js';
import { duplicates } from './duplicates.js';
import { emailOutage } from './email-outage.js';
import type { LibraryEntry } from './entry.js';
import { eventLag } from './event-lag.js';
import { eventSpam } from './event-spam.js';
import { flashSale } from './flash-sale.js';
import { immediateConsistency } from './immediate-consistency.js';
import { lostEvents } from './lost-events.js';
import { moderateLoad } from './moderate-load.js';
import { ordering } from './ordering.js';
import { publishAndWait } from './publish-and-wait.js';
import { realCheckout } from './real-checkout.js';
import { retryStorm } from './retry-storm.js';
import { simpleCrud } from './simple-crud.js';
import { slowEmail } from './slow-email.js';

const LIBRARY: Record<string, LibraryEntry> = {
  checkout,
  'slow-email': slowEmail,
  'email-outage': emailOutage,
  'audit-and-third-party': auditAndThirdParty,
  'flash-sale': flashSale,
  'retry-storm': retryStorm,
  'event-spam': eventSpam,
  'bloated-payload': bloatedPayload,
  'publish-and-wait': publishAndWait,
  'convert-one-step': convertOneStep,
  duplicates,
  ordering,
  'event-lag': eventLag,
  'lost-events': lostEvents,
  'simple-crud': simpleCrud,
  'immediate-consistency': immediateConsistency,
  'moderate-load': moderateLoad,
  'client-case': clientCase,
  'real-checkout': realCheckout,
  ...CHAINS,
};

/** Names of the built-in scenarios, in the order in which they are listed. */
export function builtInNames(): string[] {
  return Object.keys(LIBRARY);
}

/** A built-in scenario, resolved; undefined when there is none of that name. */
export function builtIn(name: string): Scenario | undefined {
  const entry = builtInEntry(name);
  return entry && parseScenario(entry.yaml, { file: `${name}.yaml` });
}

/** A built-in scenario as it is kept; undefined when there is none of that name. */
export function builtInEntry(name: string): LibraryEntry | undefined {
  return Object.hasOwn(LIBRARY, name) ? LIBRARY[name] : undefined;
}
