import { setImmediate } from 'node:timers/promises';
import { DeleteOptions, ListMeta, Status } from '#api';
import type { Message, OpenApiSchema, Resource } from '#machinery';
import { patchSchema, pathsOf } from './paths.ts';
import { schemasOf, type Dialect } from './schemas.ts';

const meta: readonly Message[] = [DeleteOptions, ListMeta, Status];
const patch: OpenApiSchema = { description: 'A patch of any of the types that the API knows.', type: 'object' };

/** The whole API in one OpenAPI v2 document. */
export async function documentV2(resources: readonly Resource[], version: string): Promise<object> {
  return {
    swagger: '2.0',
    info: { title: 'Kubernetes', version },
    ...(await parts(resources, 'v2', (paths, definitions) => ({ paths, definitions }))),
    securityDefinitions: {
      BearerToken: { description: 'Bearer token', type: 'apiKey', name: 'authorization', in: 'header' },
    },
    security: [{ BearerToken: [] }],
  };
}

/** One group and version as an OpenAPI v3 document. */
export async function documentV3(resources: readonly Resource[], version: string): Promise<object> {
  const scheme = { description: 'Bearer token', type: 'apiKey', name: 'authorization', in: 'header' };
  const securitySchemes = { BearerToken: scheme };
  return {
    openapi: '3.0.0',
    info: { title: 'Kubernetes', version },
    ...(await parts(resources, 'v3', (paths, schemas) => ({ paths, components: { schemas, securitySchemes } }))),
    security: [{ BearerToken: [] }],
  };
}

/** Paths and schemas, at the places where a dialect has them. Lets other requests in between. */
async function parts(
  resources: readonly Resource[],
  dialect: Dialect,
  place: (paths: object, schemas: object) => object,
): Promise<object> {
  const paths = Object.fromEntries(resources.flatMap((resource) => Object.entries(pathsOf(resource, dialect))));
  await setImmediate();
  const schemas = { ...schemasOf(resources, meta, dialect), [patchSchema]: patch };
  await setImmediate();
  return place(paths, schemas);
}
