/** Looks for a text in a body while that arrives: however long the body is, no more of it is kept than the text is long. */
export class BodySearch {
  found: boolean;
  private readonly text: Buffer;
  /** The last bytes that arrived, which may be the beginning of the text. */
  private tail: Buffer = Buffer.alloc(0);

  /** @param text null: whatever the body says, it is found */
  constructor(text: string | null) {
    this.text = Buffer.from(text ?? '');
    this.found = this.text.length === 0;
  }

  /** The next piece of the body. */
  take(piece: Buffer): void {
    if (this.found) return;
    const { text, tail } = this;
    const seam = Buffer.concat([tail, piece.subarray(0, text.length - 1)]);
    this.found = piece.includes(text) || seam.includes(text);
    const rest = piece.length >= text.length ? piece : Buffer.concat([tail, piece]);
    // A copy: the piece belongs to a buffer that is written over.
    this.tail = Buffer.from(rest.subarray(Math.max(0, rest.length - text.length + 1)));
  }
}
