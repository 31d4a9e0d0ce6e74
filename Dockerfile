# One image with the one binary. Postgres and Redis are named by the configuration: see docker-compose.production.yml.
# What each step does is in scripts/image, which runs outside a container too; tests/deploy keeps this file to it.

FROM node:22-bookworm-slim AS web
ENV FLASHFIT_CACHE=/cache
WORKDIR /src
COPY scripts scripts
COPY web/package.json web/package-lock.json web/
RUN scripts/image web-packages
COPY web web
RUN scripts/image web

# What building the server needs; docker-compose.dev.yml works in it.
FROM rust:1.95-slim-bookworm AS tools
ENV FLASHFIT_CACHE=/cache \
    FLASHFIT_ONNXRUNTIME_ZST=/cache/onnxruntime/libonnxruntime.so.zst
WORKDIR /src
COPY scripts scripts
RUN scripts/image build-packages
RUN scripts/image onnxruntime

FROM tools AS server
COPY . .
COPY --from=web /src/web/dist web/dist
RUN scripts/image server
RUN scripts/image install /image

FROM debian:bookworm-slim
RUN --mount=type=bind,source=scripts,target=/scripts /scripts/image run-packages
COPY --from=server /image/ /
USER flashfit
WORKDIR /var/lib/flashfit
ENV FLASHFIT_HTTP__HOST=0.0.0.0 \
    FLASHFIT_DATA_DIR=/var/lib/flashfit \
    LOG_FORMAT=json \
    ORT_DISABLE_TELEMETRY=1
VOLUME /var/lib/flashfit
EXPOSE 8080
HEALTHCHECK --interval=10s --timeout=5s --start-period=60s CMD ["flashfit", "doctor", "--quick"]
ENTRYPOINT ["flashfit"]
CMD ["serve"]
