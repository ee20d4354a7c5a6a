#!/usr/bin/env bash
# Takes one round of back-ups of both databases, encrypted so that this host cannot read them:
#   deploy/backup.sh FOLDER CERTIFICATE.pem
# Run it beside docker-compose.yml, from cron. The certificate's private key is kept elsewhere. FOLDER then has a folder named by the instant of
# which the older database is, which is what `restore.js note --as-of` asks for; a round that failed is named .partial.
set -euo pipefail

folder=${1:?a folder for the back-ups}
certificate=${2:?the certificate that they are encrypted for}
as_of=$(date -u +%Y-%m-%dT%H:%M:%SZ)
round="$folder/$as_of"
umask 077
mkdir -p "$round.partial"

seal() {
  openssl cms -encrypt -binary -stream -aes-256-gcm -outform DER -out "$round.partial/$1" "$certificate"
}

# MongoDB first: where the two differ, its ledger is the older one, and what that means is known (docs/restores.md).
docker compose exec -T mongodb sh -c 'mongodump --quiet --oplog --gzip --archive \
  --username=root --password="$MONGO_INITDB_ROOT_PASSWORD" --authenticationDatabase=admin' | seal mongodb.gz.cms
for database in temporal temporal_visibility; do
  docker compose exec -T postgres pg_dump --username=temporal --format=custom "$database" | seal "$database.dump.cms"
done

mv "$round.partial" "$round"
echo "$round"
