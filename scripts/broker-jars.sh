#!/usr/bin/env bash
# Copies the jars of brokers that run on Java from Maven Central into the cache folder where private ones are started from. Once:
# what is there stays. Usage: bash scripts/broker-jars.sh [kafka] [elasticmq]   (both when none is named; needs Java 17 and Maven)
set -euo pipefail

work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT

# jars NAME VERSION GROUP:ARTIFACT:VERSION...
jars() {
  local name=$1 folder=${XDG_CACHE_HOME:-$HOME/.cache}/sync-vs-events/$1-$2 dependency parts
  shift 2
  [ -e "$folder" ] && return
  for tool in java mvn; do
    command -v "$tool" >/dev/null || { echo "broker-jars.sh needs $tool (Debian and Ubuntu: apt install default-jre-headless maven)" >&2; exit 1; }
  done
  {
    echo '<project xmlns="http://maven.apache.org/POM/4.0.0"><modelVersion>4.0.0</modelVersion>'
    echo "<groupId>sync-vs-events</groupId><artifactId>$name-jars</artifactId><version>1</version><packaging>pom</packaging><dependencies>"
    for dependency; do
      IFS=: read -ra parts <<<"$dependency"
      echo "<dependency><groupId>${parts[0]}</groupId><artifactId>${parts[1]}</artifactId><version>${parts[2]}</version></dependency>"
    done
    echo '</dependencies></project>'
  } >"$work/$name.xml"
  mvn --quiet --batch-mode --file "$work/$name.xml" dependency:copy-dependencies -DincludeScope=runtime -DoutputDirectory="$work/$name"
  # Whole or not at all, whoever does the same at the same time.
  mkdir -p "$(dirname "$folder")"
  mv -T "$work/$name" "$folder" 2>/dev/null || [ -e "$folder" ]
}

[ $# -gt 0 ] || set -- kafka elasticmq
for name; do
  case $name in
    # slf4j-simple: so that a broker which does not start says why.
    kafka) jars kafka 4.1.0 org.apache.kafka:kafka_2.13:4.1.0 org.slf4j:slf4j-simple:1.7.36 ;;
    elasticmq) jars elasticmq 1.7.1 org.elasticmq:elasticmq-server_2.13:1.7.1 ;;
    *) echo "broker-jars.sh knows kafka and elasticmq, not $name" >&2; exit 1 ;;
  esac
done
