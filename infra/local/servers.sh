# shellcheck shell=bash disable=SC2154 # all.sh and its caller set root, servers, program
# Kafka and PostgreSQL together. They live in the folder "$servers": data in
# kafka/ and postgres/, logs in log/, pid files in run/.

servers_start() {
  postgres_start
  kafka_start
}

# They stop side by side, since each takes a second or more.
servers_stop() {
  local stopping=()
  kafka_stop &
  stopping+=($!)
  postgres_stop &
  stopping+=($!)
  wait "${stopping[@]}"
}

servers_wipe() {
  postgres_wipe
  rm -rf "$servers/kafka"
}
