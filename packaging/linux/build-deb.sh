#!/usr/bin/env bash
# Builds dist/hrdesk (the program folder) and, where dpkg-deb is found, dist/hrdesk_VERSION_ARCH.deb.
set -euo pipefail
cd "$(dirname "$0")/../.."

venv=build/package-venv
pip=("$venv/bin/python" -m pip --disable-pip-version-check --no-input -qq)
if ! [ -x "$venv/bin/pyinstaller" ]; then
  echo "Making $venv"
  rm -rf "$venv"
  .venv/bin/python -m venv "$venv"
  "${pip[@]}" install -c packaging/constraints.txt -r packaging/package-tools.txt
fi
# A wheel and not an editable install: the package then holds its resources.
"${pip[@]}" install -c packaging/constraints.txt .
"${pip[@]}" install --force-reinstall --no-deps .

echo "Building dist/hrdesk"
"$venv/bin/pyinstaller" --noconfirm --log-level WARN --distpath dist --workpath build/pyinstaller packaging/hrdesk.spec
dist/hrdesk/hrdesk --version

command -v dpkg-deb >/dev/null || { echo "dpkg-deb is not here: no .deb"; exit 0; }
version=$("$venv/bin/python" -c 'import hrdesk; print(hrdesk.__version__)')
architecture=$(dpkg --print-architecture)
root=build/deb
rm -rf "$root"
install -d "$root/DEBIAN" "$root/usr/lib" "$root/usr/bin" "$root/usr/share/doc/hrdesk/licences"
cp -a dist/hrdesk "$root/usr/lib/hrdesk"
ln -s ../lib/hrdesk/hrdesk "$root/usr/bin/hrdesk"
install -Dm644 packaging/linux/hrdesk.desktop "$root/usr/share/applications/hrdesk.desktop"
install -Dm644 packaging/linux/org.hrdesk.hrdesk.metainfo.xml -t "$root/usr/share/metainfo"
install -Dm644 resources/icons/hrdesk.svg "$root/usr/share/icons/hicolor/scalable/apps/hrdesk.svg"
install -Dm644 packaging/linux/copyright -t "$root/usr/share/doc/hrdesk"
licences=$PWD/$root/usr/share/doc/hrdesk/licences
(cd "$venv"/lib/python3*/site-packages &&
  find . -path '*.dist-info/*' -type f \( -iname 'licen[cs]e*' -o -iname 'copying*' -o -iname 'notice*' \) \
    -exec cp --parents -t "$licences" {} +)
chmod -R u=rwX,go=rX "$root/usr"

cat >"$root/DEBIAN/control" <<CONTROL
Package: hrdesk
Version: $version
Architecture: $architecture
Maintainer: The hrdesk contributors <hrdesk@example.org>
Section: misc
Priority: optional
Installed-Size: $(du -sk "$root/usr" | cut -f1)
Depends: libc6 (>= 2.34), libglib2.0-0t64 | libglib2.0-0, libgl1, libegl1, libxkbcommon0, libdbus-1-3, libfontconfig1, libxcb-cursor0, libxkbcommon-x11-0, libxcb-icccm4, libxcb-keysyms1, libxcb-shape0
Recommends: fonts-inter, fonts-noto-core, gnome-keyring | kwalletmanager
Description: Ask your own HR policies
 hrdesk answers questions from the policies you give it, and every claim opens
 the policy at the highlighted passage. Files, questions and answers stay on
 the computer unless a connection to a server is set up.
CONTROL
# zstd: 25 % larger than xz and a hundred times faster to make.
dpkg-deb --root-owner-group -Zzstd --build "$root" "dist/hrdesk_${version}_${architecture}.deb"
