FROM node:24.21.0-bookworm-slim AS build
# better-sqlite3 comes prebuilt for most platforms; on the others its install script compiles it with these.
RUN apt-get update \
  && apt-get install --yes --no-install-recommends python3 make g++ \
  && rm -rf /var/lib/apt/lists/*
WORKDIR /app
COPY package.json package-lock.json .npmrc ./
# npm 12 runs that install script only because package.json names it in "allowScripts".
RUN npm ci
COPY nest-cli.json tsconfig.json tsconfig.build.json ormconfig.ts ./
COPY scripts/build.mjs ./scripts/
COPY scripts/lib/build-inputs.mjs scripts/lib/bundle.mjs ./scripts/lib/
COPY clients/typescript/src ./clients/typescript/src
COPY console ./console
COPY src ./src
# Opening a database shows here, not at the first start, that the driver's binary is there.
RUN npm run build \
  && npm prune --omit=dev \
  && node --input-type=module --eval \
    "import { sqliteDriver } from './dist/src/database/sqlite/sqlite-driver.js'; new (sqliteDriver())(':memory:').close()"

FROM node:24.21.0-bookworm-slim
ENV NODE_ENV=production \
    DATA_DIR=/var/lib/stagedoor
WORKDIR /app
COPY --from=build /app/node_modules ./node_modules
COPY --from=build /app/dist ./dist
COPY package.json LICENSE ./
COPY bin ./bin
# A new volume takes over the owner of the folder it is mounted on.
RUN install --directory --owner=node --group=node --mode=0700 "$DATA_DIR"
VOLUME ["/var/lib/stagedoor"]
# The user `node`, by its number: an orchestrator can see that it is not root.
USER 1000:1000
EXPOSE 8000
STOPSIGNAL SIGTERM
# By bash alone: another Node every few seconds would cost more than the service itself at rest.
HEALTHCHECK --interval=10s --timeout=5s --start-period=30s --retries=3 \
  CMD ["bash", "-c", "exec 3<>/dev/tcp/127.0.0.1/${PORT:-8000} && printf 'GET /health HTTP/1.1\\r\\nHost: localhost\\r\\nConnection: close\\r\\n\\r\\n' >&3 && read -r -t 4 _ status _ <&3 && [ \"$status\" = 200 ]"]
# It becomes Node itself, not npm: process 1 gets SIGTERM first hand.
CMD ["bin/stagedoor"]
