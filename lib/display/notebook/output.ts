/**
 * What a notebook cell shows beside printed text: bundles of the same content in several MIME types, of which the viewer
 * takes the best it knows. Outside of a notebook the plain text is printed.
 */
import { randomBytes } from 'node:crypto';
import { createRequire } from 'node:module';
import { printable } from '../../core/printable.js';

/** Content by MIME type; "text/plain" is for viewers that know nothing else. */
export interface MimeBundle {
  'text/plain': string;
  [type: string]: unknown;
}

/** Hints by MIME type, such as the size of an image. */
export type MimeMetadata = Record<string, unknown>;

type WriteDisplayData = (content: { data: object; metadata: object; transient: object }, update: boolean) => void;

const require = createRequire(import.meta.url);
const KERNEL = /[\\/]tslab[\\/]dist[\\/]jupyter\.js$/;

/**
 * How the running kernel sends a bundle, or null outside of a kernel. tslab's public interface sends one MIME type at a
 * time; its module holds the function for all of them, another one for each cell, so it is looked up at every call. The
 * module is taken from those already loaded: where the kernel runs it is there, elsewhere loading it would be in vain.
 */
function kernelWriter(): WriteDisplayData | null {
  const path = Object.keys(require.cache).find((loaded) => KERNEL.test(loaded));
  const kernel =
    path && (require.cache[path]?.exports as { lastWriteDisplayData?: WriteDisplayData | null } | undefined);
  return kernel ? (kernel.lastWriteDisplayData ?? null) : null;
}

/** What stands for the cell that runs, another one for each; null outside of a notebook. */
export function currentCell(): object | null {
  return kernelWriter();
}

/** Whether a notebook cell is there to show things in. */
export function inNotebook(): boolean {
  return kernelWriter() !== null;
}

/** Shows a bundle below the cell; prints its plain text where there is no notebook. */
export function display(bundle: MimeBundle, metadata: MimeMetadata = {}): void {
  new Output().set(bundle, metadata);
}

/** A place below a cell whose content can be replaced. */
export class Output {
  private readonly id = randomBytes(8).toString('hex');
  private shown = false;

  /** Shows a bundle here, in place of the one before. Outside of a notebook only the first is printed. */
  set(bundle: MimeBundle, metadata: MimeMetadata = {}): void {
    const write = kernelWriter();
    if (write) write({ data: bundle, metadata, transient: { display_id: this.id } }, this.shown);
    else if (!this.shown) process.stdout.write(`${printable(bundle['text/plain'])}\n`);
    this.shown = true;
  }
}
