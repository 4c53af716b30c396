/** How far a consumer has got in one partition. */

/**
 * Work is finished in any order, and a group remembers one offset for each partition: that of the oldest event which is
 * not finished. What is finished beyond it is delivered again after a death.
 */
export class Progress {
  /** Offset of the next record to read. */
  next: bigint;
  /** What the group remembers. */
  committed: bigint;
  /** Whether the partition is another process's by now. */
  isLost = false;
  private readonly open = new Set<bigint>();

  constructor(committed: bigint) {
    this.committed = committed;
    this.next = committed;
  }

  /** Notes a record as read: offsets come in ascending order. */
  take(offset: bigint): void {
    this.open.add(offset);
    this.next = offset + 1n;
  }

  finish(offset: bigint): void {
    this.open.delete(offset);
  }

  /** Everything before it is finished. */
  get finished(): bigint {
    for (const oldest of this.open) return oldest;
    return this.next;
  }
}
