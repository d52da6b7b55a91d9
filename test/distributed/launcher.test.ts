/** What launchers tell their ranks, as it was seen in processes that they started. */
import { describe, expect, it } from 'vitest';
import { launchOf } from '../../lib/distributed/launcher.js';

describe('launchOf', () => {
  it.each([
    [
      'mpirun of Open MPI 4.1',
      { OMPI_COMM_WORLD_SIZE: '4', OMPI_COMM_WORLD_RANK: '1', OMPI_COMM_WORLD_LOCAL_SIZE: '2' },
      { launcher: 'Open MPI', size: 4, localSize: 2 },
    ],
    [
      'mpiexec of MPICH 4.0',
      { PMI_SIZE: '3', PMI_RANK: '0', MPI_LOCALNRANKS: '3', MPI_LOCALRANKID: '0' },
      { launcher: 'MPICH', size: 3, localSize: 3 },
    ],
    [
      'srun over three nodes, on the last',
      { ...slurm('2(x2),1'), SLURM_NODEID: '2' },
      { launcher: 'SLURM', size: 5, localSize: 1 },
    ],
    [
      'srun that speaks PMI-2',
      { ...slurm('2(x2),1'), SLURM_NODEID: '1', PMI_SIZE: '5', PMI_RANK: '3' },
      { launcher: 'SLURM', size: 5, localSize: 2 },
    ],
    [
      'mpiexec of MPICH in an allocation of SLURM',
      { ...slurm('1'), PMI_SIZE: '4', MPI_LOCALNRANKS: '2' },
      { launcher: 'MPICH', size: 4, localSize: 2 },
    ],
    ['a shell', { HOME: '/root' }, null],
    ['a batch script of SLURM, which no srun started', { SLURM_JOB_ID: '7', SLURM_PROCID: '0' }, null],
  ])('%s', (_, environment, launch) => {
    expect(launchOf(environment)).toEqual(launch);
  });
});

function slurm(tasks: string): Record<string, string> {
  return { SLURM_STEP_ID: '0', SLURM_STEP_NUM_TASKS: '5', SLURM_PROCID: '4', SLURM_STEP_TASKS_PER_NODE: tasks };
}
