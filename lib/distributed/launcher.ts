/**
 * What mpirun, mpiexec or srun told this process in its environment, before any library is loaded: how many ranks there
 * are, how many on this machine, and whose MPI started them.
 */

export interface Launch {
  /** Who started the ranks. */
  launcher: 'Open MPI' | 'MPICH' | 'SLURM';
  size: number;
  /** Ranks on this machine, as far as the launcher says; 1 otherwise. */
  localSize: number;
}

/** Null where nothing started this process as a rank. */
export function launchOf(environment: Readonly<Record<string, string | undefined>> = process.env): Launch | null {
  const count = (name: string): number | null => {
    const value = Number.parseInt(environment[name] ?? '', 10);
    return value >= 1 ? value : null;
  };
  const openMpi = count('OMPI_COMM_WORLD_SIZE');
  if (openMpi !== null) {
    return { launcher: 'Open MPI', size: openMpi, localSize: count('OMPI_COMM_WORLD_LOCAL_SIZE') ?? 1 };
  }
  // srun sets those of PMI too, where it speaks that
  const slurm = environment.SLURM_STEP_ID === undefined ? null : count('SLURM_STEP_NUM_TASKS');
  if (slurm !== null && environment.SLURM_PROCID !== undefined && environment.MPI_LOCALNRANKS === undefined) {
    return { launcher: 'SLURM', size: slurm, localSize: tasksHere(environment) };
  }
  const hydra = count('PMI_SIZE');
  if (hydra !== null) return { launcher: 'MPICH', size: hydra, localSize: count('MPI_LOCALNRANKS') ?? 1 };
  return null;
}

/** SLURM_STEP_TASKS_PER_NODE is "2(x3),1": counts by node, in the order of SLURM_NODEID. */
function tasksHere({
  SLURM_STEP_TASKS_PER_NODE = '',
  SLURM_NODEID = '0',
}: Readonly<Record<string, string | undefined>>): number {
  const counts = SLURM_STEP_TASKS_PER_NODE.split(',').flatMap((entry) => {
    const [, tasks, nodes = '1'] = /^(\d+)(?:\(x(\d+)\))?$/.exec(entry.trim()) ?? [];
    return tasks === undefined ? [] : new Array<number>(Number(nodes)).fill(Number(tasks));
  });
  return counts[Number(SLURM_NODEID)] ?? 1;
}
