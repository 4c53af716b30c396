/**
 * Holds retries down to a share of the first calls (a retry budget, as in Finagle and in the SRE book's chapter on
 * overload): each first call deposits `share` of a token, each retry takes a whole one.
 */
export class RetryBudget {
  private readonly share: number;
  private tokens = 0;

  /** @param share retries allowed per first call; 1 or more is no limit */
  constructor(share: number) {
    this.share = share;
  }

  deposit(): void {
    this.tokens = Math.min(MAX_TOKENS, this.tokens + this.share);
  }

  /** Takes a token for one retry; false when there is none. */
  withdraw(): boolean {
    if (this.share >= 1) return true;
    // A tenth added ten times is a little less than one.
    if (this.tokens < 1 - 1e-9) return false;
    this.tokens--;
    return true;
  }
}

/** A long quiet time must not save up for a storm. */
const MAX_TOKENS = 100;
