#!/bin/bash
# The first process of a User-mode Linux that scripts/uml.sh starts: makes a machine of that kernel and of the host's
# files, which are read-only, runs the command in the folder $weft_job, leaves its exit status there, and turns off.
set -eu
trap 'echo o >/proc/sysrq-trigger; sleep infinity' EXIT

# To an ordinary user's kernel the host's root is nobody: mount and its like would become that, not root, by their
# set-user-ID bit.
busybox mount -t proc proc /proc
busybox mount -o remount,ro,nosuid /
mount -t sysfs sysfs /sys
mount -t tmpfs tmpfs /run
mkdir -p /run/netns /run/job /run/modules/lib
mount -t hostfs -o "$weft_job" none /run/job
mount -t tmpfs tmpfs /tmp
# The checkout may lie under what is hidden now.
directory=$(cat /run/job/directory)
if ! [ -d "$directory" ]; then
    mkdir -p "$directory"
    mount -t hostfs -o "ro,$directory" none "$directory"
fi
ln -s /proc/self/fd /dev/fd

# This kernel's modules are not where modprobe looks; the kernel itself asks for those that it comes to need.
ln -s /usr/lib/uml/modules /run/modules/lib/modules
printf '#!/bin/sh\nexec /sbin/modprobe -d /run/modules "$@"\n' >/run/modprobe
chmod +x /run/modprobe
echo /run/modprobe >/proc/sys/kernel/modprobe
# At once: ipv6, which other kernels have built in; ipip, as it gives every namespace, new or not, a tunl0, which none
# shall see come; tun, as its device file comes with it.
/run/modprobe -a ipv6 ipip tun
# What the kernel starts has not the environment that keeps it from AVX (scripts/uml.sh): where that is needed, the kernel has to need
# nobody. Not all kernels have all of them; dummy makes a link unless told not to.
if [ -n "${GLIBC_TUNABLES:-}" ]; then
    /run/modprobe dummy numdummies=0
    /run/modprobe -a veth bridge vxlan vrf wireguard nf_tables nft_masq nft_redir nft_ct nft_reject nft_limit nft_log nft_numgen nft_hash \
        nft_objref nf_conntrack_netlink sch_netem sch_tbf netlink_diag af_packet_diag udp_diag raw_diag unix_diag || true
fi
chmod 666 /dev/net/tun

ip link set lo up
# As usual elsewhere; a kernel by itself allows 4096.
ulimit -Hn 524288
# What the command mounts over /run must not take it from this script and the kernel, hence its own mount namespace. What
# is printed goes out unchanged, and through a pipe, so that nothing takes it for a terminal's.
stty -F /dev/tty1 -opost
set +e
unshare --mount bash /run/job/command </dev/null 2>&1 | cat >/dev/tty1
echo "${PIPESTATUS[0]}" >/run/job/status
