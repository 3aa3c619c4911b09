# boot.sh FOLDER COMMAND ...: run COMMAND under a systemd of its own, as the first process of new namespaces over a copy
# of this system that is forgotten afterwards. FOLDER is kept, and seen at /mnt; what COMMAND says lies in FOLDER/said.
# Root only. Ends with COMMAND, or after two minutes.
set -eu
if [ "$1" != --inside ]; then
    exec timeout -s KILL 120 unshare --kill-child -m -p -f -u -i -n -C sh "$0" --inside "$@"
fi
shift
folder=$1
shift

mount --make-rprivate /
over=$folder/over root=$folder/root
mkdir -p "$over" "$root"
mount -t tmpfs tmpfs "$over"
mkdir "$over/upper" "$over/work"
mount -t overlay -o "lowerdir=/,upperdir=$over/upper,workdir=$over/work" overlay "$root"
mount -t proc proc "$root/proc"
mount -t sysfs sysfs "$root/sys"
mount -t cgroup2 cgroup2 "$root/sys/fs/cgroup"
mount -t tmpfs -o mode=755 tmpfs "$root/run"
mount -t tmpfs -o mode=1777 tmpfs "$root/tmp"
mount --bind "$folder" "$root/mnt"

# What a manager that shuts devices out (PrivateDevices=) makes anew from these.
mount -t tmpfs -o mode=755 tmpfs "$root/dev"
mkdir "$root/dev/pts" "$root/dev/shm" "$root/dev/mqueue" "$root/dev/hugepages"
mount -t devpts devpts "$root/dev/pts"
mount -t tmpfs -o mode=1777 tmpfs "$root/dev/shm"
ln -s pts/ptmx "$root/dev/ptmx"
ln -s /proc/self/fd "$root/dev/fd"
mknod -m 666 "$root/dev/null" c 1 3
mknod -m 666 "$root/dev/zero" c 1 5
mknod -m 666 "$root/dev/full" c 1 7
mknod -m 666 "$root/dev/random" c 1 8
mknod -m 666 "$root/dev/urandom" c 1 9
mknod -m 666 "$root/dev/tty" c 5 0

: >"$root/etc/machine-id"
cat >"$root/etc/systemd/system/trial.target" <<END
[Unit]
Requires=sysinit.target trial.service
END
cat >"$root/etc/systemd/system/trial.service" <<END
[Service]
Type=oneshot
WorkingDirectory=$PWD
Environment="PATH=$PATH" BUILD=${BUILD:-build} HOME=/root LC_ALL=C.UTF-8
ExecStart=$(command -v bash) $*
ExecStopPost=/bin/systemctl --force exit
StandardOutput=file:/mnt/said
StandardError=inherit
END
mkdir "$root/.before"
cd "$root"
pivot_root . .before
umount -l /.before
mount --make-rshared /
export container=trial
exec /lib/systemd/systemd --system --unit=trial.target --log-target=null --show-status=0
