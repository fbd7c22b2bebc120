FROM node:24-bookworm-slim AS build
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
COPY scripts/lib/build-inputs.mjs ./scripts/lib/
COPY src ./src
# Opening a database shows here, not at the first start, that the driver's binary is there.
RUN npm run build \
  && npm prune --omit=dev \
  && node --eval "new (require('better-sqlite3'))(':memory:').close()"

FROM node:24-bookworm-slim
ENV NODE_ENV=production \
    DATA_DIR=/var/lib/stagedoor
WORKDIR /app
COPY --from=build /app/node_modules ./node_modules
COPY --from=build /app/dist ./dist
COPY package.json LICENSE ./
# A new volume takes over the owner of the folder it is mounted on.
RUN install --directory --owner=node --group=node --mode=0700 "$DATA_DIR"
VOLUME ["/var/lib/stagedoor"]
USER node
EXPOSE 8000
STOPSIGNAL SIGTERM
HEALTHCHECK --interval=10s --timeout=5s --start-period=30s --retries=3 \
  CMD ["node", "--eval", "fetch(`http://127.0.0.1:${process.env.PORT || 8000}/health`).then((answer) => process.exit(answer.ok ? 0 : 1), () => process.exit(1))"]
# Node itself, not npm: it is process 1 and gets SIGTERM first hand.
CMD ["node", "dist/src/main.js"]
