import { readFile, writeFile } from 'node:fs/promises';
import type { UpdateContainerResourcesRequest, UpdateContainerResourcesResponse } from '#cri';
import type { Context } from '../context.ts';
import { mergeResources, specResources } from '../oci/resources.ts';
import type { Spec } from '../oci/types.ts';
import { stateOf } from '../status/container-status.ts';
import { requireContainer } from './container-config.ts';
import { specFile } from './create-container.ts';

/** Changes the limits of a container: at once when it runs, else for its start. */
export async function updateContainerResources(
  context: Context,
  request: UpdateContainerResourcesRequest,
): Promise<UpdateContainerResourcesResponse> {
  const { id } = requireContainer(context, request.containerId);
  const { linux } = request;
  if (!linux) return {};
  await context.locks.run(`container/${id}`, async () => {
    const record = requireContainer(context, id);
    const resources = mergeResources(record.resources, linux);
    if (stateOf(record) === 'CONTAINER_RUNNING') await context.runc.update(id, specResources(linux));
    else if (stateOf(record) === 'CONTAINER_CREATED') await rewriteSpec(specFile(context, id), resources);
    await context.containers.update(id, { resources });
  });
  return {};
}

async function rewriteSpec(file: string, resources: Parameters<typeof specResources>[0]): Promise<void> {
  const spec = JSON.parse(await readFile(file, 'utf8')) as Spec; // written by create-container
  const { devices } = spec.linux.resources;
  spec.linux.resources = { ...specResources(resources), ...(devices && { devices }) };
  await writeFile(file, JSON.stringify(spec));
}
