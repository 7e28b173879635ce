# Trainings by FULL on an NVIDIA GPU: Sentinel and the recipe of the base detector. The wheels of torch bring CUDA with them; the node
# brings the driver.
FROM node:24.11.0-bookworm-slim AS sentinel
WORKDIR /sentinel
COPY package.json package-lock.json .npmrc ./
RUN npm ci --ignore-scripts --no-audit --no-fund && npm cache clean --force

FROM python:3.12-slim-bookworm
COPY --from=sentinel /usr/local/bin/node /usr/local/bin/node
WORKDIR /sentinel
COPY detector/requirements.txt detector/requirements.txt
RUN pip install --no-cache-dir --requirement detector/requirements.txt
COPY --from=sentinel /sentinel/node_modules node_modules
COPY . .
USER 10001
ENTRYPOINT ["node", "platform/cli/sentinel.mjs"]
CMD ["train", "job", "next", "--folder", "/job"]
