# One static binary and nothing else: no shell, no package manager, no root.
#   docker build -t lofteslogg .
#   docker run --read-only --cap-drop ALL --security-opt no-new-privileges -p 8080:8080 -v lofteslogg:/data lofteslogg
# Only /data is written: the towns, the accounts, the backups, admin.sock and copies of commands that run. Give it a public
# address with -e LOFTESLOGG_PUBLIC_URL=https://…, and carry /data/backups to another machine. A backup, for example, is
#   docker exec <container> /lofteslogg backup

FROM node:24-bookworm-slim AS app
WORKDIR /src/pwa
COPY pwa/package.json pwa/package-lock.json pwa/.npmrc ./
RUN PLAYWRIGHT_SKIP_BROWSER_DOWNLOAD=1 npm ci --ignore-scripts --no-audit --no-fund
COPY pwa/ ./
RUN npm run --silent build

FROM golang:1.26-bookworm AS binary
WORKDIR /src
COPY go.mod go.sum ./
RUN go mod download
COPY internal/ internal/
COPY server/ server/
COPY pwa/embed.go pwa/embed.go
COPY --from=app /src/pwa/dist/ pwa/dist/
ARG VERSION=unknown
RUN CGO_ENABLED=0 go build -trimpath -buildvcs=false -tags timetzdata -ldflags "-s -w -X main.version=${VERSION}" -o /out/lofteslogg ./server
# A volume takes over owner and mode of what it covers: a folder that the numbered user, and nobody else, may write.
RUN mkdir -p /out/writable/data && chmod 700 /out/writable/data

FROM scratch
COPY --from=binary --chown=65532:65532 /out/writable/ /
COPY --from=binary /out/lofteslogg /lofteslogg
USER 65532:65532
ENV LOFTESLOGG_DATA=/data LOFTESLOGG_ADDR=:8080
EXPOSE 8080
VOLUME /data
# A start reads the towns: a few seconds for each million entries.
HEALTHCHECK --interval=30s --timeout=5s --start-period=60s CMD ["/lofteslogg", "health"]
ENTRYPOINT ["/lofteslogg"]
CMD ["serve"]
