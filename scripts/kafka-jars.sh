#!/usr/bin/env bash
# Copies Apache Kafka's jars from Maven Central into the cache folder where a private broker is started from. Once: what is
# there stays. Usage: bash scripts/kafka-jars.sh   (needs Java 17 and Maven)
set -euo pipefail

version=4.1.0
folder=${XDG_CACHE_HOME:-$HOME/.cache}/sync-vs-events/kafka-$version
[ -e "$folder" ] && exit 0
for tool in java mvn; do
  command -v "$tool" >/dev/null || { echo "kafka-jars.sh needs $tool (Debian and Ubuntu: apt install default-jre-headless maven)" >&2; exit 1; }
done

work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
# slf4j-simple: so that a broker which does not start says why.
cat >"$work/pom.xml" <<POM
<project xmlns="http://maven.apache.org/POM/4.0.0">
  <modelVersion>4.0.0</modelVersion>
  <groupId>sync-vs-events</groupId>
  <artifactId>kafka-jars</artifactId>
  <version>1</version>
  <packaging>pom</packaging>
  <dependencies>
    <dependency><groupId>org.apache.kafka</groupId><artifactId>kafka_2.13</artifactId><version>$version</version></dependency>
    <dependency><groupId>org.slf4j</groupId><artifactId>slf4j-simple</artifactId><version>1.7.36</version></dependency>
  </dependencies>
</project>
POM
mvn --quiet --batch-mode --file "$work/pom.xml" dependency:copy-dependencies -DincludeScope=runtime -DoutputDirectory="$work/jars"
# Whole or not at all, whoever does the same at the same time.
mkdir -p "$(dirname "$folder")"
mv -T "$work/jars" "$folder" 2>/dev/null || [ -e "$folder" ]
