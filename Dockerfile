# One image with the one binary. Postgres and Redis are named by the configuration: see docker-compose.production.yml.

FROM node:22-bookworm-slim AS web
WORKDIR /src/web
COPY web/package.json web/package-lock.json ./
RUN npm ci --no-audit --no-fund
COPY web/ ./
RUN npm run build

FROM rust:1.95-slim-bookworm AS server
RUN apt-get update \
    && apt-get install -y --no-install-recommends g++ make python3 python3-pip zstd \
    && rm -rf /var/lib/apt/lists/*
WORKDIR /src
COPY scripts/fetch-onnxruntime scripts/
RUN FLASHFIT_CACHE=/cache scripts/fetch-onnxruntime
COPY . .
COPY --from=web /src/web/dist web/dist
RUN cargo build --release --locked --bin flashfit

FROM debian:bookworm-slim
RUN apt-get update \
    && apt-get install -y --no-install-recommends ca-certificates libstdc++6 \
    && rm -rf /var/lib/apt/lists/* \
    && useradd --system --home-dir /var/lib/flashfit --create-home flashfit
COPY --from=server /src/target/release/flashfit /usr/local/bin/flashfit
USER flashfit
WORKDIR /var/lib/flashfit
ENV FLASHFIT_HTTP__HOST=0.0.0.0 \
    FLASHFIT_DATA_DIR=/var/lib/flashfit \
    FLASHFIT_LOG__FORMAT=json
VOLUME /var/lib/flashfit
EXPOSE 8080
HEALTHCHECK --interval=10s --timeout=5s --start-period=60s \
    CMD ["bash", "-c", "exec 3<>/dev/tcp/127.0.0.1/8080 && printf 'GET /api/health/ready HTTP/1.0\\r\\n\\r\\n' >&3 && head -n 1 <&3 | grep -q ' 200 '"]
ENTRYPOINT ["flashfit"]
CMD ["serve"]
