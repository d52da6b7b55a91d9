/**
 * The MPI of this machine, called through koffi: no compiler, no binding to build. The functions are the same everywhere;
 * handles are not: Open MPI has addresses of its own variables, MPICH and what keeps its ABI (Intel MPI, Cray MPICH,
 * MVAPICH) numbers. https://www.mpi-forum.org/docs/mpi-4.0/mpi40-report.pdf, chapters 6 and 9.
 */
import type { LibraryHandle } from 'koffi';
import { UserError } from '../core/errors.js';
import type { Launch } from './launcher.js';

/** An MPI function: the last argument of `async` takes the error of the call and what the function returned. */
interface NativeFunction {
  (...values: unknown[]): number;
  async(...valuesAndCallback: unknown[]): void;
}

const FUNCTIONS = [
  'Init_thread',
  'Comm_rank',
  'Comm_size',
  'Comm_set_errhandler',
  'Error_string',
  'Allgatherv',
  'Alltoall',
  'Bcast',
  'Ibarrier',
  'Test',
  'Abort',
  'Finalize',
] as const;

export interface MpiLibrary {
  implementation: 'Open MPI' | 'MPICH';
  /** The file that was loaded. */
  file: string;
  functions: Record<(typeof FUNCTIONS)[number], NativeFunction>;
  world: unknown;
  float: unknown;
  byte: unknown;
  errorsReturn: unknown;
}

const OPEN_MPI_FILES = ['libmpi.so.40', 'libmpi.40.dylib', 'libmpi.so'];
const MPICH_FILES = ['libmpi.so.12', 'libmpich.so.12', 'libmpi.12.dylib', 'libmpi.so'];

/** MPICH's handles, fixed by its ABI. */
const MPICH_HANDLES = { world: 0x44000000, float: 0x4c00040a, byte: 0x4c00010d, errorsReturn: 0x54000001 };

/** Native calls run on a stack of koffi's; MPICH needs more than the 128 KiB that it has. */
const STACK = 8 * 2 ** 20;

/** @throws UserError where koffi or an MPI library is missing, naming what to install */
export async function loadMpi(launcher: Launch['launcher']): Promise<MpiLibrary> {
  const koffi = await import('koffi').catch((error: Error) => {
    throw new UserError(
      `--distributed mpi calls MPI through koffi, which is not installed (${error.message.split('\n')[0]}): npm install koffi`,
    );
  });
  const { load, config } = koffi.default;
  config({ ...config(), async_stack_size: STACK });
  const files = filesOf(launcher);
  const reasons: string[] = [];
  for (const file of files) {
    try {
      // Open MPI loads its components at run time, and they look for its symbols among the global ones
      return functionsOf(load(file, { global: true }), file);
    } catch (error) {
      reasons.push((error as Error).message.split('\n')[0] as string);
    }
  }
  throw new UserError(
    `no MPI library was found (${files.join(', ')}; ${reasons[0]}): install the one that started this process (Debian: apt-get install openmpi-bin, or mpich), load its module on a cluster, or set LLM_EMBEDDING_MPI to the path of its libmpi.so`,
  );
}

function filesOf(launcher: Launch['launcher']): string[] {
  const named = process.env.LLM_EMBEDDING_MPI;
  if (named) return [named];
  if (launcher === 'Open MPI') return OPEN_MPI_FILES;
  if (launcher === 'MPICH') return MPICH_FILES;
  return [...new Set([...OPEN_MPI_FILES, ...MPICH_FILES])];
}

function functionsOf(library: LibraryHandle, file: string): MpiLibrary {
  const isOpenMpi = hasSymbol(library, 'ompi_mpi_comm_world');
  const handle = isOpenMpi ? 'void *' : 'int';
  const signatures: Record<keyof MpiLibrary['functions'], string> = {
    Init_thread: 'int MPI_Init_thread(void *, void *, int, _Out_ int *)',
    Comm_rank: `int MPI_Comm_rank(${handle}, _Out_ int *)`,
    Comm_size: `int MPI_Comm_size(${handle}, _Out_ int *)`,
    Comm_set_errhandler: `int MPI_Comm_set_errhandler(${handle}, ${handle})`,
    Error_string: 'int MPI_Error_string(int, void *, _Out_ int *)',
    Allgatherv: `int MPI_Allgatherv(void *, int, ${handle}, void *, void *, void *, ${handle}, ${handle})`,
    Alltoall: `int MPI_Alltoall(void *, int, ${handle}, void *, int, ${handle}, ${handle})`,
    Bcast: `int MPI_Bcast(void *, int, ${handle}, int, ${handle})`,
    Ibarrier: `int MPI_Ibarrier(${handle}, void *)`,
    Test: 'int MPI_Test(void *, _Out_ int *, void *)',
    Abort: `int MPI_Abort(${handle}, int)`,
    Finalize: 'int MPI_Finalize()',
  };
  const functions = Object.fromEntries(
    FUNCTIONS.map((name) => [name, library.func(signatures[name]) as unknown as NativeFunction]),
  ) as MpiLibrary['functions'];
  if (!isOpenMpi) return { implementation: 'MPICH', file, functions, ...MPICH_HANDLES };
  const symbol = (name: string): unknown => library.symbol(name) as unknown;
  return {
    implementation: 'Open MPI',
    file,
    functions,
    world: symbol('ompi_mpi_comm_world'),
    float: symbol('ompi_mpi_float'),
    byte: symbol('ompi_mpi_byte'),
    errorsReturn: symbol('ompi_mpi_errors_return'),
  };
}

function hasSymbol(library: LibraryHandle, name: string): boolean {
  try {
    return Boolean(library.symbol(name));
  } catch {
    return false;
  }
}
