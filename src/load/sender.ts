/** A connection with its place in the books: what the models of load send their requests with. */
import { STATUS_CODES } from 'node:http';
import type { Causes } from '../base/causes.js';
import { now } from '../base/clock.js';
import type { ClientRetries } from '../scenarios/load.js';
import type { Judge } from './answer.js';
import { Attempts } from './attempts.js';
import { Connection, type Listener } from './client.js';
import type { LoadClock } from './clock.js';
import type { Journal } from './journal.js';
import type { Outcome } from './load.js';
import type { Done, Sender } from './model.js';
import { asAttempt } from './request.js';

/** What the senders of one load have in common. */
export interface Post {
  url: URL;
  method: string;
  /** Client timeout of an attempt, ms, from its intended start. */
  timeout: number;
  /** How a request is sent again that has failed; undefined: it is not. */
  retries: ClientRetries | undefined;
  clock: LoadClock;
  write: (index: number) => string;
  journal: Journal;
  /** What is expected of an answer; without it any 2xx or 3xx is good. */
  judge: Judge | undefined;
  /** Whether the server may close a connection that is idle. */
  closesIdle: boolean;
  /** Counts why requests got no good answer. */
  causes: Causes;
  /** Called when a row has ended, before the sender is free again. */
  ended(row: number, outcome: Outcome): void;
}

/** `503 Service Unavailable`; of a good status that was not expected, or without what was to be in the body, that too. */
function whyOf(outcome: Outcome, status: number, why: string): string {
  if (status === 0) return why;
  const words = `${status} ${STATUS_CODES[status] ?? ''}`.trim();
  return outcome === 'mismatch' ? `${words}, and not what was expected` : words;
}

/** A sender over a connection of its own, which it opens with its first request. */
export class ConnectionSender implements Sender, Listener {
  private readonly post: Post;
  private readonly done: Done;
  private readonly connection: Connection;
  private readonly attempts: Attempts;
  private row = -1;
  /** What is sent for it, in every attempt. */
  private text = '';

  constructor(post: Post, done: Done) {
    this.post = post;
    this.done = done;
    const { judge, closesIdle } = post;
    const taking = { closesIdle, judge: judge && ((status: number, found: boolean) => judge.outcome(status, found)) };
    this.connection = new Connection(post.url, post.method, this, taking);
    this.attempts = new Attempts(post, (row, attempt, from) => this.sendAttempt(row, attempt, from));
  }

  send(intendedAt: number): void {
    const { journal, write } = this.post;
    this.row = journal.begin(intendedAt, now());
    this.text = write(journal.index(this.row));
    this.attempts.begin(this.row, intendedAt);
  }

  private sendAttempt(row: number, attempt: number, from: number): void {
    const { journal, timeout, judge } = this.post;
    this.connection.send(asAttempt(this.text, attempt), from + timeout, judge?.text(journal.index(row)));
  }

  sent(): void {
    this.post.journal.sent(this.row, now());
  }

  answering(): void {
    this.post.journal.answering(this.row, now());
  }

  retried(): void {
    this.post.journal.retry(this.row);
  }

  ended(outcome: Outcome, status: number, reached: boolean, why: string): void {
    if (this.attempts.goesOn(outcome, reached)) return;
    if (outcome !== 'ok' && this.post.journal.index(this.row) >= 0) this.post.causes.note('answer', outcome, whyOf(outcome, status, why));
    this.close(outcome, status, reached);
    this.done(this, reached);
  }

  /** Ends the connection for good; a request in flight, or to be sent again, is cut off. */
  stop(): void {
    this.attempts.stop();
    const reached = this.connection.close();
    if (this.row >= 0) this.close('cutOff', 0, reached);
  }

  private close(outcome: Outcome, status: number, reached: boolean): void {
    const { row } = this;
    this.row = -1;
    this.post.journal.end(row, now(), outcome, status, reached);
    this.post.ended(row, outcome);
  }
}
