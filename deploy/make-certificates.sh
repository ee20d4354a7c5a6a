#!/bin/sh
# Makes what Temporal and those who call it know each other by (mutual TLS): an authority of your own, a certificate for the server and one for
# its clients. Run again, it keeps the authority and renews the two others: restart the containers afterwards.
#   deploy/make-certificates.sh [FOLDER] [SERVER-NAME]
set -eu

folder=${1:-certificates}
name=${2:-temporal}
days=397

# Nobody else on this host gets into the folder. The files in it can be read, since each container's user is another one: Docker mounts them
# one by one.
mkdir -p "$folder"
chmod 700 "$folder"
cd "$folder"
umask 022

if [ ! -f ca.key ]; then
  openssl req -x509 -newkey ec -pkeyopt ec_paramgen_curve:P-256 -nodes -days 3650 -subj '/CN=vardmote Temporal authority' \
    -addext 'basicConstraints=critical,CA:TRUE,pathlen:0' -addext 'keyUsage=critical,keyCertSign,cRLSign' \
    -keyout ca.key -out ca.pem 2>/dev/null
  chmod 600 ca.key
fi

# sign NAME EXTENSIONS
sign() {
  printf '%s\n' 'basicConstraints=critical,CA:FALSE' 'keyUsage=critical,digitalSignature' "$2" >"$1.ext"
  openssl req -newkey ec -pkeyopt ec_paramgen_curve:P-256 -nodes -subj "/CN=$1" -keyout "$1.key.new" -out "$1.csr" 2>/dev/null
  openssl x509 -req -in "$1.csr" -CA ca.pem -CAkey ca.key -CAcreateserial -days "$days" -extfile "$1.ext" -out "$1.pem.new" 2>/dev/null
  chmod 644 "$1.key.new" "$1.pem.new"
  mv "$1.key.new" "$1.key"
  mv "$1.pem.new" "$1.pem"
  rm -f "$1.csr" "$1.ext"
}

# The server is its own client too: its parts call each other.
sign server "extendedKeyUsage=serverAuth,clientAuth
subjectAltName=DNS:$name,DNS:localhost,IP:127.0.0.1"
sign client 'extendedKeyUsage=clientAuth'
echo "$folder: ca.pem, server.pem, client.pem and their keys, good for $days days. Keep ca.key where the back-ups are not."
