/**
 * How to resume or restart a training, in the words of whoever reads the message: on the command line that is an option, in
 * a notebook a cell. Messages are made far below both.
 */

interface Remedies {
  /** After "finish the training": "with --resume". */
  resume: string;
  /** After "train again": "with --restart". */
  restart: string;
  /** After "make room and": what to run. */
  again: string;
}

const SHELL: Remedies = {
  resume: 'with --resume',
  restart: 'with --restart',
  again: 'run the same command again with --resume',
};

const NOTEBOOK: Remedies = {
  resume: 'by running the cell with experiment.train(config) again',
  restart: "under another name, experiment.train(config, { name: 'again' })",
  again: 'run the cell again',
};

let words = SHELL;

/** For this process: notebooks run in one of their own. */
export function useNotebookRemedies(): void {
  words = NOTEBOOK;
}

/** The words of this process. */
export function remedies(): Remedies {
  return words;
}
