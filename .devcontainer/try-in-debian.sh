#!/usr/bin/env bash
# Runs what a dev container runs at its creation, in a Debian root made for it: for machines that have no container
# engine, or to try a change of the steps. Needs root and debootstrap.
#
#   sudo .devcontainer/try-in-debian.sh [default|gpu] [FOLDER]
#
# The root gets what image and features bring: Debian 12 with git, g++ and sudo, a Python whose pip may install, and the
# Node.js that is on the path here. FOLDER (default: a temporary one, removed at the end) keeps the root for another look.
set -euo pipefail
project=$(cd "$(dirname "$0")/.." && pwd)
which=${1:-default}
root=${2:-$(mktemp -d)}
configuration=$project/.devcontainer/devcontainer.json
[ "$which" = default ] || configuration=$project/.devcontainer/$which/devcontainer.json
[ -e "$configuration" ] || { echo "$configuration does not exist: expected default or gpu" >&2; exit 2; }
[ "$(id -u)" = 0 ] || { echo "needs root, for chroot" >&2; exit 2; }

[ $# -ge 2 ] || trap 'rm -rf --one-file-system "$root"' EXIT

[ -e "$root/etc/debian_version" ] || debootstrap --variant=minbase \
  --include=ca-certificates,g++,git,make,sudo,python3,python3-pip,python3-venv,procps bookworm "$root"
# the network as it is here: names, certificates
cp /etc/resolv.conf /etc/hosts "$root/etc/"
cp -L /etc/ssl/certs/ca-certificates.crt "$root/etc/ssl/certs/ca-certificates.crt"

node=$(node -p 'process.execPath')
npm=$(node -p 'require("fs").realpathSync(require("child_process").execSync("command -v npm").toString().trim())')
mkdir -p "$root/usr/local/lib/node_modules"
cp "$node" "$root/usr/local/bin/node"
cp -r "$(dirname "$(dirname "$npm")")" "$root/usr/local/lib/node_modules/npm"
ln -sf ../lib/node_modules/npm/bin/npm-cli.js "$root/usr/local/bin/npm"
ln -sf ../lib/node_modules/npm/bin/npx-cli.js "$root/usr/local/bin/npx"

# a checkout: the files that git knows, as they are now
mkdir -p "$root/workspace"
git -C "$project" ls-files -z --cached --others --exclude-standard | tar -C "$project" --null --files-from=- -cf - | tar -C "$root/workspace" -xf -

steps=$(node -e '
  const text = require("fs").readFileSync(process.argv[1], "utf8").replace(/^\s*\/\/.*$/gm, "");
  console.log(JSON.parse(text).postCreateCommand);' "$configuration")
echo "in $root: $steps" >&2
# settings of package managers and proxies pass, the rest of this machine does not
passed=$(env | grep -iE '^(npm_config_|pip_|(https?|no)_proxy|(node_extra_ca_certs|ssl_cert_file))' | cut -d= -f1 || true)
# Debian's own Python refuses pip; the one of the feature does not
[ -e "$root/usr/local/python/bin/pip" ] || chroot "$root" /usr/bin/python3 -m venv /usr/local/python
environment=(HOME=/root PATH=/usr/local/python/bin:/usr/local/bin:/usr/bin:/bin:/usr/sbin:/sbin LANG=C.UTF-8 JUPYTER_PATH=/workspace/.jupyter)
for name in $passed; do environment+=("$name=${!name}"); done

# in a mount namespace of its own: what is mounted below the root is gone with the last of its processes
inside() {
  unshare --mount --propagation private bash -c '
    root=$1; shift
    for mounted in proc sys dev; do mount --rbind "/$mounted" "$root/$mounted"; done
    exec chroot "$root" /usr/bin/env -i "$@"' inside "$root" "${environment[@]}" bash -c "cd /workspace && $1"
}
inside "$steps"
inside 'npm run --silent build && node bin/llm-embedding.mjs doctor'
echo "every step of the $which container ended well" >&2
