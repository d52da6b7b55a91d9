/**
 * What a source of papers is. Each owns its name, how it is recognised, how it is read and what help says of it; a new one is
 * one file, and its line in registry.ts or a call of `registerSource`.
 */
import type { Config } from '../../config/config.js';
import type { Reporting } from '../../core/events.js';
import type { Beginning } from '../../files/text-format.js';
import type { FetchOptions } from '../arxiv/options.js';
import { countMalformed, countUnwanted, type ReadCounts } from '../json-lines.js';
import type { SourceRecord } from '../record.js';
import type { Topic } from '../topics.js';

/** A file or folder that `datasets.source` names, looked at but not read. */
export interface Candidate {
  path: string;
  isFolder: boolean;
  /** The first lines of a file; none of a folder. */
  beginning: Beginning;
  columns: Config['datasets']['columns'];
}

/** What a source that goes by its name may need to find or fetch its file. */
export interface LocateRequest {
  config: Config;
  topics: readonly Topic[];
  reporting: Reporting;
  /** How to ask arXiv: another address, another clock. */
  fetching: Partial<FetchOptions>;
}

/** Where papers come from: how its files are recognised, and how they are read. To add one: `registerSource`. */
export interface DataSource {
  /** As in messages, and in `datasets.source` for one that has `locate`. */
  readonly name: string;
  /** What `--help` says: "your own CSV". */
  readonly help: string;
  /** What its files hold, for the error about one that does not: "rows with a title and a text". */
  readonly expects: string;
  /** Whether categories and ids are arXiv's, so that topics come from `datasets.categories`, and versions have a meaning. */
  readonly isArxiv?: boolean;
  /** Makes it a source that is chosen by its name alone. @returns the file to read */
  locate?(request: LocateRequest): Promise<string> | string;
  /** Whether the content is this source's; asked before names are looked at. */
  recognizes?(candidate: Candidate): boolean;
  /** Endings of names, ".csv", that decide where no content does; those of compressions left out. */
  readonly endings?: readonly string[];
  /**
   * The records. Lines that are none are told to `context`, and records of topics that are not wanted may be; whatever is
   * yielded is counted by the caller.
   */
  read(path: string, context: ReadContext): AsyncIterable<SourceRecord>;
}

/** What reading goes by, and whom it tells. */
export class ReadContext {
  constructor(
    readonly path: string,
    readonly settings: Config['datasets'],
    readonly isWanted: (topic: string) => boolean,
    readonly counts: ReadCounts,
    readonly reporting: Reporting,
  ) {}

  /** Counts a line that is no record. @throws UserError under `datasets.strict` */
  malformed(line: number, reason: string): void {
    countMalformed(this.path, line, reason, this.settings.strict, this.counts);
  }

  /** Counts a record of an unwanted topic, for sources that can tell before they have read it all. */
  unwanted(topic: string): void {
    countUnwanted(topic, this.counts);
  }
}
