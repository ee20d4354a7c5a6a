# One image for both processes: `node dist/api/main.js` and `node dist/worker/main.js`.
# Debian, since the Temporal SDK's native part needs glibc: no Alpine.
ARG NODE_IMAGE=node:24.19.0-bookworm-slim

FROM ${NODE_IMAGE} AS build
WORKDIR /app
COPY package.json package-lock.json .npmrc ./
RUN npm ci
COPY . .
# The workflows are bundled here once, so that no process needs webpack's time and memory at its start.
RUN npm run build \
  && node dist/worker/build-bundle.js \
  && rm -f dist/.tsbuildinfo \
  && npm prune --omit=dev

FROM ${NODE_IMAGE}
# The SDK's native part looks for the system's certificates when Temporal is reached over TLS; the slim image has none.
RUN apt-get update \
  && apt-get install -y --no-install-recommends ca-certificates \
  && rm -rf /var/lib/apt/lists/*
ENV NODE_ENV=production \
  NODE_OPTIONS=--enable-source-maps \
  WORKFLOW_BUNDLE=/app/dist/workflow-bundle.js
WORKDIR /app
COPY --from=build /app/package.json ./
COPY --from=build /app/node_modules ./node_modules
COPY --from=build /app/dist ./dist
# What browsers get as it is written.
COPY --from=build /app/api/patient/assets ./api/patient/assets
COPY --from=build /app/api/staff/assets ./api/staff/assets
COPY --from=build /app/api/frame/assets ./api/frame/assets
# The process that makes pictures anew, which runs as it is written.
COPY --from=build /app/files/picture-process.mjs ./files/picture-process.mjs
# The image's user `node`. The files belong to root: the processes can read but not change them.
USER 1000
EXPOSE 3000
CMD ["node", "dist/api/main.js"]
