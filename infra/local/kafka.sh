# shellcheck shell=bash disable=SC2154 # all.sh and its caller set root, servers, program
# One Kafka node: its jars, data, start and stop. The node lives in
# "$servers/kafka" and listens on 127.0.0.1:$KAFKA_PORT.

kafka_version=$(sed -n 's|.*<kafka.version>\(.*\)</kafka.version>.*|\1|p' "$root/infra/kafka/pom.xml")
kafka_jars=$root/.local/jars/kafka-$kafka_version

# Fetches Kafka's jars from Maven Central unless they are here already.
kafka_fetch() { [[ -d $kafka_jars ]] || one_at_a_time fetch kafka_fetch_jars; }

kafka_fetch_jars() {
  local log=$root/.local/log/kafka-fetch.log
  [[ ! -d $kafka_jars ]] || return 0 # fetched by another script in the meantime
  rm -rf "$kafka_jars.part"
  step "$log" "Fetching Kafka $kafka_version from Maven Central" \
    mvn --quiet --batch-mode --strict-checksums --file "$root/infra/kafka/pom.xml" \
    dependency:copy-dependencies "-DoutputDirectory=$kafka_jars.part" ||
    fail_with_log "$log" "Kafka $kafka_version could not be fetched from Maven Central; is there a network?"
  mv -T "$kafka_jars.part" "$kafka_jars"
}

# Starts the node on "$servers/kafka", made when it is not there yet. It answers
# only after kafka_wait.
kafka_start() {
  local home=$servers/kafka
  mkdir -p "$home" "$servers/log"
  kafka_configure
  [[ -d $home/data ]] || kafka_format
  # The serial collector suits a small heap and costs no second thread.
  kafka_java process_start kafka "$servers/log/kafka.log" -- \
    -Xms128m -Xmx512m kafka.Kafka "$home/server.properties"
}

kafka_wait() {
  port_wait "$KAFKA_PORT" kafka 60 ||
    fail_with_log "$servers/log/kafka.log" "Kafka did not start on port $KAFKA_PORT."
}

kafka_stop() { process_stop kafka TERM 30; }

# Writes the node's configuration. Nothing on disk remembers the controller's
# port, so any free one will do, at each start anew.
kafka_configure() {
  local home=$servers/kafka controller_port
  controller_port=$(port_free)
  {
    cat "$root/infra/kafka/server.properties"
    printf '%s\n' '' \
      "listeners=PLAINTEXT://127.0.0.1:$KAFKA_PORT,CONTROLLER://127.0.0.1:$controller_port" \
      "advertised.listeners=PLAINTEXT://127.0.0.1:$KAFKA_PORT" \
      "controller.quorum.voters=1@127.0.0.1:$controller_port" \
      "log.dirs=$home/data"
  } >"$home/server.properties"
}

# Makes the data folder, as a whole or not at all.
kafka_format() {
  local home=$servers/kafka log=$servers/log/kafka.log cluster_id
  cluster_id=$(head -c 16 /dev/urandom | base64 | tr '+/' 'ab' | cut -c 1-22)
  rm -rf "$home/data.part"
  sed "s|^log.dirs=.*|log.dirs=$home/data.part|" "$home/server.properties" >"$home/format.properties"
  kafka_java -- kafka.tools.StorageTool format \
    --cluster-id "$cluster_id" --config "$home/format.properties" >>"$log" 2>&1 ||
    fail_with_log "$log" "Kafka's data folder could not be made."
  mv -T "$home/data.part" "$home/data"
}

# Runs a Java class of Kafka's; what stands before -- runs the java command.
kafka_java() { # [PREFIX...] -- [JVM OPTION...] CLASS [ARGUMENT...]
  local prefix=()
  while [[ $1 != -- ]]; do
    prefix+=("$1")
    shift
  done
  shift
  "${prefix[@]}" java -XX:+UseSerialGC -XX:-UsePerfData -Djava.awt.headless=true \
    -Djava.net.preferIPv4Stack=true \
    "-Dlog4j2.configurationFile=$root/infra/kafka/log4j2.properties" \
    -cp "$kafka_jars/*" "$@"
}
