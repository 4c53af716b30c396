/** Positions that are told to the database together: those that come while a statement is on its way go with the next one. */

interface Waiting {
  position: number;
  resolve: () => void;
  reject: (error: Error) => void;
}

export class Batches {
  private readonly send: (positions: number[]) => Promise<number[]>;
  private waiting: Waiting[] = [];
  private isSending = false;

  /** @param send tells some positions; resolves with those that it was right to tell */
  constructor(send: (positions: number[]) => Promise<number[]>) {
    this.send = send;
  }

  /** Resolves when it has been told. @throws Error when it could not be, or was somebody else's */
  add(position: number): Promise<void> {
    const told = new Promise<void>((resolve, reject) => this.waiting.push({ position, resolve, reject }));
    if (!this.isSending) void this.run();
    return told;
  }

  private async run(): Promise<void> {
    this.isSending = true;
    while (this.waiting.length > 0) await this.sendAll(this.waiting.splice(0));
    this.isSending = false;
  }

  private async sendAll(batch: readonly Waiting[]): Promise<void> {
    try {
      const told = new Set(await this.send(batch.map(({ position }) => position)));
      for (const { position, resolve, reject } of batch) {
        if (told.has(position)) resolve();
        else reject(new Error('The lease ran out before the event was done'));
      }
    } catch (error) {
      for (const { reject } of batch) reject(error as Error);
    }
  }
}
