import { APIGroup, APIGroupList, APIResourceList, APIVersions } from '#api';
import type { Message, OpenApiSchema } from '#machinery';
import type { ApiGroup } from '../discovery/groups.ts';
import { capital, groupWord } from './names.ts';
import { pathObject, produced, type Operation } from './operations.ts';
import { schemaName, type Dialect } from './schemas.ts';
import { Info } from './version-info.ts';

/** A path that tells about the API itself, in a document of its own. */
interface RootPath {
  /** The document's name in the index. */
  readonly document: string;
  readonly operation: Operation;
}

/** The documents of discovery, of the version, and of what checks tokens: each is one path. */
export function rootPathsOf(groups: readonly ApiGroup[]): RootPath[] {
  const named = groups.filter(({ name }) => name !== '');
  return [
    root('.well-known/openid-configuration', 'WellKnown', 'getServiceAccountIssuerOpenIDConfiguration', {
      produces: ['application/json'],
    }),
    root('api', 'core', 'getCoreAPIVersions', { answer: APIVersions }),
    root('apis', 'apis', 'getAPIVersions', { answer: APIGroupList }),
    ...named.map(({ name }) =>
      root(`apis/${name}`, groupWord(name), `get${capital(groupWord(name))}APIGroup`, { answer: APIGroup }),
    ),
    root('openid/v1/jwks', 'openid', 'getServiceAccountIssuerOpenIDKeyset', { produces: ['application/jwk-set+json'] }),
    root('version', 'version', 'getCodeVersion', { answer: Info, produces: ['application/json'] }),
  ];
}

/** The path that lists the resources of a version. */
export function versionPath(group: string, version: string): RootPath {
  const document = group === '' ? `api/${version}` : `apis/${group}/${version}`;
  const word = groupWord(group);
  const id = `get${capital(word)}${capital(version)}APIResources`;
  return root(document, `${word}_${version}`, id, { answer: APIResourceList });
}

/** The path of such a document, as an object of a dialect. */
export function rootObject({ document, operation }: RootPath, dialect: Dialect): Record<string, OpenApiSchema> {
  const path = `/${document}/`;
  return { [path]: pathObject(path, [operation], dialect) };
}

function root(
  document: string,
  tag: string,
  operationId: string,
  { answer, produces = produced }: { answer?: Message; produces?: readonly string[] },
): RootPath {
  const description = `What /${document} tells.`;
  const body = answer && schemaName(answer);
  return {
    document,
    operation: { method: 'get', operationId, description, tag, query: [], ...(body && { answer: body }), produces },
  };
}
