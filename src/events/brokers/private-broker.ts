/** What it takes to run a broker privately: on 127.0.0.1, in a folder of its own, safe against being killed. */

/** Where a broker lives. */
export interface BrokerPlace {
  folder: string;
  port: number;
  /** A second port, for those that need one. */
  otherPort: number;
}

/** How one kind of broker is started. */
export interface PrivateBroker {
  /** Its program, as it is found on the PATH. */
  binary: string;
  /** Where the program itself is when the one on the path is a wrapper for the system's own instance. */
  preferred?: string;
  /** Where it is when it is not on the path. */
  folders?: () => string[];
  install: string;
  /** What it needs beside its program and does not find, as what follows "needs"; undefined: nothing. */
  missing?: (env: Readonly<Record<string, string | undefined>>) => string | undefined;
  url: (place: BrokerPlace) => string;
  /** Files to write before the start, by name; the first is its configuration. */
  files: (place: BrokerPlace) => Record<string, string>;
  /** Done once before its first start, with its program; blocks. */
  prepare?: (place: BrokerPlace, program: string) => void;
  args: (place: BrokerPlace) => string[];
  env: (place: BrokerPlace) => Record<string, string>;
  /** Who it runs as; undefined, also as an answer: as this process does. */
  runsAs?: () => { uid: number; gid: number } | undefined;
  /** It serves when it answers `say` on its port with something that starts with one of `hear`. */
  probe: { say: string; hear: readonly string[] };
  /** Usual time from the start of its process until it serves, ms. */
  startTime: number;
  /** Time after which a new topic survives the death of the broker, ms. */
  settleTime: number;
}
