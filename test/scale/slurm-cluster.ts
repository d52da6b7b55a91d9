/**
 * A real SLURM of two virtual nodes on loopback: the packages of Debian, unpacked into a folder, without systemd and munge.
 * For tests that are asked for (LLM_EMBEDDING_CLUSTER_TESTS=1): it needs root, apt and a network.
 */
import { type ChildProcess, execFileSync, spawn } from 'node:child_process';
import { existsSync, mkdirSync, readdirSync, readFileSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { hostname } from 'node:os';
import { dirname, join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';

/** Where commands look whose environment names no configuration: Snakemake's plugin takes SLURM's variables away. */
const USUAL_CONFIGURATION = '/etc/slurm/slurm.conf';
const PACKAGES = ['liblua5.1-0', 'munge', 'slurm-wlm-basic-plugins', 'slurm-client', 'slurmctld', 'slurmd'];

export interface Cluster {
  /** For every command that talks to SLURM. */
  env: NodeJS.ProcessEnv;
  run(command: string, ...args: string[]): string;
  /** @param prefix a command that starts the node, such as unshare */
  startNode(name: string, prefix?: readonly string[]): void;
  /** SIGKILL to the node's daemon alone: its tasks live on, as they do on a real node. */
  killNode(name: string): void;
  stop(): Promise<void>;
}

export async function startCluster(folder: string): Promise<Cluster> {
  const root = join(folder, 'root');
  install(folder, root);
  writeFileSync(join(folder, 'slurm.conf'), configuration(folder, root));
  const isUsual = !existsSync(USUAL_CONFIGURATION);
  if (isUsual) {
    mkdirSync(dirname(USUAL_CONFIGURATION), { recursive: true });
    symlinkSync(join(folder, 'slurm.conf'), USUAL_CONFIGURATION);
  }
  for (const name of ['state', 'spool.n1', 'spool.n2']) mkdirSync(join(folder, name), { recursive: true });
  const libraries = join(root, 'usr/lib/x86_64-linux-gnu');
  const env = {
    ...process.env,
    PATH: `${root}/usr/bin:${root}/usr/sbin:${process.env.PATH}`,
    LD_LIBRARY_PATH: `${libraries}/slurm-wlm:${libraries}`,
    SLURM_CONF: join(folder, 'slurm.conf'),
    HF_HUB_OFFLINE: '1',
  };
  const run = (command: string, ...args: string[]): string => execFileSync(command, args, { env, encoding: 'utf8' });
  const daemons = new Map<string, ChildProcess>();
  const start = (name: string, command: readonly string[]): void => {
    const [program = '', ...args] = command;
    daemons.set(name, spawn(program, args, { env, stdio: 'ignore', detached: true }));
  };
  const stepd = join(root, 'usr/sbin/slurmstepd-wlm');
  const cluster: Cluster = {
    env,
    run,
    startNode: (name, prefix = []) => start(name, [...prefix, 'slurmd', '-D', '-N', name, '-d', stepd]),
    killNode: (name) => void daemons.get(name)?.kill('SIGKILL'),
    async stop() {
      try {
        run('scancel', '--signal=KILL', '--full', '--user=root');
      } catch {
        // nothing to cancel
      }
      await delay(1000);
      for (const daemon of daemons.values()) daemon.kill('SIGKILL');
      if (isUsual) rmSync(USUAL_CONFIGURATION);
    },
  };
  start('controller', ['slurmctld', '-D', '-c']);
  await delay(1500);
  for (const name of ['n1', 'n2']) cluster.startNode(name);
  for (let tries = 0; !/idle/.test(run('sinfo', '-h', '-o', '%t %D')); tries++) {
    if (tries > 30) throw new Error(`the nodes do not come up: ${readFileSync(join(folder, 'ctld.log'), 'utf8')}`);
    await delay(500);
  }
  return cluster;
}

function install(folder: string, root: string): void {
  const packages = join(folder, 'packages');
  mkdirSync(packages, { recursive: true });
  execFileSync('apt-get', ['download', ...PACKAGES], { cwd: packages, stdio: 'ignore' });
  for (const name of readdirSync(packages)) execFileSync('dpkg-deb', ['-x', join(packages, name), root]);
  for (const name of ['slurmctld', 'slurmd']) symlinkSync(`${name}-wlm`, join(root, 'usr/sbin', name));
}

function configuration(folder: string, root: string): string {
  return `ClusterName=test
SlurmctldHost=${hostname()}(127.0.0.1)
SlurmUser=root
SlurmdUser=root
AuthType=auth/none
CredType=cred/none
# a task that is put back into the queue may start again after so many seconds, and not after two minutes
AuthInfo=cred_expire=5
PluginDir=${root}/usr/lib/x86_64-linux-gnu/slurm-wlm
StateSaveLocation=${folder}/state
SlurmdSpoolDir=${folder}/spool.%n
SlurmctldPidFile=${folder}/ctld.pid
SlurmdPidFile=${folder}/slurmd.%n.pid
SlurmctldLogFile=${folder}/ctld.log
SlurmdLogFile=${folder}/slurmd.%n.log
SlurmctldPort=16827
ProctrackType=proctrack/linuxproc
TaskPlugin=task/none
SelectType=select/cons_tres
SelectTypeParameters=CR_Core
SwitchType=switch/none
MpiDefault=none
JobAcctGatherType=jobacct_gather/none
SlurmdParameters=config_overrides
ReturnToService=2
SlurmdTimeout=15
JobRequeue=1
MailProg=/bin/true
SchedulerParameters=batch_sched_delay=0,sched_interval=5
PropagateResourceLimits=NONE
KillWait=5
MinJobAge=3600
NodeName=n1 NodeAddr=127.0.0.1 Port=17011 CPUs=1 RealMemory=8000 State=UNKNOWN
NodeName=n2 NodeAddr=127.0.0.1 Port=17012 CPUs=1 RealMemory=8000 State=UNKNOWN
PartitionName=p Nodes=n1,n2 Default=YES State=UP MaxTime=60
`;
}
