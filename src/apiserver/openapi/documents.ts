import { DeleteOptions, ListMeta, Status } from '#api';
import type { Message, OpenApiSchema, Resource } from '#machinery';
import { patchSchema, pathsOf } from './paths.ts';
import { schemasOf, type Dialect } from './schemas.ts';

const meta: readonly Message[] = [DeleteOptions, ListMeta, Status];
const patch: OpenApiSchema = { description: 'A patch of any of the types that the API knows.', type: 'object' };

/** The whole API in one OpenAPI v2 document. */
export function documentV2(resources: readonly Resource[], version: string): object {
  const { paths, schemas } = parts(resources, 'v2');
  return {
    swagger: '2.0',
    info: { title: 'Kubernetes', version },
    paths,
    definitions: schemas,
    securityDefinitions: {
      BearerToken: { description: 'Bearer token', type: 'apiKey', name: 'authorization', in: 'header' },
    },
    security: [{ BearerToken: [] }],
  };
}

/** One group and version as an OpenAPI v3 document. */
export function documentV3(resources: readonly Resource[], version: string): object {
  const { paths, schemas } = parts(resources, 'v3');
  const scheme = { description: 'Bearer token', type: 'apiKey', name: 'authorization', in: 'header' };
  return {
    openapi: '3.0.0',
    info: { title: 'Kubernetes', version },
    paths,
    components: { schemas, securitySchemes: { BearerToken: scheme } },
    security: [{ BearerToken: [] }],
  };
}

function parts(resources: readonly Resource[], dialect: Dialect): { paths: object; schemas: object } {
  const paths = Object.fromEntries(resources.flatMap((resource) => Object.entries(pathsOf(resource, dialect))));
  return { paths, schemas: { ...schemasOf(resources, meta, dialect), [patchSchema]: patch } };
}
