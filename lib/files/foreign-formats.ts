/**
 * What is found where a text, or a model's weights, should be: a page instead of a download, a pointer instead of a file of
 * Git LFS, a table or an archive of another format. Told by the first bytes, so that the error says what to do about it.
 */
import { UserError } from '../core/errors.js';

interface ForeignFormat {
  /** Whether the beginning of a file is that of this format. */
  is(beginning: Buffer): boolean;
  /** "is a Parquet table", and what to do. */
  what: string;
  fix: string;
}

const starts =
  (...magics: readonly (string | readonly number[])[]) =>
  (beginning: Buffer): boolean =>
    magics.some((magic) => {
      const bytes = typeof magic === 'string' ? Buffer.from(magic, 'latin1') : Buffer.from(magic);
      return beginning.subarray(0, bytes.length).equals(bytes);
    });

const FORMATS: readonly ForeignFormat[] = [
  {
    is: starts('version https://git-lfs.github.com/spec/'),
    what: 'is a pointer of Git LFS',
    fix: 'fetch the file itself with "git lfs pull"',
  },
  {
    is: (beginning) => /^\uFEFF?\s*<(!doctype html|html)\b/i.test(beginning.toString('utf8', 0, 256)),
    what: 'is a web page',
    fix: 'download the file itself, and check that no sign-in is asked for',
  },
  {
    // POSIX and GNU archives have their mark behind the first name
    is: (beginning) => beginning.toString('latin1', 257, 262) === 'ustar',
    what: 'is a tar archive',
    fix: 'unpack it, and name the file in it',
  },
  {
    is: starts('PK\x03\x04'),
    what: 'is an archive, as PyTorch writes models',
    fix: 'unpack it, or save the model again',
  },
  { is: starts([0x1f, 0x8b]), what: 'is compressed with gzip twice', fix: 'unpack it once' },
  { is: starts('PAR1'), what: 'is a Parquet table', fix: 'save it as JSON lines or CSV' },
  { is: starts('ARROW1', 'FEA1'), what: 'is an Arrow table', fix: 'save it as JSON lines or CSV' },
  { is: starts('SQLite format 3\0'), what: 'is a database of SQLite', fix: 'save the table as JSON lines or CSV' },
  { is: starts('%PDF-'), what: 'is a PDF', fix: 'save its text as UTF-8' },
  { is: starts([0x93, 0x4e, 0x55, 0x4d, 0x50, 0x59]), what: 'is an array of NumPy', fix: 'name a file of texts' },
  {
    is: starts('\x80\x02', '\x80\x03', '\x80\x04', '\x80\x05'),
    what: 'is a pickle of Python',
    fix: 'save it as JSON lines',
  },
];

/** @throws UserError for the beginning of a format that is no text; `beginning` has the first 512 bytes, as far as there are */
export function refuseForeign(path: string, beginning: Buffer, expected: string): void {
  const found = FORMATS.find(({ is }) => is(beginning));
  if (found) throw new UserError(`"${path}" ${found.what}: expected ${expected}; ${found.fix}`);
}
