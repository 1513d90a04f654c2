#!/bin/sh
# make-secrets.sh FOLDER [DATABASE_URL]: a file for each secret. What we choose is made up; what Meta and the AI gave you is
# taken from the environment (WHATSAPP_APP_SECRET, WHATSAPP_ACCESS_TOKEN, OPENAI_API_KEY). A file that is there stays as it is.
set -eu
umask 027

folder=${1:?make-secrets.sh FOLDER [DATABASE_URL]}
mkdir -p "$folder"

random() { od -An -N32 -tx1 /dev/urandom | tr -d ' \n'; }

keep() { # NAME VALUE
  [ -e "$folder/$1" ] || printf '%s' "$2" > "$folder/$1"
}

for name in whatsapp_verify_token log_token metrics_token staff_secret erasure_secret codes_secret postgres_password console_password; do
  keep "$name" "$(random)"
done
keep whatsapp_app_secret "${WHATSAPP_APP_SECRET:-}"
keep whatsapp_access_token "${WHATSAPP_ACCESS_TOKEN:-}"
keep openai_api_key "${OPENAI_API_KEY:-}"
keep database_url "${2:-postgresql://turno:$(cat "$folder/postgres_password")@postgres/turno}"
keep console_database_url "postgresql://turno_console:$(cat "$folder/console_password")@postgres/turno"

for name in whatsapp_app_secret whatsapp_access_token; do
  [ -s "$folder/$name" ] || echo "still empty: $folder/$name (Meta gives it to you)" >&2
done

# In a container they are read by the user of the image. Without root they belong to whoever made them.
if [ "$(id -u)" = 0 ]; then chown -R 10001:10001 "$folder"; fi
