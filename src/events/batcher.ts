/** Things that are told to a broker together: those that come while it is being told others go with the next lot. */

interface Waiting<Item> {
  item: Item;
  resolve: () => void;
  reject: (error: Error) => void;
}

/** Sends items in batches, one batch at a time. */
export class Batcher<Item> {
  private readonly send: (items: Item[]) => Promise<readonly (Error | undefined)[]>;
  private readonly fitting: (items: readonly Item[]) => number;
  private waiting: Waiting<Item>[] = [];
  private isSending = false;

  /**
   * @param send tells some; resolves with what went wrong with each, in their order
   * @param fitting how many of the first of those that wait may be told together, at least one; all, without it
   */
  constructor(send: (items: Item[]) => Promise<readonly (Error | undefined)[]>, fitting = (items: readonly Item[]) => items.length) {
    this.send = send;
    this.fitting = fitting;
  }

  /** Resolves when it has been told. @throws Error when it could not be */
  add(item: Item): Promise<void> {
    const told = new Promise<void>((resolve, reject) => this.waiting.push({ item, resolve, reject }));
    if (!this.isSending) void this.run();
    return told;
  }

  private async run(): Promise<void> {
    this.isSending = true;
    while (this.waiting.length > 0) await this.sendAll(this.waiting.splice(0, this.fitting(this.waiting.map(({ item }) => item))));
    this.isSending = false;
  }

  private async sendAll(batch: readonly Waiting<Item>[]): Promise<void> {
    try {
      const errors = await this.send(batch.map(({ item }) => item));
      for (const [at, { resolve, reject }] of batch.entries()) {
        const error = errors[at];
        if (error) reject(error);
        else resolve();
      }
    } catch (error) {
      for (const { reject } of batch) reject(error as Error);
    }
  }
}
