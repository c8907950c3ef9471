import type { Seccomp, SeccompRule } from './types.ts';

// Which system calls a container may make under the profile `RuntimeDefault`: what programs need, without what reaches
// into the kernel or the machine (modules, clocks, mounts, other namespaces, keyrings, io_uring, bpf), unless the
// container has the capability for it. The same lines are drawn by Docker's and containerd's default.

const files =
  'access chdir chmod chown chown32 close close_range copy_file_range creat dup dup2 dup3 faccessat faccessat2 fadvise64 ' +
  'fadvise64_64 fallocate fchdir fchmod fchmodat fchmodat2 fchown fchown32 fchownat fcntl fcntl64 fdatasync fgetxattr ' +
  'flistxattr flock fremovexattr fsetxattr fstat fstat64 fstatat64 fstatfs fstatfs64 fsync ftruncate ftruncate64 ' +
  'futimesat getcwd getdents getdents64 getxattr getxattrat inotify_add_watch inotify_init inotify_init1 ' +
  'inotify_rm_watch ioctl lchown lchown32 lgetxattr link linkat listxattr listxattrat llistxattr _llseek lremovexattr ' +
  'lseek lsetxattr lstat lstat64 mkdir mkdirat mknod mknodat name_to_handle_at newfstatat open openat openat2 pread64 ' +
  'preadv preadv2 pwrite64 pwritev pwritev2 read readahead readlink readlinkat readv removexattr removexattrat rename ' +
  'renameat renameat2 rmdir sendfile sendfile64 setxattr setxattrat splice stat stat64 statfs statfs64 statx symlink ' +
  'symlinkat sync sync_file_range sync_file_range2 syncfs tee truncate truncate64 umask unlink unlinkat utime utimensat ' +
  'utimensat_time64 utimes vmsplice write writev cachestat statmount listmount fanotify_mark';

const memory =
  'brk madvise map_shadow_stack membarrier memfd_create memfd_secret mincore mlock mlock2 mlockall mmap mmap2 mprotect ' +
  'mremap mseal msync munlock munlockall munmap pkey_alloc pkey_free pkey_mprotect process_mrelease remap_file_pages ' +
  'set_mempolicy_home_node';

const processes =
  'arch_prctl capget capset clone3 execve execveat exit exit_group fork futex futex_requeue futex_time64 futex_wait ' +
  'futex_waitv futex_wake getcpu getegid getegid32 geteuid geteuid32 getgid getgid32 getgroups getgroups32 getpgid ' +
  'getpgrp getpid getppid getpriority getresgid getresgid32 getresuid getresuid32 getrlimit get_robust_list getrusage ' +
  'getsid get_thread_area gettid getuid getuid32 ioprio_get ioprio_set landlock_add_rule landlock_create_ruleset ' +
  'landlock_restrict_self modify_ldt pidfd_open pidfd_send_signal prctl prlimit64 rseq sched_getaffinity sched_getattr ' +
  'sched_getparam sched_get_priority_max sched_get_priority_min sched_getscheduler sched_rr_get_interval ' +
  'sched_rr_get_interval_time64 sched_setaffinity sched_setattr sched_setparam sched_setscheduler sched_yield seccomp ' +
  'setfsgid setfsgid32 setfsuid setfsuid32 setgid setgid32 setgroups setgroups32 setpgid setpriority setregid setregid32 ' +
  'setresgid setresgid32 setresuid setresuid32 setreuid setreuid32 setrlimit set_robust_list setsid set_thread_area ' +
  'set_tid_address setuid setuid32 ugetrlimit uname vfork wait4 waitid waitpid riscv_hwprobe';

const signalsAndTime =
  'alarm clock_getres clock_getres_time64 clock_gettime clock_gettime64 clock_nanosleep clock_nanosleep_time64 getitimer ' +
  'gettimeofday kill nanosleep pause restart_syscall rt_sigaction rt_sigpending rt_sigprocmask rt_sigqueueinfo ' +
  'rt_sigreturn rt_sigsuspend rt_sigtimedwait rt_sigtimedwait_time64 rt_tgsigqueueinfo setitimer sigaltstack signal ' +
  'signalfd signalfd4 sigprocmask sigreturn tgkill time timer_create timer_delete timer_getoverrun timer_gettime ' +
  'timer_gettime64 timer_settime timer_settime64 timerfd_create timerfd_gettime timerfd_gettime64 timerfd_settime ' +
  'timerfd_settime64 times tkill adjtimex clock_adjtime clock_adjtime64';

const communication =
  'accept accept4 bind connect epoll_create epoll_create1 epoll_ctl epoll_ctl_old epoll_pwait epoll_pwait2 epoll_wait ' +
  'epoll_wait_old eventfd eventfd2 getpeername getrandom getsockname getsockopt io_cancel io_destroy io_getevents ' +
  'io_pgetevents io_pgetevents_time64 io_setup io_submit ipc listen mq_getsetattr mq_notify mq_open mq_timedreceive ' +
  'mq_timedreceive_time64 mq_timedsend mq_timedsend_time64 mq_unlink msgctl msgget msgrcv msgsnd pipe pipe2 poll ppoll ' +
  'ppoll_time64 pselect6 pselect6_time64 recv recvfrom recvmmsg recvmmsg_time64 recvmsg select _newselect semctl semget ' +
  'semop semtimedop semtimedop_time64 send sendmmsg sendmsg sendto setsockopt shmat shmctl shmdt shmget shutdown ' +
  'socketcall socketpair sysinfo';

/** System calls that come with a capability. */
const byCapability: Record<string, string> = {
  CAP_DAC_READ_SEARCH: 'open_by_handle_at',
  CAP_SYS_ADMIN:
    'bpf clone clone3 fanotify_init fsconfig fsmount fsopen fspick lookup_dcookie lsm_get_self_attr mount mount_setattr ' +
    'move_mount open_tree perf_event_open quotactl quotactl_fd setdomainname sethostname setns syslog umount umount2 unshare',
  CAP_SYS_BOOT: 'reboot',
  CAP_SYS_CHROOT: 'chroot',
  CAP_SYS_MODULE: 'delete_module init_module finit_module',
  CAP_SYS_PACCT: 'acct',
  CAP_SYS_PTRACE: 'kcmp pidfd_getfd process_madvise process_vm_readv process_vm_writev ptrace',
  CAP_SYS_RAWIO: 'iopl ioperm',
  CAP_SYS_TIME: 'settimeofday stime clock_settime clock_settime64',
  CAP_SYS_TTY_CONFIG: 'vhangup',
  CAP_SYS_NICE: 'get_mempolicy mbind set_mempolicy move_pages migrate_pages',
  CAP_SYSLOG: 'syslog',
  CAP_BPF: 'bpf',
  CAP_PERFMON: 'perf_event_open',
};

const allow = 'SCMP_ACT_ALLOW';
const notPermitted = 1;
const notImplemented = 38;

/** Flags of clone(2) that make namespaces. */
const newNamespaces = 0x7e020000;

/** The values of personality(2) that change nothing dangerous: Linux, 32 bits, and asking for the present one. */
const personalities = [0x0, 0x8, 0x20000, 0x20008, 0xffffffff];

const architectures: Partial<Record<string, string[]>> = {
  x64: ['SCMP_ARCH_X86_64', 'SCMP_ARCH_X86', 'SCMP_ARCH_X32'],
  arm64: ['SCMP_ARCH_AARCH64', 'SCMP_ARCH_ARM'],
};

/** The default profile for a container with these capabilities. */
export function defaultSeccomp(capabilities: readonly string[]): Seccomp {
  const given = capabilities.flatMap((name) => byCapability[name] ?? []);
  const names = [files, memory, processes, signalsAndTime, communication, ...given].join(' ').split(' ');
  return {
    defaultAction: 'SCMP_ACT_ERRNO',
    defaultErrnoRet: notPermitted,
    architectures: architectures[process.arch] ?? [],
    syscalls: [
      { names: [...new Set(names)].filter((name) => !isConditional(name, capabilities)), action: allow },
      ...conditional(capabilities),
    ],
  };
}

function isConditional(name: string, capabilities: readonly string[]): boolean {
  return name === 'clone3' && !capabilities.includes('CAP_SYS_ADMIN');
}

function conditional(capabilities: readonly string[]): SeccompRule[] {
  const rules: SeccompRule[] = [
    // no VSOCK: it reaches the hypervisor
    { names: ['socket'], action: allow, args: [{ index: 0, value: 40, op: 'SCMP_CMP_NE' }] },
    ...personalities.map((value): SeccompRule => ({
      names: ['personality'],
      action: allow,
      args: [{ index: 0, value, op: 'SCMP_CMP_EQ' }],
    })),
  ];
  if (capabilities.includes('CAP_SYS_ADMIN')) return rules;
  return [
    ...rules,
    {
      names: ['clone'],
      action: allow,
      args: [{ index: 0, value: newNamespaces, valueTwo: 0, op: 'SCMP_CMP_MASKED_EQ' }],
    },
    // its flags lie in memory, where a filter cannot look: C libraries then fall back to clone
    { names: ['clone3'], action: 'SCMP_ACT_ERRNO', errnoRet: notImplemented },
  ];
}
