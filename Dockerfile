# One static binary and nothing else: no shell, no package manager, no root.
#   docker build -t lofteslogg . && docker run -p 8080:8080 -v lofteslogg:/data lofteslogg

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
# A volume takes over owner and mode of what it covers: folders that the numbered user, and nobody else, may write.
RUN mkdir -p /out/writable/data /out/writable/tmp && chmod 700 /out/writable/*

FROM scratch
COPY --from=binary /etc/ssl/certs/ca-certificates.crt /etc/ssl/certs/ca-certificates.crt
COPY --from=binary --chown=65532:65532 /out/writable/ /
COPY --from=binary /out/lofteslogg /lofteslogg
USER 65532:65532
ENV LOFTESLOGG_DATA=/data LOFTESLOGG_ADDR=:8080
EXPOSE 8080
VOLUME /data
# No HEALTHCHECK: there is no client in here. Ask GET /healthz from outside.
ENTRYPOINT ["/lofteslogg"]
CMD ["serve"]
