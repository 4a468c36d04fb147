# syntax=docker/dockerfile:1
#
# heapscope in a container.
#
#   docker build -t heapscope .
#   docker run -d --name heapscope --network host --device /dev/ttyACM0 -v heapscope:/data heapscope
#
# --network host: heapscope listens on 127.0.0.1:7380. Inside a network of its own that is the container's loopback, where
#   -p does not lead; with the host's network it is the host's, as without a container. (Docker Desktop: switch host
#   networking on first.)
#   With a token it also listens where -p leads, in place of --network host:
#     docker run --rm -v heapscope:/data heapscope token create NAME
#     docker run … -e HEAPSCOPE_LISTEN=0.0.0.0:7380 -p 127.0.0.1:7380:7380 …
#   Without the 127.0.0.1 in -p other machines can reach it. TLS is a proxy's business.
# --device: one per board. A board that is unplugged comes back as another device, which --device does not follow.
#   For boards that come and go, in place of it:
#     -v /dev:/dev --device-cgroup-rule 'c 166:* rmw' --device-cgroup-rule 'c 188:* rmw'      (ttyACM*, ttyUSB*)
# --group-add "$(stat -c %g /dev/ttyACM0)": where the host's devices belong to another group than Debian's dialout (20).
# -v heapscope:/data: the history and the tokens. A folder of the host must belong to user 1000.
# Configuration: -e HEAPSCOPE_…, or -v "$PWD/heapscope.yaml:/etc/heapscope.yaml:ro" and "serve --config /etc/heapscope.yaml".
# Other commands: docker run --rm --device /dev/ttyACM0 heapscope read /dev/ttyACM0 --map
#
# Node 24: package.json asks for 20.19 or later, and of the lines that still get security fixes this is the oldest LTS
# that is supported for long enough (until April 2028).

# The full image has a compiler, for a native package that brings no binary for this processor.
FROM node:24-trixie AS build
WORKDIR /app
COPY package.json package-lock.json tsconfig.json ./
COPY src src
# "npm ci" builds dist as well (script "prepare").
RUN --mount=type=cache,target=/root/.npm npm ci && npm prune --omit=dev --ignore-scripts

FROM node:24-trixie-slim
RUN usermod --append --groups dialout node && install --directory --owner=node --group=node /data
WORKDIR /app
COPY --from=build /app/node_modules node_modules
COPY --from=build /app/dist dist
COPY package.json LICENSE ./
COPY config config
COPY firmware-helpers firmware-helpers

# EMULATE=0: no emulated board stands in while none is attached.
ENV HEAPSCOPE_DATABASE=/data/heapscope.db HEAPSCOPE_TOKENS=/data/tokens.json HEAPSCOPE_EMULATE=0
VOLUME /data
USER node
# serve ends by itself on SIGTERM, with every board at its prompt and its children waited for, so no init is needed.
STOPSIGNAL SIGTERM
HEALTHCHECK --interval=30s --timeout=5s --start-period=10s --start-interval=1s \
  CMD ["node", "-e", "fetch(`http://${process.env.HEAPSCOPE_LISTEN ?? '127.0.0.1:7380'}/api/v1/health`).then((r) => process.exit(r.ok ? 0 : 1), () => process.exit(1))"]
ENTRYPOINT ["node", "dist/cli/main.js"]
CMD ["serve"]
