export function run([flag]) {
  const [uid, gid, groups] = [process.getuid(), process.getgid(), process.getgroups()];
  const one = { '-u': uid, '-g': gid, '-G': groups.join(' ') }[flag];
  console.log(one ?? `uid=${uid} gid=${gid} groups=${groups.join(',')}`);
}
