# Stand-ins, made of Debian's packages and Kafka's own jars, for the public images that the compose file names: a test has no image registry.
# Each understands those settings of the original that our compose file uses.
ARG BASE=debian:bookworm-slim

FROM ${BASE} AS postgres
RUN apt-get update && apt-get install -y --no-install-recommends postgresql-15 && rm -rf /var/lib/apt/lists/* && mkdir -p /var/lib/postgresql/data && chown -R postgres /var/lib/postgresql /run/postgresql
COPY postgres.sh /entry.sh
USER postgres
ENTRYPOINT ["/bin/bash", "/entry.sh"]

FROM ${BASE} AS kafka
RUN apt-get update && apt-get install -y --no-install-recommends openjdk-17-jre-headless && rm -rf /var/lib/apt/lists/* && mkdir -p /var/lib/kafka/data
COPY jars /opt/kafka
COPY kafka.sh /entry.sh
ENTRYPOINT ["/bin/bash", "/entry.sh"]

FROM ${BASE} AS nginx
RUN apt-get update && apt-get install -y --no-install-recommends nginx-light && rm -rf /var/lib/apt/lists/* /etc/nginx/sites-enabled /etc/nginx/conf.d
CMD ["nginx", "-g", "daemon off;"]

FROM ${BASE} AS prometheus
RUN apt-get update && apt-get install -y --no-install-recommends prometheus && rm -rf /var/lib/apt/lists/* && mkdir -p /prometheus
ENTRYPOINT ["/usr/bin/prometheus", "--storage.tsdb.path=/prometheus"]
