/** One role as the one that controls sees it: the calls it has to answer, and whether it is still there. */
import { now } from '../base/clock.js';
import { UserError } from '../base/errors.js';
import { formatDuration } from '../base/units.js';
import type { CallMessage, Remote } from '../processes/channel.js';
import { ANSWERS_WITHIN, type Calls, type Child } from '../processes/child.js';
import type { Role } from './run-folder.js';
import { HELD_FOR, LOST_AFTER, type Answer } from './protocol.js';

interface Waiting {
  message: CallMessage;
  resolve: (value: unknown) => void;
  reject: (error: Error) => void;
}

/** How often it is looked whether it still asks, ms. */
const LOOK_EVERY = 500;

export class Member {
  readonly role: Role;
  /** Resolves when it has joined. */
  readonly joined: Promise<void>;
  /** Which life of the role it is; none has joined yet without it. */
  life: string | undefined;
  /** Whether it has handed over what it saw. */
  isDone = false;
  /** What it told of its own end, as a sentence. */
  failure: string | undefined;
  private askedAt = now();
  private lastCall = 0;
  private readonly waiting = new Map<number, Waiting>();
  private wake: () => void = () => {};
  private welcome!: () => void;

  constructor(role: Role) {
    this.role = role;
    this.joined = new Promise((resolve) => (this.welcome = resolve));
  }

  join(life: string): void {
    this.life = life;
    this.askedAt = now();
    this.welcome();
  }

  /** How long it has not asked, ms. */
  get silence(): number {
    return now() - this.askedAt;
  }

  /** Calls after the last one that it knows, once there is one, or after a while none. */
  async next(known: number): Promise<CallMessage[]> {
    this.askedAt = now();
    const unknown = (): CallMessage[] => [...this.waiting.values()].map(({ message }) => message).filter(({ call }) => call > known);
    if (unknown().length === 0) {
      await new Promise<void>((resolve) => {
        const timer = setTimeout(resolve, HELD_FOR);
        this.wake = () => {
          clearTimeout(timer);
          resolve();
        };
      });
    }
    this.askedAt = now();
    return unknown();
  }

  answer(answer: Answer): void {
    this.askedAt = now();
    const waiting = this.waiting.get(answer.call);
    this.waiting.delete(answer.call);
    if ('failed' in answer) waiting?.reject(answer.user ? new UserError(answer.failed) : new Error(answer.failed));
    else waiting?.resolve(answer.result);
  }

  /** Calls a function of it. @throws UserError when it is silent for too long, or does not answer in time */
  async call(name: string, argument: unknown, withinMs = ANSWERS_WITHIN): Promise<unknown> {
    if (this.life === undefined) throw new UserError(this.absence);
    if (this.isDone) throw new UserError(`The role ${this.role} has ended`);
    const call = ++this.lastCall;
    const until = now() + withinMs;
    let timer: NodeJS.Timeout | undefined;
    const answer = new Promise((resolve, reject) => {
      this.waiting.set(call, { message: { call, name, argument }, resolve, reject });
      timer = setInterval(() => {
        if (this.silence > LOST_AFTER) reject(new UserError(this.lostSentence()));
        else if (now() > until) reject(new UserError(`The role ${this.role} did not answer "${name}" within ${formatDuration(withinMs)}`));
      }, LOOK_EVERY);
      this.wake();
    });
    return answer.finally(() => {
      clearInterval(timer);
      this.waiting.delete(call);
    });
  }

  /** What is said of one that has never joined. */
  get absence(): string {
    return `The role ${this.role} has never joined.`;
  }

  lostSentence(): string {
    return `The role ${this.role} has been silent for ${formatDuration(Math.round(this.silence / 1000) * 1000)}: it was lost.`;
  }

  /** The same as a process of one's own. */
  child<R extends Remote>(): Child<R> {
    return {
      name: this.role,
      pid: -1,
      calls: new Proxy({} as Calls<R>, {
        // A promise is asked for `then`; this is none.
        get: (_, name) => (name === 'then' ? undefined : (argument: unknown, withinMs?: number) => this.call(String(name), argument, withinMs)),
      }),
      on: () => {},
      // Its silence says nothing for sure: the run goes on, and is judged by what is handed over.
      exited: new Promise(() => {}),
      stop: async () => {},
      kill: () => {},
    };
  }
}
