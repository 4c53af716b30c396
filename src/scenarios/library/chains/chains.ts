/** Chains as companies have them, by name: what is moved, what is called side by side, what is left alone. */
import type { LibraryEntry } from '../entry.js';
import { bankTransfer } from './bank-transfer.js';
import { bookingHold } from './booking-hold.js';
import { bulkImport } from './bulk-import.js';
import { chatModeration } from './chat-moderation.js';
import { imageUpload } from './image-upload.js';
import { insuranceQuote } from './insurance-quote.js';
import { loginRisk } from './login-risk.js';
import { rideDispatch } from './ride-dispatch.js';
import { searchFallback } from './search-fallback.js';
import { signUp } from './sign-up.js';
import { telemetry } from './telemetry.js';
import { webhooks } from './webhooks.js';

export const CHAINS: Record<string, LibraryEntry> = {
  'login-risk': loginRisk,
  'ride-dispatch': rideDispatch,
  'insurance-quote': insuranceQuote,
  'image-upload': imageUpload,
  'bank-transfer': bankTransfer,
  telemetry,
  'sign-up': signUp,
  'search-fallback': searchFallback,
  'booking-hold': bookingHold,
  webhooks,
  'bulk-import': bulkImport,
  'chat-moderation': chatModeration,
};
