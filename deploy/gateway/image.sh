#!/bin/bash
# Makes the image of a gateway from an image of Raspberry Pi OS Lite (64-bit): as root, on Debian, on any processor.
#
#   deploy/gateway/image.sh RASPIOS.img RELEASE_DIR KEYS_DIR OUT.img
#
# Needs: apt install qemu-user-static binfmt-support parted e2fsprogs. The release is built before, on any machine:
#   emmetra release build --version V --platform linux-aarch64 --python X.Y --out RELEASE_DIR
# X.Y is the Python of the image: 3.11 in "bookworm", 3.13 in "trixie".
set -euo pipefail
[ $# -eq 4 ] || { sed -n '2,9s/^# \?//p' "$0"; exit 2; }
here=$(dirname "$(readlink -f "$0")")
base=$1 release=$2 keys=$3 out=$4
root=$(mktemp -d) loop=

tidy() {
    umount -R "$root" 2>/dev/null || true
    [ -z "$loop" ] || losetup -d "$loop"
    rmdir "$root"
}
trap tidy EXIT

cp --reflink=auto "$base" "$out"
truncate -s +1G "$out"
parted -s "$out" resizepart 2 100%
loop=$(losetup -Pf --show "$out")
e2fsck -fp "${loop}p2" || [ $? -le 1 ]
resize2fs "${loop}p2"
mount "${loop}p2" "$root"
mount "${loop}p1" "$root/boot/firmware"
for part in dev proc sys; do mount --rbind "/$part" "$root/$part" && mount --make-rslave "$root/$part"; done

python=$(chroot "$root" python3 -c 'import sys; print("%d.%d" % sys.version_info[:2])')
emmetra release verify "$release" --keys "$keys"
emmetra release install "$release" --keys "$keys" --home "$root/opt/emmetra" --platform linux-aarch64 --python "$python"

install -Dm644 "$here/emmetra-gateway.service" "$root/etc/systemd/system/emmetra-gateway.service"
install -Dm644 "$here/emmetra-stick@.service" "$root/etc/systemd/system/emmetra-stick@.service"
install -Dm644 "$here/70-emmetra.rules" "$root/etc/udev/rules.d/70-emmetra.rules"
install -Dm644 "$here/emmetra.sysusers" "$root/usr/lib/sysusers.d/emmetra.conf"
install -Dm644 "$here/emmetra.tmpfiles" "$root/usr/lib/tmpfiles.d/emmetra.conf"
install -Dm644 "$here/emmetra.journald" "$root/etc/systemd/journald.conf.d/emmetra.conf"
install -Dm644 "$here/../../docs/runbooks/update-gateway.md" "$root/usr/share/doc/emmetra/update-gateway.md"
# The camera of a slit lamp is read by ffmpeg, Bluetooth instruments by BlueZ; both are Debian's.
chroot "$root" apt-get -qq update && chroot "$root" apt-get -qq install -y --no-install-recommends bluez ffmpeg espeak-ng alsa-utils fonts-noto-cjk

printf '#!/bin/sh\nexec /usr/bin/python3 /opt/emmetra/launch "$@"\n' | install -Dm755 /dev/stdin "$root/usr/local/bin/emmetra"

# In the image itself: the user, its folders, the watchdog of the board, the unit; the first start draws the machine's id.
chroot "$root" systemd-sysusers
chroot "$root" systemctl enable bluetooth.service
chroot "$root" systemd-tmpfiles --create emmetra.conf
chroot "$root" systemctl enable emmetra-gateway.service
printf '[Manager]\nRuntimeWatchdogSec=15\n' | install -Dm644 /dev/stdin "$root/etc/systemd/system.conf.d/watchdog.conf"
grep -q '^dtparam=watchdog=on' "$root/boot/firmware/config.txt" || echo 'dtparam=watchdog=on' >> "$root/boot/firmware/config.txt"
: > "$root/etc/machine-id"
rm -f "$root"/etc/ssh/ssh_host_*
echo "$out is ready: Python $python, $(cat "$root/opt/emmetra/slots/A/RELEASE")"
