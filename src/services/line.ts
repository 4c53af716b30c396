/** One place in a waiting line, to leave it by. */
export interface Place<T> {
  readonly item: T;
  before: Place<T> | null;
  behind: Place<T> | null;
}

/** First come, first served; whoever loses patience leaves from any place. Every operation takes constant time. */
export class Line<T> {
  private first: Place<T> | null = null;
  private last: Place<T> | null = null;
  private count = 0;

  get length(): number {
    return this.count;
  }

  /** Joins at the end; the place is good for one `leave`. */
  join(item: T): Place<T> {
    const place: Place<T> = { item, before: this.last, behind: null };
    if (this.last) this.last.behind = place;
    else this.first = place;
    this.last = place;
    this.count++;
    return place;
  }

  /** Takes the one who has waited longest; undefined when nobody waits. */
  next(): T | undefined {
    const place = this.first;
    if (!place) return undefined;
    this.leave(place);
    return place.item;
  }

  /** Leaves the line. The place must be in it. */
  leave(place: Place<T>): void {
    if (place.before) place.before.behind = place.behind;
    else this.first = place.behind;
    if (place.behind) place.behind.before = place.before;
    else this.last = place.before;
    this.count--;
  }
}
