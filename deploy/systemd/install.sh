#!/bin/sh
# install.sh WHEELS: Turno on this Debian server, with its own PostgreSQL and Caddy. Run as root, from a checkout or an unpacked
# release; WHEELS is a folder with the wheels of requirements.lock, or nothing to fetch them from the index. Run it again with a
# newer version to upgrade: the version before stays in /opt/turno/releases.
set -eu

here=$(cd "$(dirname "$0")/../.." && pwd)
wheels=${1:+$(cd "$1" && pwd)}
say() { printf '%s\n' "$*"; }

[ "$(id -u)" = 0 ] || { say "run it as root" >&2; exit 1; }

packages() {
  say "Debian's packages"
  export DEBIAN_FRONTEND=noninteractive
  apt-get update -qq
  apt-get install -y -qq --no-install-recommends python3 python3-venv ca-certificates postgresql caddy age >/dev/null
}

user() {
  id turno >/dev/null 2>&1 || useradd --system --user-group --home-dir /var/lib/turno --shell /usr/sbin/nologin turno
  install -d -o turno -g turno -m 0750 /var/lib/turno /var/backups/turno
  install -d -m 0750 /etc/turno
}

program() {
  version=$(sed -n 's/^VERSION: Final = "\(.*\)"$/\1/p' "$here/core/version.py")
  release=/opt/turno/releases/$version
  say "Turno $version in $release"
  rm -rf "$release.part"
  mkdir -p /opt/turno/releases
  python3 -m venv "$release.part/pip"
  python3 -m venv --without-pip "$release"
  pip=$release.part/pip/bin/pip
  set -- --quiet --disable-pip-version-check --no-deps
  [ -z "$wheels" ] || set -- "$@" --no-index --find-links "$wheels"
  "$pip" install "$@" --require-hashes -r "$here/requirements-pip.lock"
  "$pip" --python "$release" install "$@" --require-hashes -r "$here/requirements.lock"
  "$pip" wheel "$@" --no-build-isolation --wheel-dir "$release.part" "$here"
  "$pip" --python "$release" install "$@" --force-reinstall "$release.part"/turno-*.whl
  rm -rf "$release.part"
  ln -sfn "$release" /opt/turno/current
}

database() {
  pg_lsclusters -h | grep -q online || for cluster in $(pg_lsclusters -h | awk '{print $1 "/" $2}'); do
    pg_ctlcluster "${cluster%/*}" "${cluster#*/}" start
  done
  as_postgres() { runuser -u postgres -- psql -qtAX -d "$1" -c "$2"; }
  [ "$(as_postgres postgres "select 1 from pg_roles where rolname = 'turno'")" = 1 ] ||
    runuser -u postgres -- createuser --createrole turno
  [ "$(as_postgres postgres "select 1 from pg_database where datname = 'turno'")" = 1 ] ||
    runuser -u postgres -- createdb --owner turno turno
}

settings() {
  [ -e /etc/turno/turno.env ] || install -m 0640 -g turno "$here/deploy/systemd/turno.env.example" /etc/turno/turno.env
  "$here/deploy/make-secrets.sh" /etc/turno/secrets "postgresql://turno@/turno?host=/var/run/postgresql"
  chown -R root:root /etc/turno/secrets
}

units() {
  install -m 0644 "$here"/deploy/systemd/*.service "$here"/deploy/systemd/*.timer "$here"/deploy/systemd/*.target /etc/systemd/system/
  install -d /etc/systemd/system/turno-.service.d /etc/systemd/system/caddy.service.d
  install -m 0644 "$here/deploy/systemd/turno-.service.d/10-turno.conf" /etc/systemd/system/turno-.service.d/
  install -m 0644 "$here/deploy/systemd/caddy-turno.conf" /etc/systemd/system/caddy.service.d/turno.conf
  install -m 0644 "$here/deploy/caddy/Caddyfile" /etc/caddy/Caddyfile
  systemctl daemon-reload
  systemctl enable --quiet turno.target turno-web turno-worker turno-backup.timer turno-canary.timer turno-smoke.timer
}

packages
user
program
database
settings
units
say "now: fill /etc/turno/turno.env and /etc/turno/secrets, then: systemctl restart turno.target caddy"
